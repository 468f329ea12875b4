"""OneIE (Lin et al. 2020, https://aclanthology.org/2020.acl-main.713): one sentence a line.

`doc_id`, `sent_id`, `tokens`, `sentence` (its text), `entity_mentions`, `relation_mentions` and
`event_mentions`; spans are tokens of the sentence, ends exclusive. The lines of a document follow
each other.

Mentions may nest and share triggers here; OneIE's own model keeps the first of those that overlap.
Its training asks for `pieces` and `token_lens` of the encoder's tokeniser too, which its own
scripts add. What belongs to two sentences can not be said. `_text` holds the piece of the document
from the sentence to the next, and `_document` on the first line its language, source, day and meta:
OneIE does not look at them, and with them the text comes back as it was. Without, tokens stand in
`sentence` if they can, else between blanks, and a line end between sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct, field, structs

from curation.convert.built import Built, Origin, unused
from curation.convert.expressed import carried, express
from curation.convert.layout import Layout, laid, layout, placed
from curation.convert.lines import About, Raw, about, document, once, refuse, write_lines
from curation.convert.losses import Losses
from curation.convert.mentions import (
    FIELDS,
    EntityMention,
    EventMention,
    Mentions,
    RelationMention,
    mentions,
    take,
)
from curation.errors import DataError
from curation.model import Record
from curation.store import Rejects, read_lines
from curation.store.jsonl import Line

#: Made by a model's tokeniser from the tokens: nothing to lose.
_DERIVED = ("pieces", "token_lens", "piece_idxs")


class Sentence(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line."""

    doc_id: str = ""
    sent_id: str = ""
    tokens: list[str]
    sentence: str = ""
    entity_mentions: list[EntityMention] | None = None
    relation_mentions: list[RelationMention] | None = None
    event_mentions: list[EventMention] | None = None
    piece: str | None = field(default=None, name="_text")
    about: About | None = field(default=None, name="_document")


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    return write_lines(path, (list(_lines(record, losses, by)) for record in records))


def _lines(record: Record, losses: Losses, by: str | None) -> Iterator[Struct]:
    ident = record.document.id
    tokens = layout(record.document.text)
    reading = carried(record, by, losses)
    found = express(ident, reading, tokens, losses, across=False) if reading else None
    for at, piece in enumerate(tokens.pieces()):
        said = mentions(found, tokens, at) if found else Mentions()
        yield Sentence(
            doc_id=ident,
            sent_id=f"{ident}-{at}",
            tokens=tokens.written(at),
            sentence=piece.strip(),
            **structs.asdict(said),
            piece=piece,
            about=None if at else about(record.document),
        )


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each document. Where one of its sentences can not be read the whole document is
    refused, since its text would not be whole; so are the documents beside a line that is no JSON,
    which may be of either."""
    seen: dict[str, int] = {}
    for group, broken in _documents(path, rejects):
        first = group[0]
        try:
            if broken:
                raise DataError(
                    "a line beside this document can not be read, and may be a sentence of it",
                    hint="Correct that line; it is refused with its own reason.",
                )
            record = _record([line.item for line in group], origin, losses)
            once(seen, record.document.id, first.number)
        except (DataError, msgspec.ValidationError) as fault:
            content = b"\n".join(msgspec.json.encode(line.item) for line in group)
            refuse(rejects, fault, path, first.number, content)
        else:
            yield record


def _documents(path: Path | str, rejects: Rejects | None) -> Iterator[tuple[list[Line[Raw]], bool]]:
    """The lines of each document, and whether a line among or beside them was refused."""

    def refused() -> int:
        return rejects.count if rejects else 0

    group: list[Line[Raw]] = []
    broken, before = False, refused()
    for line in read_lines(path, Raw, rejects=rejects):
        gap = refused() > before
        if group and _ident(line.item) != _ident(group[0].item):
            yield group, broken or gap
            group, broken = [], gap
        broken = broken or gap
        group.append(line)
        before = refused()
    if group:
        yield group, broken or refused() > before


def _ident(raw: Raw) -> str:
    """The document's id; where a line has none, its sentence's without the number."""
    ident = raw.get("doc_id") or str(raw.get("sent_id", "")).rpartition("-")[0]
    return str(ident)


def _record(group: list[Raw], origin: Origin, losses: Losses) -> Record:
    ident = _ident(group[0])
    known = msgspec.convert(group, list[Sentence])
    tokens = _tokens(known)
    built = Built(tokens)
    read_by_somebody = [
        take(raw, tokens.first_of[at], built, ident, losses) for at, raw in enumerate(group)
    ]
    names = {"doc_id", "sent_id", "tokens", "sentence", *FIELDS, *_DERIVED}
    for raw in group:
        for what, value in unused(raw, names):
            losses.add(ident, "document", "", what, value, "records have no place for it")
    made = document(ident, tokens.text, known[0].about)
    return Record(made, (built.reading(origin),) if any(read_by_somebody) else ())


def _tokens(known: list[Sentence]) -> Layout:
    sentences = [one.tokens for one in known]
    pieces = [one.piece for one in known if one.piece is not None]
    if len(pieces) == len(known):
        return laid(sentences, pieces)
    ends = ["\n"] * (len(known) - 1) + [""]
    return laid(sentences, [_piece(one) + end for one, end in zip(known, ends, strict=True)])


def _piece(one: Sentence) -> str:
    try:
        placed(one.tokens, one.sentence)
    except DataError:
        return " ".join(one.tokens)
    return one.sentence
