"""Label Studio's `result` becomes entities, relations and events: the inverse of `tasks.regions`.

Only ids, offsets and labels are taken from it. Texts are cut from the document; scores, values
and proposers come from our own copy of what was pushed, for what the reviewer left as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from curation.errors import CurationError, DataError, SchemaViolation, SpanMismatch
from curation.model import (
    Entity,
    Event,
    Modality,
    Relation,
    Schema,
    Trigger,
    entity_id,
    event_id,
)
from curation.wire.findings import Finding
from curation.wire.links import read_links
from curation.wire.names import EMPTY, EVENTS, MODALITIES, NOTHING, type_of_modes
from curation.wire.prior import Prior
from curation.wire.shapes import Item, Meta, read_item, read_meta
from curation.wire.units import Unit, fits, to_code_points

_MODALITY: dict[str, Modality] = {modality: modality for modality in MODALITIES}


class Reading(Struct, frozen=True):
    """What a result says. `regions` are the ids in it; `nothing` is the confirmation that there
    is nothing to mark; `others` are controls that we have no place for."""

    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    events: tuple[Event, ...]
    findings: tuple[Finding, ...]
    regions: frozenset[str]
    nothing: bool
    others: frozenset[str]


class _Region(Struct):
    """All that a result says of one region id."""

    items: list[tuple[int, Item, str]] = []
    choices: list[tuple[int, Item]] = []
    modality: Modality = "asserted"
    modes: dict[str, str] = {}


def read_regions(
    text: str,
    result: Sequence[Any],
    schema: Schema | None,
    prior: Prior,
    *,
    by: str | None,
    unit: Unit = "code points",
) -> Reading:
    """Read a result. `by` is the person whose reading it is; None reads a prediction of ours,
    whose regions carry values and proposers in `meta`. Without a schema, what the control `events`
    says is an event, and each other label an entity.
    """
    reader = _Reader(text, schema, prior, by, unit)
    regions, links = reader.sort(result)
    made: dict[str, list[Entity | Event]] = {}
    for ident, region in regions.items():
        made[ident] = list(reader.items(ident, region))
    relations, arguments = read_links(links, made, schema, prior.relations, reader.findings)
    entities = [i for items in made.values() for i in items if isinstance(i, Entity)]
    events = [
        msgspec.structs.replace(i, arguments=tuple(arguments.get(i.id, ())))
        for items in made.values()
        for i in items
        if isinstance(i, Event)
    ]
    return Reading(
        tuple(entities),
        tuple(relations),
        tuple(events),
        tuple(reader.findings),
        frozenset(regions),
        reader.nothing,
        frozenset(reader.others),
    )


class _Reader:
    def __init__(
        self, text: str, schema: Schema | None, prior: Prior, by: str | None, unit: Unit
    ) -> None:
        self.text, self.schema, self.prior, self.by = text, schema, prior, by
        self.unit: Unit = unit
        self.findings: list[Finding] = []
        self.others: set[str] = set()
        self.nothing = False
        self._taken: set[str] = set()

    def sort(self, result: Sequence[Any]) -> tuple[dict[str, _Region], list[tuple[int, Item]]]:
        """The items by region, and the relations, each with its place in the result."""
        regions: dict[str, _Region] = {}
        links: list[tuple[int, Item]] = []
        for i, raw in enumerate(result):
            try:
                item = read_item(raw, i)
            except DataError as error:
                self.findings.append(Finding(error, raw))
                continue
            if item.type == "relation":
                links.append((i, item))
            elif item.type.endswith("labels"):
                if not item.choices:
                    self._find(DataError("a span without a label", field=f"$.result[{i}]"), item)
                region = regions.setdefault(item.id or f"#{i}", _Region())
                region.items += [(i, item, label) for label in item.choices]
            elif item.type == "choices" and item.from_name == EMPTY:
                self.nothing = NOTHING in item.choices
            elif item.type == "choices" and item.offsets and item.choices:
                self._choice(i, item, regions)
            else:
                self.others.add(f"{item.from_name} ({item.type})")
        return regions, links

    def _choice(self, place: int, item: Item, regions: dict[str, _Region]) -> None:
        """What is chosen of a region: the mode of its event, or the modality."""
        chosen, kind = item.choices[0], type_of_modes(item.from_name)
        if kind is None and chosen not in _MODALITY:
            self.others.add(f"{item.from_name} ({item.type})")
            return
        region = regions.setdefault(item.id, _Region())
        region.choices.append((place, item))
        if kind is None:
            region.modality = _MODALITY[chosen]
        else:
            region.modes[kind] = chosen

    def items(self, ident: str, region: _Region) -> Iterator[Entity | Event]:
        """The entities and events of one region: one a label. What was proposed keeps the id."""
        before = self.prior.entities.get(ident), self.prior.events.get(ident)
        labels = {b.label if isinstance(b, Entity) else b.type for b in before if b}
        for i, item in region.choices if not region.items else ():
            message = f"{item.choices[0]!r} is chosen of a span that is gone"
            self._find(DataError(message, field=f"$.result[{i}]"), item)
        if region.items and not any(self._is_event(item, label) for _, item, label in region.items):
            self.others.update(f"{item.from_name} ({item.type})" for _, item in region.choices)
        for i, item, label in sorted(region.items, key=lambda entry: entry[2] not in labels):
            place = f"$.result[{i}]"
            is_event = self._is_event(item, label)
            if is_event is None:
                known = self.schema.name if self.schema else ""
                message = f"schema {known!r} has no label {label!r}"
                self._find(SchemaViolation(message, field=place), item)
                continue
            try:
                start, end = self._span(ident, item, place)
                made = (
                    self._event(ident, item, place, start, end, label, region)
                    if is_event
                    else self._entity(ident, item, place, start, end, label)
                )
            except CurationError as error:
                kind = type(error) if isinstance(error, DataError) else DataError
                self._find(kind(error.message, field=place), item)
            else:
                yield made

    def _is_event(self, item: Item, label: str) -> bool | None:
        """None for a label that the schema does not have."""
        if self.schema is None:
            return item.from_name == EVENTS
        as_entity, as_event = self.schema.entity(label), self.schema.event(label)
        if as_event and (as_entity is None or item.from_name == EVENTS):
            return True
        return False if as_entity else None

    def _span(self, ident: str, item: Item, place: str) -> tuple[int, int]:
        at, shown = item.offsets, item.shown
        if at is None:
            # HyperText gives paths; its whole offsets are those of the text if they prove so.
            at = item.whole_offsets
            if at is None:
                raise SpanMismatch("a span without whole numbers as offsets")
            if shown is None or not fits(self.text, *at, shown):
                raise SpanMismatch(f"{at[0]}:{at[1]} is not {shown!r} in the text")
        before = self.prior.entities.get(ident) or self.prior.events.get(ident)
        if before is not None:
            ours = before if isinstance(before, Entity) else before.trigger
            if at == (ours.start, ours.end):
                return at
        start, end = to_code_points(self.text, *at, self.unit)
        piece = self.text[start:end]
        if shown is not None and not fits(self.text, start, end, shown):
            message = f"taken as {piece!r} at {start}:{end}, though the page said {shown!r}"
            self._find(SpanMismatch(message, field=place), item)
        if self.by is None:
            return start, end
        left, right = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
        if left == len(piece):
            raise SpanMismatch(f"{start}:{end} covers only white space")
        if left or right:
            message = f"taken without the white space around it: {piece!r} at {start}:{end}"
            self._find(SpanMismatch(message, field=place), item)
        return start + left, end - right

    def _entity(
        self, ident: str, item: Item, place: str, start: int, end: int, label: str
    ) -> Entity:
        before = self.prior.entities.get(ident)
        if (
            before
            and (before.start, before.end, before.label) == (start, end, label)
            and ident not in self._taken
        ):
            self._taken.add(ident)
            return before
        name = self._name(ident, entity_id(start, end, label), label)
        text = self.text[start:end]
        score, meta, proposers = self._origin(ident, item, place)
        value = meta.value
        if before and (before.start, before.end) == (start, end):
            value = before.value  # the same words stand for the same thing under another label
        return Entity(name, start, end, label, text, score, value, proposers)

    def _event(
        self,
        ident: str,
        item: Item,
        place: str,
        start: int,
        end: int,
        label: str,
        region: _Region,
    ) -> Event:
        before = self.prior.events.get(ident)
        trigger = Trigger(start, end, self.text[start:end])
        kept = before if before and before.type == label else None
        mode = region.modes.get(label)
        if mode is None and kept and (item.meta or {}).get("mode"):
            mode = kept.mode  # the page had no choice for it: nobody has changed it
        if kept and kept.trigger == trigger and ident not in self._taken:
            self._taken.add(ident)
            changes = {"mode": mode, "modality": region.modality, "arguments": ()}
            return msgspec.structs.replace(kept, **changes)
        name = self._name(ident, event_id(start, end, label), label)
        score, meta, proposers = self._origin(ident, item, place)
        mode = mode or meta.mode
        return Event(name, label, trigger, mode, region.modality, score, proposers)

    def _origin(
        self, ident: str, item: Item, place: str
    ) -> tuple[float | None, Meta, tuple[str, ...]]:
        """Score, meta and proposers of a span that is not one of ours as we pushed it."""
        score = item.score if item.score is not None and 0 <= item.score <= 1 else None
        if self.by is None:
            if item.score != score:
                message = f"taken without its score {item.score}, which is not between 0 and 1"
                self._find(DataError(message, field=f"{place}.score"), item)
            try:
                meta = read_meta(item, place)
            except DataError as error:
                message = f"taken without its meta: {error.message}"
                self._find(DataError(message, field=error.field), item)
                meta = Meta()
            return score, meta, meta.proposers
        proposers = self.prior.proposers(ident)
        if proposers is not None:
            return None, Meta(), proposers
        if (item.origin or "").startswith("prediction"):
            return (score if item.origin == "prediction" else None), Meta(), ()
        return None, Meta(), (self.by,)

    def _name(self, ident: str, otherwise: str, label: str) -> str:
        """The region's id, or, where it has none or it is taken, one made from it."""
        name = otherwise if ident.startswith("#") else ident
        if name in self._taken:
            name = f"{name}-{label}"
        count = 2
        while name in self._taken:
            name, count = f"{otherwise}-{count}", count + 1
        self._taken.add(name)
        return name

    def _find(self, error: DataError, content: Any) -> None:
        self.findings.append(Finding(error, content))
