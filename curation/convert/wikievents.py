"""WikiEvents (Li, Ji and Han 2021, https://aclanthology.org/2021.naacl-main.69), JSON lines.

One document a line: `doc_id`, `text`, `tokens` of the whole document, `sentences` (`[[[token,
start, end], …], text]`, in characters of the text), and the mentions of OneIE with tokens counted
through the document, ends exclusive, and `sent_idx`. Arguments and relations may cross sentences,
mentions may not. `_document` holds the document's language, source, day and meta; readers of the
format do not look at it.

The files of the corpus give characters that are off by the line ends between sentences: where the
tokens stand is found in `text`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from curation.convert.built import Built, Origin, unused
from curation.convert.expressed import carried, express
from curation.convert.layout import Layout, laid, layout, placed
from curation.convert.lines import About, Raw, about, document, records, write_lines
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
from curation.store import Rejects

Word = tuple[str, int, int]


class Line(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line."""

    doc_id: str
    tokens: list[str]
    text: str | None = None
    sentences: list[tuple[list[Word], str]] | None = None
    entity_mentions: list[EntityMention] | None = None
    relation_mentions: list[RelationMention] | None = None
    event_mentions: list[EventMention] | None = None
    about: About | None = field(default=None, name="_document")


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    return write_lines(path, ([_line(record, losses, by)] for record in records))


def _line(record: Record, losses: Losses, by: str | None) -> Line:
    ident, text = record.document.id, record.document.text
    tokens = layout(text)
    reading = carried(record, by, losses)
    found = express(ident, reading, tokens, losses, across=True) if reading else None
    return Line(
        doc_id=ident,
        tokens=[text[start:end] for start, end in tokens.tokens],
        text=text,
        sentences=[
            ([(text[start:end], start, end) for start, end in spans], piece.strip())
            for spans, piece in zip(tokens.sentences, tokens.pieces(), strict=True)
        ],
        **structs.asdict(mentions(found, tokens, None) if found else Mentions()),
        about=about(record.document),
    )


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each line."""

    def build(raw: Raw) -> Record:
        line = msgspec.convert(raw, Line)
        tokens = _tokens(line)
        built = Built(tokens)
        said = take(raw, 0, built, line.doc_id, losses)
        for what, value in unused(raw, ("doc_id", "tokens", "text", "sentences", *FIELDS)):
            losses.add(line.doc_id, "document", "", what, value, "records have no place for it")
        made = document(line.doc_id, tokens.text, line.about)
        return Record(made, (built.reading(origin),) if said else ())

    return records(path, rejects, build)


def _tokens(line: Line) -> Layout:
    if line.text is not None:
        return Layout(line.text, [placed(line.tokens, line.text)])
    if line.sentences is None:
        return laid([line.tokens], None)
    sentences: list[list[Any]] = [[word for word, _, _ in words] for words, _ in line.sentences]
    if [word for words in sentences for word in words] != line.tokens:
        raise DataError("the tokens are not those of the sentences", field="$.sentences")
    return laid(sentences, None)
