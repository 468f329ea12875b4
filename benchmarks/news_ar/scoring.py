"""Exact span and label scores on the development sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.exact import Score, Spans, score
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
