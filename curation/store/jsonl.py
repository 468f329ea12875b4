"""JSONL in and out: one struct a line, streamed, through `jsonlines` with msgspec.

Lines end at LF only (U+2028 and the like are text), in UTF-8. A line that can not be read names
its file, line and field; with a `Rejects` it is kept there and the rest goes on.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Generic, NamedTuple, TypeVar

import jsonlines
import msgspec

from curation.errors import DataError, MalformedRecord
from curation.store.explaining import explained
from curation.store.rejects import Rejects
from curation.store.streams import opened, written

T = TypeVar("T")

#: What may stand before a line's JSON: the bytes of a byte order mark, a record separator.
BEFORE_JSON = b"\xef\xbb\xbf\x1e"

_BLANK = BEFORE_JSON + b" \t\r\n"
# JSON escapes in order: a surrogate pair, half a pair, anything else.
_ESCAPES = re.compile(
    r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<lone>\\u[dD][89a-fA-F]..)|\\.", re.DOTALL
)


class Line(NamedTuple, Generic[T]):
    """A struct and where it stands: line number from 1, byte offset, and the line's bytes."""

    number: int
    offset: int
    raw: bytes
    item: T


def read(path: Path | str, kind: type[T], *, rejects: Rejects | None = None) -> Iterator[T]:
    """Every line of a file (or stdin, for `-`) as a struct of `kind`, in order. Blank lines hold
    nothing and are passed over; a byte order mark before a line is no part of it.

    Raises: a DataError at the first line that is not one, unless `rejects` takes it;
    CurationError if the file can not be opened.
    """
    return (line.item for line in read_lines(path, kind, rejects=rejects))


def read_lines(
    path: Path | str, kind: type[T], *, rejects: Rejects | None = None, hint: str = ""
) -> Iterator[Line[T]]:
    """As `read`, each struct with its place in the file. `hint` is what to do if the file begins
    as no JSON does."""
    decode = msgspec.json.Decoder(kind).decode

    def loads(line: str | bytes) -> T:
        try:
            # Not `line`: msgspec would have to make bytes of it again.
            return decode(lines.raw.lstrip(BEFORE_JSON))
        except (msgspec.MsgspecError, RecursionError) as fault:
            raise _data_error(fault, line, kind) from fault

    with opened(path) as stream:
        lines = _Places(stream)
        # attrs turns the private field into this argument, which pyright does not see.
        reader = jsonlines.Reader(lines, loads=loads)  # pyright: ignore[reportCallIssue]
        first = True
        while True:
            try:
                item: Any = reader.read(skip_empty=True)
            except EOFError:
                return
            except jsonlines.InvalidLineError as fault:
                error = _placed(fault, str(path))
                if first and not lines.raw.lstrip(_BLANK).startswith((b"{", b"[")):
                    error.hint = error.hint or hint
                first = False
                if rejects is None:
                    raise error from fault
                rejects.add(error, fault.line)
            else:
                first = False
                yield Line(lines.number, lines.offset, lines.raw, item)


def no_jsonl(path: Path | str) -> str:
    """What to do with a file that begins as no JSON does, where records are asked for.

    >>> no_jsonl("a.txt")
    'This is no JSONL; make records of it with: curation ingest a.txt -o documents.jsonl'
    """
    name = shlex.quote(str(path))
    return f"This is no JSONL; make records of it with: curation ingest {name} -o documents.jsonl"


def read_line(raw: bytes, kind: type[T], *, file: str, number: int) -> T:
    """One line, whose place is known, as a struct of `kind`.

    Raises: a DataError if it is none.
    """
    try:
        return msgspec.json.decode(raw.lstrip(BEFORE_JSON), type=kind)
    except (msgspec.MsgspecError, RecursionError) as fault:
        error = _data_error(fault, raw, kind)
        error.file, error.line = file, number
        raise error from fault


def read_at(stream: BinaryIO, offset: int, size: int, decode: Callable[[bytes], T]) -> T:
    """The struct in a line that `read_lines` has found at this place of a file."""
    stream.seek(offset)
    return decode(stream.read(size).lstrip(BEFORE_JSON))


class _Places:
    """The lines of a stream, remembering where the last one stood."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = self.offset = 0
        self.raw = b""

    def __iter__(self) -> Iterator[bytes]:
        for line in self._stream:
            self.number += 1
            self.offset += len(self.raw)
            self.raw = line
            yield line


def _data_error(fault: Exception, line: str | bytes, kind: Any) -> DataError:
    message, field = explained(fault, kind)
    text = line if isinstance(line, str) else line.decode("utf-8", "replace")
    for escape in _ESCAPES.finditer(text):
        if lone := escape["lone"]:
            message = f"{lone} in column {escape.start() + 1} is half of a surrogate pair"
            break
    error = type(fault.__cause__) if isinstance(fault.__cause__, DataError) else MalformedRecord
    return error(message, field=field)


def _placed(fault: jsonlines.InvalidLineError, file: str) -> DataError:
    cause = fault.__cause__
    if isinstance(cause, DataError):
        return type(cause)(
            cause.message, file=file, line=fault.lineno, field=cause.field, hint=cause.hint
        )
    return MalformedRecord(fault.message, file=file, line=fault.lineno)


def write(path: Path | str, items: Iterable[msgspec.Struct]) -> int:
    """Write the structs, one a line, in place of `path` when all are there; `-` is stdout.
    Returns how many.
    """
    with writer(path) as put:
        count = 0
        for item in items:
            put(item)
            count += 1
    return count


@contextlib.contextmanager
def writer(path: Path | str) -> Generator[Callable[[msgspec.Struct], Any]]:
    """A function that writes one struct as one line; the file appears when the block ends well."""
    with written(path) as stream:
        yield _writer(stream)


def _writer(stream: BinaryIO) -> Callable[[msgspec.Struct], Any]:
    encode = msgspec.json.Encoder().encode
    return jsonlines.Writer(stream, dumps=encode).write  # pyright: ignore[reportCallIssue]
