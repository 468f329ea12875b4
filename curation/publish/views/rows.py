"""A published reading as rows of the views, and back: nothing is lost on the way."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
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
