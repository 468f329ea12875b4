"""What changed between two versions, document by document, span by span."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from curation.model import Annotation, Entity, Event, Relation
from curation.publish.index import Indexed, read_index
from curation.publish.objects import Digests
from curation.publish.proof import proven
from curation.publish.rows import Row, record_of
from curation.publish.shards import read_shards
from curation.publish.tables import read_rows
from curation.publish.versions import find, folder_of
from curation.quality import match, place

Item = Literal["document", "entity", "relation", "event"]
Kind = Literal["added", "removed", "changed", "relabelled", "moved", "revalued"]

Thing = Entity | Relation | Event

_NOWHERE = Indexed("", -1)

#: How many examples of each kind of change a difference keeps.
EXAMPLES = 5


class Change(Struct, frozen=True, omit_defaults=True):
    """One thing that is not as it was, `before` and `after` as they stand on disk, with the words
    of the entities that they name by id (`names`). An entity that was moved and relabelled is one
    change of two kinds."""

    document: str
    item: Item
    kinds: tuple[Kind, ...]
    id: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


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


class Difference(Struct):
    """What changed from version `old` to version `new`. `examples` are the first changes of each
    item and kind within documents that both versions have; `changes` are all, if asked for."""

    old: str
    new: str
    documents: DocumentCounts = msgspec.field(default_factory=DocumentCounts)
    entities: Counts = msgspec.field(default_factory=Counts)
    relations: Counts = msgspec.field(default_factory=Counts)
    events: Counts = msgspec.field(default_factory=Counts)
    examples: list[Change] = msgspec.field(default_factory=list[Change])
    changes: list[Change] | None = None


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
    examples: dict[tuple[str, str], int] = {}
    whole = ""  # the document that was added or removed with all it holds
    for change in _changes(old, new, found.documents):
        if change.item == "document" and "changed" not in change.kinds:
            whole = change.document
        for kind in change.kinds:
            tally: Any = counts.get(change.item, found.documents)
            setattr(tally, kind, getattr(tally, kind) + 1)
        seen = examples.get((change.item, change.kinds[0]), 0)
        if seen < EXAMPLES and (change.item == "document" or change.document != whole):
            examples[change.item, change.kinds[0]] = seen + 1
            found.examples.append(change)
        if found.changes is not None:
            found.changes.append(change)
    return found


def changes(old: Path, new: Path) -> Iterator[Change]:
    """Every change from one version folder to another, shard by shard, in the order of ids within
    one: first the document's, then those of what it holds."""
    return _changes(old, new, DocumentCounts())


def _changes(old: Path, new: Path, documents: DocumentCounts) -> Iterator[Change]:
    was, now = read_index(old), read_index(new)
    # What is told apart by its digest need not be read: shard beside shard, only what changed.
    changed: dict[tuple[int, int], list[str]] = defaultdict(list)
    for ident in sorted({*was, *now}):
        before, after = was.get(ident, _NOWHERE), now.get(ident, _NOWHERE)
        if before.digest == after.digest:
            documents.same += 1
        else:
            changed[before.shard, after.shard].append(ident)
    paths = [
        {s.number: folder / s.parts["documents"].path for s in read_shards(folder)}
        for folder in (old, new)
    ]
    for shards, idents in sorted(changed.items()):
        rows = [
            {row["id"]: row for row in read_rows(path[shard], idents)} if shard >= 0 else {}
            for path, shard in zip(paths, shards, strict=True)
        ]
        for ident in idents:
            yield from _document_changes(rows[0].get(ident), rows[1].get(ident))


def _document_changes(was: Row | None, now: Row | None) -> Iterator[Change]:
    if was is None and now is not None:
        yield Change(now["id"], "document", ("added",))
        yield from _items(now["id"], None, _reading(now))
    elif was is not None and now is None:
        yield Change(was["id"], "document", ("removed",))
        yield from _items(was["id"], _reading(was), None)
    elif was is not None and now is not None:
        yield _document(was, now)
        yield from _items(was["id"], _reading(was), _reading(now))


def _reading(row: Row) -> Annotation:
    return record_of(row).annotations[0]


def _document(was: Row, now: Row) -> Change:
    inside = ("entities", "relations", "events")
    # Where every field is the same, another reading of it or the decisions changed.
    fields = [name for name in now if was.get(name) != now[name]] or ["history"]
    shown = [name for name in fields if name not in (*inside, "text", "history")]
    return Change(
        was["id"],
        "document",
        ("changed",),
        before={"fields": fields, **{name: was.get(name) for name in shown}},
        after={"fields": fields, **{name: now[name] for name in shown}},
    )


def _items(document: str, old: Annotation | None, new: Annotation | None) -> Iterator[Change]:
    entities = match(old.entities if old else (), new.entities if new else ())
    # The new reading's entity ids as the old one calls them: an argument that points at the same
    # entity under another id has not changed.
    alias = {now.id: was.id for was, now in entities if was and now}
    relations = _relations(old.relations if old else (), new.relations if new else (), alias)
    events = match(old.events if old else (), new.events if new else ())
    compared: tuple[tuple[Item, Thing | None, Thing | None, list[Kind]], ...] = (
        *(("entity", was, now, _entity_kinds(was, now)) for was, now in entities),
        *(("relation", was, now, _relation_kinds(was, now, alias)) for was, now in relations),
        *(("event", was, now, _event_kinds(was, now, alias)) for was, now in events),
    )
    for item, was, now, kinds in compared:
        if was is None and now is not None:
            yield Change(document, item, ("added",), now.id, None, _plain(now, new))
        elif was is not None and now is None:
            yield Change(document, item, ("removed",), was.id, _plain(was, old), None)
        elif kinds and was is not None:
            sides = _plain(was, old), _plain(now, new)
            yield Change(document, item, tuple(kinds), was.id, *sides)


def _entity_kinds(was: Entity | None, now: Entity | None) -> list[Kind]:
    if was is None or now is None:
        return []
    kinds = _place_kinds(was, now)
    return [*kinds, "revalued"] if was.value != now.value else kinds


def _event_kinds(was: Event | None, now: Event | None, alias: dict[str, str]) -> list[Kind]:
    if was is None or now is None:
        return []
    kinds = _place_kinds(was, now)
    return [*kinds, "revalued"] if _details(was, {}) != _details(now, alias) else kinds


def _details(event: Event, alias: dict[str, str]) -> tuple[Any, ...]:
    arguments = sorted((a.role, alias.get(a.entity, a.entity)) for a in event.arguments)
    return event.mode, event.modality, arguments


def _place_kinds(was: Entity | Event, now: Entity | Event) -> list[Kind]:
    (*old_span, old_label), (*new_span, new_label) = place(was), place(now)
    kinds: list[Kind] = []
    if old_label != new_label:
        kinds.append("relabelled")
    if old_span != new_span:
        kinds.append("moved")
    return kinds


def _relations(
    old: Sequence[Relation], new: Sequence[Relation], alias: dict[str, str]
) -> Iterator[tuple[Relation | None, Relation | None]]:
    """By id first, then the same ends."""
    left = {relation.id: relation for relation in new}
    rest: list[Relation] = []
    for was in old:
        now = left.pop(was.id, None)
        if now is None:
            rest.append(was)
        else:
            yield was, now
    for was in rest:
        now = next((r for r in left.values() if _ends(r, alias) == (was.head, was.tail)), None)
        if now is not None:
            del left[now.id]
        yield was, now
    yield from ((None, now) for now in left.values())


def _relation_kinds(
    was: Relation | None, now: Relation | None, alias: dict[str, str]
) -> list[Kind]:
    if was is None or now is None:
        return []
    kinds: list[Kind] = ["relabelled"] if was.label != now.label else []
    return [*kinds, "moved"] if _ends(now, alias) != (was.head, was.tail) else kinds


def _ends(relation: Relation, alias: dict[str, str]) -> tuple[str, str]:
    return alias.get(relation.head, relation.head), alias.get(relation.tail, relation.tail)


def _plain(item: Thing | None, reading: Annotation | None) -> dict[str, Any] | None:
    if item is None or reading is None:
        return None
    named: set[str] = set()
    if isinstance(item, Relation):
        named = {item.head, item.tail}
    elif isinstance(item, Event):
        named = {argument.entity for argument in item.arguments}
    names = {entity.id: entity.text for entity in reading.entities if entity.id in named}
    return msgspec.to_builtins(item) | ({"names": names} if names else {})
