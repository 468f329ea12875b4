"""Which texts are nearly the same, by what share of their five-word runs they have in common.

A sketch of a text is the 32 smallest hashes of its runs of five words ("bottom-k": Cohen and
Kelleher 2007, Summarizing data using bottom-k sketches); the smallest hashes of two texts together,
and how many of them both have, estimate the Jaccard index of their runs. It is our own and not a
library's, because it must give the same for years: what is near decides in which split a document
is. And a sketch of 128 bytes can be kept, so that old texts are not read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

#: Words in a run, hashes in a sketch, and the Jaccard index from which texts are near-duplicates.
RUN = 5
SKETCH = 32
NEAR = 0.6

_FACTORS = (
    0x9E3779B97F4A7C15,
    0xBF58476D1CE4E5B9,
    0x94D049BB133111EB,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
)


def sketch(text: str) -> bytes:
    """The sketch of a text: at most 32 hashes of four bytes, in their order. Letter case and white
    space do not count."""
    import numpy as np

    words = text.casefold().split()
    if not words:
        return b""
    hashes = np.array([_word(word) for word in words], np.uint64)
    run = min(RUN, len(words))
    mixed = np.zeros(len(words) - run + 1, np.uint64)
    for at in range(run):
        mixed += hashes[at : len(words) - run + 1 + at] * np.uint64(_FACTORS[at])
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(_FACTORS[1])
    smallest: Any = np.unique((mixed >> np.uint64(32)).astype("<u4"))[:SKETCH]
    return smallest.tobytes()


def nearness(one: bytes, other: bytes) -> float:
    """The estimated Jaccard index of two texts' runs of words, from their sketches.

    >>> nearness(sketch("a b c d e f"), sketch("a b c d e g"))
    0.3333333333333333
    """
    first, second = _hashes(one), _hashes(other)
    both = sorted(first | second)[:SKETCH]
    return sum(h in first and h in second for h in both) / len(both) if both else 0.0


def near_pairs(sketches: Mapping[str, bytes]) -> Iterator[tuple[str, str, float]]:
    """Pairs of near-duplicates among documents, with their nearness; of many that are alike, each
    is paired with some of the others, so that all hang together."""
    import numpy as np

    ids = sorted(ident for ident, one in sketches.items() if one)
    if not ids:
        return
    values = np.frombuffer(b"".join(sketches[ident] for ident in ids), "<u4")
    owners = np.repeat(np.arange(len(ids)), [len(sketches[ident]) // 4 for ident in ids])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    same = values[1:] == values[:-1]
    starts = np.concatenate(([0], np.flatnonzero(~same) + 1))
    first = owners[np.repeat(starts, np.diff([*starts, len(values)]))]
    beside = np.stack([owners[:-1][same], owners[1:][same]], axis=1)
    begun = np.stack([first[1:][same], owners[1:][same]], axis=1)
    for one, other in np.unique(np.concatenate([beside, begun]), axis=0).tolist():
        if one != other:
            found = nearness(sketches[ids[one]], sketches[ids[other]])
            if found >= NEAR:
                yield ids[one], ids[other], found


@lru_cache(maxsize=1 << 18)
def _word(word: str) -> int:
    data = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def _hashes(one: bytes) -> set[bytes]:
    # Big-endian, so that bytes sort as the numbers do.
    return {one[at : at + 4][::-1] for at in range(0, len(one), 4)}
