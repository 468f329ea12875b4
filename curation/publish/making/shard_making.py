"""A shard of a version, made from the lines of its documents: read, checked in full, written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from curation.errors import DataError
from curation.model import LedgerEntry, Record, Schema, violations
from curation.publish.making.building import Builder
from curation.publish.shelf.shards import Shard
from curation.publish.views.rows import Published
from curation.store.jsonl import read_line


class Line(NamedTuple):
    """A document to read: its id, the number and the bytes of its line, which reading of it is
    published (-1: none), the lines of its decisions with their numbers, and the digest of what the
    base says of it (empty: it is not there)."""

    ident: str
    number: int
    raw: bytes
    at: int
    decisions: tuple[tuple[int, bytes], ...]
    old: str


class Job(NamedTuple):
    """A shard to make of `lines` and of the documents `kept` from the base's shard `old`. It is
    `old` itself if no line says anything new and the shard is to hold the `same` documents."""

    number: int
    split: str
    size: int
    lines: Sequence[Line]
    kept: Sequence[str]
    old: Shard | None
    same: bool


class Made(NamedTuple):
    """The shard that was made (none where there are `faults`), and the digest of each document that
    was read for it."""

    number: int
    shard: Shard | None
    digests: dict[str, str]
    faults: list[DataError]


@dataclass
class Maker:
    """Makes shards. `name` and `ledger` are what the files of the lines are called in a fault;
    `faulty` says that one was found, so that nothing will be published. It can be pickled, and
    makes the same wherever it is."""

    builder: Builder
    schema: Schema
    name: str
    ledger: str
    faulty: bool = False

    def make(self, job: Job) -> Made:
        """One shard. Once a line was not fit to be published no more are written, but the other
        faults are still to be found.

        Raises: Corrupted if what is read back is not what was written; a DataError if a decision is
        no ledger entry.
        """
        digests: dict[str, str] = {}
        fresh: dict[str, Published] = {}
        kept, faults = list(job.kept), list[DataError]()
        for line in job.lines:
            item = self.read(line, faults)
            if item is not None:
                digests[line.ident] = item.digest
                if item.digest == line.old:
                    kept.append(line.ident)
                else:
                    fresh[line.ident] = item
        self.faulty = self.faulty or bool(faults)
        if self.faulty:
            return Made(job.number, None, digests, faults)
        if job.old is not None and job.same and not fresh:
            shard = self.builder.carry(job.old)
        else:
            shard = self.builder.build(job.number, job.split, fresh, job.size, job.old, kept)
        return Made(job.number, shard, digests, faults)

    def read(self, line: Line, faults: list[DataError]) -> Published | None:
        """The record in a line, with its decisions; None, and `faults` say why, if it is not fit to
        be published."""
        try:
            record = read_line(line.raw, Record, file=self.name, number=line.number)
        except DataError as error:
            faults.append(error)
            return None
        found = violations(self.schema, record.annotations[line.at]) if line.at >= 0 else []
        faults += [
            DataError(
                one.message,
                file=self.name,
                line=line.number,
                field=f"$.annotations[{line.at}].{one.field}",
            )
            for one in found
        ]
        if found:
            return None
        entries = [
            read_line(raw, LedgerEntry, file=self.ledger, number=number)
            for number, raw in line.decisions
        ]
        return Published(record, line.at, tuple(entries))
