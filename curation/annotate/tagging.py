"""From three logits a word and label (outside, begins, goes on) to scored spans of words.

Each label is decoded alone, by the best path on which nothing goes on that did not begin. A span's
score is the probability of all its tags and of its end, at the temperature that was fitted on
development data. Of spans on the same words, or that cross, the likelier stays; nested ones stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUT, BEGIN, ON = 0, 1, 2
_NEVER = -1e4


class Tagged(Struct, frozen=True):
    """Words first to last (half open) carry this label, with this probability."""

    first: int
    last: int
    label: int
    score: float


def decode(logits: NDArray[Any], temperature: float = 1.0) -> list[Tagged]:
    """The spans in logits [words, labels, 3], in order of the text.

    Raises: ValueError if the shape is another.
    """
    import numpy as np

    if logits.ndim != 3 or logits.shape[2] != 3:
        raise ValueError(f"logits have the shape {logits.shape}, not [words, labels, 3]")
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(axis=2, keepdims=True)
    chances = scaled - np.log(np.exp(scaled).sum(axis=2, keepdims=True))
    live = np.flatnonzero((chances[:, :, OUT] < -0.05).any(axis=0))
    found: list[Tagged] = []
    for label, tags in zip(live.tolist(), _best(chances[:, live]), strict=True):
        found += _spans(tags, chances[:, label], label)
    return settled(found)


def _best(chances: NDArray[Any]) -> list[list[int]]:
    """The best path of each label: [words, labels, 3] → labels × words."""
    import numpy as np

    count, labels, _ = chances.shape
    if not count or not labels:
        return [[] for _ in range(labels)]
    before = np.zeros((count, labels, 3), np.int64)
    best = chances[0].copy()
    best[:, ON] += _NEVER
    for i in range(1, count):
        anyway = best.argmax(axis=1)
        inside = np.where(best[:, ON] >= best[:, BEGIN], ON, BEGIN)
        rows = np.arange(labels)
        before[i, :, OUT] = before[i, :, BEGIN] = anyway
        before[i, :, ON] = inside
        best = chances[i] + np.stack([best[rows, anyway]] * 2 + [best[rows, inside]], axis=1)
    state = best.argmax(axis=1)
    path = [state]
    for i in range(count - 1, 0, -1):
        state = before[i, np.arange(labels), state]
        path.append(state)
    return np.stack(path[::-1], axis=1).tolist()


def _spans(tags: Sequence[int], chances: NDArray[Any], label: int) -> list[Tagged]:
    import numpy as np

    found: list[Tagged] = []
    for first, tag in enumerate(tags):
        if tag != BEGIN:
            continue
        last = first + 1
        while last < len(tags) and tags[last] == ON:
            last += 1
        sure = chances[first, BEGIN] + chances[first + 1 : last, ON].sum()
        if last < len(tags):
            sure += np.log1p(-min(float(np.exp(chances[last, ON])), 1 - 1e-9))
        found.append(Tagged(first, last, label, float(np.exp(min(sure, 0.0)))))
    return found


def settled(found: Sequence[Tagged]) -> list[Tagged]:
    """Without those on the same words as a likelier one, or that cross a likelier one."""
    kept: list[Tagged] = []
    # What crosses a span, or is on its words, has a word of it: the kept spans of each word.
    here: dict[int, list[Tagged]] = {}
    for span in sorted(found, key=lambda s: (-s.score, s.first, -s.last, s.label)):
        words = range(span.first, span.last)
        if not any(_clash(span, other) for word in words for other in here.get(word, ())):
            kept.append(span)
            for word in words:
                here.setdefault(word, []).append(span)
    return sorted(kept, key=lambda s: (s.first, -s.last, s.label))


def _clash(a: Tagged, b: Tagged) -> bool:
    if (a.first, a.last) == (b.first, b.last):
        return True
    return a.first < b.first < a.last < b.last or b.first < a.first < b.last < a.last
