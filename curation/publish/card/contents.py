"""The part of a card that says what texts a version holds: how many, how long, from where and when,
in which languages and splits."""

from __future__ import annotations

from collections.abc import Iterator

from curation.publish.card.charts import Chart, shown
from curation.publish.card.markdown import cell, isolated, table
from curation.publish.card.pictures import SOURCES, ranked
from curation.publish.counts.languages import language_name
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest
from curation.publish.views.features import VIEWS


def contents(manifest: Manifest, counted: Statistics, charts: dict[str, Chart]) -> Iterator[str]:
    """Its paragraphs, tables and pictures."""
    yield "## What is in it"
    splits = [*manifest.views[VIEWS[0]]]
    views = manifest.views.items()
    rows = [[view, *(held[split].rows for split in splits)] for view, held in views]
    yield table(["rows of", *splits], rows)
    yield from _splits(manifest)
    most = "" if counted.longest == counted.shortest else f" to {cell(counted.longest)}"
    mean = counted.tokens / counted.documents
    yield f"Words a document: {cell(counted.shortest)}{most}, {mean:,.1f} on average."
    yield from shown(charts, "lengths")
    if any(counted.languages):
        yield table(
            ["language", "documents"],
            [[language_name(tag), count] for tag, count in ranked(counted.languages)],
        )
    else:
        yield "Languages: not known, no document says its language."
    if counted.first:
        yield from shown(charts, "dates")
    else:
        yield "Dates: not known, no document says when it was published."
    if any(counted.origins):
        yield _sources(counted)
        yield from shown(charts, "sources")
    else:
        yield "Sources: not known, no document says where it comes from."


def _sources(counted: Statistics) -> str:
    """A table of the most frequent; the picture beside it leaves out what is not known."""
    found = ranked(counted.origins)
    rows = [[isolated(name) or "not known", count] for name, count in found[:SOURCES]]
    if rest := found[SOURCES:]:
        rows.append([f"and {len(rest):,} others", sum(count for _, count in rest)])
    return table(["source", "documents"], rows)


def _splits(manifest: Manifest) -> Iterator[str]:
    if len(manifest.splits.shares) == 1:
        yield "All documents are in one split, `train`."
        return
    shares = ", ".join(f"{name} {share} %" for name, share in manifest.splits.shares.items())
    yield (
        f"Split by {manifest.splits.by} ({shares} of the groups). "
        "A document never changes its split."
    )
    if manifest.leaks:
        yield f"Pairs of near-duplicates that lie in different splits: {cell(manifest.leaks)}."
