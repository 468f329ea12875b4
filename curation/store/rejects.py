"""What was refused, kept with its reason beside the output: nothing is dropped silently."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from curation.errors import DataError
from curation.store.beside import Beside, beside


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


class Rejects(Beside):
    """Collects refusals in `<output>.rejects.jsonl`, written as they come; the file is there only
    if something was refused, and an earlier run's file is removed.

    Use it as a context manager. For output to a stream (`-`) there is no file: refusals are only
    counted, and the `first` ones known. `count` are the refusals, `noted` the notes.
    """

    def __init__(self, output: Path | str) -> None:
        super().__init__(output, "rejects")
        self.count = self.noted = 0
        self.first: list[DataError] = []

    def add(self, error: DataError, content: str | bytes = "", *, written: bool = False) -> None:
        """Keep one refusal, and count it; or a note on what was written all the same."""
        self.count += not written
        self.noted += written
        if len(self.first) < SHOWN:
            self.first.append(error)
        self.keep(error, content)

    def keep(self, error: DataError, content: str | bytes = "") -> None:
        """Write down what was left out of input that was taken: it is no refusal."""
        if isinstance(content, bytes):
            content = content.decode("utf-8", "backslashreplace")
        content = content.encode("utf-8", "backslashreplace").decode("utf-8")
        self.put(
            Reject(
                error.file,
                error.line,
                error.field,
                type(error).__name__,
                error.message,
                error.hint,
                content,
            )
        )


def rejects_path(output: Path) -> Path:
    """Where the refusals of a run that writes `output` are kept."""
    return beside(output, "rejects")
