"""Records to push, and what people make of them."""

from __future__ import annotations

from typing import Any

import msgspec

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    EntityType,
    Event,
    EventType,
    Record,
    RelationType,
    Role,
    Schema,
    Trigger,
    event_id,
    make_entity,
)
from tests import strategies

#: A schema that has everything the strategies draw.
SCHEMA = Schema(
    name="test",
    version="1.0.0",
    guidelines="Mark everything. $5 & <more>",
    entities=tuple(EntityType(n, f"a {n}", "#31A354", nests=True) for n in strategies.LABELS),
    relations=tuple(RelationType(n, f"a {n}") for n in strategies.RELATIONS),
    roles=tuple(Role(n, f"a {n}") for n in strategies.ROLES),
    events=tuple(
        EventType(n, f"a {n}", "#CB181D", modes=("visit", "meeting"))
        for n in strategies.EVENT_TYPES
    ),
)

TEXT = "وقّعت المغرب وإسرائيل اتفاقا {n}.\r\nThe F-16 😀 (باراك 8) & <b>Rabat</b> sold."


def record(number: int, suffix: str = "") -> Record:
    """Two places, an agreement between them, an astral character before the third entity."""
    text = TEXT.format(n=number) + suffix
    places = [_at(text, name, "GPE") for name in ("المغرب", "وإسرائيل", "Rabat")]
    event = Event(
        id=event_id(0, 5, "AGREE"),
        type="AGREE",
        trigger=Trigger(0, 5, text[:5]),
        mode="visit",
        modality="future",
        score=0.75,
        proposers=("triggers.v1",),
        arguments=(Argument("actor", places[0].id), Argument("recipient", places[1].id)),
    )
    reading = Annotation(Author("machine", "news-ar@1"), "proposed", tuple(places), events=(event,))
    document = Document(f"doc-{number}", text, language="ar", source="test", meta={"n": number})
    return Record(document, (reading,))


def doubted(number: int, uncertainty: float | None) -> Record:
    """The record of this number, with an uncertainty."""
    one = record(number)
    reading = msgspec.structs.replace(one.annotations[0], uncertainty=uncertainty)
    return Record(one.document, (reading,))


def _at(text: str, name: str, label: str) -> Entity:
    start = text.index(name)
    return make_entity(
        text,
        start,
        start + len(name),
        label,
        score=0.9,
        value=f"name:{name}",
        proposers=("gazetteer.v1",),
    )


def read_by(login: str, of: Record, status: str = "submitted", **changes: Any) -> Record:
    """The same document, with this person's reading: the proposals with some changes."""
    reading = msgspec.structs.replace(
        of.annotations[-1], by=Author("human", login), status=status, **changes
    )
    return Record(of.document, (reading,))


def exported(task: dict[str, Any], **annotation: Any) -> dict[str, Any]:
    """A task as an export has it, with one annotation."""
    made = {
        "id": 1,
        "completed_by": 7,
        "was_cancelled": False,
        "updated_at": "2026-01-02T03:04:05.678901Z",
        "parent_prediction": 1,
        "result": [],
    }
    return {"id": 1, "data": task["data"], "annotations": [made | annotation], "drafts": []}
