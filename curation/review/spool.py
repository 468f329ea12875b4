"""Exported tasks on their way to records. They pass through a temporary file, because the unit of
the offsets is decided once over all of them, and memory must not grow with the project."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator, Iterator
from typing import IO, Any

import msgspec

from curation.errors import DataError
from curation.wire.documents import text_of
from curation.wire.shapes import WireDraft, WireTask, read_item, read_task
from curation.wire.units import Unit, Votes

Raw = dict[str, Any]


class Spool:
    """Raw tasks, kept in the order they came; their regions vote on the unit of offsets."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._votes = Votes()

    def add(self, raw: Any) -> None:
        """Keep one raw task."""
        self._stream.write(msgspec.json.encode(raw) + b"\n")
        # What can not be read here is refused when it is read below, with its reason.
        with contextlib.suppress(DataError):
            task = read_task(raw)
            _vote(self._votes, task)

    @property
    def unit(self) -> Unit:
        """The unit of the offsets of all that was added."""
        return self._votes.unit

    def __iter__(self) -> Iterator[Any]:
        self._stream.seek(0)
        for line in self._stream:
            yield msgspec.json.decode(line)


@contextlib.contextmanager
def spooling() -> Generator[Spool]:
    """A spool that leaves nothing behind."""
    with tempfile.TemporaryFile("w+b") as stream:
        yield Spool(stream)


def _vote(votes: Votes, task: WireTask) -> None:
    text = text_of(task)
    made = [*task.annotations, *(d for d in task.drafts if isinstance(d, WireDraft))]
    for reading in made:
        votes.hear(text, (read_item(raw, i) for i, raw in enumerate(reading.result)))
