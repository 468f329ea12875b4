"""The published readings of a version, as records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.model import Record
from curation.publish.proof import proven
from curation.publish.shelf.versions import find, folder_of
from curation.publish.views.rows import record_of
from curation.publish.views.tables import read_rows


def published(dataset: Path | str, version: str | None = None) -> Iterator[Record]:
    """The records of one version, the newest if none is named, of all splits; each has the one
    reading that was published. The whole version is checked against its manifest first; one file is
    in memory at a time.

    Raises: UsageError for an unknown version; Corrupted, naming what is broken; PublishError if
    this is no dataset directory.
    """
    entry = find(dataset, version)
    manifest = proven(dataset, entry)
    folder = folder_of(dataset, entry.version)
    for held in manifest.views["documents"].values():
        for file in held.files:
            for row in read_rows(folder / file):
                yield record_of(row)
