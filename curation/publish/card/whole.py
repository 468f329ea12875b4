"""The card: what a version holds, for people and, in its YAML head, for `datasets` and the Hub.

Every number in it was counted from the rows beside it; what is not known is said, not shown as 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from curation.publish.card.charts import Chart
from curation.publish.card.citing import citation
from curation.publish.card.contents import contents
from curation.publish.card.head import card_head
from curation.publish.card.labels import labels
from curation.publish.card.markdown import cell, table
from curation.publish.card.provenance import gaps, making
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest
from curation.publish.views.features import VIEWS

Charts = dict[str, Chart]

_FILE_LINE = re.compile(rf"^(\s*- )({'|'.join(VIEWS)})/", re.MULTILINE)
_LINK = re.compile(r"\]\((CHANGELOG\.md|manifest\.json|croissant\.json|assets/[a-z]+\.svg)\)")


def card(manifest: Manifest, counted: Statistics, charts: Charts) -> str:
    """The README.md of a version folder, which shows these charts."""
    head = card_head(manifest, counted)
    parts = (part for section in _SECTIONS for part in section(manifest, counted, charts))
    return f"---\n{head}---\n\n" + "\n\n".join(parts) + "\n"


def at_root(text: str, version: str) -> str:
    """The card of a version as it stands in the dataset directory: its paths lead there."""
    head, fence, body = text.partition("\n---\n")
    head = _FILE_LINE.sub(rf"\1versions/{version}/\2/", head)
    return head + fence + _LINK.sub(rf"](versions/{version}/\1)", body)


def _title(manifest: Manifest, counted: Statistics, charts: Charts) -> Iterator[str]:
    counts = manifest.counts
    yield f"# {cell(manifest.schema.name)} {manifest.version}: entities and events in text"
    yield (
        "Entities, relations and events, each on the exact characters of a text. Offsets are "
        "half-open Unicode code points: `text[start:end]` is the span's `text`. "
        "Every document carries one reading; `provenance` says who proposed, reviewed and agreed."
    )
    before = manifest.parent or "nothing: the first one"
    if manifest.rolled_back_to:
        before += f", rolled back to {manifest.rolled_back_to}"
    dates = f"{counted.first} to {counted.last}" if counted.first else "not known"
    yield table(
        ["", ""],
        [
            ["Documents", counts["documents"]],
            ["Characters", counts["characters"]],
            ["Words", counts["tokens"]],
            ["Entities", f"{counts['entities']:,}, {counted.values:,} of them with a value"],
            ["Relations", counts["relations"]],
            ["Events", f"{counts['events']:,} with {counts['arguments']:,} arguments"],
            ["Published", dates],
            ["Licence", manifest.license or "none was stated"],
            [
                "Version",
                f"{manifest.version}, from {before}",
            ],
        ],
    )
    yield (
        "What changed: [CHANGELOG.md](CHANGELOG.md). Proof: [manifest.json](manifest.json). "
        "For programs: [croissant.json](croissant.json)."
    )


def _loading(manifest: Manifest, counted: Statistics, charts: Charts) -> Iterator[str]:
    split = next(name for name, part in manifest.views[VIEWS[0]].items() if part.rows)
    yield "## Load it"
    yield f"""```python
from datasets import load_dataset

documents = load_dataset("path/to/this/folder", "documents", split="{split}")
tokens = load_dataset("path/to/this/folder", "tokens", split="{split}")
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
    if empty := [f"`{view}`" for view in VIEWS if not _rows(manifest, view)]:
        yield (
            f"Without a row in this version: {', '.join(empty)}. `load_dataset` knows no view that "
            "is empty; `curation.load` gives its columns."
        )


def _rows(manifest: Manifest, view: str) -> int:
    return sum(part.rows for part in manifest.views[view].values())


def _citing(manifest: Manifest, counted: Statistics, charts: Charts) -> Iterator[str]:
    yield "## Cite it"
    yield f"```bibtex\n{citation(manifest, counted)}```"
    yield "The note is the digest of what this version holds, whatever it is called elsewhere."


_SECTIONS: tuple[Callable[[Manifest, Statistics, Charts], Iterator[str]], ...] = (
    _title,
    _loading,
    contents,
    labels,
    making,
    gaps,
    _citing,
)
