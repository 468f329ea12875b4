"""What reviewers made of the proposals, counted from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from pathlib import Path

from msgspec import Struct

from curation.model import LedgerEntry
from curation.store import read

#: Decisions on something that was proposed; `added` had no proposal, `unreviewed` no decision.
DECIDED = ("accepted", "relabelled", "moved", "moved+relabelled", "revalued", "removed")


class Acceptance(Struct, frozen=True, forbid_unknown_fields=True):
    """How many decisions of each kind: by item (entity, relation, event, argument), for entities
    by the label that was proposed (for added ones, the label they got), and by who proposed it; an
    item that several proposed counts for each of them."""

    items: dict[str, dict[str, int]]
    labels: dict[str, dict[str, int]]
    proposers: dict[str, dict[str, int]] = {}


def acceptance(ledger: Path, documents: Container[str]) -> Acceptance:
    """Count the decisions of a ledger file on these documents.

    Raises: a DataError at the first line that is no ledger entry.
    """
    items: dict[str, Counter[str]] = {}
    labels: dict[str, Counter[str]] = {}
    proposers: dict[str, Counter[str]] = {}
    for entry in read(ledger, LedgerEntry):
        if entry.document not in documents:
            continue
        items.setdefault(entry.item, Counter())[entry.decision] += 1
        for proposer in entry.proposers:
            proposers.setdefault(proposer, Counter())[entry.decision] += 1
        said = entry.before or entry.after
        if entry.item == "entity" and said is not None:
            labels.setdefault(said.label, Counter())[entry.decision] += 1
    return Acceptance(_plain(items), _plain(labels), _plain(proposers))


def share(decisions: dict[str, int]) -> float | None:
    """The share of decided proposals that were accepted as they were; None if none was decided.

    >>> share({"accepted": 3, "removed": 1, "added": 7, "unreviewed": 9})
    0.75
    """
    decided = sum(decisions.get(kind, 0) for kind in DECIDED)
    return decisions.get("accepted", 0) / decided if decided else None


def _plain(counts: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    return {name: dict(sorted(counts[name].items())) for name in sorted(counts)}
