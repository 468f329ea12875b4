"""Versions from the Hub into a dataset directory, each proven before it appears."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from curation.errors import Corrupted, Diverged, PublishError, UsageError
from curation.publish.hub.client import Hub
from curation.publish.hub.history import history, read_checked_manifest, shared
from curation.publish.making.release import show_newest
from curation.publish.making.unlisted import list_unlisted
from curation.publish.proof import version_faults
from curation.publish.shelf.manifest import MANIFEST, File, Manifest
from curation.publish.shelf.manifest import sha256 as sha256_of
from curation.publish.shelf.object_store import is_url
from curation.publish.shelf.objects import Digests, Objects, link, sync_file
from curation.publish.shelf.versions import VERSIONS, Entry, changing, folder_of, write_list
from curation.publish.views.features import VIEWS
from curation.store import sync_folder
from curation.store.quiet import quietly

#: Where files lie until their version is whole; a pull that was killed goes on from it.
_FETCHED = ".hub-pull"
_THREADS = 8


class Pulled(Struct, frozen=True):
    """What a pull did: the versions that came, and those that were there."""

    repo: str
    url: str
    came: tuple[str, ...]
    there: tuple[str, ...]


@quietly()
def pull(
    repo: str,
    dataset: Path | str,
    *,
    version: str | None = None,
    token: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Pulled:
    """Bring the versions of a repository, up to `version` or all, into a dataset directory, which
    may be new or hold the first of them.

    Files that another version here has are not fetched. Every file is checked against its manifest,
    every manifest against the list of versions, and a version appears by one rename, as in a
    publish. A pull that was killed goes on where it was.

    Raises: Diverged if the directory holds another history; UsageError for an unknown version;
    Corrupted if what the Hub gives is not what its manifest says; PublishError as a publish, and if
    the repository holds no version; RemoteUnavailable as `Hub`.
    """
    if is_url(dataset):
        raise UsageError(f"{dataset} is no folder", hint="Pull to a folder on this machine.")
    dataset = Path(dataset)
    hub = Hub(repo, token)
    past = history(hub)
    if not past.entries:
        raise PublishError(
            f"{hub.url} holds no version: it has no tag such as v0.1.0",
            hint=f"Push some there: curation hub push DATASET_DIR {repo}",
        )
    wanted = past.entries
    if version is not None:
        names = [entry.version for entry in wanted]
        if version not in names:
            raise UsageError(
                f"{hub.url} has no version {version!r}", hint=f"Known versions: {', '.join(names)}."
            )
        wanted = wanted[: names.index(version) + 1]
    came: list[str] = []
    with changing(dataset) as staging:
        here = list_unlisted(dataset)
        show_newest(dataset, here)
        common = shared(here, past.entries, str(dataset), hub)
        for entry in wanted[common:]:
            commit = past.tagged.get(entry.version)
            if commit is None:
                raise Diverged(
                    f"{hub.url} has lost its tag v{entry.version}, which later versions need",
                    hint=f"Who has all versions can put it back: curation hub push DIR {repo}",
                )
            fetched = dataset / _FETCHED / commit
            manifest = read_checked_manifest(hub, entry, commit, fetched)
            _check_parent(hub, manifest, here[-1] if here else None)
            _fetch(hub, commit, dataset, manifest, fetched)
            folder = staging / entry.version
            _assemble(dataset, folder, manifest, fetched, entry)
            _appear(dataset, folder, manifest, here, entry)
            here = (*here, entry)
            shutil.rmtree(fetched)
            came.append(entry.version)
            progress(f"{entry.version} is in its place")
        shutil.rmtree(dataset / _FETCHED, ignore_errors=True)
    there = tuple(entry.version for entry in wanted if entry.version not in came)
    return Pulled(repo, hub.url, tuple(came), there)


def _check_parent(hub: Hub, manifest: Manifest, parent: Entry | None) -> None:
    said = manifest.parent, manifest.parent_manifest
    if said != ((parent.version, parent.manifest) if parent else (None, None)):
        raise Corrupted(
            f"{manifest.version} of {hub.repo} was not made from "
            f"{parent.version if parent else 'no version'} as it is here",
            hint="A published version never changes: tell who keeps the repository.",
        )


def _fetch(hub: Hub, commit: str, dataset: Path, manifest: Manifest, into: Path) -> None:
    """Bring what no version here has to the folder `into`."""
    objects = Objects(dataset)
    missing = [file for file in manifest.files if not objects.place(file.sha256).is_file()]

    def bring(file: File) -> None:
        path = hub.fetch(file.path, commit, into)
        if path is not None and sha256_of(path) != file.sha256:
            # Not worth keeping: the next try asks for it again.
            path.unlink()
            path = None
        if path is None:
            raise Corrupted(
                f"{file.path} of {hub.repo} {manifest.version} is missing or not what its manifest "
                "says",
                hint="Run it again; if it stays so, tell who published it.",
            )

    with ThreadPoolExecutor(_THREADS) as pool:
        for job in [pool.submit(bring, file) for file in missing]:
            job.result()


def _assemble(dataset: Path, folder: Path, manifest: Manifest, fetched: Path, entry: Entry) -> None:
    """The version's folder as it is to be, every byte of it read."""
    objects = Objects(dataset)
    folder.mkdir()
    for name in (MANIFEST, *(file.path for file in manifest.files)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    for view in VIEWS:
        (folder / view).mkdir(exist_ok=True)
    link(fetched / MANIFEST, folder / MANIFEST)
    sync_file(folder / MANIFEST)
    for file in manifest.files:
        stored = objects.place(file.sha256)
        link(stored if stored.is_file() else fetched / file.path, folder / file.path)
        sync_file(folder / file.path)
    broken = version_faults(folder, entry, Digests())
    if broken:
        raise Corrupted(
            "\n".join([f"{entry.version} did not come whole:", *broken]),
            hint="Rows that a version here has were not fetched again, and may be damaged here: "
            f"curation verify {dataset}",
        )


def _appear(
    dataset: Path, folder: Path, manifest: Manifest, here: tuple[Entry, ...], entry: Entry
) -> None:
    objects = Objects(dataset)
    for file in manifest.files:
        if file.path.partition("/")[0] in VIEWS:
            objects.keep(folder / file.path, file.sha256)
    for within in {(folder / file.path).parent for file in manifest.files}:
        sync_folder(within)
    sync_folder(folder)
    (dataset / VERSIONS).mkdir(exist_ok=True)
    folder.rename(folder_of(dataset, entry.version))
    sync_folder(dataset / VERSIONS)
    sync_folder(dataset)
    write_list(dataset, (*here, entry))
    show_newest(dataset, (*here, entry))
