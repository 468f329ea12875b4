"""A published reading as rows of the views, and back: nothing is lost on the way."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import msgspec
from msgspec import Struct

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
from curation.publish.views.features import Labels
from curation.text import Loss, Span, tag_layers, words

#: A row as it is read back.
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

    @cached_property
    def tokens(self) -> list[str]:
        """Its words."""
        text = self.record.document.text
        return [text[start:end] for start, end in self.words]

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


class Provenance(Source, frozen=True, omit_defaults=True):
    """Who made the published reading, and who made those that stand in the record."""

    readings: tuple[Source, ...] = ()


class DocumentRow(Struct, frozen=True, gc=False):
    """A row of the `documents` view; spans are half-open code points of `text`."""

    id: str
    text: str
    language: str | None
    source: str | None
    published: datetime.date | None
    meta: str
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    events: tuple[Event, ...]
    provenance: Provenance


class TokenRow(Struct, frozen=True, gc=False):
    """A row of the `tokens` view: words, where they start and end in the text (code points), IOB2
    tags of the outermost entities, and under `losses` every entity that these could not express,
    with the reason. `fine` holds what is nested, layer by layer.
    """

    id: str
    tokens: list[str]
    starts: list[int]
    ends: list[int]
    tags: tuple[str, ...]
    ner_tags: list[int]
    fine: list[list[int]]
    losses: tuple[Loss, ...]


def document_row(item: Published) -> DocumentRow:
    """The row of the `documents` view."""
    document, reading = item.document, item.reading
    source = source_of(reading)
    return DocumentRow(
        document.id,
        document.text,
        document.language,
        document.source,
        document.published,
        msgspec.json.encode(document.meta, order="deterministic").decode(),
        reading.entities,
        reading.relations,
        reading.events,
        Provenance(
            source.kind,
            source.agent,
            source.status,
            source.at,
            source.uncertainty,
            tuple(source_of(one) for one in item.record.annotations),
        ),
    )


def token_row(item: Published, labels: Labels) -> TokenRow:
    """The row of the `tokens` view."""
    tagged, *fine = tag_layers(item.words, item.reading.entities)
    ids = ids_of(labels.ner_tags)
    return TokenRow(
        item.document.id,
        item.tokens,
        [start for start, _ in item.words],
        [end for _, end in item.words],
        tagged.tags,
        [ids[tag] for tag in tagged.tags],
        [[ids[tag] for tag in layer.tags] for layer in fine],
        tagged.losses,
    )


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
