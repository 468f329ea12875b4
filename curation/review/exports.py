"""Raw JSON exports of Label Studio, of our own projects and of anybody's, become records."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from curation.errors import DataError, MalformedRecord
from curation.model import Record, Schema
from curation.review.readings import Copy, TaskReader
from curation.review.spool import Spool, spooling
from curation.review.state import Pushed
from curation.store import Lookup, Rejects, opened, writer
from curation.wire.shapes import read_task


class Report(Struct):
    """What came back. `documents` in all; those with a submitted reading, of these the empty
    ones; else with a skipped one; else with a draft; tasks read this time, of these the ones that
    were read before and say the same; documents whose task is gone from the server, kept as last
    pulled; readings that their server no longer has (document and login); documents of which no
    copy of ours says what was proposed; controls that have no place in a record; the unit of the
    export's offsets."""

    documents: int = 0
    submitted: int = 0
    empty: int = 0
    skipped: int = 0
    drafts: int = 0
    fetched: int = 0
    again: int = 0
    gone: list[str] = []
    withdrawn: list[str] = []
    uncopied: int = 0
    others: set[str] = set()
    unit: str = "code points"


def read_export(
    source: Path,
    schema: Schema,
    output: Path | str,
    rejects: Rejects,
    *,
    documents: Path | None = None,
) -> Report:
    """Read a raw JSON export and write its records to `output`. `documents` are the records that
    were pushed: they say what was proposed; without them the export's predictions do.

    Raises: MalformedRecord if the file is no export.
    """
    report = Report()
    with contextlib.ExitStack() as stack:
        spool = stack.enter_context(spooling())
        copy = _copy(documents, rejects, stack) if documents else _nothing
        try:
            # Raw: one task at a time is decoded, only the file's bytes are in memory.
            with opened(source) as stream:
                tasks = msgspec.json.decode(stream.read(), type=list[msgspec.Raw])
            for raw in tasks:
                spool.add(msgspec.json.decode(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise MalformedRecord(
                f"no list of tasks: {fault}",
                file=str(source),
                hint="Export the project from Label Studio as JSON (not JSON-MIN, CSV or CoNLL).",
            ) from fault
        report.unit = spool.unit
        reader = TaskReader(schema, copy, {}, spool.unit)
        with writer(output) as put:
            for _, record, _ in read_spool(
                spool, reader, rejects, report, {}, lambda _: str(source)
            ):
                report.fetched += 1
                count(report, record)
                put(record)
    return report


def _nothing(document: str) -> list[Pushed]:
    return []


def _copy(path: Path, rejects: Rejects, stack: contextlib.ExitStack) -> Copy:
    lookup = stack.enter_context(contextlib.closing(Lookup(path, rejects)))

    def copy(document: str) -> list[Pushed]:
        record = lookup.get(document)
        return [Pushed("", record)] if record else []

    return copy


def read_spool(
    spool: Spool,
    reader: TaskReader,
    rejects: Rejects,
    report: Report,
    owners: dict[str, int],
    file: Callable[[Any], str],
) -> Iterator[tuple[int, Record, bool]]:
    """Each task's number, its record, and whether nothing was found wrong in it. `owners` says
    which task a document belongs to; a second task of it is refused. `file` says where a raw
    task stands, for whoever puts right what is found in it."""
    for place, raw in enumerate(spool, start=1):
        try:
            task = read_task(raw)
            got = reader.read(task)
            document, number = got.record.document.id, task.id or -place
            if owners.setdefault(document, number) != number:
                raise DataError(f"document {document!r} is in task {owners[document]} already")
        except DataError as error:
            _reject(rejects, error, raw, file(raw))
            continue
        for finding in got.findings:
            where = f"task {task.id}"
            _reject(rejects, finding.error, finding.content, file(raw), where, finding.written)
        report.others |= got.others
        report.uncopied += not got.copied
        yield number, got.record, not got.findings


def _reject(
    rejects: Rejects,
    error: DataError,
    content: Any,
    file: str,
    where: str = "",
    written: bool = False,
) -> None:
    field = ": ".join(part for part in (where, error.field) if part)
    placed = type(error)(error.message, file=file, line=0, field=field, hint=error.hint)
    rejects.add(placed, msgspec.json.encode(content), written=written)


def count(report: Report, record: Record) -> None:
    """Take one record into the report's figures."""
    human = [a for a in record.annotations if a.by.kind == "human"]
    submitted = [a for a in human if a.status == "submitted"]
    report.documents += 1
    if submitted:
        report.submitted += 1
        report.empty += not any(a.entities or a.events for a in submitted)
    elif any(a.status == "skipped" for a in human):
        report.skipped += 1
    elif any(a.status == "draft" for a in human):
        report.drafts += 1
