"""The bytes of a version are those that were published, or it is said what is not."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from pathlib import Path

from curation.errors import Corrupted
from curation.publish.card.whole import at_root
from curation.publish.shelf.manifest import MANIFEST, Manifest, read_manifest, sha256
from curation.publish.shelf.object_store import Store, is_url
from curation.publish.shelf.objects import Digests, Objects
from curation.publish.shelf.proving_store import prove_store
from curation.publish.shelf.versions import CARD, VERSIONS, Entry, find, folder_of, versions
from curation.publish.views.features import VIEWS

_HINT = "Restore it from a copy; a published version never changes."


def verify(
    dataset: Path | str,
    version: str | None = None,
    *,
    progress: Callable[[Entry], None] | None = None,
) -> tuple[Entry, ...]:
    """Prove one version, or all of them and what ties them together, reading every byte once.
    Returns what was proven, and tells `progress` after each.

    Raises: Corrupted, naming everything that is broken.
    """
    entries = versions(dataset) if version is None else (find(dataset, version),)
    if is_url(dataset):
        broken = prove_store(Store(str(dataset)), entries, chain=version is None, progress=progress)
        return _unbroken(dataset, entries, broken)
    broken: list[str] = []
    digests = Digests()
    for entry in entries:
        broken += version_faults(folder_of(dataset, entry.version), entry, digests)
        if progress is not None:
            progress(entry)
    if version is None:
        broken += _ties(Path(dataset), entries)
        broken += _object_faults(Path(dataset), digests)
    return _unbroken(dataset, entries, broken)


def _unbroken(
    dataset: Path | str, entries: tuple[Entry, ...], broken: list[str]
) -> tuple[Entry, ...]:
    if broken:
        raise Corrupted("\n".join([f"{len(broken)} broken in {dataset}:", *broken]), hint=_HINT)
    return entries


def proven(
    dataset: Path | str,
    entry: Entry,
    digests: Digests | None = None,
    views: Container[str] = VIEWS,
) -> Manifest:
    """The manifest of a version whose every byte has been checked; of the rows only those of
    `views`, while of the other files only that they are there and how long they are.

    Raises: Corrupted, naming everything that is broken in it.
    """
    broken = version_faults(folder_of(dataset, entry.version), entry, digests, views)
    if broken:
        message = f"version {entry.version} of {dataset} is not what was published:"
        raise Corrupted("\n".join([message, *broken]), hint=_HINT)
    return read_manifest(folder_of(dataset, entry.version))


def version_faults(
    folder: Path,
    entry: Entry | None = None,
    digests: Digests | None = None,
    views: Container[str] = VIEWS,
) -> list[str]:
    """What is broken in a version folder, a line each; with an entry also whether the manifest is
    the one in the list. The bytes of rows are read of these views only."""
    path = folder / MANIFEST
    if not path.is_file():
        return [f"{path}: missing"]
    if entry is not None and sha256(path) != entry.manifest:
        return [f"{path}: not the manifest of {entry.version} in the list of versions"]
    try:
        manifest = read_manifest(folder)
    except Corrupted as fault:
        return [fault.message]
    if entry is not None and (manifest.version, manifest.parent) != (entry.version, entry.parent):
        return [f"{path}: says {manifest.version} from {manifest.parent}, unlike the list"]
    return list(_file_faults(folder, manifest, digests or Digests(), views))


def _file_faults(
    folder: Path, manifest: Manifest, digests: Digests, views: Container[str]
) -> Iterator[str]:
    known = {MANIFEST}
    for file in manifest.files:
        known.add(file.path)
        path = folder / file.path
        view = file.path.partition("/")[0]
        if not path.is_file():
            yield f"{path}: missing"
        elif path.stat().st_size != file.size:
            yield f"{path}: {path.stat().st_size} bytes, published were {file.size}"
        elif (view in views or view not in VIEWS) and digests.of(path) != file.sha256:
            yield f"{path}: its bytes have changed"
    for path in sorted(folder.rglob("*")):
        # A link to a folder is one that a version never has; what it holds is not walked through.
        held = path.is_dir() and not path.is_symlink()
        if not held and path.relative_to(folder).as_posix() not in known:
            yield f"{path}: not part of the version"


def _object_faults(dataset: Path, digests: Digests) -> Iterator[str]:
    for path in Objects(dataset).all():
        if digests.of(path) != path.stem:
            yield f"{path}: its bytes have changed, and other versions would be given them"


def _ties(dataset: Path, entries: tuple[Entry, ...]) -> Iterator[str]:
    listed = {entry.version for entry in entries}
    for folder in sorted((dataset / VERSIONS).iterdir() if (dataset / VERSIONS).is_dir() else ()):
        if folder.name not in listed:
            yield f"{folder}: not in the list of versions; the next publish adds it"
    parent: Entry | None = None
    for entry in entries:
        name = parent.version if parent else None
        if entry.parent != name:
            yield f"{entry.version} says its parent is {entry.parent}, the list says {name}"
        yield from _chain_faults(folder_of(dataset, entry.version), parent)
        parent = entry
    card, newest = dataset / CARD, entries[-1].version
    original = folder_of(dataset, newest) / CARD
    if not card.is_file():
        yield f"{card}: missing; the next publish writes it again"
    elif original.is_file() and card.read_bytes() != root_card(dataset, newest):
        yield f"{card}: not the card of {newest}; the next publish writes it again"


def _chain_faults(folder: Path, parent: Entry | None) -> Iterator[str]:
    """Whether a version was made from the parent that is there: a manifest names its parent's
    digest, so nothing in the history can be exchanged for something else that is whole."""
    try:
        manifest = read_manifest(folder)
    except Corrupted:
        return  # told already
    if manifest.parent_manifest != (parent.manifest if parent else None):
        name = parent.version if parent else "no version"
        yield f"{folder / MANIFEST}: was not made from {name} as it is here"


def root_card(dataset: Path, version: str) -> bytes:
    """The README.md of a dataset directory whose newest version this is."""
    text = (folder_of(dataset, version) / CARD).read_bytes().decode("utf-8", "replace")
    return at_root(text, version).encode()
