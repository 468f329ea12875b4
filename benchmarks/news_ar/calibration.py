"""How sure the network may say it is: fitted on development data.

First a temperature for the tags (least cross-entropy), then, for whole spans, a slope and a shift
on the log odds (Platt 1999), so that of the spans scored 0.8 about 80 % are right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from benchmarks.news_ar.corpora import Sentence
from curation.annotate.encoder import edges
from curation.annotate.tagging import decode


def temperature(pairs: Sequence[tuple[Sentence, Any]], labels: Sequence[str]) -> float:
    """The temperature with the least cross-entropy of the tags; logits are [words, labels, 3]."""
    rows: list[Any] = []
    truth: list[Any] = []
    for one, logits in pairs:
        wanted = np.zeros(logits.shape[:2], int)
        for first, last, label, _ in one.spans:
            if label in labels:
                wanted[first, labels.index(label)] = 1
                wanted[first + 1 : last, labels.index(label)] = 2
        known = [t for t, label in enumerate(labels) if label in one.annotated]
        rows.append(logits[:, known].reshape(-1, 3))
        truth.append(wanted[:, known].reshape(-1))
    values, wanted = np.concatenate(rows).astype(float), np.concatenate(truth)

    def cost(t: float) -> float:
        scaled = values / t
        scaled -= scaled.max(1, keepdims=True)
        return float(
            np.mean(np.log(np.exp(scaled).sum(1)) - scaled[np.arange(len(wanted)), wanted])
        )

    return float(min(np.arange(0.7, 3.01, 0.05), key=cost).round(2))


def judged(
    pairs: Sequence[tuple[Sentence, Any]], labels: Sequence[str], heat: float
) -> list[tuple[float, bool]]:
    """(probability, whether right) of every span that its corpus can judge."""
    found: list[tuple[float, bool]] = []
    for one, logits in pairs:
        for span in decode(logits, heat):
            label = labels[span.label]
            if label in one.annotated:
                first, last = edges(one.text, one.places, span.first, span.last)
                if first < last:
                    place = one.places[first][0], one.places[last - 1][1], label
                    found.append((span.score, place in one.gold))
    return found


def platt(spans: Iterable[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and shift of the log odds, by Newton's method on the log likelihood."""
    pairs = list(spans)
    chance = np.clip([score for score, _ in pairs], 1e-6, 1 - 1e-6)
    inputs = np.stack([np.log(chance / (1 - chance)), np.ones(len(pairs))], 1)
    right = np.array([float(good) for _, good in pairs])
    fitted = np.array([1.0, 0.0])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-inputs @ fitted))
        slope = inputs.T @ (right - guess) - 1e-3 * (fitted - [1.0, 0.0])
        bend = (inputs * (guess * (1 - guess))[:, None]).T @ inputs + 1e-3 * np.eye(2)
        fitted = fitted + np.linalg.solve(bend, slope)
    return round(float(fitted[0]), 4), round(float(fitted[1]), 4)


def curve(spans: Iterable[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean score, part that is right, count) of each tenth of the scale that has spans."""
    places: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for score, good in spans:
        places[min(int(score * bins), bins - 1)].append((score, good))
    return [
        (
            sum(score for score, _ in here) / len(here),
            sum(good for _, good in here) / len(here),
            len(here),
        )
        for here in places
        if here
    ]
