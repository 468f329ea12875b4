"""What changed in one document, span by span."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from curation.model import Annotation, Entity, Event, Relation
from curation.publish.views.rows import Row, record_of
from curation.quality import match, place

Item = Literal["document", "entity", "relation", "event"]
Kind = Literal["added", "removed", "changed", "relabelled", "moved", "revalued"]

Thing = Entity | Relation | Event


class Change(Struct, frozen=True, omit_defaults=True):
    """One thing that is not as it was, `before` and `after` as they stand on disk, with the words
    of the entities that they name by id (`names`). An entity that was moved and relabelled is one
    change of two kinds. `by` are the people whose readings of the document are new."""

    document: str
    item: Item
    kinds: tuple[Kind, ...]
    id: str = ""
    by: tuple[str, ...] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def document_changes(was: Row | None, now: Row | None) -> Iterator[Change]:
    """The changes between two rows of the `documents` view of the same document (None: it is not
    there): first the document's, then those of what it holds."""
    by = _people(was, now)
    if was is None and now is not None:
        yield Change(now["id"], "document", ("added",), by=by)
        yield from _items(now["id"], None, _reading(now), by)
    elif was is not None and now is None:
        yield Change(was["id"], "document", ("removed",))
        yield from _items(was["id"], _reading(was), None)
    elif was is not None and now is not None:
        yield _document(was, now, by)
        yield from _items(was["id"], _reading(was), _reading(now), by)


def _people(was: Row | None, now: Row | None) -> tuple[str, ...]:
    old, new = (
        {(one["agent"], one["at"]) for one in row["provenance"]["readings"] if _submitted(one)}
        if row
        else set[tuple[str, Any]]()
        for row in (was, now)
    )
    return tuple(sorted({agent for agent, _ in new - old}))


def _submitted(reading: Row) -> bool:
    return reading["kind"] == "human" and reading["status"] == "submitted"


def _reading(row: Row) -> Annotation:
    return record_of(row).annotations[0]


def _document(was: Row, now: Row, by: tuple[str, ...]) -> Change:
    inside = ("entities", "relations", "events")
    # Where every field is the same, another reading of it or the decisions changed.
    fields = [name for name in now if was.get(name) != now[name]] or ["history"]
    shown = [name for name in fields if name not in (*inside, "text", "history")]
    return Change(
        was["id"],
        "document",
        ("changed",),
        by=by,
        before={"fields": fields, **{name: was.get(name) for name in shown}},
        after={"fields": fields, **{name: now[name] for name in shown}},
    )


def _items(
    document: str, old: Annotation | None, new: Annotation | None, by: tuple[str, ...] = ()
) -> Iterator[Change]:
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
            yield Change(document, item, ("added",), now.id, by, None, _plain(now, new))
        elif was is not None and now is None:
            yield Change(document, item, ("removed",), was.id, by, _plain(was, old), None)
        elif kinds and was is not None:
            sides = _plain(was, old), _plain(now, new)
            yield Change(document, item, tuple(kinds), was.id, by, *sides)


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
