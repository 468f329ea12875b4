"""How many are right, of what was said and of what should have been said.

Precision is right / predicted, recall right / gold, F1 their harmonic mean, 2 · right / (gold +
predicted) (van Rijsbergen, Information Retrieval, 1979). Where a denominator is 0 there is nothing
to measure, and the figure is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct, field

Key = TypeVar("Key", bound=Hashable)


class Counts(Struct):
    """Items of the gold reading, of the predicted one, and how many of them are the same."""

    gold: int = 0
    predicted: int = 0
    right: int = 0

    @property
    def precision(self) -> float | None:
        """The share of what was predicted that is right."""
        return ratio(self.right, self.predicted)

    @property
    def recall(self) -> float | None:
        """The share of the gold that was found."""
        return ratio(self.right, self.gold)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both.

        >>> Counts(gold=4, predicted=2, right=1).f1  # of 1/2 and 1/4
        0.3333333333333333
        """
        return ratio(2 * self.right, self.gold + self.predicted)

    def add(self, gold: Sequence[Key], predicted: Sequence[Key]) -> int:
        """Count two readings, item by item: what both have is right. Returns how much that is."""
        right = len(common(gold, predicted)[0])
        self.gold += len(gold)
        self.predicted += len(predicted)
        self.right += right
        return right


class Mean(Struct, frozen=True):
    """Figures averaged over labels."""

    precision: float | None
    recall: float | None
    f1: float | None


class Table(Struct):
    """Counts label by label."""

    gold: Counter[str] = field(default_factory=Counter[str])
    predicted: Counter[str] = field(default_factory=Counter[str])
    right: Counter[str] = field(default_factory=Counter[str])

    def labels(self) -> list[str]:
        """The labels of either side, by name."""
        return sorted(self.gold.keys() | self.predicted.keys())

    def counts(self, label: str) -> Counts:
        """The counts of one label."""
        return Counts(self.gold[label], self.predicted[label], self.right[label])

    def micro(self) -> Counts:
        """The counts of all labels together: every item weighs the same."""
        return Counts(self.gold.total(), self.predicted.total(), self.right.total())

    def macro(self) -> Mean:
        """The plain mean over the labels of either side: every label weighs the same. A label that
        was never predicted, or is not in the gold, counts as 0 there."""
        every = [self.counts(label) for label in self.labels()]
        if not every:
            return Mean(None, None, None)
        return Mean(
            sum(one.precision or 0 for one in every) / len(every),
            sum(one.recall or 0 for one in every) / len(every),
            sum(one.f1 or 0 for one in every) / len(every),
        )


def ratio(part: float, whole: float) -> float | None:
    """part / whole; None if there is no whole."""
    return part / whole if whole else None


def common(left: Sequence[Key], right: Sequence[Key]) -> tuple[list[Key], list[Key], list[Key]]:
    """What is in both, only in `left`, only in `right`; what stands twice counts twice.

    >>> [sorted(part) for part in common(["a", "a", "b"], ["a", "c"])]
    [['a'], ['a', 'b'], ['c']]
    """
    a, b = set(left), set(right)
    if len(a) == len(left) and len(b) == len(right):
        return list(a & b), list(a - b), list(b - a)
    many_a, many_b = Counter(left), Counter(right)
    return _each(many_a & many_b), _each(many_a - many_b), _each(many_b - many_a)


def _each(counted: Counter[Key]) -> list[Key]:
    elements: Iterable[Key] = counted.elements()
    return list(elements)
