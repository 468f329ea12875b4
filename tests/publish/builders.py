"""Small records with an agreed reading, and a schema that takes whatever the strategies draw."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Trigger,
    make_entity,
)
from curation.store import write
from tests import strategies

TEXT = "زار وزير الدفاع الإسرائيلي الرباط ووقّع اتفاقا"
NOON = datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC)
MACHINE = Author("machine", "news-ar@1")
PERSON = Author("human", "amal")
MERGE = Author("merge", "unanimous@1")


def entity(part: str, label: str, text: str = TEXT, **more: str) -> Entity:
    start = text.index(part)
    return make_entity(text, start, start + len(part), label, proposers=("gazetteer.v1",), **more)


MINISTER = entity("وزير الدفاع الإسرائيلي", "TITLE")
ISRAELI = entity("الإسرائيلي", "NORP", value="iso3166:IL")
RABAT = entity("الرباط", "GPE", value="iso3166:MA")
VISIT = Event(
    id="v1",
    type="CONSULT",
    mode="visit",
    trigger=Trigger(0, 3, "زار"),
    arguments=(Argument("actor", MINISTER.id), Argument("location", RABAT.id)),
)


def reading(
    entities: Sequence[Entity] = (MINISTER, ISRAELI, RABAT),
    events: Sequence[Event] = (VISIT,),
    *,
    by: Author = MERGE,
    status: str = "agreed",
    at: datetime.datetime | None = NOON,
) -> Annotation:
    return Annotation(by, status, tuple(entities), (), tuple(events), at)  # type: ignore[arg-type]


def proposal(*entities: Entity) -> Annotation:
    return reading(entities, (), by=MACHINE, status="proposed", at=None)


def document(ident: str = "d1", text: str = TEXT) -> Document:
    return Document(
        id=ident,
        text=text,
        language="ar",
        source=f"seeds/documents/{ident}.txt",
        published=datetime.date(2022, 10, 1),
        meta={"desk": "أخبار", "tags": [1, None, {"a": 0.5}]},
    )


def agreed(ident: str = "d1", annotation: Annotation | None = None) -> Record:
    """A record that a machine proposed, a person submitted and a merge agreed on."""
    last = annotation or reading()
    submitted = Annotation(PERSON, "submitted", last.entities, (), last.events, NOON)
    return Record(document(ident), (proposal(RABAT), submitted, last))


def save(path: Path, *records: Record) -> Path:
    write(path, records)
    return path


def schema(
    path: Path,
    entities: Sequence[str] = strategies.LABELS,
    events: Sequence[str] = strategies.EVENT_TYPES,
    name: str = "small",
) -> Path:
    """A schema file with these labels and every role and relation of the strategies."""
    kinds = [
        f'[[{table}]]\nname = "{label}"\ndescription = "about {label}"\n{more}\n'
        for table, labels, more in (
            ("entities", entities, 'color = "#112233"'),
            ("events", events, 'color = "#112233"'),
            ("roles", strategies.ROLES, ""),
            ("relations", strategies.RELATIONS, ""),
        )
        for label in labels
    ]
    path.write_text(f'name = "{name}"\nversion = "1.0.0"\n' + "".join(kinds), encoding="utf-8")
    return path
