"""The documents that are not the same in two versions: only they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.publish.shelf.index import Indexed, read_index
from curation.publish.shelf.shards import SHARD_DOCUMENTS, read_shards
from curation.publish.views.rows import Row
from curation.publish.views.tables import only, read_table, rows_of

Pair = tuple[Row | None, Row | None]

#: The number of the shard that holds a document which a version does not have.
NOWHERE = -1
_NOTHING = Indexed("", NOWHERE)

#: Two shards, the old and the new one, and the documents in them that differ.
_Shards = tuple[tuple[int, int], list[str]]


class Pairs(Struct, frozen=True):
    """Documents whose digests differ between two version folders, by the shards that hold them in
    the one and the other."""

    old: Path
    new: Path
    differing: dict[tuple[int, int], list[str]]

    def __iter__(self) -> Iterator[Pair]:
        """Their rows in the `documents` view, shard beside shard, in the order of their ids within
        one. As many as one shard holds are in memory at once, and two files, read side by side."""
        paths = [
            {shard.number: folder / shard.parts["documents"].path for shard in read_shards(folder)}
            for folder in (self.old, self.new)
        ]
        with ThreadPoolExecutor(2) as pool:
            for group in _groups(sorted(self.differing.items())):
                was, now = pool.map(_rows, paths, [0, 1], [group, group])
                for _, idents in group:
                    for ident in idents:
                        yield was.get(ident), now.get(ident)


def pair(old: Path, new: Path) -> Pairs:
    """Pair the documents of two version folders."""
    was, now = read_index(old), read_index(new)
    differing: dict[tuple[int, int], list[str]] = defaultdict(list)
    for ident in sorted({*was, *now}):
        before, after = was.get(ident, _NOTHING), now.get(ident, _NOTHING)
        if before.digest != after.digest:
            differing[before.shard, after.shard].append(ident)
    return Pairs(old, new, differing)


def _groups(shards: list[_Shards]) -> Iterator[list[_Shards]]:
    """What is read at once: making values of many small tables takes longer than of one."""
    group: list[_Shards] = []
    for one in shards:
        if group and sum(len(idents) for _, idents in (*group, one)) > SHARD_DOCUMENTS:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _rows(paths: dict[int, Path], side: int, group: list[_Shards]) -> dict[str, Row]:
    """The rows of the documents of a group on one side, by id."""
    import pyarrow as pa

    arrow: Any = pa
    tables = [
        only(read_table(paths[shards[side]]), idents)
        for shards, idents in group
        if shards[side] != NOWHERE
    ]
    found = rows_of(arrow.concat_tables(tables)) if tables else []
    return {row["id"]: row for row in found}
