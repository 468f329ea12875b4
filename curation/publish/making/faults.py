"""What forbids to publish, counted, the first in the file shown."""

from __future__ import annotations

from collections.abc import Iterable

from curation.errors import ChecksFailed, DataError
from curation.store import STREAM, Rejects

#: How many faults an error shows.
SHOWN = 10


class Faults(Rejects):
    """Collects faults in any order."""

    def __init__(self) -> None:
        super().__init__(STREAM)
        self._found: list[tuple[int, str]] = []

    def add(self, error: DataError, content: str | bytes = "", *, written: bool = False) -> None:
        """Keep one fault."""
        super().add(error, content, written=written)
        self._found.append((error.line, f"{error.place}: {error.message}"))

    def add_all(self, errors: Iterable[DataError]) -> None:
        """Keep several."""
        for error in errors:
            self.add(error)

    def refuse(self) -> None:
        """Raises: ChecksFailed with the first ones, if there are any."""
        if not self.count:
            return
        what = "1 fault forbids" if self.count == 1 else f"{self.count} faults forbid"
        shown = [text for _, text in sorted(self._found, key=lambda one: one[0])[:SHOWN]]
        lines = [f"{what} to publish; nothing was published", *shown]
        if self.count > SHOWN:
            lines.append(f"and {self.count - SHOWN} more")
        raise ChecksFailed(
            "\n".join(lines),
            hint=self.first[0].hint
            or "Correct these lines, or the schema (--schema) if it lacks a label; "
            "then run the same command again.",
        )
