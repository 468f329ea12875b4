"""A label schema: one TOML file from which the review page, the checks, the label ids and the
card's label table follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from curation.errors import SchemaError
from curation.wording import choices

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
        for field, fault in _faults(self):
            raise SchemaError(f"schema {self.name!r}: {fault}", field=field)

    def entity(self, name: str) -> EntityType | None:
        """The entity type of this name, or None."""
        return next((kind for kind in self.entities if kind.name == name), None)

    def event(self, name: str) -> EventType | None:
        """The event type of this name, or None."""
        return next((kind for kind in self.events if kind.name == name), None)


def _faults(schema: Schema) -> Iterator[tuple[str, str]]:
    """Everything that is wrong, each with its place in the schema."""
    groups = {
        "entities": ("entity", schema.entities),
        "relations": ("relation", schema.relations),
        "roles": ("role", schema.roles),
        "events": ("event", schema.events),
    }
    for group, (noun, kinds) in groups.items():
        names = [kind.name for kind in kinds]
        for i, name in enumerate(names):
            if name in names[:i]:
                yield f"{group}[{i}].name", f"{noun} {name!r} is defined twice"
            if not _NAME.match(name):
                yield (
                    f"{group}[{i}].name",
                    f"{noun} name {name!r} must be a letter, then letters, digits or _",
                )
    if not schema.entities:
        yield "entities", "it has no entity type"
    yield from _looks(schema)
    yield from _names(schema)


def _looks(schema: Schema) -> Iterator[tuple[str, str]]:
    keys: set[str] = set()
    for group, kinds in (("entities", schema.entities), ("events", schema.events)):
        for i, kind in enumerate(kinds):
            if not _COLOR.match(kind.color):
                yield (
                    f"{group}[{i}].color",
                    f"{kind.name}: colour {kind.color!r} must look like #A1B2C3",
                )
            if kind.hotkey and kind.hotkey in keys:
                yield f"{group}[{i}].hotkey", f"hotkey {kind.hotkey!r} is given twice"
            keys.add(kind.hotkey)


def _names(schema: Schema) -> Iterator[tuple[str, str]]:
    """Names that stand for nothing, or for two things."""
    entities = [kind.name for kind in schema.entities]
    roles = [role.name for role in schema.roles]
    for i, role in enumerate(schema.roles):
        for name in _unknown(role.entities, entities):
            yield f"roles[{i}].entities", f"role {role.name}: unknown entity type {name}"
    for i, relation in enumerate(schema.relations):
        if relation.name in roles:
            yield f"relations[{i}].name", f"{relation.name!r} is both a role and a relation"
        for side, given in (("head", relation.head), ("tail", relation.tail)):
            for name in _unknown(given, entities):
                yield (
                    f"relations[{i}].{side}",
                    f"relation {relation.name}: unknown entity type {name}",
                )
    for i, event in enumerate(schema.events):
        for part, given in (("roles", event.roles), ("required", event.required)):
            for name in _unknown(given, roles):
                yield f"events[{i}].{part}", f"event {event.name}: unknown role {name}"


def _unknown(given: Iterable[str], known: list[str]) -> Iterator[str]:
    return (f"{name!r}; {choices(name, known)}" for name in given if name not in known)
