"""Readings to score, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from curation.model import Entity
from curation.quality import EntityScores

TEXT = "ا" * 60
LABELS = ("A", "B", "C")
Place = tuple[int, int, str]


def entity(
    at: int, start: int, end: int, label: str, *, score: float | None = None, value: str = ""
) -> Entity:
    return Entity(f"e{at}", start, end, label, TEXT[start:end], score=score, value=value or None)


def entities(places: Sequence[Place]) -> list[Entity]:
    return [entity(at, *place) for at, place in enumerate(places)]


def scores(gold: Sequence[Place], predicted: Sequence[Place]) -> EntityScores:
    result = EntityScores()
    result.add(entities(gold), entities(predicted))
    return result


def anywhere(max_size: int = 6) -> st.SearchStrategy[list[Place]]:
    """Spans that nest, overlap and stand twice."""
    place = st.tuples(st.integers(0, 24), st.integers(1, 8), st.sampled_from(LABELS))
    return st.lists(place.map(lambda p: (p[0], p[0] + p[1], p[2])), max_size=max_size)


def side_by_side() -> st.SearchStrategy[list[Place]]:
    """Spans in order that share nothing."""
    edges = st.lists(st.integers(0, 30), max_size=10, unique=True).map(sorted)
    pairs = edges.map(lambda e: list(zip(e[::2], e[1::2], strict=False)))
    return pairs.flatmap(
        lambda spans: st.lists(
            st.sampled_from(LABELS), min_size=len(spans), max_size=len(spans)
        ).map(lambda names: [(a, b, n) for (a, b), n in zip(spans, names, strict=True)])
    )
