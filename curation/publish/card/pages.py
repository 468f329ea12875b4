"""What a version says of itself, written beside its rows: the card, its pictures and the Croissant
description. All of it belongs to the version, as the rows do."""

from __future__ import annotations

from pathlib import Path

from curation.publish.card.charts import svg
from curation.publish.card.croissant import CROISSANT, croissant
from curation.publish.card.pictures import charts
from curation.publish.card.whole import card
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest
from curation.publish.shelf.objects import write_file
from curation.publish.shelf.versions import CARD
from curation.store import sync_folder


def write_pages(folder: Path, manifest: Manifest, counted: Statistics) -> list[str]:
    """Write them durably, for a manifest that knows the files of rows; their paths within the
    version folder."""
    drawn = charts(manifest, counted)
    pages: dict[str, str | bytes] = {
        CARD: card(manifest, counted, drawn),
        CROISSANT: croissant(manifest, counted),
        **{chart.path: svg(chart) for chart in drawn.values()},
    }
    for path, content in pages.items():
        (folder / path).parent.mkdir(exist_ok=True)
        write_file(folder / path, content)
    if drawn:
        sync_folder((folder / next(iter(drawn.values())).path).parent)
    return [*pages]
