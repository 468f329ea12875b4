"""The unit of an export's offsets, decided once over all of its regions.

Label Studio counts code points since its PR #1559 (again since #6135); older exports can hold
UTF-16 units (HumanSignal/label-studio #1347, #4988). The two differ only behind a character
outside the basic plane, such as an emoji; there `value.text` votes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from curation.errors import OffsetsUndecided, SpanMismatch
from curation.text.offsets import utf16_to_code_points
from curation.wire.shapes import Item

Unit = Literal["code points", "utf-16", "undecided"]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def fits(text: str, start: int, end: int, shown: str) -> bool:
    """Whether the page may have shown this slice so: it writes line ends as a backslash and an n,
    and collapses white space.

    >>> fits("a\\r\\nb c", 0, 4, "a\\\\n\\\\nb"), fits("abc", 0, 2, "bc")
    (True, False)
    """
    return _plain(text[start:end]) == _plain(shown)


def _plain(text: str) -> str:
    return " ".join(text.replace("\\n", "\n").split())


class Votes:
    """What the regions of an export say about its unit."""

    def __init__(self) -> None:
        self.code_points = 0
        self.utf16 = 0

    def hear(self, text: str, items: Iterable[Item]) -> None:
        """Let the regions of one text vote."""
        if not _ASTRAL.search(text):
            return
        table = utf16_to_code_points(text)
        for item in items:
            if item.offsets is None or item.shown is None:
                continue
            (start, end), shown = item.offsets, item.shown
            plain = 0 <= start < end <= len(text) and fits(text, start, end, shown)
            wide = (
                0 <= start < end < len(table)
                and -1 not in (table[start], table[end])
                and fits(text, table[start], table[end], shown)
            )
            self.code_points += plain and not wide
            self.utf16 += wide and not plain

    @property
    def unit(self) -> Unit:
        """The unit; code points if nothing speaks against it, as servers count today."""
        if self.utf16 and self.code_points:
            return "undecided"
        return "utf-16" if self.utf16 else "code points"


def to_code_points(text: str, start: int, end: int, unit: Unit) -> tuple[int, int]:
    """Offsets of an export in code points.

    Raises: OffsetsUndecided if the unit is not known and makes a difference; SpanMismatch if
    there is no such span in the text.
    """
    if unit != "code points" and _ASTRAL.search(text, 0, max(end, 0)):
        if unit == "undecided":
            raise OffsetsUndecided(f"{start}:{end} may be code points or UTF-16 units")
        table = utf16_to_code_points(text)
        if not 0 <= start < end < len(table) or -1 in (table[start], table[end]):
            raise SpanMismatch(f"{start}:{end} is no span of the text in UTF-16 units")
        return table[start], table[end]
    if not 0 <= start < end <= len(text):
        raise SpanMismatch(f"{start}:{end} is no span of the text, which has {len(text)}")
    return start, end
