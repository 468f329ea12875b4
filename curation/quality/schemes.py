"""Entities that are right in part, in the four schemes of SemEval-2013 task 9.

Segura-Bedmar, Martínez and Herrero-Zazo 2013 (https://aclanthology.org/S13-2056), after MUC-5
(Chinchor and Sundheim 1993): every predicted span is paired with one gold span at most, and a pair
is, by scheme,

| scheme | correct | else |
|---|---|---|
| strict | the same span and label | incorrect |
| exact | the same span | incorrect |
| partial | the same span | partial: half a point |
| type | the same label | incorrect |

What has no partner is spurious (predicted) or missed (gold). Precision is (correct + partial / 2) /
predicted, recall the same over gold.

The papers leave open who is paired with whom, and tools take the first in the list. Here what is
the same in span and label is paired first; the rest is paired so that, for strict, exact and
partial, as many as can be have the same span, then as many as can be overlap, then as much of the
text as can be is shared; for type, as many as can be have the same label, then overlap. No order of
the input changes that.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from curation.quality.counts import ratio
from curation.quality.pairing import Pair, heaviest

Place = tuple[int, int, str]


class Scheme(Struct):
    """How many pairs are what, and how many spans have no partner."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def precision(self) -> float | None:
        """Points for each predicted span; None if there is none."""
        paired = self.correct + self.incorrect + self.partial
        return ratio(self.correct + self.partial / 2, paired + self.spurious)

    @property
    def recall(self) -> float | None:
        """Points for each gold span; None if there is none."""
        paired = self.correct + self.incorrect + self.partial
        return ratio(self.correct + self.partial / 2, paired + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both: 2 · points / (gold + predicted)."""
        paired = self.correct + self.incorrect + self.partial
        points = 2 * self.correct + self.partial
        return ratio(points, 2 * paired + self.missed + self.spurious)

    def add(self, more: Scheme) -> None:
        """Count some more."""
        self.correct += more.correct
        self.incorrect += more.incorrect
        self.partial += more.partial
        self.missed += more.missed
        self.spurious += more.spurious


def by_span(gold: Sequence[Place], predicted: Sequence[Place], pairs: Sequence[Pair]) -> list[Pair]:
    """Of the `pairs` of places whose spans overlap, the best one-to-one: the most with the same
    span, of those the most pairs, of those the most code points shared, of those the most with the
    same label.

    >>> gold, predicted = [(0, 9, "A"), (10, 14, "B")], [(8, 14, "A"), (0, 9, "B")]
    >>> by_span(gold, predicted, [(0, 0), (0, 1), (1, 0)])
    [(0, 1), (1, 0)]
    """
    longest = min(len(gold), len(predicted))
    widest = max(end - start for start, end, _ in gold)
    fine = longest * (2 * widest + 1) + 1  # more than all shared code points and labels can weigh

    def weight(a: Place, b: Place) -> int:
        shared = min(a[1], b[1]) - max(a[0], b[0])
        coarse = 1 + (longest + 1) * (a[:2] == b[:2])
        return coarse * fine + 2 * shared + (a[2] == b[2])

    return heaviest({(i, j): weight(gold[i], predicted[j]) for i, j in pairs})


def by_label(
    gold: Sequence[Place], predicted: Sequence[Place], pairs: Sequence[Pair]
) -> list[Pair]:
    """Of the `pairs` of places whose spans overlap, the best one-to-one: the most with the same
    label, of those the most pairs.

    >>> gold, predicted = [(0, 9, "A"), (10, 14, "B")], [(8, 14, "A"), (0, 9, "B")]
    >>> by_label(gold, predicted, [(0, 0), (0, 1), (1, 0)])
    [(0, 0)]
    """
    many = min(len(gold), len(predicted)) + 1
    return heaviest({(i, j): 1 + many * (gold[i][2] == predicted[j][2]) for i, j in pairs})
