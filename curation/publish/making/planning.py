"""What each shard of a version is to hold, before any line is read in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from curation.publish.making.assigning import Home
from curation.publish.making.scan import Place, Scan
from curation.publish.shelf.index import Index, members
from curation.publish.shelf.shards import Shard, placed


class Planned(NamedTuple):
    """A shard: the documents `kept` from the base's shard `old`, and those to `read`, by where they
    lie; `size` is how long the lines of all of them were when they were first published. Is it to
    hold the `same` documents as `old`, and nothing is to read, then it is `old`."""

    number: int
    split: str
    size: int
    kept: list[str]
    read: dict[str, Place]
    old: Shard | None
    same: bool


def plan(
    scan: Scan,
    homes: Mapping[str, Home],
    known: Mapping[str, bytes],
    was: Index,
    there: Mapping[int, Shard],
) -> list[Planned]:
    """The shards of a version with the documents of a scan, in the order of their numbers; `was`
    and `there` are the documents and the shards of the base. A document whose line is `known` is as
    it is there."""
    new = {ident: place.size for ident, place in scan.chosen.items() if ident not in was}
    shard_of = {ident: where.shard for ident, where in was.items() if ident in scan.chosen}
    split_of = {shard.number: shard.split for shard in there.values()}
    for split in sorted({homes[ident][0] for ident in new}):
        come = {ident: size for ident, size in new.items() if homes[ident][0] == split}
        beside = [shard for shard in there.values() if shard.split == split]
        found = placed(come, beside, first=max(split_of, default=-1) + 1)
        shard_of |= found
        split_of |= dict.fromkeys(found.values(), split)
    now: dict[int, list[str]] = defaultdict(list)
    for ident in sorted(shard_of):
        now[shard_of[ident]].append(ident)
    before = members(was)
    planned: list[Planned] = []
    for number in sorted(now):
        kept: list[str] = []
        read: dict[str, Place] = {}
        for ident in now[number]:
            place = scan.chosen[ident]
            if ident in was and known.get(ident) == place.digest:
                kept.append(ident)
            else:
                read[ident] = place
        old = there.get(number)
        size = (old.bytes if old else 0) + sum(new.get(ident, 0) for ident in now[number])
        same = now[number] == before.get(number)
        planned.append(Planned(number, split_of[number], size, kept, read, old, same))
    return planned
