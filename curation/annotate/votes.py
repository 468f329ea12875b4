"""Annotators vote on a span: how likely it is right, given who proposes it and who does not.

The log odds that a span of a label is right are a sum, as in a logistic regression:

    start[label]                          what speaks for the label before anybody has
    + says[annotator][label]              for each annotator that proposes the span
      + sure[annotator] * logit(score)      and how sure it says it is
    + denies[annotator][label] * score    for each that has in its place what can not be right too

The chance is its score. What stays below the `bar` is not proposed. Of spans that can not both be
right (the same text under two labels, one label on overlapping text, or spans that cross) the
likeliest stays, and of equally likely ones the longest.

Two things are not put to the vote. A label without a `start`, and a span that nobody with a weight
proposes, were not measured: the chance is the highest score that an annotator gives the span. And
what an annotator is certain of (score 1, as of a list that was curated by hand) is certain. An
annotator that gives no score votes with log odds of 0, and denies with a score of 0.5; a span that
is not put to the vote and that nobody gave a score has none.

`python -m benchmarks.fit_votes` fits the weights of a shipped pipeline on development data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, isfinite, log

import msgspec
from msgspec import Struct

from curation.annotate.nearby import Nearby
from curation.annotate.nesting import Nesting, Overlap, rivals
from curation.model import Annotation, Entity, entity_id

#: A score counts no more than this, to either side.
_SUREST = 0.99


class Votes(Struct, frozen=True, forbid_unknown_fields=True):
    """`[votes]` in a pipeline file, or a file of its own."""

    bar: float = 0.5
    start: dict[str, float] = {}
    says: dict[str, dict[str, float]] = {}
    sure: dict[str, float] = {}
    denies: dict[str, dict[str, float]] = {}

    def __post_init__(self) -> None:
        if not 0 <= self.bar <= 1:
            raise ValueError(f"votes.bar: {self.bar} is not between 0 and 1")
        tables = {"start": self.start, "sure": self.sure}
        tables |= {f"says.{name}": table for name, table in self.says.items()}
        tables |= {f"denies.{name}": table for name, table in self.denies.items()}
        for where, table in tables.items():
            for name, weight in table.items():
                if not isfinite(weight):
                    raise ValueError(f"votes.{where}.{name}: {weight} is not a finite number")
                if where not in ("start", "sure") and name not in self.start:
                    raise ValueError(f"votes.{where}.{name}: votes.start has no {name}")

    @property
    def voters(self) -> frozenset[str]:
        """The annotators that must have been heard before anything is decided."""
        return frozenset((*self.says, *self.sure, *self.denies))

    def count(self, sources: Sequence[tuple[str, Annotation]], nesting: Nesting) -> Ballot | None:
        """The vote, once all who vote have been heard; before that None."""
        if not self.voters <= {name for name, _ in sources}:
            return None
        return Ballot(self.chances(sources, nesting), self.bar)

    def chances(
        self, sources: Sequence[tuple[str, Annotation]], nesting: Nesting
    ) -> Mapping[str, float | None]:
        """The chance that each proposed span is right, by its id (of span and label); None for what
        is not put to the vote and has no score."""
        heard = [(name, _by_span(annotation)) for name, annotation in sources]
        spans = {ident: entity for _, own in heard for ident, entity in own.items()}
        voters = self.voters
        odds = {
            ident: self.start[entity.label]
            for name, own in heard
            if name in voters
            for ident, entity in own.items()
            if entity.label in self.start
        }
        highest: dict[str, float | None] = {}
        for name, own in heard:
            says, sure = self.says.get(name, {}), self.sure.get(name, 0.0)
            denies, here = self.denies.get(name, {}), Nearby(own.values())
            for ident, entity in spans.items():
                mine = own.get(ident)
                if mine is not None:
                    highest[ident] = higher(highest.get(ident), mine.score)
                if ident not in odds:
                    continue
                if mine is not None:
                    odds[ident] += says.get(entity.label, 0.0) + sure * logit(score_of(mine))
                elif weight := denies.get(entity.label):
                    others = here.meeting(entity.start, entity.end)
                    odds[ident] += weight * denial(entity, others, nesting)
        return {
            ident: round(sigmoid(odds[ident]), 4)
            if ident in odds and highest[ident] != 1
            else highest[ident]
            for ident in spans
        }


class Ballot(Struct, frozen=True):
    """What came of a vote: the chance of every span that was proposed, by id, and the bar."""

    chances: Mapping[str, float | None]
    bar: float

    def elect(self, merged: Iterable[Entity], lost: list[Overlap] | None = None) -> list[Entity]:
        """The entities that stay, each with its chance as its score. What is likely enough and gave
        way to a likelier one is added to `lost`."""
        scored = [
            msgspec.structs.replace(entity, score=self.chances[entity.id]) for entity in merged
        ]
        scored = [e for e in scored if e.score is None or e.score >= self.bar]
        scored.sort(key=lambda e: (-score_of(e), e.start - e.end, e.start, e.label))
        kept: list[Entity] = []
        here = Nearby()
        for entity in scored:
            for other in here.meeting(entity.start, entity.end):
                if rivals(entity, other):
                    if lost is not None:
                        lost.append(Overlap(entity, other))
                    break
            else:
                kept.append(entity)
                here.add(entity)
        return kept


def score_of(entity: Entity) -> float:
    """What its annotator says of it; without a word, as much for it as against it."""
    return 0.5 if entity.score is None else entity.score


def sigmoid(odds: float) -> float:
    """The chance of log odds, however large.

    >>> sigmoid(-800.0), sigmoid(0.0), sigmoid(800.0)
    (0.0, 0.5, 1.0)
    """
    if odds >= 0:
        return 1 / (1 + exp(-odds))
    return exp(odds) / (1 + exp(odds))


def higher(a: float | None, b: float | None) -> float | None:
    """The higher of two scores that may not be there."""
    return max((score for score in (a, b) if score is not None), default=None)


def logit(score: float) -> float:
    """The log odds of a score, within what a vote may count.

    >>> round(logit(0.5), 2), logit(1.0) == logit(0.99)
    (0.0, True)
    """
    score = min(max(score, 1 - _SUREST), _SUREST)
    return log(score / (1 - score))


def denial(entity: Entity, others: Sequence[Entity], nesting: Nesting) -> float:
    """The highest score among those that overlap an entity and can not be right beside it."""
    return max(
        (
            score_of(other)
            for other in others
            if rivals(entity, other) or nesting.swallows(other, entity)
        ),
        default=0.0,
    )


def _by_span(annotation: Annotation) -> dict[str, Entity]:
    """The entities of a reading by the id of their span and label."""
    return {entity_id(e.start, e.end, e.label): e for e in annotation.entities}
