"""What a version holds, made from its parent and what changed since: only the shards that hold
something new are written, the rest is carried over."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from curation.errors import DataError
from curation.publish.making.assigning import Assignment
from curation.publish.making.building import Builder
from curation.publish.making.checks import Records
from curation.publish.making.faults import Faults
from curation.publish.making.planning import Planned, plan
from curation.publish.making.scan import Scan
from curation.publish.making.shard_making import Job, Maker
from curation.publish.making.workers import make_all, workers_for
from curation.publish.shelf.index import Index, Indexed, members, read_index
from curation.publish.shelf.manifest import Manifest
from curation.publish.shelf.shards import Shard, read_shards
from curation.publish.views.features import FORMAT, Labels


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
    maker: Maker,
    base: Base | None,
    scan: Scan,
    assignment: Assignment,
    known: Mapping[str, bytes],
    records: Records,
    faults: Faults,
    workers: int | None = None,
) -> Built:
    """Write the documents of a scan. A document whose line is `known` is as it is in the base; the
    others are read, and are new only if what they say is. `assignment` says in which split each is.
    `workers` processes do it, by default as many as there are cores if there is enough to do; the
    files are the same in any case.

    Raises: ChecksFailed if any record is not fit to be published; Corrupted if what was written can
    not be read back.
    """
    _check_left(maker, scan, known, records, faults)
    maker.faulty = faults.count > 0
    was: Index = base.index if base else {}
    alike = base is not None and base.labels == maker.builder.labels
    index: dict[str, Indexed] = {}
    shards: dict[int, Shard] = {}
    touched: list[Planned] = []
    for part in plan(scan, assignment.homes, known, was, base.shards if base else {}):
        index |= {ident: was[ident] for ident in part.kept}
        if alike and part.same and part.old is not None and not part.read:
            shards[part.number] = maker.builder.carry(part.old)
        else:
            touched.append(part)

    def job(part: Planned) -> Job:
        olds = {ident: was[ident].digest if ident in was else "" for ident in part.read}
        lines = [records.line(ident, place, olds[ident]) for ident, place in part.read.items()]
        same = alike and part.same
        return Job(part.number, part.split, part.size, lines, part.kept, part.old, same)

    workers = workers_for(len(touched)) if workers is None else workers
    with closing(make_all(maker, map(job, touched), workers)) as all_made:
        for made in all_made:
            faults.add_all(made.faults)
            for ident, digest in made.digests.items():
                index[ident] = Indexed(digest, made.number, *assignment.homes[ident])
            if made.shard is not None:
                shards[made.number] = made.shard
    faults.refuse()
    ordered = tuple(shards[number] for number in sorted(shards))
    return Built(ordered, dict(sorted(index.items())), assignment.sketches, assignment.leaks)


def _check_left(
    maker: Maker, scan: Scan, known: Mapping[str, bytes], records: Records, faults: Faults
) -> None:
    """What is not published has to be a record too."""
    for ident, place in scan.left.items():
        if known.get(ident) != place.digest:
            found: list[DataError] = []
            maker.read(records.line(ident, place), found)
            faults.add_all(found)


def carry_all(folder: Path, base: Base, labels: Labels) -> Built:
    """Write the documents of the base as they are."""
    held = members(base.index)
    builder = Builder(folder, labels, base.folder)
    shards = [
        builder.carry(shard)
        if base.labels == labels
        else builder.build(number, shard.split, {}, shard.bytes, shard, held[number])
        for number, shard in base.shards.items()
    ]
    return Built(tuple(shards), base.index)
