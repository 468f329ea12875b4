"""Bring everybody's readings back: one record a document, incremental by default."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from curation.model import Record, Schema
from curation.model.ids import digest
from curation.review.desk import Desk
from curation.review.exports import Report, count, read_spool
from curation.review.labelstudio import EXPORT_PAGE
from curation.review.project import Task
from curation.review.readings import TaskReader
from curation.review.spool import Raw, Spool, spooling
from curation.review.state import Pulled, file_digest
from curation.store import STREAM, Rejects, read, writer


class _Listed(Struct):
    """The tasks of a project: the stamp of each, those that have to be read again (empty stamps
    are read again next time as well), the documents of tasks that went while we looked, and the
    newest change."""

    stamps: dict[int, str] = {}
    changed: set[int] = set()
    gone: set[str] = set()
    until: str = ""


def pull(
    desk: Desk, schema: Schema, output: Path | str, rejects: Rejects, *, full: bool = False
) -> Report:
    """Write every document of the project with its readings to `output`. What an earlier pull
    wrote there is kept for tasks that have not changed since, and for those that are gone from the
    server, unless `full`.

    What can not be taken as it is goes to `rejects`, with the address of its task as the file,
    again at every pull until it is put right.
    """
    path = None if str(output) == STREAM else Path(output)
    mark = digest(msgspec.json.encode(schema).decode())
    before = desk.state.pulled(path) if path and not full else Pulled()
    if before.schema != mark:
        before = Pulled()
    report = Report()
    with spooling() as spool, tempfile.TemporaryFile("w+b") as fresh:
        listed = _list(desk, before, spool)
        report.unit = spool.unit
        reader = TaskReader(schema, desk.state.copies.versions, desk.server.users(), spool.unit)
        owners = {
            document: task
            for task, (document, _) in before.stamps.items()
            if task in listed.stamps and task not in listed.changed
        }
        stamps = {task: (document, listed.stamps[task]) for document, task in owners.items()}
        places: dict[str, tuple[int, int]] = {}
        page = f"{desk.server.url}/projects/{desk.project.id}/data?task="
        for task, record, clean in read_spool(
            spool, reader, rejects, report, owners, lambda raw: f"{page}{raw['id']}"
        ):
            line = msgspec.json.encode(record)
            places[record.document.id] = fresh.tell(), len(line)
            fresh.write(line)
            stamps[task] = (record.document.id, listed.stamps[task] if clean else "")
        held = {document for document, _ in stamps.values()}
        report.fetched = len(places)
        report.gone = sorted(({d for d, _ in before.stamps.values()} | listed.gone) - held)
        earlier = read(path, Record) if path and before.stamps else iter(())
        with writer(output) as put:
            for record, was in _merged(earlier, fresh, places):
                report.withdrawn += _withdrawn(record, was)
                report.again += record == was
                count(report, record)
                put(record)
    if path:
        desk.state.remember(path, Pulled(listed.until, mark, file_digest(path), stamps))
    return report


def _list(desk: Desk, before: Pulled, spool: Spool) -> _Listed:
    listed = _Listed(until=before.at)
    drafts = desk.server.with_drafts(desk.project.id)
    waiting: list[Task] = []
    for task in desk.server.tasks(desk.project.id):
        stamp = f"{task.updated_at} {task.submitted} {task.skipped} {task.predictions}"
        # Saving or dropping a draft moves nothing that is listed.
        listed.stamps[task.id] = "" if task.id in drafts else stamp
        listed.until = max(listed.until, task.updated_at)
        if task.id in drafts or before.stamps.get(task.id, ("", ""))[1] != stamp:
            listed.changed.add(task.id)
            waiting.append(task)
            if len(waiting) == EXPORT_PAGE:
                listed.gone |= _fetch(desk, waiting, drafts, spool)
                waiting = []
    listed.gone |= _fetch(desk, waiting, drafts, spool)
    return listed


def _fetch(desk: Desk, tasks: list[Task], drafts: set[int], spool: Spool) -> set[str]:
    """Spool these tasks; returns the documents of those that are there no more. What nobody has
    touched, and we have a copy of, needs no request."""
    copies = desk.state.copies
    unknown = {t.id for t in tasks if str(t.data.get("doc_id")) not in copies}
    touched = {t.id for t in tasks if t.submitted or t.skipped or t.id in drafts}
    wanted = sorted(unknown | touched)
    exported: dict[int, Raw] = {}
    if wanted:
        exported = {raw["id"]: raw for raw in desk.server.export(desk.project.id, wanted)}
    gone: set[str] = set()
    for task in tasks:
        if task.id in wanted and task.id not in exported:
            # Deleted since it was listed: a bare task would say that nobody has worked on it.
            gone.add(str(task.data.get("doc_id")))
            continue
        raw = exported.get(task.id, {"id": task.id, "data": task.data})
        if task.id in unknown:
            raw["predictions"] = desk.server.predictions(task.id)
        spool.add(raw)
    return gone


def _merged(
    earlier: Iterator[Record],
    fresh: IO[bytes],
    places: dict[str, tuple[int, int]],
) -> Iterator[tuple[Record, Record | None]]:
    """The earlier records, those that were read again in their new form and as they were before,
    then the new ones."""
    left = dict(places)

    def newest(document: str) -> Record:
        offset, size = left.pop(document)
        fresh.seek(offset)
        return msgspec.json.decode(fresh.read(size), type=Record)

    for record in earlier:
        if record.document.id in left:
            yield newest(record.document.id), record
        else:
            yield record, None
    for document in list(left):
        yield newest(document), None


def _withdrawn(now: Record, was: Record | None) -> list[str]:
    """Who had submitted or skipped the document when it was last pulled, and no longer has."""

    def readers(record: Record) -> set[str]:
        done = ("submitted", "skipped")
        return {a.by.agent for a in record.annotations if a.by.kind == "human" and a.status in done}

    lost = readers(was) - readers(now) if was else set[str]()
    return [f"{now.document.id} by {login}" for login in sorted(lost)]
