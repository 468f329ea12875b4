"""Whether scores mean what they say: of what is scored 0.8, about 80 % should be right."""

from __future__ import annotations

from msgspec import Struct, field

from curation.quality.counts import ratio

#: Bins of equal width, as in Guo et al. 2017.
BINS = 10


class Bin(Struct):
    """Predictions whose scores lie in one tenth of the scale."""

    count: int = 0
    right: int = 0
    total: float = 0.0

    @property
    def score(self) -> float | None:
        """Their mean score."""
        return ratio(self.total, self.count)

    @property
    def accuracy(self) -> float | None:
        """The share of them that is right."""
        return ratio(self.right, self.count)


class Calibration(Struct):
    """Predictions with a score from 0 to 1, in ten bins."""

    bins: list[Bin] = field(default_factory=lambda: [Bin() for _ in range(BINS)])

    def add(self, score: float, right: bool) -> None:
        """Count one prediction."""
        place = self.bins[min(int(score * BINS), BINS - 1)]
        place.count += 1
        place.right += right
        place.total += score

    @property
    def all(self) -> Bin:
        """All of them together."""
        return Bin(
            sum(one.count for one in self.bins),
            sum(one.right for one in self.bins),
            sum(one.total for one in self.bins),
        )

    @property
    def error(self) -> float | None:
        """The expected calibration error: the mean distance between score and share that is right,
        over the bins, each weighing its predictions (Naeini, Cooper and Hauskrecht 2015).

        >>> scores = Calibration()
        >>> for right in (True, True, True, False):
        ...     scores.add(0.75, right)
        >>> scores.error
        0.0
        """
        return ratio(sum(abs(one.total - one.right) for one in self.bins), self.all.count)
