"""WebAnno TSV 3.3 of WebAnno and INCEpTION, a folder with a `.tsv` for each document
(https://inception-project.github.io/releases/36.0/docs/user-guide.html#sect_formats_webannotsv3).

Entities are of the layer NamedEntity, with the label as `value` and the value as `identifier`.
Offsets are UTF-16 code units. An entity that begins or ends inside a word stands on a part of it
(`1-2.1`); one on several words, or beside another one, has a number in brackets, by which it is
one. Each `#Text` goes on to the next sentence's first word, so that INCEpTION builds the same text
again, but for white space before the first word, which becomes blanks, and a line end at the end.

Relations and events need layers that a project defines, and are not written; scores, proposers and
ids have no place. A document that nobody has read looks read. The document's id is the file's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from curation.convert import unsaid
from curation.convert.built import Origin
from curation.convert.expressed import carried
from curation.convert.folders import Names, ident, new_folder, old_folder
from curation.convert.layout import layout
from curation.convert.lines import refuse
from curation.convert.losses import Losses
from curation.convert.webanno_lines import LAYER, VERSION, Read, escape_text, escape_value
from curation.errors import DataError
from curation.model import Entity, Record
from curation.store import Rejects
from curation.text import Span
from curation.text.offsets import code_points_to_utf16


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    names, count = Names(), 0
    with new_folder(path) as folder:
        for record in records:
            name = names.new(record.document.id)
            if ident(name) != record.document.id:
                reason = "no file can have it as its name"
                losses.add(record.document.id, "document", "", "id", record.document.id, reason)
            lines = _lines(record, losses, by)
            (folder / f"{name}.tsv").write_bytes("".join(one + "\n" for one in lines).encode())
            count += 1
    return count


def _lines(record: Record, losses: Losses, by: str | None) -> Iterator[str]:
    text, name = record.document.text, record.document.id
    unsaid.beside(record.document, losses)
    found = carried(record, by, losses)
    if found is None:
        unsaid.unread(name, losses)
    else:
        unsaid.links(name, found, losses)
    tokens = layout(text)
    before = text[: tokens.tokens[0][0]] if tokens.tokens else text
    if before.strip(" ") or (before and not tokens.tokens):
        reason = "white space before the first word becomes blanks"
        losses.add(name, "document", "", "text", before, reason)
    cells = _cells(name, found.entities if found else (), text, tokens.tokens, losses)
    units = code_points_to_utf16(text)

    def row(number: str, span: Span) -> str:
        start, end = span
        columns = [number, f"{units[start]}-{units[end]}", text[start:end]]
        return "\t".join([*columns, *cells.get(span, ("_", "_")), ""])

    yield from (f"#FORMAT={VERSION}", f"#T_SP={LAYER}|identifier|value", "")
    pieces = tokens.pieces() if tokens.tokens else []
    parts = sorted(cells.keys() - set(tokens.tokens))
    for at, piece in enumerate(pieces):
        yield ""
        whole = piece[len(before) :] if at == 0 else piece
        yield from (f"#Text={escape_text(line)}" for line in whole.split("\n"))
        for number, token in enumerate(tokens.sentences[at], start=1):
            yield row(f"{at + 1}-{number}", token)
            inside = [one for one in parts if token[0] <= one[0] and one[1] <= token[1]]
            for part, one in enumerate(inside, start=1):
                yield row(f"{at + 1}-{number}.{part}", one)


def _cells(
    name: str, entities: Iterable[Entity], text: str, tokens: list[Span], losses: Losses
) -> dict[Span, tuple[str, str]]:
    """The two columns of every word, or part of one, on which entities stand."""
    units: dict[str, list[Span]] = {}
    on: dict[Span, list[Entity]] = defaultdict(list)
    for one in entities:
        reason = ""
        if one.text != one.text.strip():
            reason = "it begins or ends with white space"
        elif "\r" in one.label + (one.value or ""):
            reason = "its label or value has a carriage return"
        if reason:
            unsaid.entity(name, one, reason, losses)
            continue
        unsaid.fields(name, one, losses, kept=("value",))
        unsaid.entity_ident(name, one, losses)
        units[one.id] = [
            (max(start, one.start), min(end, one.end))
            for start, end in tokens
            if start < one.end and one.start < end
        ]
        for unit in units[one.id]:
            on[unit].append(one)
    numbers: dict[str, str] = {}
    for here in on.values():
        for one in here:
            if one.id not in numbers and (len(here) > 1 or len(units[one.id]) > 1):
                numbers[one.id] = f"[{len(numbers) + 1}]"

    def column(here: list[Entity], values: list[str | None]) -> str:
        return "|".join(
            ("*" if value is None else escape_value(value)) + numbers.get(one.id, "")
            for one, value in zip(here, values, strict=True)
        )

    return {
        unit: (column(here, [e.value for e in here]), column(here, [e.label for e in here]))
        for unit, here in on.items()
    }


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each `.tsv` of the folder and of those in it, in the order of their names; a
    file with a line that is wrong is refused."""
    folder = old_folder(path)
    for place in sorted(folder.rglob("*.tsv")):
        try:
            name = ident(place.relative_to(folder).with_suffix("").as_posix())
            record = Read(name, losses).record(place.read_bytes().decode(), origin)
        except (UnicodeDecodeError, DataError) as fault:
            error = fault if isinstance(fault, DataError) else DataError(f"no UTF-8: {fault}")
            refuse(rejects, error, place, error.line, place.read_bytes())
        else:
            yield record
