"""Label Studio's JSON (https://labelstud.io/guide/tasks#Example-JSON-format): a list of tasks, as
its importer takes and its export gives them, of any project that labels text.

It holds every reading (or that of `--by`): those of machines and merges are predictions, under
their name as `model_version`; what people submitted or skipped are annotations, by e-mail address,
which the importing server has to know; what they have not submitted are drafts, which its importer
passes over. Regions are those that `curation review` sends: entities of the control `entities`,
triggers of `events`, arguments and relations as links, modality as a choice; value, mode and
proposers in `meta`, as the control of modes may not be there. In `data` is the document.

In an export of any project, labels of a control `events` are events and all others entities. The
unit of the offsets is decided over the whole file. Ids of relations have no place, nor a machine's
uncertainty, nor one link twice. The file is held in memory when it is read, a task at a time as
text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from curation.convert import unsaid
from curation.convert.built import Origin
from curation.convert.lines import once, refuse
from curation.convert.losses import Losses
from curation.errors import DataError, MalformedRecord
from curation.model import Annotation, Author, Document, Event, Record, Relation, relation_id
from curation.model.record import Kind, Status
from curation.quality import reading
from curation.store import Rejects, opened, written
from curation.wire.documents import data_of, document_of, made_document, text_of
from curation.wire.names import MODEL_VERSION
from curation.wire.prior import Prior
from curation.wire.regions import read_regions
from curation.wire.results import regions
from curation.wire.shapes import (
    Prediction,
    WireAnnotation,
    WireDraft,
    WireTask,
    login,
    moment,
    read_item,
    read_task,
)
from curation.wire.units import Unit, Votes

_NO_PLACE = "records have no place for it"


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write every reading of each record, or the last one by the agent `by`; returns how many
    documents."""
    count = 0
    with written(path) as stream:
        for record in records:
            stream.write(b",\n" if count else b"[\n")
            stream.write(msgspec.json.encode(_task(record, losses, by)))
            count += 1
        stream.write(b"\n]\n" if count else b"[]\n")
    return count


def _task(record: Record, losses: Losses, by: str | None) -> dict[str, Any]:
    ident = record.document.id
    task: dict[str, Any] = {"data": data_of(record.document)}
    kept = record.annotations
    if by is not None:
        found = reading(record, by)
        kept = () if found is None else (found,)
        for one in record.annotations:
            if one is not found:
                said = f"{one.by.kind} {one.by.agent}, {one.status}"
                losses.add(ident, "reading", "", "span", said, "another one was asked for")
    task |= {"annotations": [], "predictions": [], "drafts": []}
    for one in kept:
        result = regions(_once(ident, one, losses), None)
        made: dict[str, Any] = {"result": result}
        when = {"updated_at": one.at.isoformat()} if one.at else {}
        if one.by.kind != "human":
            task["predictions"].append({"model_version": one.by.agent, **made})
            came: tuple[Kind, Status] = "machine", "proposed"
        elif one.status == "draft":
            task["drafts"].append({"user": one.by.agent, **made, **when})
            came = "human", "draft"
            if one.by.agent.isdecimal():
                reason = "a number as a login reads as a user's"
                losses.add(ident, "reading", "", "author", one.by.agent, reason)
        else:
            skipped = one.status == "skipped"
            person = {"email": one.by.agent}
            # Without ground_truth, the importer takes it for true.
            rest = {"was_cancelled": skipped, "ground_truth": False, **when}
            task["annotations"].append({"completed_by": person, **made, **rest})
            came = "human", "skipped" if skipped else "submitted"
        _unlike(ident, one, came, losses)
    return task


def _unlike(ident: str, one: Annotation, came: tuple[Kind, Status], losses: Losses) -> None:
    """List what of a reading's head does not come back."""
    said: dict[str, tuple[str, str]] = {
        "kind": (one.by.kind, came[0]),
        "status": (one.status, came[1]),
    }
    for what, (ours, theirs) in said.items():
        if ours != theirs:
            reason = f"the format has it as {theirs}"
            losses.add(ident, "reading", "", what, f"{one.by.agent}: {ours}", reason)
    if one.uncertainty is not None:
        losses.add(ident, "reading", "", "uncertainty", one.uncertainty, unsaid.NO_PLACE)
    if one.at is not None and came[0] == "machine":
        losses.add(ident, "reading", "", "at", one.at.isoformat(), unsaid.NO_PLACE)


def _once(ident: str, one: Annotation, losses: Losses) -> Annotation:
    """The reading without links that say again what another one has said."""
    seen: set[tuple[str, str, str]] = set()
    relations: list[Relation] = []
    for link in one.relations:
        if (key := (link.label, link.head, link.tail)) in seen:
            unsaid.relation(ident, link, "another one says the same", losses)
            continue
        seen.add(key)
        relations.append(link)
        if link.id != relation_id(*key):
            losses.add(ident, "relation", link.id, "id", link.id, unsaid.NO_IDS)
    events: list[Event] = []
    for event in one.events:
        arguments = tuple(dict.fromkeys(event.arguments))
        for argument in arguments:
            for _ in range(event.arguments.count(argument) - 1):
                said = f"{argument.role} {argument.entity}"
                losses.add(ident, "argument", event.id, "span", said, "another one says the same")
        events.append(msgspec.structs.replace(event, arguments=arguments))
    return msgspec.structs.replace(one, relations=tuple(relations), events=tuple(events))


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each task. A task that is none, or a document's second one, is refused whole;
    what of a result can not be taken as it is, by itself."""
    raws = list(_raws(path, rejects))
    unit = _unit(raws)
    seen: dict[str, int] = {}
    for number, raw in enumerate(raws, start=1):
        try:
            raw_task = msgspec.json.decode(raw)
            task = read_task(raw_task)
            record = _record(_Source(path, number, rejects), task, origin, unit, losses)
            once(seen, record.document.id, number, "task")
        except (DataError, msgspec.MsgspecError, RecursionError) as fault:
            error = fault if isinstance(fault, DataError) else MalformedRecord(str(fault))
            _refuse(rejects, error, path, number, bytes(raw))
            continue
        _left(record.document, raw_task, losses)
        yield record


class _Source:
    """Where a task stands, for what is refused of it."""

    def __init__(self, path: Path | str, number: int, rejects: Rejects | None) -> None:
        self._path, self._number, self._rejects = path, number, rejects

    def refuse(self, error: DataError, content: Any, within: str) -> None:
        field = f"{within}: {error.field}" if error.field else within
        placed = type(error)(error.message, field=field, hint=error.hint)
        content = msgspec.json.encode(content)
        _refuse(self._rejects, placed, self._path, self._number, content)


def _refuse(
    rejects: Rejects | None, error: DataError, path: Path | str, number: int, content: bytes
) -> None:
    """A task has no line: its number goes with the field."""
    field = ": ".join(part for part in (f"task {number}", error.field) if part)
    placed = type(error)(error.message, field=field, hint=error.hint)
    refuse(rejects, placed, path, 0, content)


def _raws(path: Path | str, rejects: Rejects | None) -> Iterator[msgspec.Raw]:
    with opened(path) as stream:
        content = stream.read()
    try:
        yield from msgspec.json.decode(
            content.removeprefix(b"\xef\xbb\xbf"), type=list[msgspec.Raw]
        )
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        hint = "Export the project from Label Studio as JSON (not JSON-MIN, CSV or CoNLL)."
        error = MalformedRecord(f"no list of tasks: {fault}", hint=hint)
        error.__cause__ = fault
        refuse(rejects, error, path, 0, content)


def _unit(raws: Iterable[msgspec.Raw]) -> Unit:
    votes = Votes()
    for raw in raws:
        try:
            task = read_task(msgspec.json.decode(raw))
            text = text_of(task)
            for result in _results(task):
                votes.hear(text, (read_item(one, at) for at, one in enumerate(result)))
        except (DataError, msgspec.MsgspecError, RecursionError):
            continue  # it is refused with its reason where it is read
    return votes.unit


def _results(task: WireTask) -> Iterator[list[Any]]:
    for one in (*task.predictions, *task.annotations, *task.drafts):
        if not isinstance(one, int):
            yield one.result


def _record(source: _Source, task: WireTask, origin: Origin, unit: Unit, losses: Losses) -> Record:
    text = text_of(task)
    document = made_document(task, document_of(task, text), text)
    made: list[Annotation] = []

    def take(
        one: Prediction | WireAnnotation | WireDraft, by: Author, status: Status, at: str | None
    ) -> None:
        found = read_regions(text, one.result, None, Prior(), by=None, unit=unit)
        within = f"{by.kind} {by.agent}"
        for finding in found.findings:
            source.refuse(finding.error, finding.content, within)
        for other in sorted(found.others):
            losses.add(document.id, "reading", "", other, by.agent, _NO_PLACE)
        try:
            items = found.entities, found.relations, found.events
            made.append(Annotation(by, status, *items, moment(at)))
        except (DataError, ValueError) as fault:
            error = fault if isinstance(fault, DataError) else DataError(str(fault))
            source.refuse(error, one, within)

    for one in _predictions(task, document.id, losses):
        sent = one.model_version == MODEL_VERSION and task.data.get("proposed_by")
        agent = str(sent) if sent else one.model_version or origin.agent
        take(one, Author("machine", agent), "proposed", None)
    for one in task.annotations:
        status: Status = "skipped" if one.was_cancelled else "submitted"
        take(one, Author("human", login(one.completed_by, {})), status, one.updated_at)
    for one in task.drafts:
        if isinstance(one, WireDraft):
            take(one, Author("human", login(one.user, {})), "draft", one.updated_at)
        else:
            losses.add(document.id, "reading", "", "span", f"draft {one}", "only its number")
    return Record(document, tuple(made))


def _predictions(task: WireTask, ident: str, losses: Losses) -> Iterator[Prediction]:
    """The predictions that are there in full, be it with what was made of them."""
    whole = [one for one in task.predictions if isinstance(one, Prediction)]
    given = {one.id for one in whole if one.id}
    for one in task.annotations:
        if one.prediction and one.prediction.result and one.prediction.id not in given:
            given.add(one.prediction.id)
            whole.append(one.prediction)
    for one in task.predictions:
        if isinstance(one, int) and one not in given:
            losses.add(ident, "reading", "", "span", f"prediction {one}", "only its number")
    yield from whole


def _left(document: Document, raw: dict[str, Any], losses: Losses) -> None:
    """List what the data of a task has beside the document."""
    kept = data_of(document)
    for what, value in raw["data"].items():
        if what == "proposed_by" or (what == "id" and str(value) == document.id):
            continue
        if value not in (kept.get(what), document.text):
            losses.add(document.id, "document", "", what, value, _NO_PLACE)
