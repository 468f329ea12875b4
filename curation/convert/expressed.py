"""What of a reading whole tokens can say; the rest is listed as lost."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from curation.convert import unsaid
from curation.convert.layout import Layout
from curation.convert.losses import Losses
from curation.model import Annotation, Argument, Entity, Event, Record, Relation
from curation.quality import reading


class On(Struct, frozen=True):
    """An entity or an event's trigger on tokens `first` to `last` (half-open, counted through the
    document) of a sentence."""

    first: int
    last: int
    sentence: int


class Expressed(Struct, frozen=True):
    """Entities and events with where they stand, and relations whose ends do; an event's arguments
    are those that are expressed."""

    entities: tuple[tuple[Entity, On], ...]
    relations: tuple[Relation, ...]
    events: tuple[tuple[Event, On], ...]

    def where(self) -> dict[str, On]:
        """Where each entity stands, by its id."""
        return {entity.id: on for entity, on in self.entities}


def carried(record: Record, by: str | None, losses: Losses) -> Annotation | None:
    """The one reading that a format has room for: that which counts (`curation.quality.reading`).
    The others are lost, and so is who made this one."""
    found = reading(record, by)
    for other in record.annotations:
        if other is not found:
            losses.add(record.document.id, "reading", "", "span", _author(other), "one has room")
    if found is not None:
        reason = "the format names no author"
        losses.add(record.document.id, "reading", "", "author", _author(found), reason)
    return found


def express(
    document: str, found: Annotation, tokens: Layout, losses: Losses, *, across: bool
) -> Expressed:
    """The items of a reading that stand on whole tokens of one sentence. Links between sentences
    are lost unless the format has them (`across`). Scores, values, proposers, modes and modalities
    other than asserted are lost."""
    entities = tuple(_entities(document, found, tokens, losses))
    where = {entity.id: on for entity, on in entities}
    return Expressed(
        entities,
        tuple(_relations(document, found, where, losses, across)),
        tuple(_events(document, found, where, tokens, losses, across)),
    )


def _entities(
    document: str, found: Annotation, tokens: Layout, losses: Losses
) -> Iterator[tuple[Entity, On]]:
    for entity in found.entities:
        on = _stand(tokens, entity.start, entity.end)
        if isinstance(on, str):
            unsaid.entity(document, entity, on, losses)
            continue
        unsaid.fields(document, entity, losses)
        yield entity, on


def _relations(
    document: str, found: Annotation, where: dict[str, On], losses: Losses, across: bool
) -> Iterator[Relation]:
    for relation in found.relations:
        head, tail = where.get(relation.head), where.get(relation.tail)
        if head is None or tail is None:
            unsaid.relation(document, relation, "one end is lost", losses)
        elif head.sentence != tail.sentence and not across:
            unsaid.relation(document, relation, "in two sentences", losses)
        else:
            yield relation


def _events(
    document: str,
    found: Annotation,
    where: dict[str, On],
    tokens: Layout,
    losses: Losses,
    across: bool,
) -> Iterator[tuple[Event, On]]:
    for event in found.events:
        on = _stand(tokens, event.trigger.start, event.trigger.end)
        if isinstance(on, str):
            unsaid.event(document, event, on, losses)
            continue
        unsaid.fields(document, event, losses)
        kept: list[Argument] = []
        for one in event.arguments:
            said = f"{one.role} {one.entity}"
            entity = where.get(one.entity)
            if entity is None:
                losses.add(document, "argument", event.id, "span", said, "its entity is lost")
            elif entity.sentence != on.sentence and not across:
                losses.add(document, "argument", event.id, "span", said, "in another sentence")
            else:
                kept.append(one)
        yield structs.replace(event, arguments=tuple(kept)), on


def _stand(tokens: Layout, start: int, end: int) -> On | str:
    """Where a span stands, or why it stands nowhere."""
    place = tokens.locate(start, end)
    if place is None:
        return "inside a word"
    first, last = place
    sentence = tokens.sentence_of[first]
    if tokens.sentence_of[last - 1] != sentence:
        return "in two sentences"
    return On(first, last, sentence)


def _author(one: Annotation) -> str:
    details = [one.at.isoformat()] if one.at else []
    if one.uncertainty is not None:
        details.append(f"uncertainty {one.uncertainty}")
    return ", ".join((f"{one.by.kind} {one.by.agent}", one.status, *details))
