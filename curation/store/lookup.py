"""Records of a file by document id, without holding them: only ids and places are in memory
(about 150 bytes a document)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from curation.errors import CurationError, DataError
from curation.model import Record
from curation.store.jsonl import read_at, read_lines
from curation.store.rejects import Rejects
from curation.store.streams import STREAM


class Lookup:
    """The records of a JSONL file, found by document id. Read once on construction, when every
    line is checked; refused ones go to `rejects`, as does a document that stands there twice.

    Raises: CurationError if the file can not be opened, or not be read twice, as a pipe.
    """

    def __init__(self, path: Path, rejects: Rejects | None = None) -> None:
        if str(path) == STREAM or path.is_fifo():
            raise CurationError(
                f"{path} is a stream, and has to be read more than once",
                hint="Write it to a file first, and give the file's path.",
            )
        self.path = path
        self._places: dict[str, tuple[int, int]] = {}
        lines: dict[str, int] = {}
        for number, offset, size, record in read_lines(path, Record, rejects=rejects):
            ident = record.document.id
            if ident in self._places:
                error = DataError(
                    f"document {ident!r} stands in line {lines[ident]} already",
                    file=str(path),
                    line=number,
                    field="$.document.id",
                    hint="Keep one line a document.",
                )
                if rejects is None:
                    raise error
                rejects.add(error, msgspec.json.encode(record))
                continue
            self._places[ident] = (offset, size)
            lines[ident] = number
        self._stream = path.open("rb")
        self._decode = msgspec.json.Decoder(Record).decode

    def get(self, ident: str) -> Record | None:
        """The record of this document, or None."""
        place = self._places.get(ident)
        if place is None:
            return None
        return read_at(self._stream, *place, self._decode)

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the file."""
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()
