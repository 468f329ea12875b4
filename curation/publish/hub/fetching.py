"""The files of one version on the Hub that a view needs, from the cache of the library."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from curation.errors import Corrupted, PublishError, RemoteUnavailable, UsageError
from curation.publish.hub.client import Hub, offline
from curation.publish.hub.history import tag_of, version_of
from curation.publish.shelf.manifest import MANIFEST, Manifest, read_manifest
from curation.publish.shelf.manifest import sha256 as sha256_of
from curation.publish.shelf.versions import LIST, Entry, decode_list, number
from curation.store.quiet import quietly

_THREADS = 8


class OnHub(Struct, frozen=True):
    """A version of a repository: its entry in the list, and the manifest that the entry names."""

    hub: Hub
    commit: str
    entry: Entry
    manifest: Manifest

    def files(self, paths: Iterable[str]) -> list[Path]:
        """These files of it, each with the SHA-256 that the manifest says.

        Raises: Corrupted if one has not; RemoteUnavailable if it is not cached and nobody answers.
        """
        known = {file.path: file.sha256 for file in self.manifest.files}

        def bring(path: str) -> Path:
            return _sound(self.hub, path, self.entry.version, self.commit, known[path])

        with quietly(), ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(bring, paths))


@quietly()
def on_hub(repo: str, version: str | None = None) -> OnHub:
    """A version of a repository; the newest one if none is named, with HF_HUB_OFFLINE the newest
    of those in the cache.

    Raises: UsageError for an unknown repository or version, listing the known ones; PublishError
    if it holds none; RemoteUnavailable if the Hub does not answer and the cache does not have the
    version; Corrupted if list and manifest are not of each other.
    """
    hub = Hub(repo)
    name = _newest(hub) if version is None else version
    path = _fetched(hub, LIST, name, tag_of(name))
    entries = decode_list(path.read_bytes(), str(path)) if path else ()
    if path is None or not entries or entries[-1].version != name:
        raise Corrupted(
            f"the tag {tag_of(name)} of {hub.url} was not made by this program: no {LIST} there "
            "ends with it",
            hint="datasets.load_dataset(…, revision=…) may read what lies there, unchecked.",
        )
    # The library's cache is `snapshots/COMMIT/…`: what follows is of this commit, whatever becomes
    # of the tag.
    commit = path.parent.name
    manifest = _sound(hub, MANIFEST, name, commit, entries[-1].manifest)
    return OnHub(hub, commit, entries[-1], read_manifest(manifest.parent))


def _sound(hub: Hub, path: str, version: str, commit: str, sha256: str) -> Path:
    """A file of a commit, once more from the Hub if the cached one is damaged."""
    for _ in range(2):
        found = _fetched(hub, path, version, commit)
        if found is None:
            break
        if sha256_of(found) == sha256:
            return found
        found.resolve().unlink()
        found.unlink(missing_ok=True)
    raise Corrupted(
        f"{path} of {hub.repo} {version} is missing there, or not what was published",
        hint="A published version never changes: tell who keeps the repository.",
    )


def _fetched(hub: Hub, path: str, version: str, revision: str) -> Path | None:
    from huggingface_hub.errors import LocalEntryNotFoundError, RevisionNotFoundError

    try:
        return hub.fetch(path, revision)
    except RevisionNotFoundError as fault:
        known = _known(hub.refs().tags)
        raise UsageError(
            f"{hub.url} has no version {version!r}",
            hint=f"Known versions: {', '.join(known)}." if known else "It holds no version at all.",
        ) from fault
    except LocalEntryNotFoundError as fault:
        why = "HF_HUB_OFFLINE is set" if offline() else f"{hub.address} does not answer"
        raise RemoteUnavailable(
            f"{hub.repo} {version} is not in the cache of this machine, and {why}",
            hint=f"{_cached_hint(hub)} Load it once where the Hub answers.",
        ) from fault


def _newest(hub: Hub) -> str:
    """The newest version there; offline, of those that the cache has."""
    if offline():
        if known := _known(hub.cached_tags()):
            return known[-1]
        raise RemoteUnavailable(
            f"no version of {hub.repo} is in the cache of this machine, and HF_HUB_OFFLINE is set",
            hint="Load it once where the Hub answers.",
        )
    try:
        known = _known(hub.refs().tags)
    except RemoteUnavailable as fault:
        raise RemoteUnavailable(
            f"{fault.message}, so the newest version of {hub.repo} can not be told",
            hint=f"{_cached_hint(hub)} One that is cached loads by its number.",
        ) from fault
    if known:
        return known[-1]
    raise PublishError(
        f"{hub.url} holds no version: it has no tag such as v0.1.0",
        hint=f"Push some there: curation hub push DATASET_DIR {hub.repo}",
    )


def _known(tags: Iterable[str]) -> list[str]:
    found = (version_of(tag) for tag in tags)
    return sorted((name for name in found if name), key=number)


def _cached_hint(hub: Hub) -> str:
    known = _known(hub.cached_tags())
    return f"Of {hub.repo} it has: {', '.join(known)}." if known else "It has no other version."
