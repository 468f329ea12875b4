"""What a version holds, made from its parent and what changed since: only the shards that hold
something new are written, the rest is carried over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from curation.publish.assigning import Assignment
from curation.publish.building import Builder
from curation.publish.checks import Records
from curation.publish.faults import Faults
from curation.publish.features import FORMAT, Labels
from curation.publish.index import Index, Indexed, members, read_index
from curation.publish.manifest import Manifest
from curation.publish.rows import Published
from curation.publish.scan import Scan
from curation.publish.shards import Shard, placed, read_shards


class Base(Struct, frozen=True):
    """A version whose rows may be carried over: its folder, documents and shards, and the labels
    that its files name."""

    folder: Path
    index: Index
    shards: dict[int, Shard]
    labels: Labels


class Built(Struct, frozen=True):
    """The shards that lie in a folder, the documents in them, and which near-duplicates among them
    lie in different splits."""

    shards: tuple[Shard, ...]
    index: Index
    sketches: Mapping[str, bytes] = {}
    leaks: tuple[tuple[str, str], ...] = ()


def base_of(folder: Path, manifest: Manifest) -> Base | None:
    """A version as a base; None if its rows were made in another way than they are now."""
    if manifest.format != FORMAT:
        return None
    shards = {shard.number: shard for shard in read_shards(folder)}
    return Base(folder, read_index(folder), shards, manifest.labels)


def revise(
    folder: Path,
    base: Base | None,
    labels: Labels,
    scan: Scan,
    assignment: Assignment,
    known: Mapping[str, bytes],
    records: Records,
    faults: Faults,
    progress: Callable[[int], None] = lambda documents: None,
) -> Built:
    """Write the documents of a scan. A document whose line is `known` is as it is in the base; the
    others are read, and are new only if what they say is. `assignment` says in which split each is.

    Raises: ChecksFailed if any record is not fit to be published; Corrupted if what was written can
    not be read back.
    """
    for ident, place in scan.left.items():
        if known.get(ident) != place.digest:
            records.get(place)
    homes = assignment.homes
    was: Index = base.index if base else {}
    there: Mapping[int, Shard] = base.shards if base else {}
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
    shards: list[Shard] = []
    index: dict[str, Indexed] = {}
    with closing(Builder(folder, labels, base.folder if base else None)) as builder:
        for number in sorted(now):
            fresh: dict[str, Published] = {}
            for ident in now[number]:
                place, old = scan.chosen[ident], was.get(ident)
                if old is not None and known.get(ident) == place.digest:
                    index[ident] = old
                    continue
                item = records.get(place)
                if item is None or faults.count:
                    continue
                index[ident] = Indexed(item.digest, number, *homes[ident])
                if old is None or index[ident].digest != old.digest:
                    fresh[ident] = item
            if faults.count:
                continue  # nothing will be published; the other faults are still to be found
            shard = there.get(number)
            same = base is not None and base.labels == labels and now[number] == before.get(number)
            if shard is not None and same and not fresh:
                shards.append(builder.carry(shard))
            else:
                kept = [ident for ident in now[number] if ident not in fresh]
                size = (shard.bytes if shard else 0) + sum(
                    new.get(ident, 0) for ident in now[number]
                )
                shards.append(builder.build(number, split_of[number], fresh, size, shard, kept))
            progress(len(now[number]))
    faults.refuse()
    ordered = dict(sorted(index.items()))
    return Built(tuple(shards), ordered, assignment.sketches, assignment.leaks)


def carry_all(folder: Path, base: Base, labels: Labels) -> Built:
    """Write the documents of the base as they are."""
    held = members(base.index)
    with closing(Builder(folder, labels, base.folder)) as builder:
        shards = [
            builder.carry(shard)
            if base.labels == labels
            else builder.build(number, shard.split, {}, shard.bytes, shard, held[number])
            for number, shard in base.shards.items()
        ]
    return Built(tuple(shards), base.index)
