"""What several annotators propose, brought together.

Entities: the union. The same span and label from several is one entity that lists all its
proposers, with the highest score and the first value. Where annotators have voted (`votes.py`),
their ballot decides first what is left of these. Then, the longest first, and of
equally long ones the label that stands first in the pipeline's `priority`, an entity stays unless
one that stays already
- covers exactly the same text under another label,
- has the same label and shares text with it,
- crosses it (each has text that the other has not), or
- holds it and has a label whose `absorbs` names its label, or that may not nest by the schema.

Relations and events: the union, as far as their entities stay; what pointed at an entity that lost
its span to another label points at that one, and an event's argument that gave way to a longer
entity of its own label at the longer one. The same trigger, type and number in its annotator's
reading is one event with all arguments. Two events may share trigger and type; their ids differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import msgspec

from curation.annotate.nearby import Nearby
from curation.annotate.nesting import Nesting, Overlap, holds, rivals
from curation.annotate.votes import Ballot, higher
from curation.model import (
    Annotation,
    Argument,
    Author,
    Entity,
    Event,
    Relation,
    entity_id,
    event_id,
    relation_id,
)

Sources = Sequence[tuple[str, Annotation]]


def combine(
    sources: Sources,
    nesting: Nesting,
    priority: Sequence[str] = (),
    ballot: Ballot | None = None,
    merged: Mapping[str, Entity] | None = None,
    lost: list[Overlap] | None = None,
) -> Annotation:
    """Several readings of one document, each (annotator, reading), as one; its author is still to
    be named. `merged` is what `merge` has made of them, where that is known. What gave way to
    others is added to `lost`.
    """
    rank = {label: place for place, label in enumerate(priority)}
    if merged is None:
        merged = {}
        for name, annotation in sources:
            merge(merged, name, annotation)
    entities: Iterable[Entity] = merged.values()
    if ballot is not None:
        entities = ballot.elect(entities, lost)
    order = sorted(
        entities, key=lambda e: (e.start - e.end, rank.get(e.label, len(rank)), e.start, e.label)
    )
    kept: list[Entity] = []
    wider: dict[str, str] = {}
    here = Nearby()
    for entity in order:
        others = here.meeting(entity.start, entity.end)
        for other in others:
            if rivals(other, entity) or nesting.swallows(other, entity):
                if lost is not None:
                    lost.append(Overlap(entity, other))
                if other.label == entity.label and holds(other, entity):
                    wider[entity.id] = other.id
                break
        else:
            kept.append(entity)
            here.add(entity)
    kept.sort(key=lambda e: (e.start, -e.end, e.label))
    return Annotation(
        Author("machine", ""),
        "proposed",
        tuple(kept),
        _relations(sources, kept),
        _events(sources, kept, wider),
    )


def credited(name: str, annotation: Annotation) -> Annotation:
    """An annotator's reading with its name on every entity that names no proposer: once, for all
    the times that it will be combined.
    """
    entities = tuple(
        e if e.proposers else msgspec.structs.replace(e, proposers=(name,))
        for e in annotation.entities
    )
    return msgspec.structs.replace(annotation, entities=entities)


def merge(merged: dict[str, Entity], name: str, annotation: Annotation) -> None:
    """Add an annotator's entities to the union of those before it, by the id of span and label."""
    for entity in annotation.entities:
        ident = entity_id(entity.start, entity.end, entity.label)
        proposers = entity.proposers or (name,)
        old = merged.get(ident)
        if old is None and entity.proposers and entity.id == ident:
            merged[ident] = entity
            continue
        if old is not None:
            proposers = (*old.proposers, *(p for p in proposers if p not in old.proposers))
        merged[ident] = msgspec.structs.replace(
            entity,
            id=ident,
            score=higher(old.score if old else None, entity.score),
            value=(old.value if old else None) or entity.value,
            proposers=proposers,
        )


def _relations(sources: Sources, entities: Sequence[Entity]) -> tuple[Relation, ...]:
    by_span = {(entity.start, entity.end): entity.id for entity in entities}
    found: dict[str, Relation] = {}
    for _, annotation in sources:
        if not annotation.relations:
            continue
        spans = {entity.id: (entity.start, entity.end) for entity in annotation.entities}
        for relation in annotation.relations:
            head, tail = by_span.get(spans[relation.head]), by_span.get(spans[relation.tail])
            if head is not None and tail is not None:
                ident = relation_id(relation.label, head, tail)
                found[ident] = Relation(ident, relation.label, head, tail)
    return tuple(found[ident] for ident in sorted(found))


def _events(
    sources: Sources, entities: Sequence[Entity], wider: Mapping[str, str]
) -> tuple[Event, ...]:
    by_span = {(entity.start, entity.end): entity.id for entity in entities}
    merged: dict[tuple[int, int, str, int], Event] = {}
    for name, annotation in sources:
        if not annotation.events:
            continue
        now = {
            entity.id: to
            for entity in annotation.entities
            if (to := by_span.get((entity.start, entity.end)) or wider.get(_ident(entity)))
        }
        seen: dict[tuple[int, int, str], count[int]] = {}
        for event in annotation.events:
            place = event.trigger.start, event.trigger.end, event.type
            number = next(seen.setdefault(place, count()))
            arguments = [
                Argument(argument.role, now[argument.entity])
                for argument in event.arguments
                if argument.entity in now
            ]
            proposers = event.proposers or (name,)
            old = merged.get((*place, number))
            if old is not None:
                arguments = [*old.arguments, *arguments]
                proposers = (*old.proposers, *(p for p in proposers if p not in old.proposers))
            merged[(*place, number)] = msgspec.structs.replace(
                old or event,
                id=event_id(*place) + (f"-{number + 1}" if number else ""),
                score=higher(old.score if old else None, event.score),
                proposers=proposers,
                arguments=tuple(dict.fromkeys(arguments)),
            )
    return tuple(merged[place] for place in sorted(merged))


def _ident(entity: Entity) -> str:
    return entity_id(entity.start, entity.end, entity.label)
