"""What is published of each record, and what forbids to publish at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from curation.errors import ChecksFailed, DataError
from curation.model import Record, Schema, violations
from curation.publish.rows import Published, published
from curation.quality import Include, chosen
from curation.store import STREAM, Rejects
from curation.store.jsonl import Line, read_lines

#: How many faults an error shows.
SHOWN = 10


class _Faults(Rejects):
    """Counts what forbids to publish, and keeps the first ones to show."""

    def __init__(self) -> None:
        super().__init__(STREAM)
        self.shown: list[str] = []

    def add(self, error: DataError, content: str | bytes = "") -> None:
        super().add(error, content)
        if len(self.shown) < SHOWN:
            self.shown.append(f"{error.place}: {error.message}")


class Checked:
    """The readings to publish of a JSONL file of records, checked as they go by.

    `documents` maps the ids that are published to their line (about 150 bytes of memory a
    document), `left_out` counts the records without a reading to publish by how far they came.
    """

    def __init__(self, path: Path | str, schema: Schema, include: Include = "agreed") -> None:
        self.documents: dict[str, int] = {}
        self.left_out: Counter[str] = Counter()
        self._path = path
        self._schema = schema
        self._include: Include = include

    def __iter__(self) -> Iterator[Published]:
        """Every reading to publish, in the order of the file.

        Raises: ChecksFailed at the end, if any line is no record, has drifted from its text,
        repeats a document or breaks the schema. What came before it must then not be published.
        """
        faults = _Faults()
        lines: dict[str, int] = {}
        for line in read_lines(self._path, Record, rejects=faults):
            record = line.item
            ident = record.document.id
            if ident in lines:
                faults.add(self._duplicate(line, lines[ident]))
                continue
            lines[ident] = line.number
            at = chosen(record, self._include)
            if at is None:
                self.left_out[_stage(record)] += 1
                continue
            reading = record.annotations[at]
            for violation in violations(self._schema, reading):
                field = f"$.annotations[{at}].{violation.field}"
                faults.add(
                    DataError(violation.message, file=self._file, line=line.number, field=field)
                )
            self.documents[ident] = line.number
            yield published(record, reading)
        if faults.count:
            raise _failed(faults)

    @property
    def _file(self) -> str:
        return str(self._path)

    def _duplicate(self, line: Line[Record], first: int) -> DataError:
        return DataError(
            f"document {line.item.document.id!r} stands in line {first} already",
            file=self._file,
            line=line.number,
            field="$.document.id",
        )


def _stage(record: Record) -> str:
    """How far a record without an agreed reading came."""
    has = {reading.status for reading in record.annotations}
    stages = {
        "submitted": "submitted, not agreed",
        "draft": "only a draft",
        "skipped": "skipped",
        "proposed": "only proposed",
    }
    return next((name for status, name in stages.items() if status in has), "no reading")


def _failed(faults: _Faults) -> ChecksFailed:
    what = "1 fault forbids" if faults.count == 1 else f"{faults.count} faults forbid"
    more = faults.count - len(faults.shown)
    lines = [f"{what} to publish; nothing was published", *faults.shown]
    if more:
        lines.append(f"and {more} more")
    return ChecksFailed(
        "\n".join(lines),
        hint="Correct these lines, or the schema (--schema) if it lacks a label; "
        "then run the same command again.",
    )
