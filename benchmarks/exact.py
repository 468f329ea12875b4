"""Exact scores: a span is right if both its edges and its label are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

#: (start, end, label), in code points.
Spans = set[tuple[int, int, str]]


class Score(Struct):
    """Counts a label, and what follows from them."""

    right: Counter[str]
    ours: Counter[str]
    gold: Counter[str]

    def f1(self, label: str = "") -> float:
        """F1 of a label, or over all."""
        right, ours, gold = (
            table[label] if label else table.total() for table in (self.right, self.ours, self.gold)
        )
        return 2 * right / max(ours + gold, 1)

    def line(self, label: str = "") -> str:
        """gold, ours, precision, recall, F1."""
        right, ours, gold = (
            table[label] if label else table.total() for table in (self.right, self.ours, self.gold)
        )
        return (
            f"{label or 'micro':10} {gold:6} {ours:6} {right / max(ours, 1):6.3f} "
            f"{right / max(gold, 1):6.3f} {self.f1(label):6.3f}"
        )


def score(pairs: Iterable[tuple[Spans, Spans]]) -> Score:
    """Counts over pairs of (ours, gold)."""
    result = Score(Counter(), Counter(), Counter())
    for ours, gold in pairs:
        result.right.update(label for *_, label in ours & gold)
        result.ours.update(label for *_, label in ours)
        result.gold.update(label for *_, label in gold)
    return result
