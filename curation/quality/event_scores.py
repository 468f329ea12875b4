"""How right the events of a reading are, the ACE way, measured on a gold reading of the same text.

Li, Ji and Huang 2013 (https://aclanthology.org/P13-1008), as Wadden et al. 2019
(https://aclanthology.org/D19-1585) count it:

- trigger identification: the trigger's span is that of a gold trigger;
- trigger classification: and the event has its type;
- argument identification: an event of the gold with the same type has an argument on the same span;
- argument classification: and in the same role.

Spans are those of whole triggers and of the entities that take part, exactly, in half-open code
points. The trigger of an argument need not be right, only its event's type; `attached` asks for the
trigger's span too (as "argument attachment" in Huang et al. 2024, TextEE). Every event and every
argument counts, also where two events share a trigger; ACE is counted by the sentence, this by the
document.

ACE corpora mark heads, and match arguments by them. Records have none, and a head can not be told
from a name without a parser (the first word of حركة حماس is not what names it). The lenient figures
are therefore by overlap: an argument is right if its span shares a code point with that of a gold
argument of the same event type (and role). What is the same is paired first, then as many as can
be, one to one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from msgspec import Struct, field

from curation.model import Annotation, Event
from curation.quality.counts import Counts, Table, common
from curation.quality.pairing import Pair, heaviest, overlapping


class EventScores(Struct):
    """Counts over any number of documents. With `asserted` only events that the text asserts are
    looked at, on both sides."""

    asserted: bool = False
    trigger_identification: Counts = field(default_factory=Counts)
    #: Trigger classification, type by type.
    types: Table = field(default_factory=Table)
    #: Span, type and mode; span, type and modality; all four.
    with_mode: Counts = field(default_factory=Counts)
    with_modality: Counts = field(default_factory=Counts)
    with_both: Counts = field(default_factory=Counts)
    argument_identification: Counts = field(default_factory=Counts)
    #: Argument classification, role by role.
    roles: Table = field(default_factory=Table)
    attached: Counts = field(default_factory=Counts)
    overlap_identification: Counts = field(default_factory=Counts)
    overlap_classification: Counts = field(default_factory=Counts)

    def add(self, gold: Annotation, predicted: Annotation | None) -> None:
        """Count the events of one document; None has no event."""
        theirs, ours = self._events(gold), self._events(predicted)
        if not (theirs or ours):
            return
        self._triggers(theirs, ours)
        self._arguments(_arguments(gold, theirs), _arguments(predicted, ours))

    def _events(self, reading: Annotation | None) -> Sequence[Event]:
        if reading is None:
            return ()
        if not self.asserted:
            return reading.events
        return [event for event in reading.events if event.modality == "asserted"]

    def _triggers(self, theirs: Sequence[Event], ours: Sequence[Event]) -> None:
        gold, own = [_key(event) for event in theirs], [_key(event) for event in ours]
        self.trigger_identification.add([k[0] for k in gold], [k[0] for k in own])
        _count(self.types, [k[:2] for k in gold], [k[:2] for k in own])
        self.with_mode.add([k[:3] for k in gold], [k[:3] for k in own])
        self.with_modality.add([(*k[:2], k[3]) for k in gold], [(*k[:2], k[3]) for k in own])
        self.with_both.add(gold, own)

    def _arguments(self, theirs: Sequence[_Argument], ours: Sequence[_Argument]) -> None:
        self.argument_identification.add([a.typed for a in theirs], [a.typed for a in ours])
        _count(
            self.roles,
            [(a.typed, a.role) for a in theirs],
            [(a.typed, a.role) for a in ours],
        )
        self.attached.add(
            [(a.typed, a.role, a.trigger) for a in theirs],
            [(a.typed, a.role, a.trigger) for a in ours],
        )
        for counts, roles in (
            (self.overlap_identification, False),
            (self.overlap_classification, True),
        ):
            counts.gold += len(theirs)
            counts.predicted += len(ours)
            counts.right += _meeting(
                [((a.type, a.role if roles else ""), a.span) for a in theirs],
                [((a.type, a.role if roles else ""), a.span) for a in ours],
            )


class _Argument(Struct, frozen=True):
    """An argument with the span of its entity, and its event's type and trigger."""

    type: str
    role: str
    span: Pair
    trigger: Pair

    @property
    def typed(self) -> tuple[str, Pair]:
        """What argument identification compares."""
        return self.type, self.span


def _key(event: Event) -> tuple[Pair, str, str | None, str]:
    return (event.trigger.start, event.trigger.end), event.type, event.mode, event.modality


def _arguments(reading: Annotation | None, events: Iterable[Event]) -> list[_Argument]:
    entities = reading.entities if reading else ()
    spans = {entity.id: (entity.start, entity.end) for entity in entities}
    return [
        _Argument(event.type, one.role, spans[one.entity], (event.trigger.start, event.trigger.end))
        for event in events
        for one in event.arguments
    ]


def _count(
    table: Table,
    gold: Sequence[tuple[Hashable, str]],
    predicted: Sequence[tuple[Hashable, str]],
) -> None:
    """Count items that end in their label."""
    table.gold.update([label for _, label in gold])
    table.predicted.update([label for _, label in predicted])
    table.right.update([label for _, label in common(gold, predicted)[0]])


def _meeting(
    gold: Sequence[tuple[tuple[str, str], Pair]], predicted: Sequence[tuple[tuple[str, str], Pair]]
) -> int:
    """How many spans can be paired with one that they overlap, within their groups."""
    both, missed, extra = common(gold, predicted)
    groups: dict[tuple[str, str], tuple[list[Pair], list[Pair]]] = defaultdict(lambda: ([], []))
    for side, left in enumerate((missed, extra)):
        for group, span in left:
            groups[group][side].append(span)
    return len(both) + sum(
        len(heaviest(dict.fromkeys(overlapping(*sides), 1))) for sides in groups.values()
    )
