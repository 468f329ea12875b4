"""A record becomes a task: the text, who it is, and the proposals as a prediction. Everything is
checked here, because the server checks nothing: what it takes silently breaks the page later.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import msgspec
from msgspec import Struct

from curation.errors import MalformedRecord, SchemaViolation
from curation.model import Annotation, Record, Schema, unstorable, violations
from curation.model.ids import digest
from curation.wire.documents import data_of
from curation.wire.names import MODEL_VERSION
from curation.wire.results import regions


class Proposal(Struct, frozen=True):
    """What is sent of one record. `task` is the import body; `digest` stands for the reading."""

    record: Record
    task: dict[str, Any]
    digest: str

    @property
    def document(self) -> str:
        """The document's id."""
        return self.record.document.id

    @property
    def prediction(self) -> dict[str, Any] | None:
        """The prediction in it, or None where nobody proposed anything."""
        return next(iter(self.task["predictions"]), None)


def proposed(record: Record) -> Annotation | None:
    """The reading that reviewers start from: the newest by a machine or a merge."""
    return next((a for a in reversed(record.annotations) if a.by.kind != "human"), None)


def proposal(record: Record, schema: Schema) -> Proposal:
    """The task of a record.

    Raises: SchemaViolation if the reading holds what the schema does not have.
    """
    document, reading = record.document, proposed(record)
    data = data_of(document)
    _check_strings(document.id, data)
    task: dict[str, Any] = {"data": data, "predictions": []}
    if reading is None:
        return Proposal(record, task, "")
    for fault in violations(schema, reading):
        # What the page has no label for breaks it; the rest is the reviewers' to put right.
        if fault.field.endswith((".label", ".type", ".role")):
            raise SchemaViolation(
                f"document {document.id!r}: {fault.message}",
                field=fault.field,
                hint="Give the schema that the proposals were made with (--schema).",
            )
    prediction: dict[str, Any] = {
        "model_version": MODEL_VERSION,
        "result": regions(reading, schema),
    }
    if (sure := _sureness(reading)) is not None:
        prediction["score"] = sure
    task["predictions"].append(prediction)
    data["proposed_by"] = reading.by.agent
    if reading.uncertainty is not None:
        data["uncertainty"] = reading.uncertainty
    # Another uncertainty alone is no other proposal: nobody's page would look different.
    shown = msgspec.structs.replace(reading, uncertainty=None)
    data["proposal"] = digest(msgspec.json.encode(shown).decode())
    return Proposal(record, task, data["proposal"])


def _sureness(reading: Annotation) -> float | None:
    """The prediction's score, 0 to 1. Where the server orders by it, lowest first, it gives the
    order of falling uncertainty; where none is known, it is the mean of the spans' scores."""
    if reading.uncertainty is not None:
        return round(max(0.0, 1 - reading.uncertainty), 6)
    scores = [i.score for i in (*reading.entities, *reading.events) if i.score is not None]
    return sum(scores) / len(scores) if scores else None


def uncertainty_of(data: Mapping[str, Any]) -> float | None:
    """The uncertainty in the data of a task of ours; in others the name may mean anything."""
    told = data.get("uncertainty") if data.get("proposal") else None
    return float(told) if isinstance(told, float | int) and 0 <= told < math.inf else None


def _check_strings(ident: str, value: Any) -> None:
    """One lone surrogate in a task, and the server can list and export the project no more."""
    if isinstance(value, str):
        if (at := unstorable(value)) is not None:
            raise MalformedRecord(
                f"document {ident!r}: its metadata has U+{ord(value[at]):04X}, "
                "which the review server does not survive"
            )
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            _check_strings(ident, key)
            _check_strings(ident, inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            _check_strings(ident, inner)
