"""Hugging Face datasets: saved ones, dataset folders, and ids on the Hub. Read as a stream, so
that nothing is copied into a cache and no stale copy is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from curation.errors import UsageError
from curation.ingest.columns import BATCH, rows
from curation.ingest.options import Options
from curation.ingest.row import Place, Row, Source, check_fields
from curation.store import Rejects

_ID = re.compile(r"[\w.-]+/[\w.-]+\Z", re.ASCII)
_CARD = re.compile(r"---\r?\n(?:(?!---).*\r?\n)*?(?:configs|dataset_info):")
_SAVED = ("dataset_dict.json", "state.json")


def is_dataset(folder: Path) -> bool:
    """Whether a folder is a dataset, not files to ingest one by one: saved by `save_to_disk`, or
    with a README whose YAML head describes data files.
    """
    if any((folder / name).is_file() for name in _SAVED):
        return True
    card = folder / "README.md"
    return card.is_file() and bool(_CARD.match(card.read_text("utf-8", "replace")))


def is_hub_id(path: str) -> bool:
    """Whether this could be the id of a dataset on the Hub: `owner/name`.

    >>> is_hub_id("owner/name"), is_hub_id("a/b/c"), is_hub_id("name")
    (True, False, False)
    """
    return bool(_ID.match(path))


def read_dataset(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row]:
    """Every row of every split, or of the one that is asked for. Rows count from 1 in a split."""
    for split, dataset in _splits(source.path, options).items():
        names = dataset.column_names
        if names is not None:
            check_fields(names, options)
        batches = dataset.with_format("arrow").iter(batch_size=BATCH)
        place = Place(source.path, part=split)
        label_names = _label_names(dataset)
        for row in rows(batches, options, rejects, place):
            row.rest.update(
                {
                    name: labels[row.rest[name]]
                    for name, labels in label_names.items()
                    if isinstance(row.rest.get(name), int) and 0 <= row.rest[name] < len(labels)
                }
            )
            yield row


def _splits(path: str, options: Options) -> dict[str, Any]:
    loaded = _load(path, options.config)
    splits = cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else {"": loaded}
    if options.split is None:
        return splits
    if options.split not in splits:
        known = ", ".join(splits) if "" not in splits else "none, leave --split out"
        raise UsageError(f"{path} has no split {options.split!r}", hint=f"Splits: {known}.")
    return {options.split: splits[options.split]}


def _load(path: str, config: str | None) -> Any:
    import datasets
    from datasets import exceptions

    library: Any = datasets
    try:
        if any((Path(path) / name).is_file() for name in _SAVED):
            return library.load_from_disk(path)
        return library.load_dataset(path, config, streaming=True)
    except (OSError, ValueError, exceptions.DatasetsError) as fault:
        found = "" if Path(path).exists() else f"there is no file or folder {path!r}, and "
        error = UsageError(
            f"{found}{path} can not be loaded as a Hugging Face dataset: {fault}",
            hint="Check the path or the id (owner/name); --config NAME chooses one of several "
            "configurations.",
        )
        if isinstance(fault, ConnectionError):
            error.exit_code = 3  # the Hub is not there
        elif found:
            error.exit_code = 1  # as for any path that is not there
        raise error from fault


def _label_names(dataset: Any) -> dict[str, list[str]]:
    """The names that the numbers in class columns stand for."""
    import datasets

    features: dict[str, Any] = dataset.features or {}
    kind: Any = datasets.ClassLabel
    return {name: of.names for name, of in features.items() if isinstance(of, kind)}
