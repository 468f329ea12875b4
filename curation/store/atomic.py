"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from curation.errors import CurationError


@contextlib.contextmanager
def replacing(path: Path, *, durable: bool = True) -> Generator[BinaryIO]:
    """A binary file that takes `path`'s place when the block ends well, and leaves no trace when
    it does not. Readers see the old file or the new one, never a part; the mode of an earlier
    file is kept, and a link stays a link. A device or pipe (`/dev/null`) is written to as it is.
    What need not survive a power cut, as a cache whose bytes are checked, is quicker not `durable`.
    What a killed run has left of the same file is removed.

    Raises: CurationError if a file can not be made there.
    """
    path = path.resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as stream:
            yield stream
        return
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.parent.mkdir(parents=True, exist_ok=True)
        part, handle = new_part(path)
    except OSError as fault:
        raise CurationError(
            f"can not write {path}: {fault.strerror}", hint="Give the path of a file to write."
        ) from fault
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
            part.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            part.replace(path)  # while it is locked
        if durable:
            sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def new_part(path: Path, *, folder: bool = False) -> tuple[Path, int]:
    """A file (or folder) beside `path` that is to take its place, and a handle of it, which the
    caller closes when it has: so long it is locked, and is ours. What nobody has locked was left
    by a run that was killed, and is removed.

    Raises: OSError if it can not be made.
    """
    _remove_left(path)
    prefix, suffix = f".{path.name}.", ".part"
    while True:
        try:
            if folder:
                name = tempfile.mkdtemp(suffix, prefix, path.parent)
                handle = os.open(name, os.O_RDONLY)
            else:
                handle, name = tempfile.mkstemp(suffix, prefix, path.parent)
            with contextlib.suppress(OSError):  # where nothing can be locked, nothing is removed
                fcntl.flock(handle, fcntl.LOCK_EX)
            if Path(name).exists():
                return Path(name), handle
            os.close(handle)
        except FileNotFoundError:
            if not path.parent.is_dir():
                raise
        # Another run took it for left, before it was locked.


def _remove_left(path: Path) -> None:
    left = re.compile(rf"\.{re.escape(path.name)}\.[a-z0-9_]{{8}}\.part")  # as tempfile names them
    for part in path.parent.iterdir():
        if not left.fullmatch(part.name):
            continue
        try:
            handle = os.open(part, os.O_RDONLY)
        except OSError:  # gone by now, or somebody else's
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # its run goes on
            pass
        else:
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)
        finally:
            os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` survive a power cut (POSIX: fsync of the directory)."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
