"""What changes in the shards that are made, told while their rows are at hand, so that nothing is
read again to say in what a version differs from its parent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from curation.publish.changes.pairing import NOWHERE, Pair
from curation.publish.changes.tally import Tally, tally_of
from curation.publish.shelf.shards import Shard
from curation.publish.views.columns import column
from curation.publish.views.plain import plain
from curation.publish.views.tables import only, read_rows, rows_of

#: By the shard that held the documents and the one that holds them (`NOWHERE`: none).
Tallies = Mapping[tuple[int, int], Tally]


def shard_tallies(number: int, before: Any, kept: Collection[str], fresh: Any) -> Tallies:
    """The changes of a shard. `before` (or None) and `fresh` are rows of the `documents` view: of
    the base's shard, of which all but `kept` went, and of the new documents."""
    now = {row["id"]: row for row in rows_of(fresh)}
    was = {row["id"]: row for row in rows_of(only(before, now))} if before is not None else {}
    pairs: dict[tuple[int, int], list[Pair]] = {
        (NOWHERE, number): [(None, row) for ident, row in now.items() if ident not in was],
        (number, number): [(was[ident], row) for ident, row in now.items() if ident in was],
    }
    if before is not None:
        gone = {*plain(column(before, "id"))}.difference(kept, now)
        if gone:
            pairs[number, NOWHERE] = [(row, None) for row in rows_of(only(before, gone))]
    return {shards: tally_of(found) for shards, found in pairs.items() if found}


def gone_tallies(folder: Path, shards: Iterable[Shard]) -> Tallies:
    """The changes of shards of a version folder that no document is left of."""
    return {
        (shard.number, NOWHERE): tally_of(
            (row, None) for row in read_rows(folder / shard.parts["documents"].path)
        )
        for shard in shards
    }


def together(tallies: Tallies) -> Tally:
    """All of them, in the order in which two versions are compared."""
    total = Tally()
    for shards in sorted(tallies):
        total.merge(tallies[shards])
    return total
