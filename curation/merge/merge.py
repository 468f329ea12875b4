"""Proposals and reviews brought together: the ledger, and one agreed reading where people agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from curation.errors import DataError
from curation.merge.agreement import Conflict, agreed, conflicts
from curation.merge.decisions import decisions, unreviewed
from curation.model import Annotation, LedgerEntry, Record
from curation.store import Lookup, Rejects


class Merged(NamedTuple):
    """One document's outcome: the record with every reading (an agreed one last, if there is one),
    what was decided, and what is disputed."""

    record: Record
    ledger: tuple[LedgerEntry, ...]
    conflicts: tuple[Conflict, ...]


class Tally(Struct):
    """Counts of a merge, by document and by decision (entities and events)."""

    documents: int = 0
    agreed: int = 0
    disputed: int = 0
    unreviewed: int = 0
    skipped: int = 0
    drafts: int = 0
    changed_since_push: int = 0
    decisions: Counter[str] = msgspec.field(default_factory=Counter[str])

    def add(self, merged: Merged) -> None:
        """Count one document's outcome."""
        self.documents += 1
        self.agreed += merged.record.annotations[-1:] != () and (
            merged.record.annotations[-1].status == "agreed"
        )
        self.disputed += bool(merged.conflicts)
        statuses = {a.status for a in merged.record.annotations if a.by.kind == "human"}
        if "submitted" not in statuses:
            self.unreviewed += 1
            self.skipped += "skipped" in statuses
            self.drafts += "draft" in statuses
        spans = (entry for entry in merged.ledger if entry.item in ("entity", "event"))
        self.decisions.update(entry.decision for entry in spans)

    @property
    def acceptance(self) -> float | None:
        """Share of the proposals that reviewers accepted as they were; None if none was judged."""
        judged = self.decisions.total() - self.decisions["added"] - self.decisions["unreviewed"]
        return self.decisions["accepted"] / judged if judged else None


def merge(proposed: Lookup, reviewed: Lookup, rejects: Rejects, tally: Tally) -> Iterator[Merged]:
    """Every document of both files, in the order of `proposed`, then what only `reviewed` has.

    What people decided is measured against what they saw: the machine reading that came back with
    the review, else the proposal. Where the proposal was made anew since, `tally` counts it. A
    document whose text is not the same in both goes to `rejects` and is left out.
    """
    for ident in proposed:
        record = proposed.get(ident)
        review = reviewed.get(ident)
        if record is None:  # pragma: no cover (an id of the file itself)
            continue
        if review is not None and review.document.text != record.document.text:
            error = DataError(
                f"document {ident!r} has another text here than in {proposed.path}",
                file=str(reviewed.path),
                field="$.document.text",
                hint="Texts never change after ingest: push the new text under a new id.",
            )
            rejects.add(error, msgspec.json.encode(review))
            continue
        yield _counted(merge_record(record, review), record, review, tally)
    known = set(proposed)
    for ident in reviewed:
        review = reviewed.get(ident)
        if ident not in known and review is not None:
            yield _counted(merge_record(review, review), review, review, tally)


def merge_record(record: Record, review: Record | None) -> Merged:
    """One document's outcome, from its proposal and its review (None: not reviewed)."""
    document = record.document
    seen = _last_machine(review) if review else None
    proposal = seen or _last_machine(record)
    readings = _submitted(review) if review else []
    history = list(record.annotations)
    if review is not None:
        history += [a for a in review.annotations if a not in history]
    if not readings:
        ledger = tuple(unreviewed(document.id, proposal)) if proposal else ()
        return Merged(Record(document, tuple(history)), ledger, ())
    ledger = tuple(
        entry for reading in readings for entry in decisions(document.id, proposal, reading)
    )
    disputed = conflicts(document.id, readings)
    if not disputed:
        history.append(agreed(readings, proposal))
    return Merged(Record(document, tuple(history)), ledger, tuple(disputed))


def _counted(merged: Merged, record: Record, review: Record | None, tally: Tally) -> Merged:
    tally.add(merged)
    seen, newest = (_last_machine(review) if review else None), _last_machine(record)
    tally.changed_since_push += seen is not None and newest is not None and seen != newest
    return merged


def _last_machine(record: Record) -> Annotation | None:
    machine = (a for a in reversed(record.annotations) if a.by.kind == "machine")
    return next(machine, None)


def _submitted(review: Record) -> list[Annotation]:
    """The newest submitted reading of each person, in the order of their names."""
    newest: dict[str, Annotation] = {}
    for annotation in review.annotations:
        if annotation.by.kind == "human" and annotation.status == "submitted":
            newest[annotation.by.agent] = annotation
    return [newest[agent] for agent in sorted(newest)]
