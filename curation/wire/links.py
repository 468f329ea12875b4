"""Relations between regions become arguments of events, or relations between entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curation.errors import DataError, SchemaViolation
from curation.model import Argument, Entity, Event, Relation, Schema, relation_id
from curation.wire.findings import Finding
from curation.wire.shapes import Item

Made = Mapping[str, Sequence[Entity | Event]]
Key = tuple[str, str, str]

_REST = "The rest of the reading is kept"
_DANGLING = f"{_REST}. If it is meant, mark the span and draw the relation again."
_UNNAMED = f"{_REST}. Open the task, pick its label in the panel Relations, or delete it."
_TWICE = f"{_REST}. Delete one of the two if another participant or role was meant."
_TURNED = "Nothing has to be done; turn the arrow in the panel Relations to have it said no more."
_IMPOSSIBLE = f"{_REST}. A role joins an event's trigger and an entity, a relation two entities."


def read_links(
    links: Sequence[tuple[int, Item]],
    made: Made,
    schema: Schema | None,
    known: Mapping[Key, Sequence[Relation]],
    findings: list[Finding],
) -> tuple[list[Relation], dict[str, list[Argument]]]:
    """Relations, and the arguments by event id. `made` holds what each region became.

    Between an event and an entity the label is a role, whichever way the arrow points; one that
    points at the trigger is taken and found. Between entities it is a relation of the schema; an
    arrow both ways is two of them. What points at nothing, says a thing again, or says what the
    schema does not have, goes to `findings`. Without a schema every label is known.
    """
    relations: dict[Key, list[Relation]] = {}
    arguments: dict[str, list[Argument]] = {}
    roles = {role.name for role in schema.roles} if schema else None
    names = {relation.name for relation in schema.relations} if schema else None

    def find(
        place: int, link: Item, message: str, hint: str, kind: type[DataError] = DataError
    ) -> None:
        findings.append(Finding(kind(message, field=f"$.result[{place}]", hint=hint), link))

    for place, link in links:
        ends = link.from_id, link.to_id
        labels = link.labels or []
        what = f"the relation {', '.join(labels)}" if labels else "a relation without a label"
        between = f"{_said(made, ends[0])} and {_said(made, ends[1])}"
        if not (made.get(ends[0]) and made.get(ends[1])):
            find(place, link, f"{what} is between {between}", _DANGLING)
            continue
        if not labels:
            find(place, link, f"{what} is between {between}", _UNNAMED)
        event, entity, from_trigger = _participants(made, ends)
        head, tail = (_entity(made[end]) for end in ends)
        for label in labels:
            if (roles is None or label in roles) and event and entity:
                argument = Argument(label, entity.id)
                held = arguments.setdefault(event.id, [])
                if argument in held:
                    find(place, link, f"{what} is twice between {between} (taken once)", _TWICE)
                    continue
                held.append(argument)
                if link.direction != "bi" and from_trigger == (link.direction == "left"):
                    message = f"{label!r} between {between} points at the trigger (taken as a role)"
                    find(place, link, message, _TURNED)
            elif (names is None or label in names) and head and tail:
                for key in _arrows(label, head.id, tail.id, link.direction):
                    if not _add(relations.setdefault(key, []), known.get(key, ()), key):
                        find(place, link, f"{what} is twice between {between} (taken once)", _TWICE)
            else:
                message = f"no {label!r} can be between {between}"
                find(place, link, message, _IMPOSSIBLE, SchemaViolation)
    return [r for held in relations.values() for r in held], arguments


def _add(held: list[Relation], known: Sequence[Relation], key: Key) -> bool:
    """One more of what was proposed (which may say a thing twice), else a new one, once; whether
    there was room for it."""
    if len(held) < len(known):
        held.append(known[len(held)])
    elif not held:
        held.append(Relation(relation_id(*key), *key))
    else:
        return False
    return True


def _participants(made: Made, ends: tuple[str, str]) -> tuple[Event | None, Entity | None, bool]:
    """The event and the entity that a link joins, and whether it was drawn from the event."""
    for one, other in (ends, ends[::-1]):
        event = next((i for i in made[one] if isinstance(i, Event)), None)
        entity = _entity(made[other])
        if event and entity:
            return event, entity, one == ends[0]
    return None, None, False


def _entity(items: Sequence[Entity | Event]) -> Entity | None:
    return next((item for item in items if isinstance(item, Entity)), None)


def _arrows(label: str, head: str, tail: str, direction: str | None) -> list[Key]:
    forth, back = (label, head, tail), (label, tail, head)
    return {"left": [back], "bi": [forth, back]}.get(str(direction), [forth])


def _said(made: Made, end: str) -> str:
    """A region as a reader knows it: its labels and its words."""
    items = made.get(end)
    if not items:
        return f"a span that is gone ({end})"
    labels = "/".join(item.label if isinstance(item, Entity) else item.type for item in items)
    first = items[0]
    return f"{labels} {(first if isinstance(first, Entity) else first.trigger).text!r}"
