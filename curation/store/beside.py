"""A file beside the output that is there only if it has something to say."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec


class Beside:
    """Lines that are written as they come, into `<output>.<kind>.jsonl`; the file of an earlier run
    is removed. For output to a stream (`-`) there is no file, and `path` is None.

    Use it as a context manager.
    """

    def __init__(self, output: Path | str, kind: str) -> None:
        self.path = None if str(output) == "-" else beside(Path(output), kind)
        self._stream: BinaryIO | None = None

    def put(self, line: msgspec.Struct) -> None:
        """Write one line."""
        if self.path is None:
            return
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("wb")
        self._stream.write(msgspec.json.encode(line) + b"\n")
        self._stream.flush()

    def __enter__(self) -> Self:
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


def beside(output: Path, kind: str) -> Path:
    """The name of such a file.

    >>> beside(Path("a/out.jsonl"), "rejects").name
    'out.jsonl.rejects.jsonl'
    """
    return output.with_name(f"{output.name}.{kind}.jsonl")
