"""A text of any length as windows an encoder can read, each word answered for by one of them.

A window holds whole words. Neighbours share words, and a shared word belongs to the window in
which it stands further from the edge, so that it is read with most around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct


class Window(Struct, frozen=True):
    """Words `first` to `last` are read; `own_first` to `own_last` are answered for (half open)."""

    first: int
    last: int
    own_first: int
    own_last: int


def windows(sizes: Sequence[int], breaks: Sequence[int], limit: int, overlap: int) -> list[Window]:
    """Windows over words of these sizes (pieces, each at most `limit`).

    Each holds at most `limit` pieces. A window ends where a sentence does (`breaks`, the words
    that begin one) if that leaves it at least half full, and then shares no words; else it shares
    about `overlap` pieces with the next.

    >>> [(w.first, w.last, w.own_first, w.own_last) for w in windows([1] * 10, [], 6, 2)]
    [(0, 6, 0, 5), (4, 10, 5, 10)]
    """
    total = [0, *accumulate(sizes)]
    starts = set(breaks)
    reads: list[tuple[int, int]] = []
    first = 0
    while first < len(sizes):
        last = first + 1
        while last < len(sizes) and total[last + 1] - total[first] <= limit:
            last += 1
        following = last
        if last < len(sizes):
            half = total[first] + limit // 2
            cut = next((i for i in range(last, first, -1) if i in starts and total[i] >= half), 0)
            if cut:
                last = following = cut
            else:
                room = total[last + 1] - limit  # the next window holds more than this one did
                while (
                    following - 1 > first
                    and total[following - 1] >= room
                    and total[last] - total[following - 1] <= overlap
                ):
                    following -= 1
        reads.append((first, last))
        first = following
    found: list[Window] = []
    own = 0
    for i, (start, end) in enumerate(reads):
        until = end if i + 1 == len(reads) else (end + reads[i + 1][0] + 1) // 2
        found.append(Window(start, end, own, until))
        own = until
    return found
