"""Versions in an object store, read as they lie there: proven, or a view of one loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from curation.errors import Corrupted
from curation.publish.shelf.manifest import Manifest, read_manifest, sha256
from curation.publish.shelf.object_store import Store, is_url
from curation.publish.shelf.versions import Entry, folder_of

_THREADS = 8


class InStore(Struct, frozen=True):
    """A version in a store, and where what is fetched of it is kept."""

    store: Store
    manifest: Manifest
    cache: Path

    def files(self, paths: Iterable[str]) -> list[Path]:
        """These files of it, each with the SHA-256 that the manifest says.

        Raises: Corrupted if one has not; RemoteUnavailable if it is not here and nobody answers.
        """
        known = {file.path: file for file in self.manifest.files}

        def bring(path: str) -> Path:
            file = known[path]
            target = self.cache / file.sha256[:2] / f"{file.sha256}.parquet"
            if not (target.is_file() and sha256(target) == file.sha256):
                self.store.bring(file, target)
            return target

        with ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(bring, paths))


def in_store(url: str, entry: Entry) -> InStore:
    """A version of a dataset in a store; its files are kept by digest in the user's cache."""
    from platformdirs import user_cache_path

    store = Store(url)
    return InStore(store, store.manifest(entry), user_cache_path("curation") / "objects")


def manifest_of(dataset: Path | str, entry: Entry) -> Manifest:
    """The manifest of a version of a dataset directory, or of a dataset in a store."""
    if is_url(dataset):
        return Store(str(dataset)).manifest(entry)
    return read_manifest(folder_of(dataset, entry.version))


def prove_store(
    store: Store,
    entries: tuple[Entry, ...],
    *,
    chain: bool,
    progress: Callable[[Entry], None] | None,
) -> list[str]:
    """What is broken in these versions, a line each, reading every byte in the store once; with
    `chain` also what ties them together."""
    broken: list[str] = []
    seen: set[str] = set()
    parent: Entry | None = None
    with ThreadPoolExecutor(_THREADS) as pool:
        for entry in entries:
            try:
                manifest = store.manifest(entry)
            except Corrupted as fault:
                broken.append(fault.message)
            else:
                fresh = [file for file in manifest.files if file.sha256 not in seen]
                seen |= {file.sha256 for file in fresh}
                broken += [fault for fault in pool.map(store.fault, fresh) if fault]
                broken += _ties(store, entry, manifest, parent) if chain else ()
            parent = entry
            if progress is not None:
                progress(entry)
    return broken


def _ties(store: Store, entry: Entry, manifest: Manifest, parent: Entry | None) -> Iterator[str]:
    name = parent.version if parent else None
    if (manifest.version, manifest.parent) != (entry.version, entry.parent) or entry.parent != name:
        yield f"{entry.version} of {store.url} says its parent is {entry.parent}, not {name}"
    elif manifest.parent_manifest != (parent.manifest if parent else None):
        yield f"{entry.version} of {store.url} was not made from {name} as it is there"
