"""Where the bytes of versions are kept: each file of rows once, by its content, and linked into the
versions that hold it. Every file of a dataset directory is made here or in `versions`.

`objects/ab/abcd….parquet` is named after its SHA-256. Where a file system has no hard links, a
version holds copies. The files are read-only, since one of them may belong to many versions.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Container, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

OBJECTS = "objects"

# Files that are made durable at once.
_SYNCED = 6


class Digests:
    """SHA-256 of files, each read once, however many names it has."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def of(self, path: Path) -> str:
        """SHA-256 of a file's bytes, as hex."""
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            key = found.st_dev, found.st_ino
            if key not in self._known:
                self._known[key] = hashlib.file_digest(stream, "sha256").hexdigest()
        return self._known[key]


def write_file(path: Path, content: str | bytes) -> None:
    """Write a small file durably."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sync_file(path)


def sync_file(path: Path) -> None:
    """Make a file's bytes survive a power cut."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def sync_files(paths: Iterable[Path]) -> None:
    """As `sync_file`, all at once: a disk takes hardly longer for several than for one."""
    with ThreadPoolExecutor(_SYNCED) as pool:
        list(pool.map(sync_file, paths))  # raises what one of them raised


def link(source: Path, target: Path) -> None:
    """The same file under a second name, or a copy where that can not be."""
    try:
        os.link(source, target)
    except OSError:
        # No hard links here (FAT, some network shares), or too many to one file (ext4: 65,000).
        shutil.copy2(source, target)
        sync_file(target)


class Objects:
    """The files of rows of a dataset directory, by content."""

    def __init__(self, dataset: Path) -> None:
        self._root = dataset / OBJECTS

    def keep(self, path: Path, sha256: str) -> None:
        """Store a file that was made for a version under its SHA-256. If it is there already (and
        whole), the version's name leads to the stored one, so that there is one file only."""
        place = self.place(sha256)
        path.chmod(0o444)
        if place.is_file() and Digests().of(place) == sha256:
            if place.samefile(path):
                return  # a rename between two names of one file does nothing, and leaves both
            stored = path.with_name(f"{path.name}.stored")
            link(place, stored)
            stored.replace(path)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        part.unlink(missing_ok=True)
        link(path, part)
        part.replace(place)

    def place(self, sha256: str) -> Path:
        """Where the file with this SHA-256 is, or would be."""
        return self._root / sha256[:2] / f"{sha256}.parquet"

    def all(self) -> list[Path]:
        """Every file that is stored."""
        return sorted(self._root.glob("*/*")) if self._root.is_dir() else []

    def sweep(self, used: Container[str]) -> None:
        """Remove what no version uses: a publish that was killed may have left it."""
        for path in self.all():
            if path.suffix != ".parquet" or path.stem not in used:
                path.unlink()
