"""GLiNER's training data (https://urchade.github.io/GLiNER/training.html), one JSON array.

An item is `tokenized_text` (a list of words) and `ner` (`[first, last, label]`, the last word
belongs to the entity); we write one for each sentence, since GLiNER cuts off long ones. Entities
may nest; of two labels on one span GLiNER learns the last. `doc_id`, `_text` (the piece of the
document from the sentence to the next) and `_document` (its language, source, day and meta, with
its first sentence) bring the document back; GLiNER does not look at them, and without them an item
is a document. An item of a document that nobody has read has no `ner`: GLiNER stops there, rather
than learn that there is nothing. The array is held in memory when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from curation.convert import unsaid
from curation.convert.built import Built, Origin, unused
from curation.convert.expressed import carried, express
from curation.convert.layout import laid, layout
from curation.convert.lines import About, Raw, about, array, document, named, once, refuse
from curation.convert.losses import Losses
from curation.errors import DataError
from curation.model import Record
from curation.store import Rejects, written

Ner = tuple[int, int, str]


class Item(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One sentence."""

    tokenized_text: list[str]
    ner: list[Ner] | None = None
    doc_id: str = ""
    piece: str | None = field(default=None, name="_text")
    about: About | None = field(default=None, name="_document")


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    count = 0
    with written(path) as stream:
        before = b"[\n"
        for record in records:
            for item in _items(record, losses, by):
                stream.write(before + msgspec.json.encode(item))
                before = b",\n"
            count += 1
        stream.write(b"\n]\n" if count else b"[]\n")
    return count


def _items(record: Record, losses: Losses, by: str | None) -> Iterator[Item]:
    ident, tokens = record.document.id, layout(record.document.text)
    found = carried(record, by, losses)
    ner: list[list[Ner]] = [[] for _ in tokens.sentences]
    if found is not None:
        unsaid.links(ident, found, losses)
        alone = structs.replace(found, relations=(), events=())
        for one, on in express(ident, alone, tokens, losses, across=False).entities:
            first = tokens.first_of[on.sentence]
            ner[on.sentence].append((on.first - first, on.last - 1 - first, one.label))
            unsaid.entity_ident(ident, one, losses)
    for at, piece in enumerate(tokens.pieces()):
        yield Item(
            tokenized_text=tokens.written(at),
            ner=None if found is None else ner[at],
            doc_id=ident,
            piece=piece,
            about=None if at else about(record.document),
        )


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each document: the items that stand together and have one `doc_id`, or one
    without. Where one of its items is wrong the whole document is refused."""
    seen: dict[str, int] = {}
    items = enumerate(array(path, rejects), start=1)

    def ident(item: tuple[int, Raw]) -> str:
        number, raw = item
        return str(raw.get("doc_id") or f"{named(path)}-{number}")

    for name, group in groupby(items, ident):
        numbered = list(group)
        first = numbered[0][0]
        try:
            record = _record(name, first, [raw for _, raw in numbered], origin, losses)
            once(seen, name, first, "item")
        except (DataError, msgspec.ValidationError) as fault:
            refuse(rejects, fault, path, 0, msgspec.json.encode([raw for _, raw in numbered]))
        else:
            yield record


def _record(name: str, number: int, group: Sequence[Raw], origin: Origin, losses: Losses) -> Record:
    items = [_item(raw, number + at) for at, raw in enumerate(group)]
    pieces = [one.piece for one in items if one.piece is not None]
    whole = pieces if len(pieces) == len(items) else None
    tokens = laid([one.tokenized_text for one in items], whole)
    built = Built(tokens)
    for at, one in enumerate(items):
        for n, (first, last, label) in enumerate(one.ner or ()):
            if not 0 <= first <= last < len(one.tokenized_text):
                raise DataError(
                    f"there are no words {first} to {last} among {len(one.tokenized_text)}",
                    field=f"$[{number - 1 + at}].ner[{n}]",
                )
            base = tokens.first_of[at]
            built.entity(base + first, base + last + 1, label)
    for raw in group:
        for what, value in unused(raw, ("tokenized_text", "ner", "doc_id")):
            losses.add(name, "document", "", what, value, "records have no place for it")
    read_by_somebody = any(one.ner is not None for one in items)
    made = document(name, tokens.text, items[0].about)
    return Record(made, (built.reading(origin),) if read_by_somebody else ())


def _item(raw: Any, number: int) -> Item:
    try:
        return msgspec.convert(raw, Item)
    except msgspec.ValidationError as fault:
        message, _, place = str(fault).partition(" - at `$")
        raise DataError(message, field=f"$[{number - 1}]{place.rstrip('`')}") from fault
