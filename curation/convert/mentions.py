"""Mentions as OneIE and WikiEvents write them: tokens by number, ends exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from curation.convert.built import Built, unused
from curation.convert.expressed import Expressed, On
from curation.convert.layout import Layout
from curation.convert.losses import Item, Losses
from curation.errors import DataError
from curation.model import Argument

HEAD, TAIL = "Arg-1", "Arg-2"


class Span(Struct, frozen=True):
    """A trigger; `sent_idx` in WikiEvents only."""

    start: int
    end: int
    text: str = ""
    sent_idx: int | UnsetType = UNSET


class EntityMention(Struct, frozen=True):
    """An entity. OneIE asks for a mention type, which ACE has and we do not."""

    id: str
    start: int
    end: int
    entity_type: str
    text: str = ""
    mention_type: str = "UNK"
    sent_idx: int | UnsetType = UNSET


class Link(Struct, frozen=True):
    """An entity in a role of an event or at an end of a relation."""

    entity_id: str
    role: str
    text: str = ""


class RelationMention(Struct, frozen=True):
    """A relation: its arguments are Arg-1 and Arg-2."""

    id: str
    relation_type: str
    arguments: list[Link]


class EventMention(Struct, frozen=True):
    """An event."""

    id: str
    event_type: str
    trigger: Span
    arguments: list[Link]


class Mentions(Struct, frozen=True, omit_defaults=True):
    """All of a sentence or of a document; None where nobody has read it."""

    entity_mentions: list[EntityMention] | None = None
    relation_mentions: list[RelationMention] | None = None
    event_mentions: list[EventMention] | None = None


FIELDS = Mentions.__struct_fields__


def mentions(found: Expressed, tokens: Layout, sentence: int | None) -> Mentions:
    """The mentions of one sentence with tokens counted in it, or of all with tokens counted
    through the document and the number of the sentence."""
    base = 0 if sentence is None else tokens.first_of[sentence]
    texts = {entity.id: entity.text for entity, _ in found.entities}
    where = found.where()

    def here(on: On) -> bool:
        return sentence in (None, on.sentence)

    def at(on: On) -> int | UnsetType:
        return on.sentence if sentence is None else UNSET

    return Mentions(
        [
            EntityMention(e.id, on.first - base, on.last - base, e.label, e.text, sent_idx=at(on))
            for e, on in found.entities
            if here(on)
        ],
        [
            RelationMention(
                one.id,
                one.label,
                [
                    Link(one.head, HEAD, texts[one.head]),
                    Link(one.tail, TAIL, texts[one.tail]),
                ],
            )
            for one in found.relations
            if here(where[one.head])
        ],
        [
            EventMention(
                one.id,
                one.type,
                Span(on.first - base, on.last - base, one.trigger.text, at(on)),
                [Link(arg.entity, arg.role, texts[arg.entity]) for arg in one.arguments],
            )
            for one, on in found.events
            if here(on)
        ],
    )


def take(raw: dict[str, Any], base: int, built: Built, document: str, losses: Losses) -> bool:
    """Add the mentions of a line to a reading, whose tokens start at `base`; returns whether the
    line has any list of mentions, be it empty.

    Raises: DataError or ValidationError, with the field, for what is no mention.
    """
    found = msgspec.convert({name: raw[name] for name in FIELDS if name in raw}, Mentions)
    for one in found.entity_mentions or ():
        entity = built.entity(base + one.start, base + one.end, one.entity_type, one.id)
        _drift(document, "entity", one.id, one.text, entity.text, losses)
    for one in found.relation_mentions or ():
        ends = {link.role: link.entity_id for link in one.arguments}
        if len(one.arguments) != 2 or ends.keys() != {HEAD, TAIL}:
            raise DataError(
                f"relation {one.id!r} has not one {HEAD} and one {TAIL}",
                field="$.relation_mentions",
            )
        built.relation(one.relation_type, ends[HEAD], ends[TAIL], one.id)
    for one in found.event_mentions or ():
        first, last = base + one.trigger.start, base + one.trigger.end
        arguments = [Argument(link.role, link.entity_id) for link in one.arguments]
        event = built.event(first, last, one.event_type, arguments, one.id)
        _drift(document, "event", one.id, one.trigger.text, event.trigger.text, losses)
    _left(raw, document, losses)
    return any(raw.get(name) is not None for name in FIELDS)


def _drift(document: str, item: Item, ident: str, said: str, stands: str, losses: Losses) -> None:
    """The numbers of the tokens decide; a text that says otherwise is listed."""
    if said and "".join(said.split()) != "".join(stands.split()):
        losses.add(document, item, ident, "text", said, "its tokens say otherwise")


def _left(raw: dict[str, Any], document: str, losses: Losses) -> None:
    """List what the mentions say that a record has no place for."""
    kinds: Iterable[tuple[Item, str, type[Struct]]] = (
        ("entity", "entity_mentions", EntityMention),
        ("relation", "relation_mentions", RelationMention),
        ("event", "event_mentions", EventMention),
    )
    for item, name, kind in kinds:
        known = {field.name for field in structs.fields(kind)} - {"mention_type"}
        for one in raw.get(name) or ():
            for what, value in unused(one, known):
                losses.add(document, item, one["id"], what, value, "records have no place for it")
