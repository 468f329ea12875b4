"""What changed between two versions, document by document, span by span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.publish.changes.comparing import Change, document_changes
from curation.publish.changes.pairing import Pairs, pair
from curation.publish.changes.tally import Counts, DocumentCounts, Tally, tally_of
from curation.publish.counts.statistics import Statistics, merged
from curation.publish.proof import proven
from curation.publish.shelf.mirror import anywhere
from curation.publish.shelf.objects import Digests
from curation.publish.shelf.shards import read_shards
from curation.publish.shelf.versions import find, folder_of

#: What carries labels.
_LABELLED = ("entities", "events")


class LabelCounts(Struct, frozen=True):
    """How many entities or events of one label the two versions have."""

    before: int
    after: int


class Difference(Struct):
    """What changed from version `old` to version `new`. `examples` are the first changes of each
    item and kind within documents that both versions have; `changes` are all, if asked for.
    `labels` are those whose counts differ, of entities and events. `agreement` is that of the two
    versions on the entities, and on the events, of the documents that both have: F1 of the same
    span and label, micro-averaged (1.0 where neither has any). `by` counts the changed documents by
    the people whose readings of them are new.
    """

    old: str
    new: str
    documents: DocumentCounts = msgspec.field(default_factory=DocumentCounts)
    entities: Counts = msgspec.field(default_factory=Counts)
    relations: Counts = msgspec.field(default_factory=Counts)
    events: Counts = msgspec.field(default_factory=Counts)
    labels: dict[str, dict[str, LabelCounts]] = {}
    agreement: dict[str, float] = {}
    by: dict[str, int] = {}
    examples: list[Change] = msgspec.field(default_factory=list[Change])
    changes: list[Change] | None = None


@anywhere("old", "new")
def diff(dataset: Path | str, old: str, new: str, *, full: bool = False) -> Difference:
    """Compare two versions of a dataset directory. Only documents whose digests differ are read,
    shard by shard, so memory stays flat, unless `full` keeps every change.

    Raises: UsageError for an unknown version; Corrupted if one is not what was published.
    """
    entries = [find(dataset, version) for version in (old, new)]
    digests = Digests()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(proven, [dataset] * 2, entries, [digests] * 2))
    folders = [folder_of(dataset, entry.version) for entry in entries]
    return compare(folders[0], folders[1], old, new, full=full)


def compare(
    old: Path, new: Path, old_name: str, new_name: str, *, full: bool = False
) -> Difference:
    """As `diff`, for two version folders."""
    changes: list[Change] | None = [] if full else None
    found = difference(tally_of(pair(old, new), changes), counted(old), counted(new))
    found.old, found.new, found.changes = old_name, new_name, changes
    return found


def difference(tally: Tally, old: Statistics, new: Statistics) -> Difference:
    """What changed between two versions (without names) of which this was counted."""
    documents = tally.documents
    documents.same = new.documents - documents.added - documents.changed
    return Difference(
        "",
        "",
        documents,
        tally.entities,
        tally.relations,
        tally.events,
        labels={group: _labels(group, old, new) for group in _LABELLED},
        agreement={
            group: apart.f1(*(sum(getattr(one, group).values()) for one in (old, new)))
            for group, apart in zip(
                _LABELLED, (tally.entities_apart, tally.events_apart), strict=True
            )
        },
        by=dict(tally.by.most_common()),
        examples=tally.examples,
    )


def counted(folder: Path) -> Statistics:
    """What a version folder holds, counted."""
    return merged(shard.counted for shard in read_shards(folder))


def _labels(group: str, old: Statistics, new: Statistics) -> dict[str, LabelCounts]:
    before, after = Counter[str](getattr(old, group)), Counter[str](getattr(new, group))
    return {
        name: LabelCounts(before[name], after[name])
        for name in sorted({*before, *after})
        if before[name] != after[name]
    }


def changes(pairs: Pairs) -> Iterator[Change]:
    """Every change between paired versions, shard by shard, in the order of ids within one."""
    for was, now in pairs:
        yield from document_changes(was, now)
