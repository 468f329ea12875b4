"""Lines that are a document or a record, read as records."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from curation.errors import MalformedRecord
from curation.model import Annotation, Document, Record
from curation.store import Rejects, read_lines
from curation.store.jsonl import no_jsonl


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One line as it may stand there: a record's fields, or a document's."""

    document: Document | UnsetType = UNSET
    annotations: tuple[Annotation, ...] | UnsetType = UNSET
    id: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    language: str | UnsetType | None = UNSET
    source: str | UnsetType | None = UNSET
    published: datetime.date | UnsetType | None = UNSET
    meta: dict[str, Any] | UnsetType = UNSET

    def __post_init__(self) -> None:
        self.record()

    def record(self) -> Record:
        """The record it is; a bare document has no annotations yet."""
        own = {
            name: value
            for name in ("id", "text", "language", "source", "published", "meta")
            if (value := getattr(self, name)) is not UNSET
        }
        if isinstance(self.document, Document):
            if own:
                raise MalformedRecord(f"a record has no field {next(iter(own))!r} of its own")
            given = self.annotations
            return Record(self.document, () if isinstance(given, UnsetType) else given)
        if self.annotations is not UNSET or not {"id", "text"} <= own.keys():
            raise MalformedRecord(
                "neither a record (document, annotations) nor a document (id, text)"
            )
        return Record(Document(**own))


def read_records(path: Path | str, *, rejects: Rejects | None = None) -> Iterator[Record]:
    """Every line of a JSONL file (or stdin, for `-`), each a Record or a bare Document.

    Raises: as `curation.store.read` does.
    """
    return (record for _, record in numbered_records(path, rejects=rejects))


def numbered_records(
    path: Path | str, *, rejects: Rejects | None = None
) -> Iterator[tuple[int, Record]]:
    """As `read_records`, each with the number of its line, from 1."""
    for line in read_lines(path, Line, rejects=rejects, hint=no_jsonl(path)):
        yield line.number, line.item.record()
