"""How far a project is: tasks by what people did, and readings by person."""

from __future__ import annotations

from statistics import fmean

from msgspec import Struct

from curation.review.desk import Desk
from curation.review.labelstudio import EXPORT_PAGE
from curation.review.tasks import uncertainty_of
from curation.wire.shapes import WireDraft, WireTask, read_task


class Person(Struct):
    """One person's readings."""

    submitted: int = 0
    empty: int = 0
    skipped: int = 0
    drafts: int = 0


class Status(Struct):
    """Counts of tasks. Each stands in one of: submitted by somebody (`empty`, of these: without
    a span), only skipped, only a draft, not started. `uncertainty` is the mean over those not
    started that have one. `pulled` is until when (ISO 8601) the readings were brought back, empty
    if they never were."""

    project: str
    address: str
    tasks: int = 0
    predicted: int = 0
    submitted: int = 0
    empty: int = 0
    skipped: int = 0
    drafts: int = 0
    not_started: int = 0
    uncertainty: float | None = None
    people: dict[str, Person] = {}
    pulled: str = ""


def status(desk: Desk) -> Status:
    """Count. Only tasks that somebody worked on are read in full."""
    found = Status(desk.project.title, desk.address, pulled=desk.state.last_pull())
    drafts = desk.server.with_drafts(desk.project.id)
    worked: list[int] = []
    doubts: list[float] = []
    for task in desk.server.tasks(desk.project.id):
        found.tasks += 1
        found.predicted += task.predictions > 0
        if task.submitted or task.skipped or task.id in drafts:
            worked.append(task.id)
        elif (doubt := uncertainty_of(task.data)) is not None:
            doubts.append(doubt)
    users = desk.server.users()
    for at in range(0, len(worked), EXPORT_PAGE):
        for raw in desk.server.export(desk.project.id, worked[at : at + EXPORT_PAGE]):
            _count(found, read_task(raw), users)
    found.not_started = found.tasks - found.submitted - found.skipped - found.drafts
    found.uncertainty = round(fmean(doubts), 4) if doubts else None
    return found


def _count(found: Status, task: WireTask, users: dict[int, str]) -> None:
    submitted = [a for a in task.annotations if not a.was_cancelled]
    for made in task.annotations:
        who = made.completed_by if isinstance(made.completed_by, int) else 0
        person = found.people.setdefault(users.get(who, f"user-{who}"), Person())
        if made.was_cancelled:
            person.skipped += 1
        else:
            person.submitted += 1
            person.empty += not _spans(made.result)
    for draft in task.drafts:
        if isinstance(draft, WireDraft):
            found.people.setdefault(str(draft.user), Person()).drafts += 1
    if submitted:
        found.submitted += 1
        found.empty += not any(_spans(made.result) for made in submitted)
    elif task.annotations:
        found.skipped += 1
    elif task.drafts:
        found.drafts += 1


def _spans(result: list[dict[str, object]]) -> bool:
    return any(str(item.get("type", "")).endswith("labels") for item in result)
