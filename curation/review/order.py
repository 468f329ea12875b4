"""The order in which documents are pushed. Label Studio gives people a project's tasks by their
numbers, so what is sent first is reviewed first.

The server's own "Uncertainty sampling" is not used: as soon as two people have annotated, it draws
at random from all tasks (`_try_uncertainty_sampling`, label-studio 1.23).
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from curation.model import Record
from curation.review.tasks import proposed
from curation.store import STREAM, Rejects, read, read_at, read_lines

#: `uncertain`: first what is expected to need most corrections a word; `file`: as in the file.
Order = Literal["uncertain", "file"]


@contextlib.contextmanager
def queue(source: Path | str, order: Order, rejects: Rejects) -> Generator[Iterable[Record]]:
    """The records of a file (or stdin, for `-`) in the order in which people shall meet them.

    `uncertain` starts with the proposal of the highest `uncertainty` and ends with those of which
    none is known; equals stay as in the file. It reads the file twice (a stream is kept in a
    temporary file) and holds three numbers a document.

    Raises: CurationError if the file can not be opened.
    """
    if order == "file":
        yield read(source, Record, rejects=rejects)
        return
    again = str(source) != STREAM and Path(source).is_file()
    with contextlib.ExitStack() as stack:
        spool = None if again else stack.enter_context(tempfile.TemporaryFile("w+b"))
        places = _places(source, spool, rejects)
        yield _Sorted(spool or stack.enter_context(Path(source).open("rb")), places)


#: What decides first: whether the document stood there before (such a line is refused later, and
#: must not come before the one that is taken), then the uncertainty, negated; offset and size.
_Place = tuple[bool, float, int, int]


def _places(source: Path | str, spool: BinaryIO | None, rejects: Rejects) -> list[_Place]:
    places: list[_Place] = []
    seen: set[str] = set()
    for _, offset, size, record in read_lines(source, Record, rejects=rejects):
        if spool is not None:
            offset, size = spool.tell(), spool.write(msgspec.json.encode(record))
        reading, ident = proposed(record), record.document.id
        doubt = None if reading is None else reading.uncertainty
        places.append((ident in seen, 1.0 if doubt is None else -doubt, offset, size))
        seen.add(ident)
    return sorted(places)


class _Sorted:
    """The records in these places of a file, and how many."""

    def __init__(self, stream: BinaryIO, places: list[_Place]) -> None:
        self._stream, self._places = stream, places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Record]:
        decode = msgspec.json.Decoder(Record).decode
        for _, _, offset, size in self._places:
            yield read_at(self._stream, offset, size, decode)
