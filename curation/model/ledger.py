"""The ledger: what each person decided about each proposal, one entry a line."""

from __future__ import annotations

import datetime
from typing import Literal

from msgspec import Struct

from curation.model.spans import Modality

Item = Literal["entity", "relation", "event", "argument"]

Decision = Literal[
    "accepted",  # as it was proposed
    "relabelled",  # the same span, another label
    "moved",  # the same label, another span; of a relation or an argument, another end
    "moved+relabelled",
    "revalued",  # the same span and label, another value, mode or modality
    "removed",  # proposed, and not in the person's reading
    "added",  # in the person's reading, and nobody proposed it
    "unreviewed",  # nobody submitted a reading of the document
]


class Said(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a reading says about one item. Spans (code points) are those of an entity or of an
    event's trigger; `head` and `tail` are the ids that a relation (entity to entity) or an
    argument (event to entity) links; `mode` and `modality` are an event's.
    """

    label: str
    start: int | None = None
    end: int | None = None
    text: str | None = None
    value: str | None = None
    head: str | None = None
    tail: str | None = None
    mode: str | None = None
    modality: Modality = "asserted"


class LedgerEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One decision: who (`by`, empty while unreviewed) did what to which item, and when.

    `before` is the proposal and `after` the person's reading; `proposers` are the annotators that
    proposed it.
    """

    document: str
    item: Item
    id: str
    decision: Decision
    by: str = ""
    at: datetime.datetime | None = None
    proposers: tuple[str, ...] = ()
    before: Said | None = None
    after: Said | None = None
