"""What many changes come to: how many there are of each kind, and the first of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from curation.publish.changes.comparing import Change, Kind, document_changes
from curation.publish.changes.pairing import Pair

#: How many examples of each kind of change are kept.
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


class Apart(Struct):
    """Entities (or events) that `came` and `went` with their documents, and of the documents that
    both versions have those that are `changed`, each side's counted."""

    came: int = 0
    went: int = 0
    changed: int = 0

    def add(self, kinds: tuple[Kind, ...], *, whole: bool) -> None:
        """Count one change; `whole`: it came or went with its document."""
        if "added" in kinds:
            self.came += whole
            self.changed += not whole
        elif "removed" in kinds:
            self.went += whole
            self.changed += not whole
        elif "moved" in kinds or "relabelled" in kinds:
            self.changed += 2

    def f1(self, before: int, after: int) -> float:
        """Twice what is the same in both versions, of what the two have together in the documents
        that both have; they have so many in all."""
        both = before - self.went + after - self.came
        return round((both - self.changed) / both, 6) if both else 1.0


class Tally(Struct):
    """Changes, counted. `examples` are the first of each item and kind within documents that both
    versions have, `shown` says how many of each; `by` counts the changed documents by the people
    whose readings of them are new."""

    documents: DocumentCounts = field(default_factory=DocumentCounts)
    entities: Counts = field(default_factory=Counts)
    relations: Counts = field(default_factory=Counts)
    events: Counts = field(default_factory=Counts)
    entities_apart: Apart = field(default_factory=Apart)
    events_apart: Apart = field(default_factory=Apart)
    by: Counter[str] = field(default_factory=Counter[str])
    examples: list[Change] = field(default_factory=list[Change])
    shown: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def add(self, change: Change, *, whole: bool) -> None:
        """Count one change; `whole`: of a document that came or went with all it holds."""
        counts: Any = self.documents
        if change.item == "document":
            self.by.update(change.by)
        elif change.item == "relation":
            counts = self.relations
        elif change.item == "entity":
            counts = self.entities
            self.entities_apart.add(change.kinds, whole=whole)
        else:
            counts = self.events
            self.events_apart.add(change.kinds, whole=whole)
        for kind in change.kinds:
            setattr(counts, kind, getattr(counts, kind) + 1)
        if change.item == "document" or not whole:
            self._show(change)

    def merge(self, later: Tally) -> None:
        """Take in the changes that come after these."""
        for name in ("documents", "entities", "relations", "events"):
            _sum(getattr(self, name), getattr(later, name))
        _sum(self.entities_apart, later.entities_apart)
        _sum(self.events_apart, later.events_apart)
        self.by.update(later.by)
        for change in later.examples:
            self._show(change)

    def _show(self, change: Change) -> None:
        about = change.item, change.kinds[0]
        if self.shown[about] < EXAMPLES:
            self.shown[about] += 1
            self.examples.append(change)


def tally_of(pairs: Iterable[Pair], kept: list[Change] | None = None) -> Tally:
    """The changes between the rows of each pair; `kept`, if it is there, gets all of them."""
    found = Tally()
    for was, now in pairs:
        whole = was is None or now is None
        for change in document_changes(was, now):
            found.add(change, whole=whole)
            if kept is not None:
                kept.append(change)
    return found


def _sum(counts: Any, more: Any) -> None:
    for name in counts.__struct_fields__:
        setattr(counts, name, getattr(counts, name) + getattr(more, name))
