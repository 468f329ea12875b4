"""Records as they are: nothing to lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from curation.convert.built import Origin
from curation.convert.losses import Losses
from curation.model import Record
from curation.store import Rejects
from curation.store import read as read_structs
from curation.store import write as write_structs


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """Every record with all its readings, which name their authors."""
    return read_structs(path, Record, rejects=rejects)


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Every record with all its readings; returns how many."""
    return write_structs(path, records)
