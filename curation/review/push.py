"""Send proposals to a project: each document exactly once, with its prediction, whatever happens
on the way. Nothing is repeated blindly: after a reply that got lost, look, then send what lacks.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from curation.errors import DataError, PushIncomplete, ReviewError, ServerUnavailable
from curation.model import Record, Schema
from curation.model.ids import digest
from curation.review.desk import Desk, check_config
from curation.review.labelstudio import LabelStudio
from curation.review.listing import Known, listing, remove_twins
from curation.review.state import Pushed
from curation.review.tasks import Proposal, proposal
from curation.store import Rejects
from curation.wire.names import MODEL_VERSION

#: Documents, and characters of text, of one import. The server takes 250 MB a request.
BATCH, BATCH_CHARACTERS = 500, 5_000_000
#: How often an import whose outcome is not known is looked into, and seconds between two looks.
ATTEMPTS, PAUSE = 6, 2.0


#: What becomes of a document: sent now; there already with the same proposal; there with another
#: one, which is replaced, or kept.
Fate = Literal["sent", "there", "updated", "kept"]


class Report(Struct):
    """How many documents had which fate, how many predictions had got lost, and how many tasks
    stood there twice and were removed."""

    sent: int = 0
    there: int = 0
    updated: int = 0
    kept: int = 0
    repaired: int = 0
    doubled: int = 0

    def add(self, fate: Fate, count: int = 1) -> None:
        """Count documents."""
        setattr(self, fate, getattr(self, fate) + count)


def push(
    desk: Desk,
    records: Iterable[Record],
    schema: Schema,
    rejects: Rejects,
    *,
    update: bool = False,
) -> Report:
    """Bring every record's document into the project. What can not be sent goes to `rejects`.

    A document is known by its id. One that is there with another proposal keeps the old one,
    unless `update` says to replace it and nobody has read it yet.

    Raises: ServerUnavailable if the server stays away; PushIncomplete if at the end a document is
    not there exactly once with its prediction.
    """
    known = listing(desk.server, desk.project)
    report, expected = Report(), set[str]()
    fresh = compare(records, schema, known, rejects)
    for batch in batches(fresh):
        fates: dict[Fate, list[Proposal]] = {"sent": [], "there": [], "updated": [], "kept": []}
        for item in batch:
            fates[_fate(known, item, update=update)].append(item)
        # Before they are sent, so that nothing is there that we do not know.
        ours = (*fates["sent"], *fates["there"], *fates["updated"])
        desk.state.copies.add(Pushed(p.digest, p.record) for p in ours)
        for item in fates["updated"]:
            _replace(desk, known[item.document], item)
        expected.update(p.document for p in batch)
        report.add("sent", _send(desk, fates["sent"], rejects, expected))
        for fate in ("there", "updated", "kept"):
            report.add(fate, len(fates[fate]))
    _complete(desk, schema, expected, report)
    return report


def foresee(
    server: LabelStudio,
    title: str,
    records: Iterable[Record],
    schema: Schema,
    rejects: Rejects,
    *,
    update: bool = False,
) -> Report:
    """What `push` would do to the project of this title; nothing is sent.

    Raises: ReviewError if the project is not set up for the schema, and `update` is not given.
    """
    project = server.project(title)
    if project:
        check_config(project, schema, update=update)
    known = listing(server, project) if project else {}
    report = Report()
    for item in compare(records, schema, known, rejects):
        report.add(_fate(known, item, update=update))
    return report


def compare(
    records: Iterable[Record], schema: Schema, known: dict[str, Known], rejects: Rejects
) -> Iterator[Proposal]:
    """The records as tasks; those that can not be sent go to `rejects`."""
    seen: set[str] = set()
    for record in records:
        ident = record.document.id
        try:
            if ident in seen:
                raise DataError(f"document {ident!r} stands in the input twice")
            seen.add(ident)
            there = known.get(ident)
            if there and there.text != digest(record.document.text):
                raise DataError(
                    f"document {ident!r} is in the project with another text",
                    field="$.document.text",
                    hint="A text never changes: give the new one an id of its own.",
                )
            yield proposal(record, schema)
        except DataError as error:
            rejects.add(error, msgspec.json.encode(record))


def batches(items: Iterable[Proposal]) -> Iterator[list[Proposal]]:
    """The items in runs of at most BATCH documents and about BATCH_CHARACTERS of text."""
    batch: list[Proposal] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.record.document.text)
        if len(batch) >= BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _send(desk: Desk, items: Sequence[Proposal], rejects: Rejects, expected: set[str]) -> int:
    """Import these, each once; returns how many. One bad task makes the server refuse them all:
    then halves are tried, down to the one that is refused."""
    left = list(items)
    for attempt in range(ATTEMPTS):
        if not left:
            return len(items)
        try:
            desk.server.import_tasks(desk.project.id, [p.task for p in left])
            return len(items)
        except ServerUnavailable:
            if attempt == ATTEMPTS - 1:
                raise
            there = _settled(desk)
            left = [p for p in left if p.document not in there]
        except ReviewError as error:
            if len(left) > 1:
                middle = len(left) // 2
                halves = (left[:middle], left[middle:])
                sent = sum(_send(desk, half, rejects, expected) for half in halves)
                return len(items) - len(left) + sent
            expected.discard(left[0].document)
            rejects.add(
                DataError(f"document {left[0].document!r}: {error.message}"),
                msgspec.json.encode(left[0].record),
            )
            return len(items) - 1
    return len(items)


def _settled(desk: Desk) -> dict[str, Known]:
    """What is there once the server answers again and two looks in a row agree: an import whose
    reply got lost may still be under way."""
    before: int | None = None
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE)
        try:
            there = listing(desk.server, desk.project)
        except ServerUnavailable:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        count = sum(len(known.tasks) for known in there.values())
        if count == before:
            return there
        before = count
    raise ServerUnavailable(
        f"{desk.server.url} is still changing after a lost reply",
        hint="Run the same command again: what is there is not sent twice.",
    )


def _replace(desk: Desk, there: Known, item: Proposal) -> None:
    """Another proposal for a task. The digest goes last: cut short, this is done again."""
    for task in there.tasks:
        desk.server.delete_predictions(task)
        if item.prediction:
            desk.server.import_predictions(desk.project.id, [{"task": task, **item.prediction}])
        desk.server.update_data(task, item.task["data"])


def _complete(desk: Desk, schema: Schema, expected: set[str], report: Report) -> None:
    """Look at everything once more, remove what came twice, add the predictions that got lost."""
    there = listing(desk.server, desk.project)
    ours = (known for ident, known in there.items() if ident in expected)
    report.doubled = remove_twins(desk.server, desk.project, ours)
    if report.doubled:
        there = listing(desk.server, desk.project)
    lost = [i for i in sorted(expected & there.keys()) if _lacks_prediction(there[i])]
    for ident in lost:
        known = there[ident]
        for pushed in desk.state.copies.versions(ident):
            again = proposal(pushed.record, schema)
            if again.digest == known.proposal and again.prediction:
                row = {"task": known.tasks[0], **again.prediction}
                desk.server.import_predictions(desk.project.id, [row])
                break
    report.repaired = len(lost)
    if lost:
        there = listing(desk.server, desk.project)
    faults = list(_faults(there, expected))
    if faults:
        raise PushIncomplete(
            f"{len(faults)} documents are not in {desk.project.title!r} as they should be: "
            + "; ".join(faults[:5]),
            hint="Run the same command again; delete tasks that stand there twice.",
        )
    if any(known.predictions for known in there.values()):
        desk.server.show_predictions(desk.project.id, MODEL_VERSION)


def _fate(known: dict[str, Known], item: Proposal, *, update: bool) -> Fate:
    """What a push makes of this document. What somebody has submitted, skipped or begun stays as
    it was shown to them."""
    there = known.get(item.document)
    if there is None:
        return "sent"
    if there.proposal == item.digest:
        return "there"
    return "updated" if update and not there.readings else "kept"


def _lacks_prediction(known: Known) -> bool:
    return bool(known.proposal) and known.predictions < len(known.tasks)


def _faults(there: dict[str, Known], expected: set[str]) -> Iterator[str]:
    for ident in sorted(expected):
        known = there.get(ident)
        if known is None:
            yield f"{ident!r} is missing"
        elif len(known.tasks) > 1:
            yield f"{ident!r} is there {len(known.tasks)} times (tasks {known.tasks})"
        elif _lacks_prediction(known):
            yield f"{ident!r} has no prediction (task {known.tasks[0]})"
