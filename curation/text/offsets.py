"""Other tools' offsets, turned into code points at the border, once, and proven there."""

from __future__ import annotations

from itertools import accumulate


def utf16_to_code_points(text: str) -> list[int]:
    """For each UTF-16 code unit boundary of the text, the code point boundary it is.

    Inside a surrogate pair there is no such boundary: those positions are -1.

    >>> utf16_to_code_points("a😀b")
    [0, 1, -1, 2, 3]
    """
    table = [0]
    for at, char in enumerate(text, start=1):
        if ord(char) > 0xFFFF:
            table.append(-1)
        table.append(at)
    return table


def utf16_length(text: str) -> int:
    """How many UTF-16 code units the text has.

    >>> utf16_length("a😀b")
    4
    """
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def code_points_to_utf16(text: str) -> list[int]:
    """For each code point boundary of the text, the UTF-16 code unit boundary it is.

    >>> code_points_to_utf16("a😀b")
    [0, 1, 3, 4]
    """
    return [0, *accumulate(1 + (ord(char) > 0xFFFF) for char in text)]
