"""Entities, relations and events become Label Studio's `result`: the inverse of `regions`."""

from __future__ import annotations

from typing import Any

import msgspec

from curation.model import Annotation, Event, Schema
from curation.wire.names import ENTITIES, EVENTS, MODALITY, TEXT, mode_control


def regions(reading: Annotation, schema: Schema | None) -> list[dict[str, Any]]:
    """A reading as Label Studio's `result`: regions carry our ids, arguments are relations from
    the trigger's region, modality and mode its choices. A mode that the schema does not have, and
    the page has no choice for, goes along in `meta`. `meta.text` is what the page shows of it, and
    of an entity's value. Without a schema every mode goes along so.
    """
    result: list[dict[str, Any]] = []
    for entity in reading.entities:
        region = span(entity.id, ENTITIES, entity.start, entity.end, entity.text, entity.label)
        _remark(region, entity.score, entity.value, value=entity.value, proposers=entity.proposers)
        result.append(region)
    for event in reading.events:
        at = event.trigger
        region = span(event.id, EVENTS, at.start, at.end, at.text, event.type)
        kind = schema.event(event.type) if schema else None
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
