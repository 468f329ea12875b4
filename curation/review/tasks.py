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
from curation.model import Annotation, Event, Record, Schema, unstorable, violations
from curation.model.ids import digest
from curation.review.config import ENTITIES, EVENTS, MODALITY, TEXT, mode_control

#: The model version of every prediction we send. One name for all: the page shows only the
#: predictions of the version that the project names.
MODEL_VERSION = "curation"


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
    data: dict[str, Any] = {"text": document.text, "doc_id": document.id}
    for name in ("language", "source"):
        if value := getattr(document, name):
            data[name] = value
    if document.published:
        data["published"] = document.published.isoformat()
    if document.meta:
        data["meta"] = document.meta
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


def regions(reading: Annotation, schema: Schema) -> list[dict[str, Any]]:
    """A reading as Label Studio's `result`: regions carry our ids, arguments are relations from
    the trigger's region, modality and mode its choices. A mode that the schema does not have, and
    the page has no choice for, goes along in `meta`. `meta.text` is what the page shows of it, and
    of an entity's value.
    """
    result: list[dict[str, Any]] = []
    for entity in reading.entities:
        region = span(entity.id, ENTITIES, entity.start, entity.end, entity.text, entity.label)
        _remark(region, entity.score, entity.value, value=entity.value, proposers=entity.proposers)
        result.append(region)
    for event in reading.events:
        at = event.trigger
        region = span(event.id, EVENTS, at.start, at.end, at.text, event.type)
        kind = schema.event(event.type)
        other = event.mode if kind is None or event.mode not in kind.modes else None
        _remark(region, event.score, other, mode=other, proposers=event.proposers)
        result += (region, *choices(msgspec.structs.replace(event, mode=None) if other else event))
    for event in reading.events:
        result += [link(event.id, a.entity, a.role) for a in event.arguments]
    result += [link(r.head, r.tail, r.label) for r in reading.relations]
    return result


def span(ident: str, control: str, start: int, end: int, text: str, label: str) -> dict[str, Any]:
    """One labelled region."""
    return {
        "id": ident,
        "from_name": control,
        "to_name": TEXT,
        "type": "labels",
        "value": {"start": start, "end": end, "text": text, "labels": [label]},
    }


def choices(event: Event) -> list[dict[str, Any]]:
    """The choices that belong to a trigger's region: its modality, and its mode if it has one."""
    at = event.trigger
    place = {"start": at.start, "end": at.end, "text": at.text}
    chosen = [(MODALITY, event.modality)]
    if event.mode is not None:
        chosen.append((mode_control(event.type), event.mode))
    return [
        {
            "id": event.id,
            "from_name": name,
            "to_name": TEXT,
            "type": "choices",
            "value": {**place, "choices": [value]},
        }
        for name, value in chosen
    ]


def link(head: str, tail: str, label: str) -> dict[str, Any]:
    """One relation between two regions."""
    return {
        "type": "relation",
        "from_id": head,
        "to_id": tail,
        "direction": "right",
        "labels": [label],
    }


def _remark(region: dict[str, Any], score: float | None, shown: str | None, **rest: Any) -> None:
    meta = {name: value for name, value in rest.items() if value}
    if shown:
        meta["text"] = [shown]
    if score is not None:
        region["score"] = score
    if meta:
        region["meta"] = meta
