"""CHANGELOG.md of a version: what changed against its parent, then what changed before that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from curation.publish.card.markdown import cell, isolated, table
from curation.publish.changes.comparing import Change
from curation.publish.changes.differences import Difference
from curation.publish.shelf.manifest import Manifest, read_manifest
from curation.wording import counted, visible

CHANGELOG = "CHANGELOG.md"
_TITLE = "# Changelog\n\n"

Said = Callable[[str], str]


def changelog(manifest: Manifest, difference: Difference | None, parent: Path | None) -> str:
    """The whole text; without a parent it is the first version's."""
    if difference is None or parent is None:
        return f"{_TITLE}{_first(manifest)}"
    earlier = (parent / CHANGELOG).read_bytes().decode().removeprefix(_TITLE)
    if manifest.content == read_manifest(parent).content:
        same = f"The same content as {manifest.parent}: only the number is new."
        now = f"{_head(manifest)}\n\n{same}\n"
    else:
        now = _section(manifest, difference)
    return f"{_TITLE}{now}\n{earlier}"


def _first(manifest: Manifest) -> str:
    counts = manifest.counts
    return (
        f"## {manifest.version}\n\nThe first version: {counted(counts['documents'], 'document')}, "
        f"{counted(counts['entities'], 'entity')}, {counted(counts['relations'], 'relation')}, "
        f"{counted(counts['events'], 'event')}.\n"
    )


def _head(manifest: Manifest) -> str:
    return f"## {manifest.version}, from {manifest.parent}"


def _section(manifest: Manifest, found: Difference) -> str:
    documents, back = found.documents, manifest.rolled_back_to
    kinds = ("added", "removed", "relabelled", "moved", "revalued")
    rows: list[list[object]] = [
        [name, *(getattr(counts, kind) for kind in kinds)]
        for name, counts in (
            ("entities", found.entities),
            ("relations", found.relations),
            ("events", found.events),
        )
    ]
    parts = [
        _head(manifest),
        *([f"Rolled back to {back}: it holds what {back} holds."] if back else ()),
        f"Documents: {cell(documents.added)} added, {cell(documents.removed)} removed, "
        f"{cell(documents.changed)} changed, {cell(documents.same)} the same.",
        table(["", *kinds], rows),
    ]
    if found.examples:
        parts.append("For example:")
        parts.append("\n".join(f"- {cell(line)}" for line in lines(found.examples, isolated)))
    return "\n\n".join(parts) + "\n"


def lines(changes: Iterable[Change], said: Said = visible) -> Iterator[str]:
    """Each change as one line of plain text; spans are code points. `said` is how a piece of data
    stands in it."""
    for change in changes:
        name = f"{change.item} {' and '.join(change.kinds)}"
        if change.item == "document":
            fields = ", ".join((change.after or {}).get("fields", ()))
            yield f"{name}: {said(change.document)}" + (f" ({fields})" if fields else "")
            continue
        shown = _SHOWN[change.item]
        sides = [shown(side, said) for side in (change.before, change.after) if side]
        yield f"{name}: {' → '.join(sides)} in {said(change.document)}"


def _entity(side: dict[str, Any], said: Said) -> str:
    value = f" = {said(side['value'])}" if "value" in side else ""
    return f"{side['label']} “{said(side['text'])}” {side['start']}:{side['end']}{value}"


def _relation(side: dict[str, Any], said: Said) -> str:
    head, tail = (said(side["names"][side[end]]) for end in ("head", "tail"))
    return f"{side['label']} “{head}” to “{tail}”"


def _event(side: dict[str, Any], said: Said) -> str:
    trigger = side["trigger"]
    details = [side[name] for name in ("mode", "modality") if name in side]
    names = side.get("names", {})
    details += [
        f"{one['role']} “{said(names[one['entity']])}”" for one in side.get("arguments", ())
    ]
    shown = f" ({', '.join(details)})" if details else ""
    return f"{side['type']} “{said(trigger['text'])}” {trigger['start']}:{trigger['end']}{shown}"


_SHOWN = {"entity": _entity, "relation": _relation, "event": _event}


def summary(difference: Difference) -> list[str]:
    """The counts as lines of plain text; what did not change is not named."""
    found = tally(difference)
    named = {
        item: ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
        for item, counts in found.items()
    }
    told = [f"{item}: {text or 'no change'}" for item, text in named.items()]
    for group, labels in difference.labels.items():
        if labels:
            each = (f"{name} {c.before:,} → {c.after:,}" for name, c in labels.items())
            told.append(f"labels of {group}: {', '.join(each)}")
    if difference.documents.changed:
        each = (f"{group} {f1:.1%}" for group, f1 in difference.agreement.items())
        told.append(f"agreement on what both have (F1): {', '.join(each)}")
    if difference.by:
        each = (f"{visible(name)} ({count:,})" for name, count in difference.by.items())
        told.append(f"documents changed by: {', '.join(each)}")
    return told


def tally(difference: Difference) -> dict[str, dict[str, int]]:
    """The counts of changes alone, as plain dicts."""
    return {
        "documents": structs.asdict(difference.documents),
        "entities": structs.asdict(difference.entities),
        "relations": structs.asdict(difference.relations),
        "events": structs.asdict(difference.events),
    }
