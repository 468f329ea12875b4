"""How right the entities of a reading are, measured on a gold reading of the same text.

An entity is right if the gold has one with exactly its span (half-open code points) and its label;
entities may nest and overlap, and one that stands twice counts twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct, field

from curation.model import Entity
from curation.quality.calibration import Calibration
from curation.quality.counts import Counts, Table, common
from curation.quality.pairing import Pair, overlapping, settled
from curation.quality.schemes import Place, Scheme, by_label, by_span


class EntityScores(Struct):
    """Counts over any number of documents.

    `labels`: span and label, label by label. `spans`: the span alone. `values`: of the right
    entities whose gold has a value, how many have the same one (`gold` and `predicted` are both the
    number of such entities). `confusion`: how often a span with the gold label (first) was given
    the predicted one (second), on the same span, or on the one that shares most with it; None where
    nothing overlaps.
    """

    labels: Table = field(default_factory=Table)
    spans: Counts = field(default_factory=Counts)
    strict: Scheme = field(default_factory=Scheme)
    exact: Scheme = field(default_factory=Scheme)
    partial: Scheme = field(default_factory=Scheme)
    type: Scheme = field(default_factory=Scheme)
    confusion: Counter[tuple[str | None, str | None]] = field(
        default_factory=Counter[tuple[str | None, str | None]]
    )
    values: Table = field(default_factory=Table)
    calibration: Calibration = field(default_factory=Calibration)

    def add(self, gold: Sequence[Entity], predicted: Sequence[Entity]) -> None:
        """Count the entities of one document."""
        theirs = [(e.start, e.end, e.label) for e in gold]
        ours = [(e.start, e.end, e.label) for e in predicted]
        both, missed, extra = common(theirs, ours)
        self.labels.gold.update([label for _, _, label in theirs])
        self.labels.predicted.update([label for _, _, label in ours])
        right = Counter([label for _, _, label in both])
        self.labels.right.update(right)
        for label, count in right.items():
            self.confusion[label, label] += count
        for scheme in (self.strict, self.exact, self.partial, self.type):
            scheme.correct += len(both)
        same = len(both) + self._rest(missed, extra)
        self.spans.gold += len(theirs)
        self.spans.predicted += len(ours)
        self.spans.right += same
        self._values(gold, predicted)
        self._scores(theirs, predicted)

    def _rest(self, missed: list[Place], extra: list[Place]) -> int:
        """Judge what is not the same in both; returns how many have the same span."""
        if not (missed or extra):
            return 0
        spans, types = _paired(missed, extra)
        same = sum(missed[i][:2] == extra[j][:2] for i, j in spans)
        apart = len(spans) - same
        alone = len(missed) - len(spans), len(extra) - len(spans)
        self.strict.add(Scheme(0, len(spans), 0, *alone))
        self.exact.add(Scheme(same, apart, 0, *alone))
        self.partial.add(Scheme(same, 0, apart, *alone))
        alike = sum(missed[i][2] == extra[j][2] for i, j in types)
        alone = len(missed) - len(types), len(extra) - len(types)
        self.type.add(Scheme(alike, len(types) - alike, 0, *alone))

        lefts, rights = {i for i, _ in spans}, {j for _, j in spans}
        for i, j in spans:
            self.confusion[missed[i][2], extra[j][2]] += 1
        for i, (_, _, label) in enumerate(missed):
            if i not in lefts:
                self.confusion[label, None] += 1
        for j, (_, _, label) in enumerate(extra):
            if j not in rights:
                self.confusion[None, label] += 1
        return same

    def _values(self, gold: Sequence[Entity], predicted: Sequence[Entity]) -> None:
        valued = [e for e in gold if e.value is not None]
        if not valued:
            return
        wanted = [(e.start, e.end, e.label) for e in valued]
        found, _, _ = common(wanted, [(e.start, e.end, e.label) for e in predicted])
        right, _, _ = common(
            [(e.start, e.end, e.label, e.value) for e in valued],
            [(e.start, e.end, e.label, e.value) for e in predicted],
        )
        self.values.gold.update([label for _, _, label in found])
        self.values.predicted.update([label for _, _, label in found])
        self.values.right.update([label for _, _, label, _ in right])

    def _scores(self, theirs: Sequence[Place], predicted: Sequence[Entity]) -> None:
        scored = [(e.score, (e.start, e.end, e.label)) for e in predicted if e.score is not None]
        if not scored:
            return
        left = Counter(theirs)
        for score, place in sorted(scored, reverse=True):
            self.calibration.add(score, left[place] > 0)
            left[place] -= 1


def _paired(missed: list[Place], extra: list[Place]) -> tuple[list[Pair], list[Pair]]:
    """The best pairs by span, and by label. Where there is something to choose, both lists are
    sorted first, so that their order does not decide between equals."""

    def pairs() -> list[Pair]:
        return overlapping([(a, b) for a, b, _ in missed], [(a, b) for a, b, _ in extra])

    found = pairs()
    if settled(found):
        return found, found
    missed.sort()
    extra.sort()
    found = pairs()
    return by_span(missed, extra, found), by_label(missed, extra, found)
