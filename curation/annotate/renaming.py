"""A pipeline's labels under the names that a schema has for them (`--map GPE=PLACE`).

A pipeline works with the names it was made for, which its votes, rules and priorities know; what it
has found is renamed at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec import Struct, structs

from curation.errors import UsageError
from curation.model import Annotation, EntityType, EventType, RelationType, Role, Schema
from curation.store import load_schema
from curation.wording import choices

Kind = TypeVar("Kind", EntityType, RelationType, Role, EventType)


class Renames(Struct, frozen=True):
    """Names of a pipeline, each with the name that stands for it in the schema: of entities,
    relations, roles or events."""

    names: dict[str, str]

    def working(self, schema: Schema) -> Schema:
        """What a pipeline works with: all labels of the default schema, those of this one, and the
        names that are to be renamed."""
        known = load_schema()
        roles = _all(known.roles, schema.roles)
        taken = {role.name for role in roles}
        relations = _all(known.relations, schema.relations)
        events = _all(known.events, schema.events)
        entities = _all(known.entities, schema.entities)
        taken |= {kind.name for kind in (*entities, *events, *relations)}
        more = (EntityType(name, "", "#000000") for name in self.names if name not in taken)
        return Schema(
            schema.name,
            schema.version,
            entities=tuple(structs.replace(kind, hotkey="") for kind in (*entities, *more)),
            relations=tuple(kind for kind in relations if kind.name not in _names(roles)),
            roles=tuple(roles),
            events=tuple(structs.replace(kind, hotkey="") for kind in events),
        )

    def apply(self, reading: Annotation) -> Annotation:
        """The reading with the names of the schema; ids stay."""
        return structs.replace(
            reading,
            entities=tuple(
                structs.replace(one, label=self.said(one.label)) for one in reading.entities
            ),
            relations=tuple(
                structs.replace(one, label=self.said(one.label)) for one in reading.relations
            ),
            events=tuple(
                structs.replace(
                    one,
                    type=self.said(one.type),
                    arguments=tuple(
                        structs.replace(a, role=self.said(a.role)) for a in one.arguments
                    ),
                )
                for one in reading.events
            ),
        )

    def said(self, name: str) -> str:
        """The schema's name for one of the pipeline's."""
        return self.names.get(name, name)


def parse_renames(given: Sequence[str], schema: Schema) -> Renames | None:
    """Renames as people write them, `GPE=PLACE`; None if there are none.

    >>> parse_renames(["PRODUCT=WEAPON"], load_schema()).names
    {'PRODUCT': 'WEAPON'}

    Raises: UsageError if one is written otherwise, or the schema has no such name.
    """
    names = dict[str, str]()
    known = _names((*schema.entities, *schema.relations, *schema.roles, *schema.events))
    for one in given:
        old, equals, new = (part.strip() for part in one.partition("="))
        if not (old and equals and new):
            raise UsageError(f"--map {one!r} names no two labels", hint="Write --map GPE=PLACE.")
        if new not in known:
            raise UsageError(
                f"--map {one}: schema {schema.name} has no {new}; {choices(new, known)}"
            )
        names[old] = new
    return Renames(names) if names else None


def _all(kinds: Iterable[Kind], more: Iterable[Kind]) -> list[Kind]:
    """These kinds, and those of the others that have other names."""
    found = {kind.name: kind for kind in kinds}
    return [*found.values(), *(kind for kind in more if kind.name not in found)]


def _names(kinds: Iterable[EntityType | RelationType | Role | EventType]) -> list[str]:
    return [kind.name for kind in kinds]
