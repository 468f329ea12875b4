"""Which of a document's readings stands for it."""

from __future__ import annotations

import datetime
from typing import Literal, Protocol

from curation.model import Annotation, Record

Include = Literal["agreed", "submitted", "proposed"]

_OLDEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


class _By(Protocol):
    @property
    def kind(self) -> str: ...


class _Reading(Protocol):
    @property
    def by(self) -> _By: ...
    @property
    def status(self) -> str: ...
    @property
    def at(self) -> datetime.datetime | None: ...


class _Readings(Protocol):
    @property
    def annotations(self) -> tuple[_Reading, ...]: ...


def chosen(record: _Readings, include: Include = "agreed") -> int | None:
    """Which of a record's readings stands for it: its last agreed one. Where there is none,
    `submitted` takes the newest that a person submitted, and `proposed` falls back further, on the
    last machine reading. None if there is no such reading.
    """
    readings = list(enumerate(record.annotations))
    agreed = [at for at, one in readings if one.status == "agreed"]
    if agreed:
        return agreed[-1]
    submitted = [at for at, one in readings if one.status == "submitted" and one.by.kind == "human"]
    if submitted and include in ("submitted", "proposed"):
        return max(submitted, key=lambda at: (record.annotations[at].at or _OLDEST, at))
    proposed = [at for at, one in readings if one.by.kind == "machine"]
    return proposed[-1] if proposed and include == "proposed" else None


def reading(record: Record, by: str | None = None) -> Annotation | None:
    """The reading that counts where something has to: the last one by the agent `by`, drafts and
    skipped ones aside; without an agent, the one that is `chosen` when everything may stand in.
    """
    if by is None:
        at = chosen(record, "proposed")
        return None if at is None else record.annotations[at]
    own = [one for one in record.annotations if one.by.agent == by]
    return next((one for one in reversed(own) if one.status not in ("draft", "skipped")), None)
