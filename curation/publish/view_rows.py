"""Rows of the views that are made for one use each."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from curation.model import LedgerEntry, Said
from curation.publish.features import Labels
from curation.publish.rows import Published, Row, entity_row, event_row, ids_of, source_of
from curation.text import Loss

#: Code points of a text that a row of `spans` shows before and after its span.
CONTEXT = 80


def span_rows(item: Published, labels: Labels) -> Iterator[Row]:
    """`spans`: a row for each entity and each event's trigger, with the text around it."""
    text, ident = item.document.text, item.document.id
    label_ids, type_ids = ids_of(labels.entities), ids_of(labels.events)
    for one in item.reading.entities:
        yield {
            "document": ident,
            "id": one.id,
            "kind": "entity",
            "before": text[max(0, one.start - CONTEXT) : one.start],
            "text": one.text,
            "after": text[one.end : one.end + CONTEXT],
            "start": one.start,
            "end": one.end,
            "label": one.label,
            "label_id": label_ids[one.label],
            "value": one.value,
            "score": one.score,
        }
    for one in item.reading.events:
        start, end = one.trigger.start, one.trigger.end
        yield {
            "document": ident,
            "id": one.id,
            "kind": "trigger",
            "before": text[max(0, start - CONTEXT) : start],
            "text": one.trigger.text,
            "after": text[end : end + CONTEXT],
            "start": start,
            "end": end,
            "label": one.type,
            "type_id": type_ids[one.type],
            "score": one.score,
        }


def annotation_rows(item: Published, labels: Labels) -> Iterator[Row]:
    """`annotations`: a row for each reading of the document, in their order. A label that is in no
    schema of the dataset has no id."""
    label_ids, type_ids = ids_of(labels.entities), ids_of(labels.events)
    for at, reading in enumerate(item.record.annotations):
        yield {
            "document": item.document.id,
            "reading": at,
            "published": at == item.at,
            **structs.asdict(source_of(reading)),
            "entities": [entity_row(entity, label_ids) for entity in reading.entities],
            "relations": [structs.asdict(relation) for relation in reading.relations],
            "events": [event_row(event, type_ids) for event in reading.events],
        }


def ledger_rows(item: Published, labels: Labels) -> Iterator[Row]:
    """`ledger`: a row for each decision about a proposal, as a merge wrote it."""
    for entry in item.ledger:
        yield _entry_row(entry)


def _entry_row(entry: LedgerEntry) -> Row:
    return {
        "document": entry.document,
        "item": entry.item,
        "id": entry.id,
        "decision": entry.decision,
        "by": entry.by,
        "at": entry.at,
        "proposers": list(entry.proposers),
        "before": _said(entry.before),
        "after": _said(entry.after),
    }


def _said(said: Said | None) -> Row | None:
    return None if said is None else structs.asdict(said)


def gliner_row(item: Published, labels: Labels) -> Row:
    """`gliner`: words, and entities by their first and last word (the last one included), nested
    ones too. Those whose edges lie inside a word stand under `losses`.
    """
    text, words = item.document.text, item.words
    first = {start: at for at, (start, _) in enumerate(words)}
    last = {end: at for at, (_, end) in enumerate(words)}
    ner: list[Row] = []
    losses: list[Row] = []
    for one in item.reading.entities:
        if one.start in first and one.end in last:
            ner.append({"start": first[one.start], "end": last[one.end], "label": one.label})
        else:
            losses.append(structs.asdict(Loss(one.id, one.label, one.text, "inside a word")))
    return {
        "id": item.document.id,
        "tokenized_text": [text[start:end] for start, end in words],
        "ner": ner,
        "losses": losses,
    }
