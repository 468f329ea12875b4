"""The best one-to-one pairing of spans that overlap, whatever order they come in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Mapping, Sequence

Pair = tuple[int, int]

#: So many comparisons cost less than sorting.
FEW = 64


def overlapping(left: Sequence[Pair], right: Sequence[Pair]) -> list[Pair]:
    """The places in `left` and `right` of spans that share a code point.

    >>> overlapping([(0, 4), (9, 12)], [(3, 9), (4, 5)])
    [(0, 0)]
    """
    if len(left) * len(right) <= FEW:
        return [
            (i, j)
            for i, (start, end) in enumerate(left)
            for j, (begin, stop) in enumerate(right)
            if start < stop and begin < end
        ]
    # Only what starts within the widest span before the other's end is looked at, so that long
    # documents do not take the square.
    order = sorted((start, j) for j, (start, _) in enumerate(right))
    starts = [start for start, _ in order]
    widest = max(end - start for start, end in right)
    return [
        (i, j)
        for i, (start, end) in enumerate(left)
        for _, j in order[bisect_right(starts, start - widest) : bisect_left(starts, end)]
        if right[j][1] > start
    ]


def settled(pairs: Sequence[Pair]) -> bool:
    """Whether no place stands in two of the pairs, so that there is nothing to choose."""
    return len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


def heaviest(weights: Mapping[Pair, int]) -> list[Pair]:
    """Pairs (a place on the left, one on the right) with the greatest sum of weights, each place in
    one pair at most. Weights are above 0.

    Grown pair by pair along the augmenting path that gains most, which keeps every step the best of
    its size (Ahuja, Magnanti and Orlin, Network Flows, 1993, chapter 9.7). Groups of pairs that
    share no place are solved by themselves: in practice nearly all are one pair.

    >>> heaviest({(0, 0): 3, (0, 1): 2, (1, 0): 2})
    [(0, 1), (1, 0)]
    """
    found: list[Pair] = []
    for group in _groups(weights):
        found += group if len(group) == 1 else _solved({pair: weights[pair] for pair in group})
    return sorted(found)


def _groups(pairs: Mapping[Pair, int]) -> list[list[Pair]]:
    lefts: dict[int, list[Pair]] = {}
    rights: dict[int, list[Pair]] = {}
    for pair in sorted(pairs):
        lefts.setdefault(pair[0], []).append(pair)
        rights.setdefault(pair[1], []).append(pair)
    groups: list[list[Pair]] = []
    for start in list(lefts):
        if start not in lefts:
            continue
        group: list[Pair] = []
        waiting = [start]
        while waiting:
            for pair in lefts.pop(waiting.pop(), ()):
                group.append(pair)
                waiting += [i for i, _ in rights.pop(pair[1], ())]
        groups.append(group)
    return groups


def _solved(weights: Mapping[Pair, int]) -> list[Pair]:
    edges: dict[int, list[int]] = {}
    for i, j in weights:
        edges.setdefault(i, []).append(j)
    right_of: dict[int, int] = {}
    left_of: dict[int, int] = {}
    while True:
        gain, came = _gains(weights, edges, right_of, left_of)
        ends = [(-gain[j], j) for j in gain if j not in left_of]
        if not ends or min(ends)[0] >= 0:
            return list(right_of.items())
        j: int | None = min(ends)[1]
        while j is not None:
            i = came[j]
            before = right_of.get(i)
            right_of[i], left_of[j] = j, i
            j = before


def _gains(
    weights: Mapping[Pair, int],
    edges: Mapping[int, list[int]],
    right_of: Mapping[int, int],
    left_of: Mapping[int, int],
) -> tuple[dict[int, int], dict[int, int]]:
    """For each right place, the most that a path from a free left place gains by ending there, and
    the left place before it (Bellman and Ford, by a queue)."""
    reach = {i: 0 for i in edges if i not in right_of}
    gain: dict[int, int] = {}
    came: dict[int, int] = {}
    waiting = deque(reach)
    while waiting:
        i = waiting.popleft()
        for j in edges[i]:
            total = reach[i] + weights[i, j]
            if right_of.get(i) == j or (j in gain and total <= gain[j]):
                continue
            gain[j], came[j] = total, i
            back = left_of.get(j)
            if back is not None:
                freed = total - weights[back, j]
                if back not in reach or freed > reach[back]:
                    reach[back] = freed
                    waiting.append(back)
    return gain, came
