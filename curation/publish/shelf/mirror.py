"""What is needed of a dataset in an object store, as a dataset directory on this machine.

A command on `s3://bucket/news` works in a folder of the user's cache, one an address: what the
store has is fetched into it by digest (once, and again if it was damaged), the command does there
what it does in any dataset directory, and what is new is sent to the store. Rows are fetched for
the versions that are asked for only.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
import shutil
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from curation.errors import CurationError, Diverged
from curation.publish.shelf.manifest import MANIFEST, File, read_manifest, sha256
from curation.publish.shelf.object_store import Store, is_url, manifest_file
from curation.publish.shelf.objects import Objects, link
from curation.publish.shelf.versions import (
    CARD,
    LIST,
    VERSIONS,
    Entry,
    folder_of,
    listed,
    named,
    write_list,
)
from curation.publish.views.features import VIEWS

P = ParamSpec("P")
T = TypeVar("T")

_THREADS = 8


def anywhere(
    *needs: str, maybe: str = "", every: bool = False, changes: bool = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function with an argument `dataset`, a dataset directory, that takes an address of a store
    there as well, and versions by tag too. `needs` names its arguments that name versions, `maybe`
    one that may name a version that is not there yet. With `changes` it needs the newest version
    too, and what it publishes is sent; with `every` it needs all. Messages name the address.
    """

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            bound = signature.bind(*args, **kwargs)
            for name in (*needs, maybe):
                if version := bound.arguments.get(name):
                    bound.arguments[name] = named(version)
            url = bound.arguments["dataset"]
            if not is_url(url):
                return function(*bound.args, **bound.kwargs)
            store = Store(url)
            if changes:
                store.check_can_publish()
            with _mirror(store) as folder:
                entries, mark = store.entries()
                newest = entries[-1:] if changes else ()
                wanted = {entry.version for entry in (entries if every else newest)}
                wanted |= {bound.arguments.get(name) for name in (*needs, maybe)}
                _reset(folder, entries)
                _bring(store, folder, entries, wanted)
                bound.arguments["dataset"] = folder
                outcome = function(*bound.args, **bound.kwargs)
                if changes:
                    _send(store, folder, entries, mark)
                return outcome

        return called

    return wrap


@contextlib.contextmanager
def _mirror(store: Store) -> Generator[Path]:
    """The folder of an address, for this process alone."""
    from filelock import FileLock
    from platformdirs import user_cache_path

    name = hashlib.sha256(store.url.encode()).hexdigest()[:32]
    folder = user_cache_path("curation") / "stores" / name
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        try:
            yield folder
        except CurationError as error:
            error.message = error.message.replace(str(folder), store.url)
            error.hint = error.hint.replace(str(folder), store.url)
            raise


def _reset(folder: Path, entries: tuple[Entry, ...]) -> None:
    """Forget what the store does not have: versions that were made here and never sent."""
    there = {entry.version: entry.manifest for entry in entries}
    for version in (folder / VERSIONS).iterdir() if (folder / VERSIONS).is_dir() else ():
        path = version / MANIFEST
        if not path.is_file() or sha256(path) != there.get(version.name):
            shutil.rmtree(version)
    if entries:
        write_list(folder, entries)
    else:
        for name in (LIST, CARD):
            (folder / name).unlink(missing_ok=True)


def _bring(
    store: Store, folder: Path, entries: tuple[Entry, ...], wanted: Iterable[str | None]
) -> None:
    """Of every version what stands beside the rows, and the rows of those that are wanted."""
    objects = Objects(folder)
    work: list[tuple[File, Path]] = []
    for entry in entries:
        place = folder_of(folder, entry.version)
        if not (place / MANIFEST).is_file():
            store.bring(manifest_file(entry), place / MANIFEST)
        for file in read_manifest(place).files:
            rows = file.path.partition("/")[0] in VIEWS
            if not rows or entry.version in wanted:
                work.append((file, place / file.path))

    def bring(job: tuple[File, Path]) -> None:
        file, path = job
        if path.is_file() and sha256(path) == file.sha256:
            return
        path.unlink(missing_ok=True)
        stored = objects.place(file.sha256)
        if not (stored.is_file() and sha256(stored) == file.sha256):
            store.bring(file, path)
            if file.path.partition("/")[0] in VIEWS:
                objects.keep(path, file.sha256)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        link(stored, path)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(bring, work))


def _send(store: Store, folder: Path, before: tuple[Entry, ...], mark: str | None) -> None:
    """Send the versions that are new here: objects first, then the list.

    Raises: Diverged if somebody else has published in the meantime.
    """
    entries = listed(folder)
    fresh = entries[len(before) :]
    if not fresh:
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        for entry in fresh:
            place = folder_of(folder, entry.version)
            files = [*read_manifest(place).files, manifest_file(entry)]
            jobs = [pool.submit(store.send, place / file.path, file) for file in files]
            for job in jobs:
                job.result()
    if not store.write_entries((*before, *fresh), mark):
        raise Diverged(
            f"somebody else has published to {store.url} in the meantime; "
            f"{fresh[-1].version} was not published",
            hint="Run the same command again: it goes on top of what is there now.",
        )
