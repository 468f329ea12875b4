"""The list of versions of a dataset directory, and the right to change it."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from curation.errors import Corrupted, PublishError, UsageError
from curation.publish.shelf.manifest import Number, Sha256, read_manifest
from curation.publish.shelf.objects import OBJECTS, Objects
from curation.store import replacing

Bump = Literal["major", "minor", "patch"]

FIRST = "0.1.0"
LIST = "versions.json"
VERSIONS = "versions"
CARD = "README.md"

_LOCK = ".publish.lock"
_STAGING = ".staging-"
#: What the system says where a disk takes no more.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A version in the list: when it was published by the clock, and by whom (these stand only
    here, so that the version folder is the same wherever it is made); `manifest` is the SHA-256 of
    its manifest."""

    version: Number
    parent: Number | None
    created: datetime.datetime
    manifest: Sha256
    by: str = ""


class _List(Struct, frozen=True, forbid_unknown_fields=True):
    versions: tuple[Entry, ...] = ()


def versions(dataset: Path | str) -> tuple[Entry, ...]:
    """The versions of a dataset directory, or of a dataset in a store, oldest first.

    Raises: PublishError if it is no dataset directory; UsageError if nothing was named; Corrupted
    if its list can not be read.
    """
    known = _known(dataset)
    if known is None:
        raise _no_dataset(dataset)
    if not known:
        raise Corrupted(f"{dataset}/{LIST} names no version", hint="Restore it from a copy.")
    return known


def _known(dataset: Path | str) -> tuple[Entry, ...] | None:
    from curation.publish.shelf.object_store import Store, is_url

    if not dataset:
        raise UsageError(
            "no dataset was named",
            hint="Give its folder, its address in a store or, to load it, owner/name on the Hub.",
        )
    if is_url(dataset):
        entries, mark = Store(str(dataset)).entries()
        return entries if entries or mark else None
    path = Path(dataset) / LIST
    return _read(path) if path.is_file() else None


def _no_dataset(dataset: Path | str) -> PublishError:
    """That there is none, and the datasets beside it that could be meant."""
    path = Path(dataset)
    if "://" in str(dataset) or not path.exists():
        message = f"there is no dataset at {dataset}"
    else:
        message = f"{dataset} is no dataset directory: it has no {LIST}"
    if "://" in str(dataset):
        return PublishError(message, hint="Check the address.")
    if path.name == VERSIONS or path.parent.name == VERSIONS:
        above = path.parent if path.name == VERSIONS else path.parent.parent
        if (above / LIST).is_file():
            return PublishError(message, hint=f"Give the folder above its versions: {above}")
    beside = {lies.parent.name: lies.parent for lies in path.parent.glob(f"*/{LIST}")}
    inside = [lies.parent for lies in path.glob(f"*/{LIST}")]
    near = difflib.get_close_matches(path.name, beside, n=3)
    found = [*inside, *(beside[name] for name in near)] or list(beside.values())
    if not found:
        return PublishError(message, hint="Check the path; curation publish makes a dataset.")
    return PublishError(message, hint=f"There is one at {', '.join(map(str, sorted(found)[:3]))}.")


def find(dataset: Path | str, version: str | None = None) -> Entry:
    """The entry of a version, or of the newest one.

    Raises: UsageError, listing the known ones, if there is no such version; else as `versions`.
    """
    known = versions(dataset)
    if version is None:
        return known[-1]
    for entry in known:
        if entry.version == named(version):
            return entry
    names = ", ".join(entry.version for entry in known)
    raise UsageError(f"{dataset} has no version {version!r}", hint=f"Known versions: {names}.")


def folder_of(dataset: Path | str, version: str) -> Path:
    """Where a version lies."""
    return Path(dataset) / VERSIONS / version


def number(version: str) -> tuple[int, int, int]:
    """A version as numbers, for comparing.

    >>> number("0.10.2") > number("0.9.0")
    True

    Raises: UsageError if it is not X.Y.Z.
    """
    found = _NUMBER.match(version)
    if found is None:
        raise UsageError(f"{version!r} is no version number", hint="Write X.Y.Z, such as 1.0.0.")
    major, minor, patch = (int(part) for part in found.groups())
    return major, minor, patch


def is_number(name: str) -> bool:
    """Whether a name is a version number."""
    return _NUMBER.match(name) is not None


def named(version: str) -> str:
    """A version by its number, also where it is called by its tag on the Hub.

    >>> named("v0.1.0"), named("0.1.0"), named("vast")
    ('0.1.0', '0.1.0', 'vast')
    """
    plain = version.removeprefix("v")
    return plain if is_number(plain) else version


def bumped(version: str, bump: Bump) -> str:
    """The version after this one.

    >>> bumped("0.1.4", "minor"), bumped("0.1.4", "patch"), bumped("0.1.4", "major")
    ('0.2.0', '0.1.5', '1.0.0')
    """
    major, minor, patch = number(version)
    if bump == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "minor" else f"{major}.{minor}.{patch + 1}"


def listed(dataset: Path) -> tuple[Entry, ...]:
    """As `versions`, empty where nothing has been published yet."""
    path = dataset / LIST
    return _read(path) if path.exists() else ()


def write_list(dataset: Path, entries: tuple[Entry, ...]) -> None:
    """Replace the list at once."""
    with replacing(dataset / LIST) as stream:
        stream.write(encode_list(entries))


def encode_list(entries: tuple[Entry, ...]) -> bytes:
    """The bytes of a list of versions."""
    return msgspec.json.format(msgspec.json.encode(_List(entries)), indent=2) + b"\n"


def decode_list(data: bytes, place: str) -> tuple[Entry, ...]:
    """What a list of versions says; `place` is where it came from.

    Raises: Corrupted if it is none.
    """
    try:
        return msgspec.json.decode(data, type=_List).versions
    except msgspec.MsgspecError as fault:
        raise Corrupted(f"{place} can not be read: {fault}") from fault


@contextlib.contextmanager
def changing(dataset: Path) -> Generator[Path]:
    """The sole right to add a version, with a staging folder on the dataset's own disk that is gone
    afterwards; what a killed run left behind is removed first.

    Raises: PublishError if somebody else is publishing there, the folder holds other things, or its
    disk is full. A folder that was made for it and in which nothing appeared is removed again.
    """
    from filelock import FileLock, Timeout

    _check_place(dataset)
    made = not dataset.exists()
    dataset.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(dataset / _LOCK, timeout=0), _unless_used(dataset if made else None):
            stale = list(dataset.glob(f"{_STAGING}*"))
            for folder in stale:
                shutil.rmtree(folder)
            if stale:
                _sweep(dataset)
            with tempfile.TemporaryDirectory(prefix=_STAGING, dir=dataset) as staging:
                yield Path(staging)
    except Timeout as fault:  # an OSError too
        raise PublishError(
            f"somebody else is publishing to {dataset} at this moment",
            hint="Wait until that has ended, then run the same command again.",
        ) from fault
    except OSError as fault:
        if fault.errno not in NO_ROOM:
            raise
        raise PublishError(
            f"nothing was published: {dataset} takes no more ({os.strerror(fault.errno)})",
            hint="Make room there, then run the same command again.",
        ) from fault


@contextlib.contextmanager
def _unless_used(made: Path | None) -> Generator[None]:
    """Remove a folder at the end if it holds nothing but the lock, which is held: whoever waits for
    it sees that its file is gone."""
    try:
        yield
    finally:
        if made is not None and [path.name for path in made.iterdir()] == [_LOCK]:
            (made / _LOCK).unlink()
            with contextlib.suppress(OSError):  # somebody has put something there just now
                made.rmdir()


def _sweep(dataset: Path) -> None:
    """Remove the files that a killed run stored for a version that never appeared."""
    folders = (dataset / VERSIONS).iterdir() if (dataset / VERSIONS).is_dir() else ()
    used = {file.sha256 for folder in folders for file in read_manifest(folder).files}
    Objects(dataset).sweep(used)


def _check_place(dataset: Path) -> None:
    if dataset.exists() and not dataset.is_dir():
        raise PublishError(f"{dataset} is a file", hint="Give a folder, which may be new.")
    if not dataset.exists() or (dataset / LIST).exists():
        return
    foreign = sorted(
        path.name
        for path in dataset.iterdir()
        if not path.name.startswith(".") and path.name not in (VERSIONS, OBJECTS)
    )
    if foreign:
        raise PublishError(
            f"{dataset} is no dataset directory, and holds {foreign[0]!r} already",
            hint="Give an empty folder, a new one, or one that was published to before.",
        )


def _read(path: Path) -> tuple[Entry, ...]:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Corrupted(f"{path} can not be read: {fault}") from fault
    return decode_list(data, str(path))
