"""A published reading as rows of the views, and back: nothing is lost on the way."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import msgspec
from msgspec import Struct, structs

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    LedgerEntry,
    Record,
    Relation,
    Trigger,
)
from curation.publish.features import Labels
from curation.text import Span, tag_layers, words

Row = dict[str, Any]


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who made one of the readings of a document, when, and how much it needed to be corrected."""

    kind: str
    agent: str
    status: str
    at: datetime.datetime | None = None
    uncertainty: float | None = None


@dataclass(frozen=True)
class Published:
    """What a version holds of one document: the record, which of its readings is published, and
    what people decided about the proposals."""

    record: Record
    at: int
    ledger: tuple[LedgerEntry, ...] = ()

    @property
    def document(self) -> Document:
        """The document."""
        return self.record.document

    @cached_property
    def words(self) -> list[Span]:
        """Its words, as spans of code points."""
        return words(self.record.document.text)

    @property
    def reading(self) -> Annotation:
        """The reading that is published."""
        return self.record.annotations[self.at]

    @property
    def digest(self) -> str:
        """What it says, as 16 bytes of BLAKE2b in hex: the same wherever and by whatever it is
        written."""
        said = msgspec.json.encode((self.record, self.at, self.ledger), order="deterministic")
        return hashlib.blake2b(said, digest_size=16).hexdigest()


def document_row(item: Published, labels: Labels) -> Row:
    """The row of the `documents` view; spans are half-open code points of `text`."""
    document, reading = item.document, item.reading
    label_ids, type_ids = ids_of(labels.entities), ids_of(labels.events)
    return {
        "id": document.id,
        "text": document.text,
        "language": document.language,
        "source": document.source,
        "published": document.published,
        "meta": msgspec.json.encode(document.meta, order="deterministic").decode(),
        "entities": [entity_row(entity, label_ids) for entity in reading.entities],
        "relations": [structs.asdict(relation) for relation in reading.relations],
        "events": [event_row(event, type_ids) for event in reading.events],
        "provenance": {
            **structs.asdict(source_of(reading)),
            "readings": [structs.asdict(source_of(one)) for one in item.record.annotations],
        },
    }


def token_row(item: Published, labels: Labels) -> Row:
    """The row of the `tokens` view: words, where they start and end in the text (code points), IOB2
    tags of the outermost entities, and under `losses` every entity that these could not express,
    with the reason. `fine` holds what is nested, layer by layer.
    """
    text, spans = item.document.text, item.words
    tagged, *fine = tag_layers(spans, item.reading.entities)
    ids = ids_of(labels.ner_tags)
    return {
        "id": item.document.id,
        "tokens": [text[start:end] for start, end in spans],
        "starts": [start for start, _ in spans],
        "ends": [end for _, end in spans],
        "tags": list(tagged.tags),
        "ner_tags": [ids[tag] for tag in tagged.tags],
        "fine": [[ids[tag] for tag in layer.tags] for layer in fine],
        "losses": [structs.asdict(loss) for loss in tagged.losses],
    }


def record_of(row: Row) -> Record:
    """The record whose only reading is the published one, from a row of the `documents` view.

    Raises: a DataError if a span is not what the text says.
    """
    source = row["provenance"]
    document = Document(
        row["id"],
        row["text"],
        row["language"],
        row["source"],
        row["published"],
        msgspec.json.decode(row["meta"], type=dict[str, Any]),
    )
    reading = Annotation(
        Author(source["kind"], source["agent"]),
        source["status"],
        tuple(_entity(entity) for entity in row["entities"]),
        tuple(Relation(**relation) for relation in row["relations"]),
        tuple(_event(event) for event in row["events"]),
        source["at"],
        source["uncertainty"],
    )
    return Record(document, (reading,))


@cache
def ids_of(names: tuple[str, ...]) -> dict[str, int]:
    """The class id of each name."""
    return {name: at for at, name in enumerate(names)}


def source_of(reading: Annotation) -> Source:
    """Who made a reading, times in UTC."""
    at = reading.at.astimezone(datetime.UTC) if reading.at else None
    return Source(reading.by.kind, reading.by.agent, reading.status, at, reading.uncertainty)


def entity_row(entity: Entity, ids: dict[str, int]) -> Row:
    """An entity as it stands in a row; a label that is not among the ids has none."""
    return {
        "id": entity.id,
        "start": entity.start,
        "end": entity.end,
        "label": entity.label,
        "label_id": ids.get(entity.label),
        "text": entity.text,
        "score": entity.score,
        "value": entity.value,
        "proposers": list(entity.proposers),
    }


def event_row(event: Event, ids: dict[str, int]) -> Row:
    """An event as it stands in a row; a type that is not among the ids has none."""
    return {
        **structs.asdict(event),
        "type_id": ids.get(event.type),
        "trigger": structs.asdict(event.trigger),
        "proposers": list(event.proposers),
        "arguments": [structs.asdict(argument) for argument in event.arguments],
    }


def _entity(row: Row) -> Entity:
    fields: Row = {name: value for name, value in row.items() if name != "label_id"}
    fields["proposers"] = tuple(row["proposers"])
    return Entity(**fields)


def _event(row: Row) -> Event:
    fields: Row = {name: value for name, value in row.items() if name != "type_id"}
    fields["trigger"] = Trigger(**row["trigger"])
    fields["proposers"] = tuple(row["proposers"])
    fields["arguments"] = tuple(Argument(**argument) for argument in row["arguments"])
    return Event(**fields)
