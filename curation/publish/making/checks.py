"""Lines of records, read where a scan found them."""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path

from msgspec import Struct

from curation.errors import DataError
from curation.publish.making.decisions import Decisions
from curation.publish.making.scan import Place
from curation.publish.making.shard_making import Line
from curation.store import STREAM
from curation.store.jsonl import read_line


class _Document(Struct):
    text: str
    source: str | None = None


class _Text(Struct):
    document: _Document


class Records:
    """The lines of a file of records, each read when it is asked for."""

    def __init__(self, path: Path, name: str, decisions: Decisions | None) -> None:
        self._name = name
        self._decisions = decisions
        self._stream = path.open("rb")

    def line(self, ident: str, place: Place, old: str = "") -> Line:
        """The line of a document, to be read in full."""
        decided = self._decisions.of(ident) if self._decisions else ()
        return Line(ident, place.line, self._raw(place), place.at, decided, old)

    def origin(self, place: Place) -> tuple[str, str | None]:
        """The text and the source of the record at a place; nothing if it is none, which is told
        when it is read in full."""
        try:
            record = read_line(self._raw(place), _Text, file=self._name, number=place.line)
        except DataError:
            return "", None
        return record.document.text, record.document.source

    def _raw(self, place: Place) -> bytes:
        self._stream.seek(place.offset)
        return self._stream.read(place.size)

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()


def on_disk(path: Path | str, folder: Path) -> Path:
    """A file that can be read twice: `path`, or a copy of the stream in `folder`."""
    if str(path) != STREAM and not Path(path).is_fifo():
        return Path(path)
    copy = folder / "records.jsonl"
    with contextlib.ExitStack() as stack:
        named = str(path) != STREAM
        lines = stack.enter_context(Path(path).open("rb")) if named else sys.stdin.buffer
        shutil.copyfileobj(lines, stack.enter_context(copy.open("wb")), 1 << 20)
    return copy
