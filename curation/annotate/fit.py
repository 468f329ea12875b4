"""What of a reading the schema has a place for; what it has not is left out and named."""

from __future__ import annotations

import msgspec

from curation.model import Annotation, Entity, Event, Schema


def fit(schema: Schema, annotation: Annotation) -> tuple[Annotation, list[str]]:
    """The reading without what the schema does not allow, and one line for each thing left out:
    entities and relations with unknown labels, events with unknown types, arguments with unknown
    roles or entity types they do not take, modes an event type has not.
    """
    left: list[str] = []
    entities = tuple(e for e in annotation.entities if _entity_fits(schema, e, left))
    known = {entity.id: entity.label for entity in entities}
    relations = tuple(
        relation
        for relation in annotation.relations
        if _named("relation", relation.label, [kind.name for kind in schema.relations], left)
        and relation.head in known
        and relation.tail in known
    )
    events = tuple(
        _event_that_fits(schema, event, known, left)
        for event in annotation.events
        if _named("event type", event.type, [kind.name for kind in schema.events], left)
    )
    reading = msgspec.structs.replace(
        annotation, entities=entities, relations=relations, events=events
    )
    return reading, left


def _entity_fits(schema: Schema, entity: Entity, left: list[str]) -> bool:
    return _named("entity label", entity.label, [kind.name for kind in schema.entities], left)


def _named(what: str, name: str, known: list[str], left: list[str]) -> bool:
    if name not in known:
        left.append(f"{what} {name}")
    return name in known


def _event_that_fits(
    schema: Schema, event: Event, labels: dict[str, str], left: list[str]
) -> Event:
    kind = schema.event(event.type)
    roles = {role.name: role for role in schema.roles}
    arguments = tuple(a for a in event.arguments if a.entity in labels)
    fitting = tuple(
        argument
        for argument in arguments
        if argument.role in roles
        and not (kind and kind.roles and argument.role not in kind.roles)
        and (
            not roles[argument.role].entities
            or labels[argument.entity] in roles[argument.role].entities
        )
    )
    left += [
        f"argument {a.role} of {event.type} ({labels[a.entity]})"
        for a in arguments
        if a not in fitting
    ]
    mode = event.mode
    if mode is not None and kind is not None and mode not in kind.modes:
        left.append(f"mode {mode} of {event.type}")
        mode = None
    return msgspec.structs.replace(event, arguments=fitting, mode=mode)
