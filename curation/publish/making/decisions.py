"""The decisions of a ledger file, found by document without holding them."""

from __future__ import annotations

import hashlib
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from curation.store.jsonl import read_lines

#: The digest of no decision at all.
NONE = bytes(16)


class _Named(Struct):
    document: str


class Decisions:
    """A ledger file, read once on construction for the place and a digest of each document's
    entries (about 300 bytes of memory a document).

    Raises: a DataError at the first line that names no document; CurationError if the file can not
    be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[str, list[tuple[int, int, int]]] = {}
        self._digests: dict[str, bytes] = {}
        lines = read_lines(path, _Named)
        for ident, group in groupby(lines, key=lambda line: line.item.document):
            run = list(group)
            before = self._digests.get(ident, NONE)
            said = hashlib.blake2b(before, digest_size=16)
            said.update(b"".join(line.raw for line in run))
            self._digests[ident] = said.digest()
            size = sum(len(line.raw) for line in run)
            self._places.setdefault(ident, []).append((run[0].offset, size, run[0].number))
        self._stream = path.open("rb")

    def digest(self, document: str) -> bytes:
        """Which decisions a document has, as 16 bytes."""
        return self._digests.get(document, NONE)

    def of(self, document: str) -> tuple[tuple[int, bytes], ...]:
        """The lines of the decisions about a document, each with its number, in the order of the
        file."""
        found: list[tuple[int, bytes]] = []
        for offset, size, number in self._places.get(document, ()):
            self._stream.seek(offset)
            lines = self._stream.read(size).split(b"\n")
            found += [(number + at, line) for at, line in enumerate(lines) if line.strip()]
        return tuple(found)

    def close(self) -> None:
        """Let the file go."""
        self._stream.close()
