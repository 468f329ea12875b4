"""What in a reading its schema does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from curation.errors import SchemaViolation
from curation.model.record import Annotation
from curation.model.schema import EventType, Schema
from curation.model.spans import Event
from curation.wording import choices


def violations(schema: Schema, annotation: Annotation) -> list[SchemaViolation]:
    """Everything in a reading that the schema does not allow, each with its place in it."""
    found = (
        *_entities(schema, annotation),
        *_relations(schema, annotation),
        *_events(schema, annotation),
    )
    return [SchemaViolation(message, field=place) for place, message in found]


def _entities(schema: Schema, annotation: Annotation) -> Iterator[tuple[str, str]]:
    names = {kind.name for kind in schema.entities}
    for i, entity in enumerate(annotation.entities):
        if entity.label not in names:
            known = choices(entity.label, (kind.name for kind in schema.entities))
            yield (
                f"entities[{i}].label",
                f"{entity.label!r} is no entity type of schema {schema.name!r}; {known}",
            )


def _relations(schema: Schema, annotation: Annotation) -> Iterator[tuple[str, str]]:
    label_of = {entity.id: entity.label for entity in annotation.entities}
    kinds = {kind.name: kind for kind in schema.relations}
    for i, relation in enumerate(annotation.relations):
        kind = kinds.get(relation.label)
        if kind is None:
            yield (
                f"relations[{i}].label",
                f"{relation.label!r} is no relation of schema {schema.name!r}; "
                f"{choices(relation.label, kinds)}",
            )
            continue
        ends = (("head", kind.head, relation.head), ("tail", kind.tail, relation.tail))
        for side, allowed, end in ends:
            if allowed and label_of[end] not in allowed:
                yield (
                    f"relations[{i}].{side}",
                    f"{relation.label} does not take a {label_of[end]} as its {side}; "
                    f"{choices('', allowed)}",
                )


def _events(schema: Schema, annotation: Annotation) -> Iterator[tuple[str, str]]:
    label_of = {entity.id: entity.label for entity in annotation.entities}
    for i, event in enumerate(annotation.events):
        kind = schema.event(event.type)
        if kind is None:
            known = choices(event.type, (kind.name for kind in schema.events))
            yield (
                f"events[{i}].type",
                f"{event.type!r} is no event type of schema {schema.name!r}; {known}",
            )
            continue
        if event.mode is not None and event.mode not in kind.modes:
            known = choices(event.mode, kind.modes)
            yield f"events[{i}].mode", f"{event.type} has no mode {event.mode!r}; {known}"
        for place, message in _arguments(schema, kind, event, label_of):
            yield f"events[{i}].{place}", message


def _arguments(
    schema: Schema, kind: EventType, event: Event, label_of: dict[str, str]
) -> Iterator[tuple[str, str]]:
    roles = {role.name: role for role in schema.roles}
    for j, argument in enumerate(event.arguments):
        role = roles.get(argument.role)
        if role is None or (kind.roles and role.name not in kind.roles):
            known = choices(argument.role, kind.roles or roles)
            yield f"arguments[{j}].role", f"{event.type} has no role {argument.role!r}; {known}"
        elif role.entities and label_of[argument.entity] not in role.entities:
            yield (
                f"arguments[{j}].entity",
                f"{role.name} does not take a {label_of[argument.entity]}; "
                f"{choices('', role.entities)}",
            )
