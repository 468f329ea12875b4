"""Exact span and label scores on the development sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct

from benchmarks.news_ar.corpora import SHIPPED, Sentence
from curation.annotate.tagging import decode

FINE = frozenset(("PERSON", "GPE", "LOC", "ORG", "FAC"))
COARSE = {"PERSON": "~PER", "GPE": "~LOC", "LOC": "~LOC", "ORG": "~ORG"}
NESTED = frozenset(
    (
        *("PERSON", "GPE", "ORG", "DATE", "NORP", "TITLE"),
        *("EVENT", "LAW", "MONEY", "ORDINAL", "CARDINAL"),
    )
)
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


def spans(one: Sentence, logits: np.ndarray, temperature: float = 1.0) -> Spans:
    """What logits [words, labels that ship, 3] propose, in code points."""
    return {
        (one.places[s.first][0], one.places[s.last - 1][1], SHIPPED[s.label])
        for s in decode(logits[: len(one.words)], temperature)
    }


def coarse(found: Spans) -> Spans:
    """Our spans in ANERcorp's three types."""
    return {(a, b, COARSE[label]) for a, b, label in found if label in COARSE}


def summary(
    news: Sequence[tuple[Sentence, Spans]], wojood: Sequence[tuple[Sentence, Spans]]
) -> dict[str, Score]:
    """The three measures: coarse and fine newswire, nested second domain."""
    types = frozenset(COARSE.values())
    return {
        "coarse": score(
            (coarse(ours), {s for s in one.coarse if s[2] in types}) for one, ours in news
        ),
        "fine": score((_only(ours, FINE), _only(one.gold, FINE)) for one, ours in news),
        "nested": score((_only(ours, NESTED), _only(one.gold, NESTED)) for one, ours in wojood),
    }


def _only(found: Iterable[tuple[int, int, str]], labels: frozenset[str]) -> Spans:
    return {span for span in found if span[2] in labels}
