"""The lines of a file of records, looked at once: which documents are to be published, where each
lies, and a digest of its line, so that what was published before need not be read again."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from curation.errors import DataError
from curation.publish.making.decisions import NONE, Decisions
from curation.publish.making.faults import Faults
from curation.quality import Include, chosen
from curation.store.jsonl import Line, no_jsonl, read_lines

_MORE: tuple[Include, ...] = ("submitted", "proposed")


class By(Struct):
    """Who made a reading, as much of it as the choice needs."""

    kind: str


class Reading(Struct):
    """A reading, as much of it as the choice needs."""

    by: By
    status: str
    at: datetime.datetime | None = None


class _Named(Struct):
    id: str


class Glance(Struct):
    """A record, as much of it as the choice needs: the rest is passed over, fifteen times as fast
    as reading it."""

    document: _Named
    annotations: tuple[Reading, ...] = ()


class Place(NamedTuple):
    """A line: its number, byte offset and length, which reading of it is published (-1: none), and
    a digest of its bytes, of that choice and of the decisions about its document."""

    line: int
    offset: int
    size: int
    at: int
    digest: bytes


class Scan(Struct):
    """What a file holds. `chosen` are the documents to publish, `left` the others: about 300 bytes
    of memory a document. `left_out` counts the latter by how far they came, `takes` those that
    `include` would take in, by its value."""

    chosen: dict[str, Place]
    left: dict[str, Place]
    left_out: Counter[str]
    takes: Counter[str]


def scan(
    path: Path, name: str, include: Include, decisions: Decisions | None, faults: Faults
) -> Scan:
    """Look at every line; `name` is what the file is called in a fault."""
    found = Scan({}, {}, Counter(), Counter())
    for line in read_lines(path, Glance, rejects=faults, hint=no_jsonl(name)):
        ident = line.item.document.id
        known = found.chosen.get(ident) or found.left.get(ident)
        if known is not None:
            faults.add(_duplicate(ident, name, line, known))
            continue
        at = chosen(line.item, include)
        decided = decisions.digest(ident) if decisions else NONE
        digest = hashlib.blake2b(line.raw, digest_size=16, salt=decided, person=b"%d" % _at(at))
        place = Place(line.number, line.offset, len(line.raw), _at(at), digest.digest())
        if at is None:
            found.left[ident] = place
            found.left_out[_stage(line.item)] += 1
            found.takes.update(one for one in _MORE if chosen(line.item, one) is not None)
        else:
            found.chosen[ident] = place
    return found


def _at(at: int | None) -> int:
    return -1 if at is None else at


def _duplicate(ident: str, name: str, line: Line[Glance], known: Place) -> DataError:
    return DataError(
        f"document {ident!r} stands in line {known.line} already",
        file=name,
        line=line.number,
        field="$.document.id",
    )


def _stage(record: Glance) -> str:
    """How far a record without an agreed reading came."""
    has = {reading.status for reading in record.annotations}
    stages = {
        "submitted": "submitted, not agreed",
        "draft": "only a draft",
        "skipped": "skipped",
        "proposed": "only proposed",
    }
    return next((name for status, name in stages.items() if status in has), "no reading")
