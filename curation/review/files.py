"""Files first, for teams whose server is out of reach: tasks that a person imports by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from curation.model import Record, Schema
from curation.review.push import compare
from curation.store import Rejects, replacing


def write_tasks(path: Path, records: Iterable[Record], schema: Schema, rejects: Rejects) -> int:
    """Write Label Studio's JSON import format: one list of tasks with their predictions. Returns
    how many; what can not be sent goes to `rejects`."""
    count = 0
    with replacing(path) as stream:
        for item in compare(records, schema, {}, rejects):
            stream.write(b",\n" if count else b"[\n")
            stream.write(msgspec.json.encode(item.task))
            count += 1
        stream.write(b"\n]\n" if count else b"[]\n")
    return count
