"""Relations between regions become arguments of events, or relations between entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curation.errors import DataError, SchemaViolation
from curation.model import Argument, Entity, Event, Relation, Schema, relation_id
from curation.review.findings import Finding
from curation.review.wire import Item

Made = Mapping[str, Sequence[Entity | Event]]
Key = tuple[str, str, str]


def read_links(
    links: Sequence[tuple[int, Item]],
    made: Made,
    schema: Schema,
    known: Mapping[Key, Sequence[Relation]],
    findings: list[Finding],
) -> tuple[list[Relation], dict[str, list[Argument]]]:
    """Relations, and the arguments by event id. `made` holds what each region became.

    Between an event and an entity the label is a role, whichever way the arrow points. Between
    entities it is a relation of the schema; an arrow both ways is two of them. What points at
    nothing, or says what the schema does not have, goes to `findings`.
    """
    relations: dict[Key, list[Relation]] = {}
    arguments: dict[str, list[Argument]] = {}
    roles = {role.name for role in schema.roles}
    names = {relation.name for relation in schema.relations}

    def refuse(place: int, link: Item, message: str, kind: type[DataError]) -> None:
        findings.append(Finding(kind(message, field=f"$.result[{place}]"), link))

    for place, link in links:
        ends = link.from_id, link.to_id
        gone = [end for end in ends if not made.get(end)]
        if gone:
            refuse(place, link, f"a relation to {' and '.join(gone)}, which is gone", DataError)
            continue
        labels = link.labels or []
        if not labels:
            refuse(place, link, "a relation without a label", DataError)
        for label in labels:
            event, entity = _participants(made, ends)
            if label in roles and event and entity:
                argument = Argument(label, entity.id)
                held = arguments.setdefault(event.id, [])
                if argument not in held:
                    held.append(argument)
                continue
            head, tail = (_entity(made[end]) for end in ends)
            if label in names and head and tail:
                for key in _arrows(label, head.id, tail.id, link.direction):
                    _add(relations.setdefault(key, []), known.get(key, ()), key)
                continue
            between = " and ".join(_said(made[end]) for end in ends)
            refuse(place, link, f"no {label!r} can be between {between}", SchemaViolation)
    return [r for held in relations.values() for r in held], arguments


def _add(held: list[Relation], known: Sequence[Relation], key: Key) -> None:
    """One more of what was proposed (which may say a thing twice), else a new one, once."""
    if len(held) < len(known):
        held.append(known[len(held)])
    elif not held:
        held.append(Relation(relation_id(*key), *key))


def _participants(made: Made, ends: tuple[str, str]) -> tuple[Event | None, Entity | None]:
    """The event and the entity that a link joins, whichever way it was drawn."""
    for one, other in (ends, ends[::-1]):
        event = next((i for i in made[one] if isinstance(i, Event)), None)
        entity = _entity(made[other])
        if event and entity:
            return event, entity
    return None, None


def _entity(items: Sequence[Entity | Event]) -> Entity | None:
    return next((item for item in items if isinstance(item, Entity)), None)


def _arrows(label: str, head: str, tail: str, direction: str | None) -> list[Key]:
    forth, back = (label, head, tail), (label, tail, head)
    return {"left": [back], "bi": [forth, back]}.get(str(direction), [forth])


def _said(items: Sequence[Entity | Event]) -> str:
    return "/".join(f"{item.label if isinstance(item, Entity) else item.type}" for item in items)
