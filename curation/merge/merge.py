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
    """One document's outcome: the record with what machines and people said (and last what people
    agree on, if they do), what was decided, and what is disputed."""

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
        agreed = any(a.status == "agreed" for a in merged.record.annotations)
        self.agreed += agreed
        self.disputed += bool(merged.conflicts)
        if not (agreed or merged.conflicts):
            statuses = {a.status for a in merged.record.annotations if a.by.kind == "human"}
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
    """One document's outcome, from its proposal and its review (None: not reviewed).

    What people submitted in `record`, from an earlier review, counts too. What an earlier merge
    agreed on is made anew from it, so that it never outlives a dispute, nor who takes back what
    they submitted.
    """
    document = record.document
    proposal = (_last_machine(review) if review else None) or _last_machine(record)
    submitted = _submitted(record, review or record, proposal)
    readings = [reading for reading, _ in submitted]
    history = list(record.annotations)
    if review is not None:
        history += [a for a in review.annotations if a not in history]
    if not readings:
        if any(a.by.kind == "human" and a.status == "skipped" for a in history):
            history = [a for a in history if a.by.kind != "merge"]
        ledger = tuple(unreviewed(document.id, proposal)) if proposal else ()
        return Merged(Record(document, tuple(history)), ledger, ())
    history = [a for a in history if a.by.kind != "merge"]
    ledger = tuple(
        entry for reading, seen in submitted for entry in decisions(document.id, seen, reading)
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


def _submitted(
    record: Record, review: Record, proposal: Annotation | None
) -> list[tuple[Annotation, Annotation | None]]:
    """The newest submitted reading of each person, in the order of their names, and the proposal
    it was made from: the machine reading before it. What somebody submitted or skipped in the
    review takes the place of what the record has of them; a draft decides nothing.
    """
    newest: dict[str, tuple[Annotation, Annotation | None]] = {}
    for source in (record, review):
        own: dict[str, tuple[Annotation, Annotation | None]] = {}
        seen = None
        for annotation in source.annotations:
            if annotation.by.kind == "machine":
                seen = annotation
            elif annotation.by.kind == "human" and annotation.status != "draft":
                newest.pop(annotation.by.agent, None)
                if annotation.status == "submitted":
                    own[annotation.by.agent] = annotation, seen or proposal
                else:
                    own.pop(annotation.by.agent, None)
        newest |= own
    return [newest[agent] for agent in sorted(newest)]
