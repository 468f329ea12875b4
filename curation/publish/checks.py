"""Records read where a scan found them, and checked in full before they are published."""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path

from msgspec import Struct

from curation.errors import DataError
from curation.model import Record, Schema, violations
from curation.publish.decisions import Decisions
from curation.publish.faults import Faults
from curation.publish.rows import Published
from curation.publish.scan import Place
from curation.store import STREAM
from curation.store.jsonl import read_line


class _Document(Struct):
    text: str
    source: str | None = None


class _Text(Struct):
    document: _Document


class Records:
    """The records of a file, each read when it is asked for. What forbids to publish goes to
    `faults`."""

    def __init__(
        self,
        path: Path,
        name: str,
        schema: Schema,
        decisions: Decisions | None,
        faults: Faults,
    ) -> None:
        self._name = name
        self._schema = schema
        self._decisions = decisions
        self._faults = faults
        self._stream = path.open("rb")

    def get(self, place: Place) -> Published | None:
        """The record at a place, with its decisions; None if it is not fit to be published."""
        self._stream.seek(place.offset)
        raw = self._stream.read(place.size)
        try:
            record = read_line(raw, Record, file=self._name, number=place.line)
        except DataError as error:
            self._faults.add(error)
            return None
        found = self._faults.count
        if place.at >= 0:
            for violation in violations(self._schema, record.annotations[place.at]):
                field = f"$.annotations[{place.at}].{violation.field}"
                self._faults.add(
                    DataError(violation.message, file=self._name, line=place.line, field=field)
                )
        if self._faults.count > found:
            return None
        ledger = self._decisions.of(record.document.id) if self._decisions else ()
        return Published(record, place.at, ledger)

    def origin(self, place: Place) -> tuple[str, str | None]:
        """The text and the source of the record at a place; nothing if it is none, which is told
        when it is read in full."""
        self._stream.seek(place.offset)
        raw = self._stream.read(place.size)
        try:
            document = read_line(raw, _Text, file=self._name, number=place.line).document
        except DataError:
            return "", None
        return document.text, document.source

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
