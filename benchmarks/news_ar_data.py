"""The newswire and Wojood corpora as sentences with spans, and the split into train and dev.

`news_ar` has two annotations of the same text. ANERcorp's (PER, LOC, ORG) says what a name is;
NewsFANE's fine types say whether a place is a GPE or a LOC, and which facilities there are. Gold
labels for training are the former with the latter's types; both are measured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

Spans = frozenset[tuple[int, int, str]]

COARSE = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}
FINE = {"PER": "PERSON", "ORG": "ORG", "GPE": "GPE", "LOC": "LOC", "FAC": "FAC"}
#: What a coarse scorer makes of our labels.
AS_COARSE = {"PERSON": "PERSON", "GPE": "PLACE", "LOC": "PLACE", "ORG": "ORG"}


class Example(Struct, frozen=True):
    """A sentence: what to learn, and the two golds (code points)."""

    text: str
    learn: Spans
    coarse: Spans
    fine: Spans
    aligned: bool


def news(corpora: Path) -> tuple[list[Example], list[Example]]:
    """Train, and dev: the last tenth in document order."""
    lines = (corpora / "news_ar" / "train.jsonl").read_text("utf-8").split("\n")
    examples = [_example(json.loads(line)) for line in lines if line]
    cut = len(examples) * 9 // 10
    return examples[:cut], examples[cut:]


def _example(row: dict[str, object]) -> Example:
    text = str(row["text"])
    starts = [0]
    for word in text.split(" "):
        starts.append(starts[-1] + len(word) + 1)
    anercorp: list[tuple[int, int, str]] = [
        (starts[first], starts[last] - 1, label)
        for first, last, label in row["anercorp"]  # type: ignore[attr-defined]
    ]
    spans: list[tuple[int, int, str]] = [
        (span["start"], span["end"], span["label"])
        for span in row["spans"]  # type: ignore[attr-defined]
    ]
    learn = {(a, b, _learnt(a, b, label, spans)) for a, b, label in anercorp}
    learn |= {
        (a, b, label)
        for a, b, label in spans
        if label in ("FAC", "NORP") and not any(a < y and x < b for x, y, _ in anercorp)
    }
    return Example(
        text,
        frozenset(learn),
        frozenset((a, b, COARSE[label]) for a, b, label in anercorp if label in COARSE),
        frozenset((a, b, FINE[label]) for a, b, label in spans if label in FINE),
        float(row["align_cov"]) >= 0.7,  # type: ignore[arg-type]
    )


def _learnt(start: int, end: int, label: str, fine: Sequence[tuple[int, int, str]]) -> str:
    """The label to learn for an ANERcorp name. MISC is learnt and never proposed."""
    if label != "LOC":
        return FINE.get(label, label)
    shared = [
        (min(end, b) - max(start, a), kind)
        for a, b, kind in fine
        if kind in ("GPE", "LOC") and a < end and start < b
    ]
    return max(shared)[1] if shared else "GPE"
