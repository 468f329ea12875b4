"""A reading built from items on tokens, as other formats say them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from msgspec import Struct

from curation.model import (
    Annotation,
    Argument,
    Author,
    Entity,
    Event,
    Modality,
    Relation,
    Trigger,
    entity_id,
    event_id,
    relation_id,
)
from curation.model.record import Kind, Status
from curation.text import Span


class Origin(Struct, frozen=True):
    """Whose reading a file holds that names no author, and how far it has come."""

    kind: Kind
    status: Status
    agent: str


class Units(Protocol):
    """A text and what a format counts in it: the tokens of a `Layout`, or `Characters`."""

    text: str

    def span(self, first: int, last: int) -> Span:
        """The code points of units `first` to `last` (half-open)."""
        ...


class Built:
    """Items on units of the text (half-open, counted through the document), turned into a reading.
    An id that is not given is made from content, and numbered where it is taken.

    Raises: DataError for units that do not exist.
    """

    def __init__(self, units: Units) -> None:
        self.units = units
        self._taken: set[str] = set()
        self.entities: list[Entity] = []
        self.relations: list[Relation] = []
        self.events: list[Event] = []

    def entity(
        self,
        first: int,
        last: int,
        label: str,
        ident: str = "",
        score: float | None = None,
        value: str | None = None,
    ) -> Entity:
        """Add an entity."""
        start, end = self.units.span(first, last)
        ident = ident or self._free(entity_id(start, end, label))
        made = Entity(ident, start, end, label, self.units.text[start:end], score, value)
        self.entities.append(made)
        return made

    def relation(self, label: str, head: str, tail: str, ident: str = "") -> Relation:
        """Add a relation between two entity ids."""
        made = Relation(ident or self._free(relation_id(label, head, tail)), label, head, tail)
        self.relations.append(made)
        return made

    def event(
        self,
        first: int,
        last: int,
        type: str,
        arguments: Iterable[Argument],
        ident: str = "",
        score: float | None = None,
        mode: str | None = None,
        modality: Modality = "asserted",
    ) -> Event:
        """Add an event; its arguments name entities by id."""
        start, end = self.units.span(first, last)
        trigger = Trigger(start, end, self.units.text[start:end])
        ident = ident or self._free(event_id(start, end, type))
        made = Event(ident, type, trigger, mode, modality, score, arguments=tuple(arguments))
        self.events.append(made)
        return made

    def reading(self, origin: Origin) -> Annotation:
        """All of it.

        Raises: DataError if an id is used twice or names nothing.
        """
        return Annotation(
            Author(origin.kind, origin.agent),
            origin.status,
            tuple(self.entities),
            tuple(self.relations),
            tuple(self.events),
        )

    def _free(self, ident: str) -> str:
        number, free = 1, ident
        while free in self._taken:
            number += 1
            free = f"{ident}-{number}"
        self._taken.add(free)
        return free


def unused(raw: dict[str, Any], used: Iterable[str]) -> list[tuple[str, Any]]:
    """The fields of a JSON object that say something and are not among the `used` ones. Those that
    start with _ are a tool's own notes."""
    known = set(used)
    return [
        (name, value)
        for name, value in raw.items()
        if name not in known and not name.startswith("_") and value not in (None, "", [], {}, "UNK")
    ]
