"""What a format has no place for, listed item by item."""

from __future__ import annotations

from collections.abc import Sequence

from curation.convert.lines import about
from curation.convert.losses import Losses
from curation.model import Annotation, Document, Entity, Event, Relation, entity_id

NO_PLACE = "the format has no place for it"
NO_IDS = "the format has no ids"


def fields(document: str, item: Entity | Event, losses: Losses, kept: Sequence[str] = ()) -> None:
    """The score, the proposers and a value, mode or modality; without those that are `kept`."""
    kind = "entity" if isinstance(item, Entity) else "event"
    said: dict[str, object] = {"score": item.score}
    said["proposers"] = " ".join(item.proposers) or None
    if isinstance(item, Entity):
        said["value"] = item.value
    else:
        said["mode"] = item.mode
        said["modality"] = None if item.modality == "asserted" else item.modality
    for what, value in said.items():
        if value is not None and what not in kept:
            losses.add(document, kind, item.id, what, value, NO_PLACE)


def entity(document: str, one: Entity, reason: str, losses: Losses) -> None:
    """An entity as a whole."""
    said = f"{one.label} {one.start}:{one.end} {one.text}"
    losses.add(document, "entity", one.id, "span", said, reason)


def entity_ident(document: str, one: Entity, losses: Losses) -> None:
    """An entity's id, where its content does not give it again."""
    if one.id != entity_id(one.start, one.end, one.label):
        losses.add(document, "entity", one.id, "id", one.id, NO_IDS)


def relation(document: str, one: Relation, reason: str, losses: Losses) -> None:
    """A relation as a whole."""
    said = f"{one.label} {one.head} {one.tail}"
    losses.add(document, "relation", one.id, "span", said, reason)


def event(document: str, one: Event, reason: str, losses: Losses) -> None:
    """An event as a whole, and each of its arguments."""
    said = f"{one.type} {one.trigger.start}:{one.trigger.end} {one.trigger.text}"
    losses.add(document, "event", one.id, "span", said, reason)
    for argument in one.arguments:
        said = f"{argument.role} {argument.entity}"
        losses.add(document, "argument", one.id, "span", said, "its event is lost")


def links(document: str, found: Annotation, losses: Losses) -> None:
    """All relations and events."""
    for one in found.relations:
        relation(document, one, "the format has no relations", losses)
    events(document, found, losses)


def events(document: str, found: Annotation, losses: Losses) -> None:
    """All events."""
    for one in found.events:
        event(document, one, "the format has no events", losses)


def unread(document: str, losses: Losses) -> None:
    """That nobody has read the document, which here looks read and empty."""
    reason = "the format can not say that nobody has read it"
    losses.add(document, "document", "", "unread", "no reading", reason)


def beside(document: Document, losses: Losses) -> None:
    """What the document has beside its id and text."""
    said = about(document)
    for what in said.__struct_fields__:
        value: object = getattr(said, what)
        if value not in (None, {}):
            losses.add(document.id, "document", "", what, value, NO_PLACE)
