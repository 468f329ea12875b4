"""DyGIE++ (Wadden et al. 2019; https://github.com/dwadden/dygiepp, doc/data.md), JSON lines.

One document a line: `doc_key`, `dataset`, `sentences` (lists of tokens), and with a list for each
sentence `ner` (`[first, last, label]`), `relations` (`[first, last, first, last, label]`) and
`events` (`[[trigger, type], [first, last, role], …]`); tokens are counted through the document, and
the last one belongs to the span.

Nothing has an id, triggers are one token, and ends of relations and arguments are named by their
span: where two entities stand on one, the first is meant. What belongs to two sentences can not be
said. `_text` (for each sentence the piece of the document from it to the next) and `_document` (its
language, source, day and meta, on the first sentence) bring the text back as it was; DyGIE++ takes
fields that start with _ for notes, if they are lists with an item for each sentence.

Spans may nest, and the file may say two things of one span; DyGIE++ itself keeps the last label of
a span and the last event of a trigger. Its predictions (`predicted_ner` and so on) are read as a
second reading, by a machine, with their probabilities as scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from curation.convert import unsaid
from curation.convert.built import Built, Origin, unused
from curation.convert.dygie_items import Read
from curation.convert.expressed import Expressed, On, carried, express
from curation.convert.layout import Layout, laid, layout
from curation.convert.lines import About, Raw, about, document, records, write_lines
from curation.convert.losses import Losses
from curation.model import Annotation, Record, event_id, relation_id
from curation.store import Rejects

#: What `dataset` says in the files we write.
DATASET = "curation"
PREDICTED = "predicted_"
FIELDS = ("ner", "relations", "events")


class Line(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line. The lists of annotations are None where nobody has read the document."""

    doc_key: str
    dataset: str | None = None
    sentences: list[list[str]]
    ner: list[list[Any]] | None = None
    relations: list[list[Any]] | None = None
    events: list[list[Any]] | None = None
    pieces: list[str] | None = field(default=None, name="_text")
    about: list[About | None] | None = field(default=None, name="_document")


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    return write_lines(path, ([_line(record, losses, by)] for record in records))


def _line(record: Record, losses: Losses, by: str | None) -> Line:
    tokens = layout(record.document.text)
    count = len(tokens.sentences)
    reading = carried(record, by, losses)
    said = _said(record.document.id, reading, tokens, losses) if reading else {}
    return Line(
        doc_key=record.document.id,
        dataset=DATASET,
        sentences=[tokens.written(at) for at in range(count)],
        **said,
        pieces=tokens.pieces(),
        about=[about(record.document), *[None] * (count - 1)],
    )


def _said(
    ident: str, reading: Annotation, tokens: Layout, losses: Losses
) -> dict[str, list[list[Any]]]:
    found = express(ident, reading, tokens, losses, across=False)
    lists: dict[str, list[list[Any]]] = {name: [[] for _ in tokens.sentences] for name in FIELDS}
    where = found.where()
    for entity, on in found.entities:
        lists["ner"][on.sentence].append([*_span(on), entity.label])
        unsaid.entity_ident(ident, entity, losses)
    for one in found.relations:
        head, tail = where[one.head], where[one.tail]
        lists["relations"][head.sentence].append([*_span(head), *_span(tail), one.label])
        if one.id != relation_id(one.label, one.head, one.tail):
            losses.add(ident, "relation", one.id, "id", one.id, unsaid.NO_IDS)
        _doubtful(ident, "relation", one.id, (one.head, one.tail), found, losses)
    for event, on in found.events:
        if on.last - on.first > 1:
            unsaid.event(ident, event, "its trigger has several words", losses)
            continue
        arguments = [[*_span(where[arg.entity]), arg.role] for arg in event.arguments]
        lists["events"][on.sentence].append([[on.first, event.type], *arguments])
        if event.id != event_id(event.trigger.start, event.trigger.end, event.type):
            losses.add(ident, "event", event.id, "id", event.id, unsaid.NO_IDS)
        entities = [arg.entity for arg in event.arguments]
        _doubtful(ident, "argument", event.id, entities, found, losses)
    return lists


def _span(on: On) -> tuple[int, int]:
    return on.first, on.last - 1


def _doubtful(
    document: str,
    item: Any,
    ident: str,
    entities: Sequence[str],
    found: Expressed,
    losses: Losses,
) -> None:
    """List the ends that read back as another entity, the first on the same span."""
    where = found.where()
    first: dict[On, str] = {}
    for entity, on in found.entities:
        first.setdefault(on, entity.id)
    for one in entities:
        if first[where[one]] != one:
            reason = "the format names a span, on which another entity stands first"
            losses.add(document, item, ident, "entity", one, reason)


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each line."""

    def build(raw: Raw) -> Record:
        line = msgspec.convert(raw, Line)
        tokens = laid(line.sentences, line.pieces)
        readings = [
            Read(raw, prefix, Built(tokens), line.doc_key, losses).reading(whose)
            for prefix, whose in (
                ("", origin),
                (PREDICTED, Origin("machine", "proposed", f"{origin.agent}.predicted")),
            )
            if any(raw.get(prefix + name) is not None for name in FIELDS)
        ]
        known = {"doc_key", "sentences", "sentence_start", *FIELDS}
        known |= {PREDICTED + name for name in FIELDS}
        if line.dataset == DATASET:
            known.add("dataset")
        for what, value in unused(raw, known):
            reason = "records have no place for it"
            losses.add(line.doc_key, "document", "", what, value, reason)
        fields = next((one for one in line.about or () if one is not None), None)
        return Record(document(line.doc_key, tokens.text, fields), tuple(readings))

    return records(path, rejects, build)
