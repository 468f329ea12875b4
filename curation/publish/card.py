"""The card: what a version holds, for people and, in its YAML head, for `datasets`.

Every number in it was counted from the rows beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from curation.publish.acceptance import DECIDED, share
from curation.publish.card_head import card_head
from curation.publish.features import VIEWS
from curation.publish.manifest import Manifest
from curation.publish.markdown import cell, table
from curation.publish.statistics import Statistics

_FILE_LINE = re.compile(rf"^(\s*- )({'|'.join(VIEWS)})/", re.MULTILINE)


def card(manifest: Manifest, counted: Statistics) -> str:
    """The README.md of a version folder."""
    head = card_head(manifest, counted)
    parts = (part for section in _SECTIONS for part in section(manifest, counted))
    return f"---\n{head}---\n\n" + "\n\n".join(parts) + "\n"


def at_root(text: str, version: str) -> str:
    """The card of a version as it stands in the dataset directory: its paths lead there."""
    head, fence, body = text.partition("\n---\n")
    head = _FILE_LINE.sub(rf"\1versions/{version}/\2/", head)
    body = re.sub(r"\]\((CHANGELOG\.md|manifest\.json)\)", rf"](versions/{version}/\1)", body)
    return head + fence + body


def _title(manifest: Manifest, counted: Statistics) -> Iterator[str]:
    counts = manifest.counts
    yield f"# {cell(manifest.schema.name)} {manifest.version}: entities and events in text"
    yield (
        "Entities, relations and events, each on the exact characters of a text. Offsets are "
        "half-open Unicode code points: `text[start:end]` is the span's `text`. "
        "Every document carries one reading; `provenance` says who proposed, reviewed and agreed."
    )
    dates = f"{counted.first} to {counted.last}" if counted.first else "not known"
    yield table(
        ["", ""],
        [
            ["Documents", counts["documents"]],
            ["Characters", counts["characters"]],
            ["Words", counts["tokens"]],
            ["Entities", counts["entities"]],
            ["Relations", counts["relations"]],
            ["Events", f"{counts['events']:,} with {counts['arguments']:,} arguments"],
            ["Languages", _listed(counted.languages)],
            ["Published", dates],
            ["Sources", _listed(counted.origins)],
            ["Readings", _listed(counted.statuses)],
            ["Licence", manifest.license or "none was stated"],
            ["Version", f"{manifest.version}, from {manifest.parent or 'nothing: the first one'}"],
        ],
    )
    yield "What changed: [CHANGELOG.md](CHANGELOG.md). Proof: [manifest.json](manifest.json)."


def _loading(manifest: Manifest, counted: Statistics) -> Iterator[str]:
    yield "## Load it"
    yield f"""```python
from datasets import load_dataset

documents = load_dataset("path/to/this/folder", "documents", split="train")
tokens = load_dataset("path/to/this/folder", "tokens", split="train")
names = tokens.features["ner_tags"].feature.names

import curation  # any version of a dataset directory, every byte checked first

documents = curation.load("path/to/dataset", version="{manifest.version}")
```"""
    yield (
        "`documents` holds text, entities, relations, events (trigger, type, mode, modality, "
        "arguments that name entities by id) and provenance; `meta` is one JSON string. `tokens` "
        "holds words, where they start and end, IOB2 tags of the outermost entities, the nested "
        "ones layer by layer in `fine`, and under `losses` every entity that `ner_tags` could not "
        "express. `spans` has a row for each entity and trigger, with the text around it; "
        "`annotations` every reading of every document, the published one marked; `ledger` what "
        "people decided about each proposal; `gliner` what GLiNER trains on (the last word of a "
        "span is included). `label_id`, `type_id` and `ner_tags` are class ids, which keep their "
        "meaning in every later version."
    )


def _labels(manifest: Manifest, counted: Statistics) -> Iterator[str]:
    schema, labels = manifest.schema, manifest.labels
    entities, events = Counter(counted.entities), Counter(counted.events)
    roles, relations = Counter(counted.roles), Counter(counted.relations)
    about = {kind.name: kind.description for kind in schema.entities}
    yield f"## Labels (schema {cell(schema.name)} {cell(schema.version)})"
    yield table(
        ["id", "entity", "count", "what it is", "examples"],
        [
            [
                at,
                name,
                entities[name],
                about.get(name, _GONE),
                _examples(counted, name),
            ]
            for at, name in enumerate(labels.entities)
        ],
    )
    if labels.events:
        about = {kind.name: kind.description for kind in schema.events}
        yield table(
            ["id", "event", "count", "what it is", "triggers"],
            [
                [
                    at,
                    name,
                    events[name],
                    about.get(name, _GONE),
                    _examples(counted, name, "event"),
                ]
                for at, name in enumerate(labels.events)
            ],
        )
    if labels.roles:
        about = {role.name: role.description for role in schema.roles}
        yield table(
            ["role in an event", "count", "what it is"],
            [[name, roles[name], about.get(name, _GONE)] for name in labels.roles],
        )
    if labels.relations:
        about = {kind.name: kind.description for kind in schema.relations}
        yield table(
            ["relation", "count", "what it is"],
            [[name, relations[name], about.get(name, _GONE)] for name in labels.relations],
        )
    if counted.modalities:
        yield f"Modality of events: {cell(_listed(counted.modalities))}."
    if schema.guidelines:
        yield "## Guidelines"
        yield "\n".join(f"> {cell(line)}" for line in schema.guidelines.strip().splitlines())


def _making(manifest: Manifest, counted: Statistics) -> Iterator[str]:
    yield "## Who made it"
    proposed, reviewed = (counted.authors.get(one, {}) for one in ("proposed", "submitted"))
    yield (
        f"Proposed by: {cell(_listed(proposed))}. Reviewed by: {cell(_listed(reviewed))}. "
        f"Latest reading: {manifest.newest or 'not dated'}. (Numbers are documents.)"
    )
    figures = manifest.acceptance
    if figures is None:
        return
    yield "What reviewers decided about what was proposed, one count a reviewer and item:"
    head = ["", *DECIDED, "added", "not reviewed", "accepted as it was"]
    yield table(head, [_decisions(name, found) for name, found in figures.items.items()])
    if figures.labels:
        yield table(
            ["entity proposed as", *head[1:]],
            [_decisions(name, found) for name, found in figures.labels.items()],
        )


def _gaps(manifest: Manifest, counted: Statistics) -> Iterator[str]:
    yield "## Known gaps"
    schema = manifest.schema
    losses = manifest.counts["losses"]
    entities, events = Counter(counted.entities), Counter(counted.events)
    unseen = [kind.name for kind in schema.entities if not entities[kind.name]]
    unseen_events = [kind.name for kind in schema.events if not events[kind.name]]
    gaps = [
        f"`tokens` can not express {cell(losses)} of {cell(manifest.counts['entities'])} entities: "
        f"{cell(_listed(counted.losses))}. They are listed row by row in `losses`."
        if losses
        else "",
        f"Left out, for want of a reading to publish: {cell(_listed(manifest.left_out))}."
        if manifest.left_out
        else "",
        f"Not agreed by people: {cell(_listed(_unagreed(counted)))} readings."
        if _unagreed(counted)
        else "",
        f"No example of these entities: {cell(', '.join(unseen))}." if unseen else "",
        f"No example of these events: {cell(', '.join(unseen_events))}." if unseen_events else "",
        _some(counted.undated, "without a date of publication"),
        _some(counted.languages.get("", 0), "without a language"),
        _some(counted.empty, "with nothing marked"),
        *_splits(manifest),
    ]
    yield "\n".join(f"- {gap}" for gap in gaps if gap)


_SECTIONS: tuple[Callable[[Manifest, Statistics], Iterator[str]], ...] = (
    _title,
    _loading,
    _labels,
    _making,
    _gaps,
)
_GONE = "no longer in the schema; it keeps its id"


def _examples(counted: Statistics, name: str, kind: str = "entity") -> str:
    return " · ".join((text for _, text in counted.examples.get(f"{kind} {name}", ())))


def _decisions(name: str, found: dict[str, int]) -> list[object]:
    accepted = share(found)
    shown = "" if accepted is None else f"{accepted:.0%}"
    return [name, *(found.get(kind, 0) for kind in (*DECIDED, "added", "unreviewed")), shown]


def _unagreed(counted: Statistics) -> dict[str, int]:
    return {status: n for status, n in counted.statuses.items() if status != "agreed"}


def _splits(manifest: Manifest) -> Iterator[str]:
    if len(manifest.splits.shares) == 1:
        yield "All documents are in one split, `train`."
        return
    shares = ", ".join(f"{name} {share} %" for name, share in manifest.splits.shares.items())
    held = {name: part.rows for name, part in manifest.views[VIEWS[0]].items()}
    yield (
        f"Split by {manifest.splits.by} ({shares} of the groups): {cell(_listed(held))}. "
        "A document never changes its split."
    )
    if manifest.leaks:
        yield f"Pairs of near-duplicates that lie in different splits: {cell(manifest.leaks)}."


def _some(count: int, what: str) -> str:
    return f"Documents {what}: {cell(count)}." if count else ""


def _listed(counts: Mapping[str, int], most: int = 10) -> str:
    """The most frequent names with their counts, the same on every machine.

    >>> _listed({"ar": 2, "": 1})
    'ar (2), not known (1)'
    """
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{name or 'not known'} ({count:,})" for name, count in ranked[:most]]
    if len(ranked) > most:
        shown.append(f"and {len(ranked) - most:,} more")
    return ", ".join(shown) or "nobody"
