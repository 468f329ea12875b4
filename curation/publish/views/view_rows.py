"""Rows of the views that are made for one use each."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from msgspec import Struct

from curation.model import Entity, Event, Relation
from curation.publish.views.features import Labels
from curation.publish.views.rows import Published, ids_of, source_of
from curation.text import Loss, covered_words

#: Code points of a text that a row of `spans` shows before and after its span.
CONTEXT = 80


class SpanRow(Struct, frozen=True, gc=False):
    """A row of `spans`: an entity or an event's trigger, with the text around it."""

    document: str
    id: str
    kind: str
    before: str
    text: str
    after: str
    start: int
    end: int
    label: str
    label_id: int | None
    type_id: int | None
    value: str | None
    score: float | None


class AnnotationRow(Struct, frozen=True, gc=False):
    """A row of `annotations`: a reading of a document, and whether it is the published one."""

    document: str
    reading: int
    published: bool
    kind: str
    agent: str
    status: str
    at: datetime.datetime | None
    uncertainty: float | None
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    events: tuple[Event, ...]


class WordSpan(Struct, frozen=True, gc=False):
    """An entity by its first and last word, the last one included."""

    start: int
    end: int
    label: str


class GlinerRow(Struct, frozen=True, gc=False):
    """A row of `gliner`: words, and entities by their words, nested ones too. Those whose edges lie
    inside a word stand under `losses`."""

    id: str
    tokenized_text: list[str]
    ner: list[WordSpan]
    losses: list[Loss]


def span_rows(item: Published, labels: Labels) -> Iterator[SpanRow]:
    """A row for each entity, then one for each event."""
    text, ident = item.document.text, item.document.id
    label_ids, type_ids = ids_of(labels.entities), ids_of(labels.events)
    for one in item.reading.entities:
        yield SpanRow(
            ident,
            one.id,
            "entity",
            text[max(0, one.start - CONTEXT) : one.start],
            one.text,
            text[one.end : one.end + CONTEXT],
            one.start,
            one.end,
            one.label,
            label_ids[one.label],
            None,
            one.value,
            one.score,
        )
    for one in item.reading.events:
        start, end = one.trigger.start, one.trigger.end
        yield SpanRow(
            ident,
            one.id,
            "trigger",
            text[max(0, start - CONTEXT) : start],
            one.trigger.text,
            text[end : end + CONTEXT],
            start,
            end,
            one.type,
            None,
            type_ids[one.type],
            None,
            one.score,
        )


def annotation_rows(item: Published) -> Iterator[AnnotationRow]:
    """A row for each reading of the document, in their order."""
    for at, reading in enumerate(item.record.annotations):
        source = source_of(reading)
        yield AnnotationRow(
            item.document.id,
            at,
            at == item.at,
            source.kind,
            source.agent,
            source.status,
            source.at,
            source.uncertainty,
            reading.entities,
            reading.relations,
            reading.events,
        )


def gliner_row(item: Published) -> GlinerRow:
    """The row of `gliner`."""
    ner: list[WordSpan] = []
    losses: list[Loss] = []
    for one in item.reading.entities:
        covered = covered_words(item.words, one.start, one.end)
        if covered is not None:
            ner.append(WordSpan(*covered, one.label))
        else:
            losses.append(Loss(one.id, one.label, one.text, "inside a word"))
    return GlinerRow(item.document.id, item.tokens, ner, losses)
