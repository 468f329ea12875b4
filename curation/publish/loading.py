"""Rows of a published version as a `datasets.Dataset`, every byte checked first."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

from curation.publish.features import check_view, features
from curation.publish.proof import proven
from curation.publish.shards import SPLIT
from curation.publish.versions import find, folder_of


def load(dataset: Path | str, version: str | None = None, view: str = "documents") -> Any:
    """Rows of one view (`documents` or `tokens`) of one version, the newest if none is named.

    The whole version is checked against its manifest first. The rows are cached by `datasets` in a
    folder that belongs to exactly these bytes, so that no other dataset or version is ever served
    in their place.

    Raises: UsageError for an unknown version or view, listing the known; Corrupted, naming what is
    broken; PublishError if this is no dataset directory.
    """
    check_view(view)
    entry = find(dataset, version)
    manifest = proven(dataset, entry)
    folder = folder_of(dataset, entry.version)

    from datasets import Dataset, NamedSplit, config

    reader: Any = Dataset  # only partly typed
    with quiet():
        return reader.from_parquet(
            [str(folder / path) for path in manifest.views[view].files],
            split=NamedSplit(SPLIT),
            features=features(view, manifest.labels),
            cache_dir=str(Path(config.HF_DATASETS_CACHE) / "curation" / entry.manifest[:32]),
        )


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """No progress bars of `datasets` inside the block; afterwards all is as it was."""
    from datasets import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    shown = not are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            enable_progress_bars()
