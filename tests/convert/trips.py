"""A trip to a format and back, with everything that was listed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from curation.convert import FORMATS, Loss, Losses, Origin
from curation.model import Record
from curation.store import Rejects, read

ORIGIN = Origin("machine", "proposed", "back")


def there_and_back(
    folder: Path, name: str, records: Sequence[Record], by: str | None = None
) -> tuple[list[Record], list[Loss]]:
    """What comes back, and the losses of the way there; on the way back nothing may be lost."""
    target = folder / f"out.{name}"
    with Losses(target) as losses:
        count = FORMATS[name].write(target, records, losses, by)
    assert count == len(records)
    back, lost = come(folder, name, target)
    assert not lost
    return back, read_losses(losses)


def come(folder: Path, name: str, source: Path) -> tuple[list[Record], list[Loss]]:
    """The records of a file, and what they could not take; nothing may be refused."""
    output = folder / "back.jsonl"
    with Losses(output) as losses, Rejects(output) as rejects:
        found = list(FORMATS[name].read(source, ORIGIN, losses, rejects))
    assert not rejects.count, rejects.first
    return found, read_losses(losses)


def read_losses(losses: Losses) -> list[Loss]:
    if losses.path is None or not losses.path.exists():
        return []
    return list(read(losses.path, Loss))
