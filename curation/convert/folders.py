"""Formats of one file a document: a folder that appears when it is whole, and names for files."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Generator
from pathlib import Path
from urllib.parse import unquote

from curation.errors import CurationError, UsageError
from curation.store import STREAM, new_part, sync_folder

#: Of a document's id, what no file name holds everywhere; and how long one may be, in bytes.
_UNSAFE = re.compile(r"[^\w .-]|\A[. -]|[. ]\Z")
_LONGEST = 180


@contextlib.contextmanager
def new_folder(path: Path | str) -> Generator[Path]:
    """A folder to fill, which takes the name `path` when the block ends well. What a killed run has
    left of it is removed.

    Raises: UsageError if there is something already, or for `-`.
    """
    if str(path) == STREAM:
        raise UsageError("the format is a folder of files", hint="Give -o FOLDER.")
    path = Path(path)
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise UsageError(f"{path} is there already", hint="Give a folder that is new or empty.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part, handle = new_part(path, folder=True)
    try:
        yield part
        part.chmod(0o755)
        part.replace(path)
        sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    finally:
        os.close(handle)


def old_folder(path: Path | str) -> Path:
    """A folder to read.

    Raises: CurationError if it is not there; UsageError if it is none.
    """
    if str(path) != STREAM and not Path(path).exists():
        raise CurationError(f"{path}: No such file or directory", hint="Give the path of a folder.")
    if str(path) == STREAM or not Path(path).is_dir():
        raise UsageError(f"{path} is no folder", hint="Give the folder that holds the files.")
    return Path(path)


class Names:
    """File names for documents by their ids. What is no letter, digit, blank, dash or dot stands as
    % and its UTF-8 in hex; an id that is too long, or taken but for its case, becomes a number.

    >>> names = Names()
    >>> names.new("خبر/1"), names.new("a"), names.new("A")
    ('خبر%2F1', 'a', '3')
    >>> ident("خبر%2F1")
    'خبر/1'
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._count = 0

    def new(self, ident: str) -> str:
        """A name that no other document has."""
        self._count += 1
        name = _UNSAFE.sub(_escaped, ident)
        if len(name.encode()) > _LONGEST or name.casefold() in self._taken:
            name = str(self._count)
            while name in self._taken:
                name += "-"
        self._taken.add(name.casefold())
        return name


def ident(name: str) -> str:
    """The id of the document whose file has this name, without its suffix."""
    return unquote(name, errors="strict") if "%" in name else name


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
