"""Which entities can stand together on one stretch of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from curation.model import Entity, Schema


class Nesting(Struct, frozen=True):
    """`absorbed`: label → labels left out inside it; `closed`: labels that hold nothing at all."""

    absorbed: Mapping[str, frozenset[str]]
    closed: frozenset[str]

    @classmethod
    def of(cls, schema: Schema, absorbs: Mapping[str, Sequence[str]] | None = None) -> Nesting:
        """What the schema and a pipeline's `absorbs` say."""
        return cls(
            {label: frozenset(inner) for label, inner in (absorbs or {}).items()},
            frozenset(kind.name for kind in schema.entities if not kind.nests),
        )

    def swallows(self, outer: Entity, inner: Entity) -> bool:
        """Whether the second lies in the first, and is left out there."""
        return holds(outer, inner) and (
            outer.label in self.closed or inner.label in self.absorbed.get(outer.label, ())
        )


class Overlap(Struct, frozen=True):
    """A proposal that gave way to another on its text."""

    lost: Entity
    to: Entity

    @property
    def kind(self) -> str:
        """Why both could not stay: `crossing`, `same text`, `same label`, or `inside` one that does
        not hold it."""
        if not (holds(self.lost, self.to) or holds(self.to, self.lost)):
            return "crossing"
        if (self.lost.start, self.lost.end) == (self.to.start, self.to.end):
            return "same text"
        return "same label" if self.lost.label == self.to.label else "inside"


def holds(outer: Entity, inner: Entity) -> bool:
    """Whether the second lies in the first, or on the same text."""
    return outer.start <= inner.start and inner.end <= outer.end


def rivals(a: Entity, b: Entity) -> bool:
    """Whether two that overlap can not both be right: one text or one label, or they cross."""
    if a.label == b.label or (a.start, a.end) == (b.start, b.end):
        return True
    return not (holds(a, b) or holds(b, a))
