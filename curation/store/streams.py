"""Bytes in and out of a file, or of stdin and stdout for `-`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

from curation.errors import CurationError
from curation.store.atomic import replacing

#: The name that stands for stdin and stdout.
STREAM = "-"


@contextlib.contextmanager
def opened(path: Path | str) -> Generator[BinaryIO]:
    """A file to read, or stdin for `-`.

    Raises: CurationError if it can not be opened.
    """
    if str(path) == STREAM:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 (closed below)
    except OSError as fault:
        raise CurationError(
            f"{path}: {fault.strerror or fault}", hint="Give the path of a file, or -."
        ) from fault
    with stream:
        yield stream


@contextlib.contextmanager
def written(path: Path | str) -> Generator[BinaryIO]:
    """A file that appears when the block ends well, or stdout for `-`."""
    if str(path) == STREAM:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replacing(Path(path)) as stream:
        yield stream
