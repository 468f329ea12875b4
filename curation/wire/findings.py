"""What of an export could not be taken as it is, kept with its reason."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from curation.errors import DataError


class Finding(Struct, frozen=True):
    """Why, and the piece of the export; whether it was `written` all the same."""

    error: DataError
    content: Any
    written: bool = False

    def within(self, whole: str) -> Finding:
        """The same finding, which names what it was found in."""
        error = self.error
        message = f"{whole}: {error.message}"
        named = type(error)(message, file=error.file, field=error.field, hint=error.hint)
        return Finding(named, self.content, self.written)
