"""What changed between two versions, document by document, span by span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from curation.publish.changes.comparing import Change, Kind, document_changes
from curation.publish.changes.pairing import Pairs, pair
from curation.publish.counts.statistics import Statistics, merged
from curation.publish.proof import proven
from curation.publish.shelf.mirror import anywhere
from curation.publish.shelf.objects import Digests
from curation.publish.shelf.shards import read_shards
from curation.publish.shelf.versions import find, folder_of

#: What carries labels: the item, and what a version's statistics call its counts.
_LABELLED = {"entity": "entities", "event": "events"}

#: How many examples of each kind of change a difference keeps.
EXAMPLES = 5


class Counts(Struct):
    """How many changes of each kind. `revalued`: the value of an entity; the mode, modality or
    arguments of an event. Entities that came with a new document are `added`."""

    added: int = 0
    removed: int = 0
    relabelled: int = 0
    moved: int = 0
    revalued: int = 0


class DocumentCounts(Struct):
    """Documents added, removed, changed in anything, and the same as before."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    same: int = 0


class Agreeing(Struct):
    """Entities (or events) of two versions, to be counted down to those of the documents that both
    have, and to the `changed` ones among them."""

    before: int
    after: int
    changed: int = 0

    def add(self, kinds: tuple[Kind, ...], *, whole: bool) -> None:
        """Count one change; `whole`: it came or went with its document."""
        if "added" in kinds:
            self.after -= whole
            self.changed += not whole
        elif "removed" in kinds:
            self.before -= whole
            self.changed += not whole
        elif "moved" in kinds or "relabelled" in kinds:
            self.changed += 2

    @property
    def f1(self) -> float:
        """Twice what is the same in both, of what the two have together."""
        both = self.before + self.after
        return round((both - self.changed) / both, 6) if both else 1.0


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
    folders = [folder_of(dataset, find(dataset, version).version) for version in (old, new)]
    digests = Digests()
    for version in (old, new):
        proven(dataset, find(dataset, version), digests)
    return compare(folders[0], folders[1], old, new, full=full)


def compare(
    old: Path, new: Path, old_name: str, new_name: str, *, full: bool = False
) -> Difference:
    """As `diff`, for two version folders."""
    found = Difference(old_name, new_name, changes=[] if full else None)
    counts = {"entity": found.entities, "relation": found.relations, "event": found.events}
    statistics = [counted(folder) for folder in (old, new)]
    agreeing = {item: Agreeing(*(_total(one, item) for one in statistics)) for item in _LABELLED}
    pairs = pair(old, new)
    found.documents.same = pairs.same
    examples: Counter[tuple[str, str]] = Counter()
    people: Counter[str] = Counter()
    whole = ""  # the document that was added or removed with all it holds
    for change in changes(pairs):
        if change.item == "document":
            people.update(change.by)
            if "changed" not in change.kinds:
                whole = change.document
        for kind in change.kinds:
            tally: Any = counts.get(change.item, found.documents)
            setattr(tally, kind, getattr(tally, kind) + 1)
        if change.item in agreeing:
            agreeing[change.item].add(change.kinds, whole=change.document == whole)
        about = change.item, change.kinds[0]
        if examples[about] < EXAMPLES and (change.item == "document" or change.document != whole):
            examples[about] += 1
            found.examples.append(change)
        if found.changes is not None:
            found.changes.append(change)
    found.labels = {group: _labels(group, *statistics) for group in _LABELLED.values()}
    found.agreement = {_LABELLED[item]: one.f1 for item, one in agreeing.items()}
    found.by = dict(people.most_common())
    return found


def counted(folder: Path) -> Statistics:
    """What a version folder holds, counted."""
    return merged(shard.counted for shard in read_shards(folder))


def _total(statistics: Statistics, item: str) -> int:
    return sum(getattr(statistics, _LABELLED[item]).values())


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
