"""What was refused, kept with its reason beside the output: nothing is dropped silently."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec
from msgspec import Struct

from curation.errors import DataError


class Reject(Struct, frozen=True):
    """One refused piece of input: where it stood, why it was refused, and the input itself.

    `hint` says what to do about it, if that is known. `content` is the line as text; bytes that
    are no UTF-8 stand in it as `\\xNN`.
    """

    file: str
    line: int
    field: str
    error: str
    reason: str
    hint: str = ""
    content: str = ""


#: How many refusals are held in memory, to be shown at the end.
SHOWN = 3


class Rejects:
    """Collects refusals in `<output>.rejects.jsonl`, written as they come; the file is there only
    if something was refused, and an earlier run's file is removed.

    Use it as a context manager. For output to a stream (`-`) there is no file: refusals are only
    counted, and `last` is the newest.
    """

    def __init__(self, output: Path | str) -> None:
        self.path = None if str(output) == "-" else rejects_path(Path(output))
        self.count = 0
        self.first: list[DataError] = []
        self._stream: BinaryIO | None = None

    def add(self, error: DataError, content: str | bytes = "") -> None:
        """Keep one refusal."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(error)
        if self.path is None:
            return
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("wb")
        if isinstance(content, bytes):
            content = content.decode("utf-8", "backslashreplace")
        content = content.encode("utf-8", "backslashreplace").decode("utf-8")
        row = Reject(
            error.file,
            error.line,
            error.field,
            type(error).__name__,
            error.message,
            error.hint,
            content,
        )
        self._stream.write(msgspec.json.encode(row) + b"\n")
        self._stream.flush()

    def __enter__(self) -> Rejects:
        if self.path is not None:
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._stream.close()


def rejects_path(output: Path) -> Path:
    """Where the refusals of a run that writes `output` are kept."""
    return output.with_name(output.name + ".rejects.jsonl")
