"""What formats of JSON lines share: refusals, writing, and the fields of the document."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from curation.errors import DataError, MalformedRecord
from curation.model import Document, Record
from curation.store import STREAM, Rejects, opened, read_lines, writer

Raw = dict[str, Any]


class About(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a document has beside its id and text; kept in `_document`."""

    language: str | None = None
    source: str | None = None
    published: datetime.date | None = None
    meta: dict[str, Any] = {}


def about(document: Document) -> About:
    """The fields of a document."""
    return About(document.language, document.source, document.published, document.meta)


def document(ident: str, text: str, fields: About | None) -> Document:
    """A document with these fields."""
    return Document(ident, text, **structs.asdict(fields or About()))


def records(
    path: Path | str, rejects: Rejects | None, build: Callable[[Raw], Record]
) -> Iterator[Record]:
    """A record for each line. What can not be one, or repeats a document, is refused."""
    seen: dict[str, int] = {}
    for line in read_lines(path, Raw, rejects=rejects):
        try:
            record = build(line.item)
            once(seen, record.document.id, line.number)
        except (DataError, msgspec.ValidationError) as fault:
            refuse(rejects, fault, path, line.number, msgspec.json.encode(line.item))
        else:
            yield record


def array(path: Path | str, rejects: Rejects | None) -> Iterator[Raw]:
    """The objects of a JSON array, which is held in memory. A file that is none is refused."""
    with opened(path) as stream:
        content = stream.read()
    try:
        items = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=list[Raw])
    except (msgspec.MsgspecError, RecursionError) as fault:
        error = MalformedRecord(
            f"this is no JSON array of objects: {fault}",
            hint="Of JSON lines, `jq -s .` makes one.",
        )
        error.__cause__ = fault
        refuse(rejects, error, path, 0, content)
        return
    yield from items


def once(seen: dict[str, int], ident: str, number: int, unit: str = "line") -> None:
    """Raises: DataError if the document was seen before; else notes its line (or other unit)."""
    if ident in seen:
        raise DataError(
            f"document {ident!r} stands in {unit} {seen[ident]} already",
            hint="Give each document an id of its own, and its lines one after the other.",
        )
    seen[ident] = number


def named(path: Path | str) -> str:
    """What documents that have no id are called, before their number: the file's name."""
    return "stdin" if str(path) == STREAM else Path(path).stem


def refuse(
    rejects: Rejects | None, fault: Exception, path: Path | str, line: int, content: bytes
) -> None:
    """Keep a refusal with its place; without `rejects`, raise it."""
    if isinstance(fault, DataError):
        error = type(fault)(
            fault.message, file=str(path), line=line, field=fault.field, hint=fault.hint
        )
    else:
        message, _, field = str(fault).partition(" - at `")
        error = MalformedRecord(message, file=str(path), line=line, field=field.rstrip("`"))
    if rejects is None:
        raise error from fault
    rejects.add(error, content)


def write_lines(path: Path | str, every: Iterable[Iterable[Struct]]) -> int:
    """Write the lines of each document; returns how many documents."""
    count = 0
    with writer(path) as put:
        for lines in every:
            for line in lines:
                put(line)
            count += 1
    return count
