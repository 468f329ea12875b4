"""How many mistakes people meet early who review in the order of `push`.

    python -m benchmarks.active_order --corpora PATH [--pipeline news-ar]

The development sentences are read by the pipeline and put in the order of `review push --order
uncertain`; a mistake is a span too many or one missing, against gold, by the measures of
`benchmarks.annotate_quality`. The table says which share of all mistakes lies in the first fifth
and the first two fifths of the words: in that order, in the file's, in random ones (the mean of
some), and in the best there is, which knows the gold (most mistakes a word first).

The votes of the shipped pipelines were fitted on these sentences, and the shipped CRF has read
them: `--pipeline FILE.toml` takes a pipeline with one that has not.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from msgspec import Struct

from benchmarks.annotate_quality import read, spans
from benchmarks.news_ar import scoring
from benchmarks.news_ar.corpora import Sentence, split
from curation.model import Annotation

SHARES = (0.2, 0.4)
#: How many random orders the mean is of.
SHUFFLES = 50


class Stop(Struct, frozen=True):
    """A sentence on the way: its words, the mistakes in it, and its uncertainty."""

    words: int
    mistakes: int
    uncertainty: float


def main() -> None:
    """Read the sentences, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--pipeline", default="news-ar")
    given = parser.parse_args()
    _, _, news, wojood = split(given.corpora)
    read_news, read_wojood = read(given.pipeline, news), read(given.pipeline, wojood)
    orders = ("uncertain", "file", "random", "best")
    print(f"{'measure':8} {'sentences':>9} {'words':>6} {'mistakes':>8}   in the first", end="")
    print("".join(f"{name:>11}" for name in orders))
    for measure, pairs in (("coarse", read_news), ("fine", read_news), ("nested", read_wojood)):
        stops = [stop(one, annotation, measure) for one, annotation in pairs]
        words, mistakes = sum(s.words for s in stops), sum(s.mistakes for s in stops)
        for share in SHARES:
            print(f"{measure:8} {len(stops):9} {words:6} {mistakes:8} {share:14.0%}", end="")
            print("".join(f"{met(stops, name, share):11.1%}" for name in orders))


def stop(one: Sentence, annotation: Annotation, measure: str) -> Stop:
    """A sentence that has been read, by one of the measures."""
    pair = [(one, spans(annotation))]
    nested = measure == "nested"
    score = scoring.summary([] if nested else pair, pair if nested else [])[measure]
    mistakes = score.ours.total() + score.gold.total() - 2 * score.right.total()
    return Stop(len(one.words), mistakes, annotation.uncertainty or 0.0)


def met(stops: Sequence[Stop], order: str, share: float) -> float:
    """The share of the mistakes that lies in this share of the words, in an order."""
    if order == "uncertain":
        return early(sorted(stops, key=lambda s: -s.uncertainty), share)
    if order == "best":
        return early(sorted(stops, key=lambda s: -s.mistakes / max(s.words, 1)), share)
    if order == "random":
        shuffles = (random.Random(seed).sample(stops, len(stops)) for seed in range(SHUFFLES))
        return fmean(early(shuffled, share) for shuffled in shuffles)
    return early(stops, share)


def early(stops: Sequence[Stop], share: float) -> float:
    """The share of the mistakes that lies in the first words; of a sentence that is read in part,
    that part of its mistakes."""
    left = share * sum(s.words for s in stops)
    found = 0.0
    for one in stops:
        part = min(1.0, left / max(one.words, 1))
        found += part * one.mistakes
        left -= part * one.words
    return found / max(sum(s.mistakes for s in stops), 1)


if __name__ == "__main__":
    main()
