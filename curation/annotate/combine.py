"""What several annotators propose, brought together.

Entities: the union. The same span and label from several is one entity that lists all its
proposers, with the highest score and the first value. Where the pipeline lets annotators vote
(`votes.py`), their chances decide first what is left of these. Then, the longest first, and of
equally long ones the label that stands first in the pipeline's `priority`, an entity stays unless
one that stays already
- covers exactly the same text under another label,
- has the same label and shares text with it,
- crosses it (each has text that the other has not), or
- holds it and has a label whose `absorbs` names its label, or that may not nest by the schema.

An annotator may decide about labels (`decides`): it has seen what the others found and weighs it.
Under these labels its score counts, whatever the others say, and what it does not propose stays
only inside a longer entity of another label, where it has no say.

Relations and events: the union, as far as their entities stay; what pointed at an entity that lost
its span to another label points at that one. The same trigger, type and number in its annotator's
reading is one event with all arguments. Two events may share trigger and type; their ids differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

import msgspec

from curation.annotate.votes import Votes
from curation.model import (
    Annotation,
    Argument,
    Author,
    Entity,
    Event,
    Relation,
    Schema,
    entity_id,
    event_id,
    relation_id,
)

Sources = Sequence[tuple[str, Annotation]]


def combine(
    sources: Sources,
    schema: Schema,
    priority: Sequence[str] = (),
    absorbs: Mapping[str, Sequence[str]] | None = None,
    decides: Mapping[str, Sequence[str]] | None = None,
    votes: Votes | None = None,
) -> Annotation:
    """Several readings of one document, each (annotator, reading), as one; its author is still to
    be named.
    """
    absorbed = {
        kind.name: frozenset((absorbs or {}).get(kind.name, ())) for kind in schema.entities
    }
    closed = frozenset(kind.name for kind in schema.entities if not kind.nests)
    rank = {label: place for place, label in enumerate(priority)}
    heard = {name for name, _ in sources}
    decider = {
        label: name for name, labels in (decides or {}).items() if name in heard for label in labels
    }
    merged = _merged(sources, decider)
    kept: list[Entity] = []
    order = sorted(
        votes.elect(merged.values(), sources) if votes else merged.values(),
        key=lambda e: (e.start - e.end, rank.get(e.label, len(rank)), e.start, e.label),
    )
    # What overlaps a shorter entity has its first or its last character: the longest come first.
    # Stretches of 16 code points each keep the entities that reach into them.
    reaching: dict[int, list[Entity]] = {}
    for entity in order:
        first, last = entity.start, entity.end - 1
        near = reaching.get(first >> 4, [])
        if last >> 4 != first >> 4:
            near = [*near, *reaching.get(last >> 4, [])]
        others = [o for o in near if o.start <= first < o.end or o.start <= last < o.end]
        decided = decider.get(entity.label)
        if decided is not None and decided not in entity.proposers and not others:
            continue
        if not any(_excludes(other, entity, absorbed, closed) for other in others):
            kept.append(entity)
            for stretch in range(first >> 4, (last >> 4) + 1):
                reaching.setdefault(stretch, []).append(entity)
    kept.sort(key=lambda e: (e.start, -e.end, e.label))
    return Annotation(
        Author("machine", ""),
        "proposed",
        tuple(kept),
        _relations(sources, kept),
        _events(sources, kept),
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


def _merged(sources: Sources, decider: Mapping[str, str]) -> dict[str, Entity]:
    merged: dict[str, Entity] = {}
    for name, annotation in sources:
        for entity in annotation.entities:
            final = decider.get(entity.label) == name
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
                score=entity.score if final else _higher(old.score if old else None, entity.score),
                value=(old.value if old else None) or entity.value,
                proposers=proposers,
            )
    return merged


def _higher(a: float | None, b: float | None) -> float | None:
    return max((score for score in (a, b) if score is not None), default=None)


def _excludes(
    other: Entity, entity: Entity, absorbed: Mapping[str, frozenset[str]], closed: frozenset[str]
) -> bool:
    if other.label == entity.label:
        return True
    if (other.start, other.end) == (entity.start, entity.end):
        return True
    if not (other.start <= entity.start and entity.end <= other.end):
        return True
    return other.label in closed or entity.label in absorbed[other.label]


def _relations(sources: Sources, entities: Sequence[Entity]) -> tuple[Relation, ...]:
    by_span = {(entity.start, entity.end): entity.id for entity in entities}
    found: dict[str, Relation] = {}
    for _, annotation in sources:
        spans = {entity.id: (entity.start, entity.end) for entity in annotation.entities}
        for relation in annotation.relations:
            head, tail = by_span.get(spans[relation.head]), by_span.get(spans[relation.tail])
            if head is not None and tail is not None:
                ident = relation_id(relation.label, head, tail)
                found[ident] = Relation(ident, relation.label, head, tail)
    return tuple(found[ident] for ident in sorted(found))


def _events(sources: Sources, entities: Sequence[Entity]) -> tuple[Event, ...]:
    by_span = {(entity.start, entity.end): entity.id for entity in entities}
    merged: dict[tuple[int, int, str, int], Event] = {}
    for name, annotation in sources:
        spans = {entity.id: (entity.start, entity.end) for entity in annotation.entities}
        seen: dict[tuple[int, int, str], count[int]] = {}
        for event in annotation.events:
            place = event.trigger.start, event.trigger.end, event.type
            number = next(seen.setdefault(place, count()))
            arguments = [
                Argument(argument.role, by_span[spans[argument.entity]])
                for argument in event.arguments
                if spans[argument.entity] in by_span
            ]
            proposers = event.proposers or (name,)
            old = merged.get((*place, number))
            if old is not None:
                arguments = [*old.arguments, *arguments]
                proposers = (*old.proposers, *(p for p in proposers if p not in old.proposers))
            merged[(*place, number)] = msgspec.structs.replace(
                old or event,
                id=event_id(*place) + (f"-{number + 1}" if number else ""),
                score=_higher(old.score if old else None, event.score),
                proposers=proposers,
                arguments=tuple(dict.fromkeys(arguments)),
            )
    return tuple(merged[place] for place in sorted(merged))
