"""A scripted reviewer: posts readings from a file as a person's page would, for demonstrations
and tests. What it posts goes through the same server and comes back through the same pull.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from curation.errors import DataError, UnknownTask
from curation.model import Annotation, Entity, Event, Record, Schema
from curation.model.ids import digest
from curation.quality import match, place
from curation.review.desk import Desk
from curation.review.listing import listing
from curation.review.readings import TaskReader
from curation.review.tasks import proposed
from curation.wire.names import EMPTY, ENTITIES, EVENTS, NOTHING, TEXT
from curation.wire.results import choices, link, span
from curation.wire.shapes import Prediction, read_task

Item = TypeVar("Item", Entity, Event)


def post_readings(desk: Desk, readings: Iterable[Record], schema: Schema) -> int:
    """Post every human reading of these records to its document's task; returns how many.

    A person (by login) who has no account on the server gets one. A second reading of the same
    person changes the first in place, as "Update" on the page does.

    Raises: UnknownTask for a document that is not in the project; DataError for a reading that is
    neither submitted nor skipped.
    """
    known = listing(desk.server, desk.project)
    reader = TaskReader(schema, desk.state.copies.versions, {})
    numbers = {login: number for number, login in desk.server.users().items()}
    posted = 0
    for record in readings:
        document = record.document
        there = known.get(document.id)
        if there is None or there.text != digest(document.text):
            raise UnknownTask(
                f"project {desk.project.title!r} has no task with document {document.id!r} as it "
                "stands here",
                hint="Push it first.",
            )
        for reading in record.annotations:
            if reading.by.kind == "human":
                login = reading.by.agent
                if login not in numbers:
                    numbers[login] = desk.server.create_user(login, secrets.token_urlsafe(12))
                _post(desk, reader, there.tasks[0], reading, numbers[login])
                posted += 1
    return posted


def _post(desk: Desk, reader: TaskReader, task: int, reading: Annotation, person: int) -> None:
    (raw,) = desk.server.export(desk.project.id, [task])
    exported = read_task({**raw, "predictions": desk.server.predictions(task)})
    shown = reader.read(exported).record
    document = shown.document.id
    if reading.status not in ("submitted", "skipped"):
        raise DataError(f"document {document!r}: a {reading.status} reading can not be posted")
    body: dict[str, Any] = {
        "result": result(document, reading, proposed(shown)),
        "was_cancelled": reading.status == "skipped",
        "lead_time": 60.0,
    }
    mine = [a.id for a in exported.annotations if a.completed_by == person]
    if mine:
        desk.server.update_annotation(mine[-1], body)
        return
    if exported.predictions and isinstance(newest := exported.predictions[-1], Prediction):
        body["parent_prediction"] = newest.id
    desk.server.annotate(task, {"completed_by": person, **body})


def result(document: str, reading: Annotation, before: Annotation | None) -> list[dict[str, Any]]:
    """A reading as the page would send it: what is one of the proposals keeps that region's id
    and origin, changed or not; what is new gets an id of its own."""
    origin: dict[str, tuple[str, str, float | None]] = {}
    for old, new in _paired(before.entities if before else (), reading.entities):
        origin[new.id] = _origin(document, reading, old, new)
    for old, new in _paired(before.events if before else (), reading.events):
        origin[new.id] = _origin(document, reading, old, new)
    made: list[dict[str, Any]] = []
    for e in reading.entities:
        region = span(origin[e.id][0], ENTITIES, e.start, e.end, e.text, e.label)
        made.append(_signed(region, origin[e.id]))
    for v in reading.events:
        at = v.trigger
        region = span(origin[v.id][0], EVENTS, at.start, at.end, at.text, v.type)
        made.append(_signed(region, origin[v.id]))
        ident = origin[v.id][0]
        made += [_signed({**item, "id": ident}, origin[v.id]) for item in choices(v)]
    for v in reading.events:
        made += [link(origin[v.id][0], origin[a.entity][0], a.role) for a in v.arguments]
    made += [link(origin[r.head][0], origin[r.tail][0], r.label) for r in reading.relations]
    if not made and reading.status == "submitted":
        choice = {"from_name": EMPTY, "to_name": TEXT, "type": "choices", "origin": "manual"}
        ident = digest(document, reading.by.agent, size=5)
        made.append({**choice, "id": ident, "value": {"choices": [NOTHING]}})
    return made


def _paired(before: Sequence[Item], after: Sequence[Item]) -> list[tuple[Item | None, Item]]:
    return [(old, new) for old, new in match(before, after) if new is not None]


def _origin(
    document: str, reading: Annotation, old: Entity | Event | None, new: Entity | Event
) -> tuple[str, str, float | None]:
    """Region id, origin and score, as Label Studio would keep them."""
    if old is None:
        return digest(document, reading.by.agent, new.id, size=5), "manual", None
    return old.id, "prediction" if place(old) == place(new) else "prediction-changed", old.score


def _signed(region: dict[str, Any], origin: tuple[str, str, float | None]) -> dict[str, Any]:
    signed = {**region, "origin": origin[1]}
    return signed if origin[2] is None else {**signed, "score": origin[2]}
