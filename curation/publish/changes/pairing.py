"""The documents that are not the same in two versions: only they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from curation.publish.shelf.index import Indexed, read_index
from curation.publish.shelf.shards import read_shards
from curation.publish.views.rows import Row
from curation.publish.views.tables import read_rows

Pair = tuple[Row | None, Row | None]

_NOWHERE = Indexed("", -1)


class Pairs(Struct, frozen=True):
    """Documents whose digests differ between two version folders, by the shards that hold them in
    the one and the other (-1: it does not have them), and how many are the `same`."""

    old: Path
    new: Path
    differing: dict[tuple[int, int], list[str]]
    same: int

    def __iter__(self) -> Iterator[Pair]:
        """Their rows in the `documents` view, shard beside shard (which is all that is in memory),
        in the order of their ids within one."""
        paths = [
            {shard.number: folder / shard.parts["documents"].path for shard in read_shards(folder)}
            for folder in (self.old, self.new)
        ]
        for shards, idents in sorted(self.differing.items()):
            rows = [
                {row["id"]: row for row in read_rows(path[shard], idents)} if shard >= 0 else {}
                for path, shard in zip(paths, shards, strict=True)
            ]
            for ident in idents:
                yield rows[0].get(ident), rows[1].get(ident)


def pair(old: Path, new: Path) -> Pairs:
    """Pair the documents of two version folders."""
    was, now = read_index(old), read_index(new)
    differing: dict[tuple[int, int], list[str]] = defaultdict(list)
    same = 0
    for ident in sorted({*was, *now}):
        before, after = was.get(ident, _NOWHERE), now.get(ident, _NOWHERE)
        if before.digest == after.digest:
            same += 1
        else:
            differing[before.shard, after.shard].append(ident)
    return Pairs(old, new, differing, same)
