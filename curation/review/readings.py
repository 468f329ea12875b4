"""An exported task becomes a record: what was proposed, then what each person made of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from curation.errors import DataError, MalformedRecord, SchemaViolation
from curation.model import Annotation, Author, Record, Schema, violations
from curation.model.record import Status
from curation.review.state import Pushed
from curation.review.tasks import proposed, uncertainty_of
from curation.wire.documents import document_of, made_document, text_of
from curation.wire.findings import Finding
from curation.wire.prior import Prior
from curation.wire.regions import Reading, read_regions
from curation.wire.shapes import (
    Prediction,
    WireAnnotation,
    WireDraft,
    WireTask,
    login,
    moment,
)
from curation.wire.units import Unit

#: Everything that is known of what was pushed of a document, newest first.
Copy = Callable[[str], Sequence[Pushed]]


class Read(Struct, frozen=True):
    """A task's record, and what could not be taken as it is. `others` are controls that have no
    place in a record; `copied` says whether our own copy told what was proposed."""

    record: Record
    findings: tuple[Finding, ...]
    others: frozenset[str]
    copied: bool


class TaskReader:
    """Reads the tasks of one export. `users` are logins by number; `unit` is the offsets'."""

    def __init__(
        self, schema: Schema, copy: Copy, users: Mapping[int, str], unit: Unit = "code points"
    ) -> None:
        self.schema, self.copy, self.users = schema, copy, users
        self.unit: Unit = unit

    def read(self, task: WireTask) -> Read:
        """One task.

        Raises: DataError if its text or its document can not be told.
        """
        text = text_of(task)
        ident = document_of(task, text)
        copies = sorted(self.copy(ident), key=lambda c: c.digest != task.data.get("proposal"))
        if copies and copies[0].record.document.text != text:
            raise MalformedRecord(
                f"task {task.id}: document {ident!r} has another text in our copy",
                field="$.data.text",
                hint="Offsets of another text can not be taken over.",
            )
        findings: list[Finding] = []
        earlier = (
            copies[0].record if copies else self._from_predictions(task, ident, text, findings)
        )
        known = [c.record for c in copies] or [earlier]
        prior = Prior(pushed for record in known if (pushed := proposed(record)))
        others: set[str] = set()
        readings: list[Annotation] = []
        for made in task.annotations:
            status: Status = "skipped" if made.was_cancelled else "submitted"
            author, at = login(made.completed_by, self.users), moment(made.updated_at)
            reading = self._reading(text, made.result, prior, author, others)
            findings += [f.within(f"document {ident!r}, {author}") for f in reading.findings]
            if status == "submitted" and _unseen(made, reading, prior):
                marked = bool(reading.entities or reading.events)
                error = _unseen_error(ident, author, reading)
                findings.append(Finding(error, made.result, marked))
                if not marked:
                    continue
                status = "draft"
            readings += self._annotation(ident, author, status, at, reading, findings)
        for draft in task.drafts:
            if isinstance(draft, WireDraft):
                author, at = login(draft.user, self.users), moment(draft.updated_at)
                reading = self._reading(text, draft.result, prior, author, others)
                within = f"document {ident!r}, draft of {author}"
                findings += [f.within(within) for f in reading.findings]
                readings += self._annotation(ident, author, "draft", at, reading, findings)
        # A draft decides nothing: what its author has submitted before stays beside it.
        kept = [a for a in earlier.annotations if not any(_replaces(r, a) for r in readings)]
        record = Record(earlier.document, (*kept, *readings))
        return Read(record, tuple(findings), frozenset(others), bool(copies))

    def _reading(
        self, text: str, result: list[Any], prior: Prior, by: str | None, others: set[str]
    ) -> Reading:
        reading = read_regions(text, result, self.schema, prior, by=by, unit=self.unit)
        others |= reading.others
        return reading

    def _annotation(
        self,
        ident: str,
        author: str,
        status: Status,
        at: datetime.datetime | None,
        reading: Reading,
        findings: list[Finding],
    ) -> list[Annotation]:
        """The annotation, or none if it breaks an invariant; what the schema does not allow of
        it is kept, and found."""
        try:
            made = Annotation(
                Author("human", author),
                status,
                reading.entities,
                reading.relations,
                reading.events,
                at,
            )
        except DataError as error:
            findings.append(Finding(error, reading).within(f"document {ident!r}, {author}"))
            return []
        for fault in violations(self.schema, made):
            message = f"document {ident!r}, {author}: {fault.message} (kept)"
            findings.append(Finding(SchemaViolation(message, field=fault.field), None, True))
        return [made]

    def _from_predictions(
        self, task: WireTask, ident: str, text: str, findings: list[Finding]
    ) -> Record:
        """What was proposed, as far as the export says; the newest prediction it holds."""
        document = made_document(task, ident, text)
        full = [p for p in task.predictions if isinstance(p, Prediction)]
        full += [a.prediction for a in task.annotations if a.prediction and a.prediction.result]
        if not full:
            return Record(document)
        newest = max(full, key=lambda p: p.id)
        read = read_regions(text, newest.result, self.schema, Prior(), by=None)
        findings += [f.within(f"document {ident!r}, what was proposed") for f in read.findings]
        agent = str(task.data.get("proposed_by") or newest.model_version or "prediction")
        made = Annotation(
            Author("machine", agent),
            "proposed",
            read.entities,
            read.relations,
            read.events,
            uncertainty=uncertainty_of(task.data),
        )
        return Record(document, (made,))


def _replaces(new: Annotation, old: Annotation) -> bool:
    return new.by == old.by and (new.status != "draft" or old.status == "draft")


def _unseen(made: WireAnnotation, reading: Reading, prior: Prior) -> bool:
    """Whether the page seems not to have shown the proposals: Label Studio has been seen to open
    the first task of a session without them. Then what was submitted says nothing about them."""
    return (
        bool(prior.regions)
        and made.parent_prediction is None
        and not reading.nothing
        and not (reading.regions & prior.regions)
    )


def _unseen_error(ident: str, author: str, reading: Reading) -> DataError:
    kept = "kept as a draft" if reading.entities or reading.events else "not counted as reviewed"
    return DataError(
        f"document {ident!r}: {author} submitted none of the proposed spans, and nothing says that "
        f"they were seen; it looks like the page had not shown the proposals ({kept})",
        hint="Open the task again: correct the proposals, or tick 'Nothing to mark', and submit.",
    )
