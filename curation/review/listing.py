"""What a project has of each document, and what it has twice."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from curation.model.ids import digest
from curation.review.labelstudio import LabelStudio
from curation.review.project import Project


class Known(Struct):
    """A document as the server has it. `same` is how many of its tasks say what the first one
    says; `twins` are those of them that nobody has submitted or skipped. A draft is a reading."""

    tasks: list[int]
    text: str
    proposal: str
    predictions: int = 0
    readings: int = 0
    same: int = 0
    twins: list[int] = []


def listing(server: LabelStudio, project: Project) -> dict[str, Known]:
    """What is there, by document id; only digests of the texts are held."""
    found: dict[str, Known] = {}
    drafts = server.with_drafts(project.id)
    for task in server.tasks(project.id):
        if ident := task.data.get("doc_id"):
            text, proposal = digest(str(task.data.get("text", ""))), task.data.get("proposal", "")
            there = found.setdefault(ident, Known([], text, proposal))
            there.tasks.append(task.id)
            there.predictions += task.predictions
            there.readings += task.submitted + task.skipped + (task.id in drafts)
            if (there.text, there.proposal) == (text, proposal):
                there.same += 1
                there.twins += [] if task.submitted or task.skipped else [task.id]
    return found


def remove_twins(server: LabelStudio, project: Project, known: Iterable[Known]) -> int:
    """Of tasks that say the same, leave those that somebody worked on, or else the oldest; returns
    how many were removed. They come from an import that went on after its sender was killed.
    """
    double = [one for one in known if one.same > 1 and one.twins]
    drafts = server.with_drafts(project.id) if double else set[int]()
    removed = 0
    for one in double:
        idle = [task for task in one.twins if task not in drafts]
        for task in idle[1:] if len(idle) == one.same else idle:
            server.delete_task(task)
            removed += 1
    return removed
