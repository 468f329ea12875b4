"""What readers hand on: a row is one document as its source says it, not yet understood."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from curation.errors import DataError
from curation.ingest.options import Options
from curation.model import Record
from curation.store import STREAM, Rejects


class Source(Struct, frozen=True):
    """One file, stream or dataset to read: its path as the user gave it, what kind it is, the id
    of its document where the file is the document, and what documents say that they come from.
    """

    path: str
    kind: str
    id: str | None = None
    said: str = ""


class Place(Struct, frozen=True):
    """Where a row stands. `line` counts from 1 (rows for tables); 0 is the file as a whole.
    `part` is the split within a dataset.
    """

    file: str
    line: int = 0
    part: str = ""

    def __str__(self) -> str:
        """As a document's source: `file`, `file#line` or `file#part/line`."""
        within = "/".join(part for part in (self.part, str(self.line or "")) if part)
        return f"{self.file}#{within}" if within else self.file


class Row(Struct, frozen=True):
    """A document to be: what stood for its text and its id, and every other field."""

    place: Place
    text: Any
    id: Any = None
    rest: dict[str, Any] = {}

    def content(self) -> str | bytes:
        """The row for the rejects; nothing for a file, which is still there to look at."""
        if not self.place.line and self.place.file != STREAM:
            return ""
        fields = {"id": self.id, "text": self.text, **self.rest}
        said = {name: value for name, value in fields.items() if value is not None}
        return json.dumps(said, ensure_ascii=False, default=repr)


class Ready(Struct, frozen=True):
    """A line that is a record already."""

    place: Place
    record: Record

    def content(self) -> str | bytes:
        """The line for the rejects."""
        return msgspec.json.encode(self.record)


class Reader(Protocol):
    """Reads one kind of source, row by row. What it refuses it hands to `rejects`; a DataError
    that it raises refuses the rest of the source.
    """

    def __call__(
        self, source: Source, options: Options, rejects: Rejects | None
    ) -> Iterator[Row | Ready]:
        """The rows of the source, in order."""
        ...


def split(fields: Mapping[str, Any], options: Options, place: Place) -> Row:
    """A row of named fields, with its text and its id told from the others."""
    rest = dict(fields)
    text = rest.pop(options.text_field, None)
    ident = rest.pop(options.id_field or "id", None)
    return Row(place, text, ident, rest)


def check_fields(names: list[str], options: Options) -> None:
    """Whether a table has the columns that are asked for.

    Raises: DataError if it has not; then it has nothing to read.
    """
    for name, option in ((options.text_field, "--text-field"), (options.id_field, "--id-field")):
        if name is not None and name not in names:
            raise DataError(
                f"there is no column {name!r} among {', '.join(map(repr, names))}",
                hint=f"Name the column: {option} NAME.",
            )


def refuse(
    rejects: Rejects | None, fault: DataError, place: Place, content: str | bytes = ""
) -> None:
    """Keep a refusal, with its place where it has none. Without `rejects`, raise it."""
    error = type(fault)(
        fault.message,
        file=fault.file or place.file,
        line=fault.line or place.line,
        field=fault.field or place.part,
        hint=fault.hint,
    )
    if rejects is None:
        raise error from fault
    rejects.add(error, content)
