"""What one person decided about each proposal: two readings of one document, compared."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from curation.model import (
    Annotation,
    Argument,
    Decision,
    Entity,
    Event,
    LedgerEntry,
    Relation,
    Said,
)
from curation.model.ledger import Item
from curation.quality import match, place


def decisions(
    document: str, proposal: Annotation | None, reading: Annotation
) -> Iterator[LedgerEntry]:
    """One entry for every item that was proposed or stands in the reading: entities, then
    relations, events and their arguments. Without a proposal everything was added.
    """
    entry = _Entries(document, proposal, reading.by.agent, reading.at)
    old = proposal.entities if proposal else ()
    entities = match(old, reading.entities)
    # The reading's entity ids, as the proposal calls them: a moved entity is still the same end.
    alias = {young.id: was.id for was, young in entities if was and young}
    for was, young in entities:
        yield entry.of("entity", was, young)
    yield from _links(
        entry,
        "relation",
        [(r.id, r.label, r.head, r.tail) for r in (proposal.relations if proposal else ())],
        [_aliased(r, alias) for r in reading.relations],
    )
    for event, young in match(proposal.events if proposal else (), reading.events):
        yield entry.of("event", event, young)
        yield from _links(
            entry,
            "argument",
            [(event.id, a.role, event.id, a.entity) for a in event.arguments] if event else [],
            _arguments(event.id if event else young.id, young.arguments, alias) if young else [],
            (event.proposers or entry.proposers) if event else (),
        )


def unreviewed(document: str, proposal: Annotation) -> Iterator[LedgerEntry]:
    """One entry for every proposed item of a document that nobody has submitted."""
    entry = _Entries(document, proposal, "", None)
    for item in (*proposal.entities, *proposal.events):
        kind: Item = "entity" if isinstance(item, Entity) else "event"
        yield entry.make(kind, item.id, "unreviewed", _said(item), None, entry.proposed_by(item))
    for relation in proposal.relations:
        said = Said(relation.label, head=relation.head, tail=relation.tail)
        yield entry.make("relation", relation.id, "unreviewed", said, None, entry.proposers)
    for event in proposal.events:
        for argument in event.arguments:
            said = Said(argument.role, head=event.id, tail=argument.entity)
            by = entry.proposed_by(event)
            yield entry.make("argument", event.id, "unreviewed", said, None, by)


Link = tuple[str, str, str, str]  # id, label, head, tail

_ALIKE: tuple[tuple[Decision, Callable[[Link, Link], bool]], ...] = (
    ("accepted", lambda was, now: was[1:] == now[1:]),
    ("relabelled", lambda was, now: was[2:] == now[2:]),
    ("moved", lambda was, now: was[1] == now[1] and (was[2] == now[2] or was[3] == now[3])),
)


def _aliased(relation: Relation, alias: dict[str, str]) -> Link:
    head, tail = (alias.get(end, end) for end in (relation.head, relation.tail))
    return relation.id, relation.label, head, tail


def _arguments(event: str, arguments: Sequence[Argument], alias: dict[str, str]) -> list[Link]:
    return [(event, a.role, event, alias.get(a.entity, a.entity)) for a in arguments]


class _Entries:
    """Entries that share a document, a person and a time."""

    def __init__(
        self, document: str, proposal: Annotation | None, by: str, at: datetime.datetime | None
    ) -> None:
        self.document = document
        self.proposers = (proposal.by.agent,) if proposal else ()
        self.by = by
        self.at = at

    def proposed_by(self, item: Entity | Event | None) -> tuple[str, ...]:
        return (item.proposers or self.proposers) if item else ()

    def of(self, kind: Item, was: Entity | Event | None, now: Entity | Event | None) -> LedgerEntry:
        ident = was.id if was else now.id if now else ""
        return self.make(
            kind,
            ident,
            _decision(was, now),
            _said(was) if was else None,
            _said(now) if now else None,
            self.proposed_by(was),
        )

    def make(
        self,
        kind: Item,
        ident: str,
        decision: Decision,
        before: Said | None,
        after: Said | None,
        proposers: tuple[str, ...],
    ) -> LedgerEntry:
        return LedgerEntry(
            self.document, kind, ident, decision, self.by, self.at, proposers, before, after
        )


def _links(
    entry: _Entries,
    kind: Item,
    before: Sequence[Link],
    after: Sequence[Link],
    proposers: tuple[str, ...] | None = None,
) -> Iterator[LedgerEntry]:
    """One entry for every link of either reading. The same link is paired first, then one between
    the same ends under another label, then one of the same label with one end elsewhere."""
    by = entry.proposers if proposers is None else proposers
    left, pairs = list(after), dict[int, tuple[Decision, Link]]()
    for decision, alike in _ALIKE:
        for i, was in enumerate(before):
            found = None if i in pairs else next((now for now in left if alike(was, now)), None)
            if found is not None:
                left.remove(found)
                pairs[i] = decision, found
    for i, (ident, label, head, tail) in enumerate(before):
        decision, now = pairs.get(i, ("removed", None))
        said = Said(now[1], head=now[2], tail=now[3]) if now else None
        yield entry.make(kind, ident, decision, Said(label, head=head, tail=tail), said, by)
    for ident, label, head, tail in left:
        yield entry.make(kind, ident, "added", None, Said(label, head=head, tail=tail), ())


def _decision(was: Entity | Event | None, now: Entity | Event | None) -> Decision:
    if was is None:
        return "added"
    if now is None:
        return "removed"
    (*old_span, old_label), (*new_span, new_label) = place(was), place(now)
    moved, relabelled = old_span != new_span, old_label != new_label
    if moved and relabelled:
        return "moved+relabelled"
    if moved or relabelled:
        return "moved" if moved else "relabelled"
    return "accepted" if _said(was) == _said(now) else "revalued"


def _said(item: Entity | Event) -> Said:
    start, end, label = place(item)
    if isinstance(item, Entity):
        return Said(label, start, end, item.text, item.value)
    return Said(label, start, end, item.trigger.text, mode=item.mode, modality=item.modality)
