"""Our own copy of what was pushed, by which a result is read."""

from __future__ import annotations

from collections.abc import Iterable

from curation.model import Annotation, Entity, Event, Relation


class Prior:
    """What was proposed, by id; of several pushes the newest first."""

    def __init__(self, readings: Iterable[Annotation] = ()) -> None:
        self.entities: dict[str, Entity] = {}
        self.events: dict[str, Event] = {}
        self.relations: dict[tuple[str, str, str], list[Relation]] = {}
        for reading in readings:
            for entity in reading.entities:
                self.entities.setdefault(entity.id, entity)
            for event in reading.events:
                self.events.setdefault(event.id, event)
            for relation in reading.relations:
                held = self.relations.setdefault((relation.label, relation.head, relation.tail), [])
                if all(relation.id != r.id for r in held):
                    held.append(relation)

    @property
    def regions(self) -> frozenset[str]:
        """The ids of all regions that were pushed."""
        return frozenset(self.entities) | frozenset(self.events)

    def proposers(self, ident: str) -> tuple[str, ...] | None:
        """Who proposed the region of this id; None if nobody did."""
        found = self.entities.get(ident) or self.events.get(ident)
        return found.proposers if found else None
