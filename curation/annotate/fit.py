"""What of a reading the schema has a place for; what it has not is left out and named."""

from __future__ import annotations

import msgspec

from curation.model import Annotation, Argument, Event, Relation, Schema


def fit(schema: Schema, annotation: Annotation) -> tuple[Annotation, list[str]]:
    """The reading without what the schema does not allow, and one line for each thing left out:
    entities and relations with unknown labels, events with unknown types, arguments with unknown
    roles or entity types they do not take, modes an event type has not.
    """
    left: list[str] = []
    allowed = {kind.name for kind in schema.entities}
    entities = tuple(
        e for e in annotation.entities if _named("entity label", e.label, allowed, left)
    )
    if not left and not annotation.relations and not annotation.events:
        return annotation, left
    labels = {entity.id: entity.label for entity in annotation.entities}
    known = {entity.id for entity in entities}
    relations: list[Relation] = []
    for relation in annotation.relations:
        named = _named("relation", relation.label, {kind.name for kind in schema.relations}, left)
        if named and {relation.head, relation.tail} <= known:
            relations.append(relation)
        elif named:
            left.append(
                f"relation {relation.label} ({labels[relation.head]}-{labels[relation.tail]})"
            )
    events = tuple(
        _event_that_fits(schema, event, labels, known, left)
        for event in annotation.events
        if _named("event type", event.type, {kind.name for kind in schema.events}, left)
    )
    reading = msgspec.structs.replace(
        annotation, entities=entities, relations=tuple(relations), events=events
    )
    return reading, left


def _named(what: str, name: str, known: set[str], left: list[str]) -> bool:
    if name not in known:
        left.append(f"{what} {name}")
    return name in known


def _event_that_fits(
    schema: Schema, event: Event, labels: dict[str, str], known: set[str], left: list[str]
) -> Event:
    kind = schema.event(event.type)
    roles = {role.name: role for role in schema.roles}
    fitting: list[Argument] = []
    for argument in event.arguments:
        label = labels[argument.entity]
        role = roles.get(argument.role)
        fits = role is not None and not (kind and kind.roles and role.name not in kind.roles)
        takes = role is not None and (not role.entities or label in role.entities)
        if fits and takes and argument.entity in known:
            fitting.append(argument)
        else:
            left.append(f"argument {argument.role} of {event.type} ({label})")
    mode = event.mode
    if mode is not None and kind is not None and mode not in kind.modes:
        left.append(f"mode {mode} of {event.type}")
        mode = None
    return msgspec.structs.replace(event, arguments=tuple(fitting), mode=mode)
