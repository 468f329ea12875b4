"""The number of the next version: what it means for those who use the dataset."""

from __future__ import annotations

from curation.errors import UsageError
from curation.model import Schema
from curation.publish.changes.tally import DocumentCounts
from curation.publish.shelf.versions import FIRST, Bump, Entry, bumped, number


def proposed(old: Schema, new: Schema, documents: DocumentCounts) -> tuple[Bump, str]:
    """Which part of the number goes up, and why. Major: a label (an entity, event or relation type,
    or a role) was removed or renamed, so that what reads the dataset may break. Minor: labels or
    documents came, or documents went. Patch: corrections.
    """
    before, after = _names(old), _names(new)
    if gone := [name for name in before if name not in after]:
        return "major", f"labels removed or renamed: {', '.join(gone)}"
    if come := [name for name in after if name not in before]:
        return "minor", f"labels added: {', '.join(come)}"
    if documents.added or documents.removed:
        moves = {"came": documents.added, "went": documents.removed}
        return "minor", f"documents {' and '.join(move for move, n in moves.items() if n)}"
    return "patch", "corrections only"


def _names(schema: Schema) -> list[str]:
    groups = (schema.entities, schema.events, schema.relations, schema.roles)
    names = ("entity", "event", "relation", "role")
    return [
        f"{name} {kind.name}" for name, kinds in zip(names, groups, strict=True) for kind in kinds
    ]


def following(entries: tuple[Entry, ...], bump: Bump) -> str:
    """The number after the newest version's; 0.1.0 at first."""
    return bumped(entries[-1].version, bump) if entries else FIRST


def check_number(entries: tuple[Entry, ...], version: str | None) -> None:
    """Raises: UsageError if a number that was asked for is none, or does not come after the newest
    version's (and is not that of a known one)."""
    if version is None:
        return
    wanted = number(version)
    known = [entry.version for entry in entries]
    if known and version not in known and wanted < number(known[-1]):
        raise UsageError(
            f"{version} does not come after {known[-1]}, the newest version",
            hint="Give a higher number, or leave it out: the next is "
            f"{bumped(known[-1], 'patch')} or higher.",
        )
