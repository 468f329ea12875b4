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

    def count(
        self,
        sources: Sequence[tuple[str, Annotation]],
        nesting: Nesting,
        before: Ballot | None = None,
    ) -> Ballot | None:
        """The vote, once all who vote have been heard; before that None. `before` is the vote on
        the first of these sources: who has no vote moves no odds after it."""
        voters = self.voters
        if before and voters.isdisjoint(name for name, _ in sources[before.heard :]):
            return self._ballot(sources, before)
        if not voters <= {name for name, _ in sources}:
            return None
        return self._ballot(sources, Ballot({}, self.bar, self._odds(sources, nesting)))

    def chances(
        self, sources: Sequence[tuple[str, Annotation]], nesting: Nesting
    ) -> Mapping[str, float | None]:
        """The chance that each proposed span is right, by its id (of span and label); None for what
        is not put to the vote and has no score."""
        return self._ballot(sources, Ballot({}, self.bar, self._odds(sources, nesting))).chances

    def _ballot(self, sources: Sequence[tuple[str, Annotation]], before: Ballot) -> Ballot:
        """The vote with the sources that it has not heard."""
        odds, highest = before.odds, dict(before.highest)
        for _, annotation in sources[before.heard :]:
            for ident, entity in _by_span(annotation).items():
                highest[ident] = higher(highest.get(ident), entity.score)
        chances = {
            ident: round(sigmoid(odds[ident]), 4) if ident in odds and score != 1 else score
            for ident, score in highest.items()
        }
        return Ballot(chances, self.bar, odds, highest, len(sources))

    def _odds(
        self, sources: Sequence[tuple[str, Annotation]], nesting: Nesting
    ) -> Mapping[str, float]:
        """The log odds of every span that is put to the vote."""
        voters = self.voters
        heard = [(name, _by_span(said)) for name, said in sources if name in voters]
        every = {ident: entity for _, own in heard for ident, entity in own.items()}
        spans = {ident: entity for ident, entity in every.items() if entity.label in self.start}
        deniers = _deniers(every, nesting)
        odds = {ident: self.start[entity.label] for ident, entity in spans.items()}
        for name, own in heard:
            says, sure = self.says.get(name, {}), self.sure.get(name, 0.0)
            denies = self.denies.get(name, {})
            for ident, entity in spans.items():
                mine = own.get(ident)
                if mine is not None:
                    odds[ident] += says.get(entity.label, 0.0) + sure * logit(score_of(mine))
                elif weight := denies.get(entity.label):
                    against = (score_of(own[other]) for other in deniers[ident] if other in own)
                    odds[ident] += weight * max(against, default=0.0)
        return odds


class Ballot(Struct, frozen=True):
    """What came of a vote: the chance of every span that was proposed, by id, and the bar; and what
    it was made from: the log odds, the highest score of each span, how many sources."""

    chances: Mapping[str, float | None]
    bar: float
    odds: Mapping[str, float] = {}
    highest: Mapping[str, float | None] = {}
    heard: int = 0

    def elect(self, merged: Iterable[Entity], lost: list[Overlap] | None = None) -> list[Entity]:
        """The entities that stay, each with its chance as its score. What is likely enough and gave
        way to a likelier one is added to `lost`."""
        scored: list[Entity] = []
        for entity in merged:
            chance = self.chances[entity.id]
            if chance is None or chance >= self.bar:
                scored.append(msgspec.structs.replace(entity, score=chance))
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


def _deniers(spans: Mapping[str, Entity], nesting: Nesting) -> Mapping[str, Sequence[str]]:
    """For each span those that overlap it and can not be right beside it, all by their ids."""
    found: dict[str, list[str]] = {ident: [] for ident in spans}
    ordered = sorted(spans.items(), key=lambda item: item[1].start)
    for at, (one, entity) in enumerate(ordered, start=1):
        for later in range(at, len(ordered)):
            two, other = ordered[later]
            if other.start >= entity.end:
                break
            clash = rivals(entity, other)
            if clash or nesting.swallows(other, entity):
                found[one].append(two)
            if clash or nesting.swallows(entity, other):
                found[two].append(one)
    return found


def _by_span(annotation: Annotation) -> dict[str, Entity]:
    """The entities of a reading by the id of their span and label."""
    return {entity_id(e.start, e.end, e.label): e for e in annotation.entities}
