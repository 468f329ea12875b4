"""Rows of a published version as a `datasets.Dataset`, every byte checked first."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from curation.errors import CurationError, PublishError, UsageError
from curation.publish.hub.client import could_be_hub_id, is_hub_id
from curation.publish.hub.fetching import on_hub
from curation.publish.proof import proven
from curation.publish.shelf.manifest import sha256
from curation.publish.shelf.object_store import is_url
from curation.publish.shelf.proving_store import in_store
from curation.publish.shelf.versions import find, folder_of
from curation.publish.views.features import check_view, features
from curation.publish.views.tables import read_table
from curation.store import replacing


def load(
    dataset: Path | str,
    version: str | None = None,
    view: str = "documents",
    split: str = "train",
) -> Any:
    """Rows of one view of one version, the newest if none is named; of `train`, if no other split
    is named, so that nothing else ends up in training by accident.

    `dataset` is a dataset directory or, where there is nothing of that name here, a repository of
    the Hub, `owner/name`: from there the files of this view and split come by the version's tag,
    and from the library's cache offline (see `on_hub`). Or it is the address of a store, such as
    `s3://bucket/news`: what is fetched is kept by digest in the user's cache.

    Every byte that the rows come from, and all that stands beside them, is checked against the
    manifest first; of the other views' files only that they are there and how long they are, which
    `verify` reads (from elsewhere: what is fetched is checked). The rows are then mapped from a
    file in the cache of `datasets` that is named after the manifest's digest: no other version or
    dataset is ever served in its place, wherever this one lies and whatever it is called. A file
    whose bytes are not those that were written there is made anew.

    Raises: UsageError for an unknown version, view or split, listing the known; Corrupted, naming
    what is broken; PublishError if this is no dataset directory; RemoteUnavailable if the Hub or
    the store does not answer.
    """
    check_view(view)
    if is_hub_id(dataset):
        try:
            there = on_hub(str(dataset), version)
        except CurationError as fault:
            fault.hint = f"There is no folder {dataset} here. {fault.hint}".rstrip()
            raise
        entry, manifest, files = there.entry, there.manifest, there.files
    elif is_url(dataset):
        entry = find(dataset, version)
        stored = in_store(str(dataset), entry)
        manifest, files = stored.manifest, stored.files
    else:
        try:
            entry = find(dataset, version)
        except PublishError as fault:
            if could_be_hub_id(dataset):
                fault.hint += (
                    f" A folder {dataset} here hides the repository of the Hub of that name."
                )
            raise
        manifest = proven(dataset, entry, views=(view,))
        folder = folder_of(dataset, entry.version)

        def files(paths: Iterable[str]) -> list[Path]:
            return [folder / path for path in paths]

    held = manifest.views[view]
    if split not in held:
        raise UsageError(
            f"{entry.version} of {dataset} has no split {split!r}",
            hint=f"It has: {', '.join(held)}.",
        )

    from datasets import Dataset, DatasetInfo, NamedSplit, config

    rows = Path(config.HF_DATASETS_CACHE) / "curation" / entry.manifest / f"{view}-{split}.arrow"
    columns = features(view, manifest.labels)
    proof = rows.with_suffix(".sha256")
    if not (rows.is_file() and proof.is_file() and proof.read_text("utf-8") == sha256(rows)):
        written = _write_arrow(rows, files(held[split].files), columns)
        with replacing(proof, durable=False) as stream:
            stream.write(written.encode())
    info = DatasetInfo(features=columns, license=manifest.license or "")
    return Dataset.from_file(str(rows), info=info, split=NamedSplit(split))


class _Hashing(io.RawIOBase):
    """Hashes what is written to a stream on its way."""

    def __init__(self, stream: BinaryIO) -> None:
        self.sha256 = hashlib.sha256()
        self._stream = stream

    def write(self, data: Any) -> int:
        """Pass it on."""
        self.sha256.update(data)
        return self._stream.write(data)

    def writable(self) -> bool:
        """It is."""
        return True


def _write_arrow(target: Path, files: Iterable[Path], columns: Any) -> str:
    """Write rows of Parquet files as one Arrow stream, which memory can map; gives its SHA-256."""
    import pyarrow as pa

    arrow: Any = pa
    schema = columns.arrow_schema
    with replacing(target, durable=False) as stream:  # what a power cut spoils is made anew
        hashing = _Hashing(stream)
        with arrow.ipc.new_stream(hashing, schema) as writer:
            for path in files:
                writer.write_table(read_table(path).cast(schema), max_chunksize=1000)
        return hashing.sha256.hexdigest()
