"""The shapes of Label Studio's JSON that we read. Unknown fields are passed over; a wrong type is
refused with its place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, cast

import msgspec
from msgspec import Struct

from curation.errors import MalformedRecord


class Item(Struct, frozen=True):
    """One entry of a `result`: a labelled span, a choice, or a relation."""

    type: str = ""
    id: str = ""
    from_name: str = ""
    to_name: str = ""
    value: dict[str, Any] = {}
    score: float | None = None
    origin: str | None = None
    meta: dict[str, Any] | None = None
    from_id: str = ""
    to_id: str = ""
    direction: str | None = None
    labels: list[str] | None = None

    @property
    def choices(self) -> list[str]:
        """What a choice or a labelled span says; its key is the item's type."""
        found: Any = self.value.get(self.type) or self.value.get("labels")
        return [str(name) for name in cast("list[Any]", found)] if isinstance(found, list) else []

    @property
    def shown(self) -> str | None:
        """What the page says the span's text is: never to be trusted, only compared."""
        text = self.value.get("text")
        return text if isinstance(text, str) else None

    @property
    def offsets(self) -> tuple[int, int] | None:
        """Start and end as they stand there, in the export's unit; None if they are no numbers."""
        return _numbers(self.value)

    @property
    def whole_offsets(self) -> tuple[int, int] | None:
        """The offsets of a HyperText span in the whole text; None if it has none."""
        inner = self.value.get("globalOffsets")
        return _numbers(cast("dict[str, Any]", inner)) if isinstance(inner, dict) else None


class Meta(Struct, frozen=True):
    """What our own regions say of themselves; others may give these names to other things."""

    value: str | None = None
    mode: str | None = None
    proposers: tuple[str, ...] = ()


def _numbers(value: dict[str, Any]) -> tuple[int, int] | None:
    start, end = value.get("start"), value.get("end")
    return (start, end) if type(start) is int and type(end) is int else None


class Person(Struct, frozen=True):
    """Who did something, where the server says more than a number."""

    id: int = 0
    email: str = ""


class Prediction(Struct, frozen=True):
    """A prediction in full."""

    result: list[Any] = []
    model_version: str | None = None
    id: int = 0


class WireAnnotation(Struct, frozen=True):
    """What one person submitted or skipped."""

    id: int = 0
    completed_by: int | Person | None = None
    result: list[Any] = []
    was_cancelled: bool = False
    updated_at: str | None = None
    parent_prediction: int | None = None
    prediction: Prediction | None = None


class WireDraft(Struct, frozen=True):
    """What one person has not submitted."""

    user: int | str | Person | None = None
    result: list[Any] = []
    updated_at: str | None = None


class WireTask(Struct, frozen=True):
    """A task of a raw JSON export. Predictions are numbers only, unless the export was told to
    hold them in full; so are drafts."""

    data: dict[str, Any]
    id: int = 0
    annotations: list[WireAnnotation] = []
    drafts: list[WireDraft | int] = []
    predictions: list[Prediction | int] = []


def read_item(raw: Any, place: int) -> Item:
    """One entry of a result.

    Raises: MalformedRecord if it is none.
    """
    try:
        # Not strict: some tools write numbers as text, and ids as numbers.
        return msgspec.convert(raw, Item, strict=False)
    except msgspec.ValidationError as fault:
        raise MalformedRecord(str(fault), field=f"$.result[{place}]") from fault


def read_meta(item: Item, place: str) -> Meta:
    """What a region's `meta` says.

    Raises: MalformedRecord if that is none of ours.
    """
    try:
        return msgspec.convert(item.meta or {}, Meta)
    except msgspec.ValidationError as fault:
        message, _, field = str(fault).partition(" - at `$")
        raise MalformedRecord(message, field=f"{place}.meta{field.rstrip('`')}") from fault


def read_task(raw: Any) -> WireTask:
    """One task of an export.

    Raises: MalformedRecord if it is none.
    """
    try:
        return msgspec.convert(raw, WireTask)
    except msgspec.ValidationError as fault:
        message, _, field = str(fault).partition(" - at `")
        raise MalformedRecord(message, field=field.rstrip("`")) from fault


def login(who: int | str | Person | None, users: Mapping[int, str]) -> str:
    """The login of who did something. `users` are logins by number.

    >>> login(3, {3: "amal"}), login("4", {}), login(None, {})
    ('amal', 'user-4', 'user-unknown')
    """
    if isinstance(who, Person):
        return who.email or users.get(who.id, f"user-{who.id}")
    if isinstance(who, str):
        return who if not who.isdecimal() else login(int(who), users)
    return users.get(who, f"user-{who}") if who is not None else "user-unknown"


def moment(text: str | None) -> datetime.datetime | None:
    """When something was done."""
    return datetime.datetime.fromisoformat(text) if text else None
