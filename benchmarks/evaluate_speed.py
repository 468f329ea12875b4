"""Seconds to score entities, beside nervaluate and seqeval: `python -m benchmarks.evaluate_speed`.

Documents are made by chance, with 20 entities of 5 labels side by side over 150 words; of the
predicted ones a tenth has a moved edge, a tenth another label, a tenth is missing. All three score
the same documents on one core, one after the other, from what each of them takes: the entities of
records, dictionaries with inclusive ends, IOB2 tags. Making these is not timed. nervaluate scores
the four SemEval schemes, as we do, and seqeval only exact span and label (strict mode, IOB2).
"""

from __future__ import annotations

import argparse
import os
import random
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from curation.model import Entity, make_entity
from curation.quality import EntityScores

LABELS = ("PERSON", "GPE", "ORG", "DATE", "TITLE")
WORDS, ENTITIES = 150, 20
TEXT = "ا" * WORDS  # one code point a word: tokens and code points are the same
Pair = tuple[list[Entity], list[Entity]]


def documents(count: int) -> list[Pair]:
    """Gold and predicted entities."""
    rng = random.Random(7)
    made: list[Pair] = []
    for _ in range(count):
        edges = sorted(rng.sample(range(WORDS), 2 * ENTITIES))
        places = [(a, b, rng.choice(LABELS)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        guessed: list[tuple[int, int, str]] = []
        for start, end, label in places:
            luck = rng.random()
            if luck < 0.1 and end - start > 1:
                guessed.append((start + 1, end, label))
            elif luck < 0.2:
                guessed.append((start, end, rng.choice(LABELS)))
            elif luck < 0.9:
                guessed.append((start, end, label))
        made.append(
            (
                [make_entity(TEXT, *place) for place in places],
                [make_entity(TEXT, *place) for place in guessed],
            )
        )
    return made


def ours(pairs: Sequence[Pair]) -> Callable[[], float]:
    """Everything that `curation evaluate` says about entities."""

    def run() -> float:
        result = EntityScores()
        for gold, predicted in pairs:
            result.add(gold, predicted)
        return result.labels.micro().f1 or 0

    return run


def nervaluate(pairs: Sequence[Pair]) -> Callable[[], float]:
    """Its evaluator, overall and by label."""
    from nervaluate.evaluator import Evaluator

    sides: Any = [
        [
            [{"label": e.label, "start": e.start, "end": e.end - 1} for e in pair[at]]
            for pair in pairs
        ]
        for at in (0, 1)
    ]

    def run() -> float:
        found = Evaluator(*sides, tags=list(LABELS), loader="dict").evaluate()
        return found["overall"]["strict"].f1

    return run


def seqeval(pairs: Sequence[Pair]) -> Callable[[], float]:
    """Its report, with tags taken for IOB2."""
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    def tags(entities: Sequence[Entity]) -> list[str]:
        found = ["O"] * WORDS
        for e in entities:
            found[e.start : e.end] = [f"B-{e.label}"] + [f"I-{e.label}"] * (e.end - e.start - 1)
        return found

    sides = [[tags(pair[at]) for pair in pairs] for at in (0, 1)]

    def run() -> float:
        report: Any = classification_report(*sides, mode="strict", scheme=IOB2, output_dict=True)
        return report["micro avg"]["f1-score"]

    return run


def timed(run: Callable[[], float]) -> tuple[float, float]:
    """Seconds of the processor, and the F1 that came out."""
    began = time.process_time()
    f1 = run()
    return time.process_time() - began, f1


def main() -> None:
    """Time all three on the same documents, and ours on many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000, help="for all three")
    parser.add_argument("--many", type=int, default=100_000, help="for ours alone")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    pairs = documents(asked.documents)
    print(f"{os.cpu_count()} cores, {asked.documents:,} documents of {ENTITIES} entities\n")
    print("| scorer | seconds of processor | times ours | micro F1 |\n|---|---:|---:|---:|")
    base = 0.0
    for make in (ours, nervaluate, seqeval):
        seconds, f1 = timed(make(pairs))
        base = base or seconds
        print(f"| {make.__name__} | {seconds:.2f} | {seconds / base:.0f} | {f1:.6f} |", flush=True)
    seconds, _ = timed(ours(documents(asked.many)))
    print(f"\nours, {asked.many:,} documents: {seconds:.2f} s")


if __name__ == "__main__":
    main()
