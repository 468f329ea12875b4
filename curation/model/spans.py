"""What is said about a stretch of text: entities, relations between them, events with roles.

Offsets are half-open Unicode code points: `document.text[start:end] == text`. Nothing here can be
part of a cycle, so the garbage collector need not look at it (`gc=False`): there is a lot of it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from curation.errors import DataError, SpanMismatch

Modality = Literal["asserted", "negated", "possible", "future"]


def check_span(start: int, end: int, text: str) -> None:
    """A span covers something, and its text is as long as it says.

    >>> check_span(0, 6, "المغرب")
    >>> check_span(3, 3, "")
    Traceback (most recent call last):
    ...
    curation.errors.DataError: span 3:3 is empty or reversed
    """
    if not 0 <= start < end:
        raise DataError(f"span {start}:{end} is empty or reversed")
    if len(text) != end - start:
        raise SpanMismatch(
            f"span {start}:{end} has {end - start} code points, its text {text!r} has {len(text)}"
        )


def check_score(score: float | None) -> None:
    """A score is a probability, or not known (None)."""
    if score is not None and not 0.0 <= score <= 1.0:
        raise DataError(f"score {score} is not between 0 and 1")


class Entity(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A labelled stretch of text.

    `value` is what it stands for (`iso3166:MA`, `2022-10-01`); `proposers` are the annotators
    that found it, under their versioned names.

    >>> Entity(id="e1", start=0, end=6, label="GPE", text="المغرب", value="iso3166:MA").label
    'GPE'
    """

    id: str
    start: int
    end: int
    label: str
    text: str
    score: float | None = None
    value: str | None = None
    proposers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_span(self.start, self.end, self.text)
        check_score(self.score)
        _named(self.id, self.label)


class Relation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A labelled, directed link between two entities of the same annotation, by their ids."""

    id: str
    label: str
    head: str
    tail: str

    def __post_init__(self) -> None:
        _named(self.id, self.label)


class Trigger(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The word or words that an event hangs on. Two events may share one."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        check_span(self.start, self.end, self.text)


class Argument(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A participant: the entity with this id plays this role."""

    role: str
    entity: str


class Event(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Something that happens, with its participants.

    `modality` says whether the text asserts it; `mode` is a finer kind within the type.

    >>> Event(id="v1", type="AGREE", trigger=Trigger(0, 6, "فوقّعت")).modality
    'asserted'
    """

    id: str
    type: str
    trigger: Trigger
    mode: str | None = None
    modality: Modality = "asserted"
    score: float | None = None
    proposers: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()

    def __post_init__(self) -> None:
        check_score(self.score)
        _named(self.id, self.type)


def _named(ident: str, label: str) -> None:
    if not ident or not label:
        raise DataError("an id and a label or type must not be empty")
