"""A label schema: one TOML file from which the review page, the checks, the label ids and the
card's label table follow.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from curation.errors import SchemaError

Direction = Literal["auto", "ltr", "rtl"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}\Z")


class EntityType(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of entity. `nests` says whether entities of this type may hold others."""

    name: str
    description: str
    color: str
    hotkey: str = ""
    example: str = ""
    nests: bool = False


class RelationType(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of link between entities; empty `head` or `tail` allows every entity type."""

    name: str
    description: str
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """What an entity can be in an event; empty `entities` allows every entity type."""

    name: str
    description: str
    entities: tuple[str, ...] = ()


class EventType(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of event. Empty `roles` allows every role of the schema; `required` ones are asked
    for in review, and their absence is a finding, not an error."""

    name: str
    description: str
    color: str
    hotkey: str = ""
    example: str = ""
    modes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class Schema(Struct, frozen=True, forbid_unknown_fields=True):
    """The labels of a project, in the order that gives their ids: append, never reorder."""

    name: str
    version: str
    language: str = ""
    direction: Direction = "auto"
    guidelines: str = ""
    entities: tuple[EntityType, ...] = ()
    relations: tuple[RelationType, ...] = ()
    roles: tuple[Role, ...] = ()
    events: tuple[EventType, ...] = ()

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise SchemaError(f"schema {self.name!r}: {fault}")

    def entity(self, name: str) -> EntityType | None:
        """The entity type of this name, or None."""
        return next((kind for kind in self.entities if kind.name == name), None)

    def event(self, name: str) -> EventType | None:
        """The event type of this name, or None."""
        return next((kind for kind in self.events if kind.name == name), None)


def _faults(schema: Schema) -> list[str]:
    faults: list[str] = []
    groups = {
        "entity": schema.entities,
        "relation": schema.relations,
        "role": schema.roles,
        "event": schema.events,
    }
    for group, kinds in groups.items():
        names = [kind.name for kind in kinds]
        faults += [
            f"{group} {n!r} is defined twice"
            for n in sorted({n for n in names if names.count(n) > 1})
        ]
        faults += [
            f"{group} name {n!r} must be a letter, then letters, digits or _"
            for n in names
            if not _NAME.match(n)
        ]
    coloured = (*schema.entities, *schema.events)
    faults += [
        f"{k.name}: colour {k.color!r} must look like #A1B2C3"
        for k in coloured
        if not _COLOR.match(k.color)
    ]
    keys = [k.hotkey for k in coloured if k.hotkey]
    faults += [
        f"hotkey {key!r} is given twice" for key in sorted({k for k in keys if keys.count(k) > 1})
    ]
    entities = {kind.name for kind in schema.entities}
    roles = {role.name for role in schema.roles}
    shared = roles & {relation.name for relation in schema.relations}
    faults += [f"{name!r} is both a role and a relation" for name in sorted(shared)]
    for role in schema.roles:
        faults += [
            f"role {role.name}: unknown entity type {n!r}"
            for n in role.entities
            if n not in entities
        ]
    for relation in schema.relations:
        faults += [
            f"relation {relation.name}: unknown entity type {n!r}"
            for n in (*relation.head, *relation.tail)
            if n not in entities
        ]
    for event in schema.events:
        faults += [
            f"event {event.name}: unknown role {n!r}"
            for n in (*event.roles, *event.required)
            if n not in roles
        ]
    if not schema.entities:
        faults.append("it has no entity type")
    return faults
