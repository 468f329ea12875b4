"""Bytes to text, exactly: no newline is translated, nothing is stripped or replaced.

A byte order mark at the very start of a file is a mark of the encoding, not text, and is taken
off; anywhere else U+FEFF is text.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import re
import sys
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import BinaryIO, TextIO

from curation.errors import DataError
from curation.store import STREAM

#: The encoding of a file that does not say another.
UTF8 = "utf-8"

# What the error handler "surrogateescape" makes of a byte that the encoding does not have.
_ESCAPED = re.compile("[\udc80-\udcff]")


def is_encoding(name: str) -> bool:
    """Whether this is the name of an encoding of text.

    >>> is_encoding("windows-1256"), is_encoding("klingon"), is_encoding("hex")
    (True, False, False)
    """
    try:
        b" ".decode(name)
    except UnicodeError:  # an encoding, in which one blank is not all
        return True
    except (LookupError, ValueError):
        return False
    return True


@contextlib.contextmanager
def opened(path: str) -> Generator[BinaryIO]:
    """The bytes of a file, or of stdin for `-`."""
    if path == STREAM:
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as stream:
        yield stream


def decode(data: bytes, encoding: str | None = None) -> str:
    """The text of a whole file.

    >>> decode(b"\\xef\\xbb\\xbfa\\r\\n")
    'a\\r\\n'

    Raises: DataError with the place of the first byte that the encoding does not have.
    """
    encoding = codecs.lookup(encoding or UTF8).name
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        line, column = line_and_column(data[: fault.start].decode(encoding, "replace"))
        raise DataError(
            f"byte 0x{data[fault.start]:02X} at offset {fault.start} (line {line}, column "
            f"{column}) is not {encoding}: {fault.reason}",
            line=line,
            hint=_encoding_hint(data),
        ) from fault
    return text.removeprefix("\ufeff") if encoding == UTF8 else text


def _encoding_hint(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "It starts as UTF-16 does: --encoding utf-16."
    return "Say how it is encoded: --encoding windows-1256, for example."


def line_and_column(text: str, at: int | None = None) -> tuple[int, int]:
    """Line and column, from 1, of a code point of the text (of its end, if none is given).

    >>> line_and_column("ab\\ncd", 4)
    (2, 2)
    """
    at = len(text) if at is None else at
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@contextlib.contextmanager
def as_text(stream: BinaryIO, encoding: str | None = None) -> Generator[TextIO]:
    """A stream of bytes as text, line by line, newlines kept. Bytes that the encoding does not
    have come as lone surrogates, which `undecodable` finds, so that one does not end the rest.
    """
    name = codecs.lookup(encoding or UTF8).name
    text = io.TextIOWrapper(
        stream,
        encoding="utf-8-sig" if name == UTF8 else name,
        errors="surrogateescape",
        newline="",
    )
    try:
        yield text
    finally:
        text.detach()  # whoever opened the stream closes it


def undecodable(cells: Iterable[str], encoding: str | None = None) -> DataError | None:
    """The error for the first byte among these texts that the encoding does not have."""
    for column, cell in enumerate(cells, start=1):
        if found := _ESCAPED.search(cell):
            byte = ord(found[0]) - 0xDC00
            return DataError(
                f"byte 0x{byte:02X} at code point {found.start()} of cell {column} is not "
                f"{encoding or UTF8}",
                hint="Say how it is encoded: --encoding windows-1256, for example.",
            )
    return None
