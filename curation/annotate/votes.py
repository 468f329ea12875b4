"""Annotators vote on a span: how likely it is right, given who proposes it.

Each proposer speaks for a span with its score times the trust that the pipeline puts in it for that
label (1 where none is stated); the span is right with the chance that not all of them are wrong,
`1 - (1 - p1)(1 - p2)…`. What stays below the `bar` is not proposed. Of spans that can not both be
right (the same text under two labels, one label on overlapping text, or spans that cross) the
likeliest stays, and of equally likely ones the longest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from curation.model import Annotation, Entity, entity_id


class Votes(Struct, frozen=True, forbid_unknown_fields=True):
    """`[votes]` in a pipeline file: the least chance, and annotator → label → trust (0 to 1)."""

    bar: float = 0.5
    trust: dict[str, dict[str, float]] = {}

    def __post_init__(self) -> None:
        for name, table in self.trust.items():
            for label, value in table.items():
                if not 0 <= value <= 1:
                    raise ValueError(f"votes.trust.{name}.{label}: {value} is not between 0 and 1")

    def chances(self, sources: Iterable[tuple[str, Annotation]]) -> Mapping[str, float]:
        """The chance that each proposed span is right, by its id (of span and label)."""
        wrong: dict[str, float] = {}
        for name, annotation in sources:
            trusted = self.trust.get(name, {})
            for entity in annotation.entities:
                ident = entity_id(entity.start, entity.end, entity.label)
                said = (1.0 if entity.score is None else entity.score) * trusted.get(
                    entity.label, 1.0
                )
                wrong[ident] = wrong.get(ident, 1.0) * (1.0 - said)
        return {ident: round(1.0 - chance, 4) for ident, chance in wrong.items()}

    def elect(
        self, merged: Iterable[Entity], sources: Iterable[tuple[str, Annotation]]
    ) -> list[Entity]:
        """The entities that stay, each with its chance as its score."""
        chances = self.chances(sources)
        scored = [msgspec.structs.replace(entity, score=chances[entity.id]) for entity in merged]
        scored = [entity for entity in scored if (entity.score or 0.0) >= self.bar]
        scored.sort(key=lambda e: (-(e.score or 0.0), e.start - e.end, e.start, e.label))
        kept: list[Entity] = []
        here: dict[int, list[Entity]] = {}
        for entity in scored:
            others = {id(o): o for at in range(entity.start, entity.end) for o in here.get(at, ())}
            if not any(_rivals(entity, other) for other in others.values()):
                kept.append(entity)
                for at in range(entity.start, entity.end):
                    here.setdefault(at, []).append(entity)
        return kept


def _rivals(a: Entity, b: Entity) -> bool:
    """Whether two that overlap can not both be right."""
    if a.label == b.label or (a.start, a.end) == (b.start, b.end):
        return True
    inside = (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)
    return not inside
