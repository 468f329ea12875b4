"""Where readings of one document say the same, and where they do not."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct, structs

from curation.model import Annotation, Author, Entity, Said
from curation.model.ledger import Item


class Conflict(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that not all reviewers of a document say: what it is, and who says it or not."""

    document: str
    item: Item
    said: Said
    by: tuple[str, ...]
    not_by: tuple[str, ...]


class Fact(NamedTuple):
    """One thing that a reading says, without ids: two people give the same thing other ids."""

    item: Item
    label: str
    start: int
    end: int
    text: str
    detail: tuple[str, ...]


def facts(reading: Annotation) -> Counter[Fact]:
    """Everything that a reading says, and how often, apart from ids, scores and proposers."""
    where = {entity.id: entity for entity in reading.entities}
    said: Counter[Fact] = Counter()
    for e in reading.entities:
        said[Fact("entity", e.label, e.start, e.end, e.text, (e.value or "",))] += 1
    for relation in reading.relations:
        head = where[relation.head]
        tail = _place(where[relation.tail])
        detail = (head.label, tail)
        said[Fact("relation", relation.label, head.start, head.end, head.text, detail)] += 1
    for event in reading.events:
        t = event.trigger
        arguments = sorted(f"{a.role}={_place(where[a.entity])}" for a in event.arguments)
        detail = (event.mode or "", event.modality, *arguments)
        said[Fact("event", event.type, t.start, t.end, t.text, detail)] += 1
    return said


def conflicts(document: str, readings: Sequence[Annotation]) -> list[Conflict]:
    """What some readings say and others do not, or not as often; empty where all agree."""
    said = {reading.by.agent: facts(reading) for reading in readings}
    most: Counter[Fact] = Counter()
    for its in said.values():
        most |= its
    return [
        Conflict(
            document,
            fact.item,
            Said(
                fact.label,
                fact.start,
                fact.end,
                fact.text,
                "; ".join(filter(None, fact.detail)) or None,
            ),
            tuple(sorted(agent for agent, its in said.items() if its[fact] == times)),
            tuple(sorted(agent for agent, its in said.items() if its[fact] < times)),
        )
        for fact, times in sorted(most.items())
        if any(its[fact] < times for its in said.values())
    ]


def agreed(readings: Sequence[Annotation], proposal: Annotation | None) -> Annotation:
    """The one reading that all of them are, under the proposal's ids where a reading kept them.
    It is as old as the newest of them.
    """
    proposed = (*proposal.entities, *proposal.events) if proposal else ()
    known = {item.id for item in proposed}
    best = max(readings, key=lambda r: sum(i.id in known for i in (*r.entities, *r.events)))
    times = [reading.at for reading in readings if reading.at is not None]
    newest: datetime.datetime | None = max(times, default=None)
    return structs.replace(best, by=Author("merge", "unanimous@1"), status="agreed", at=newest)


def _place(entity: Entity) -> str:
    return f"{entity.label}@{entity.start}:{entity.end}"
