"""A normal form for matching, with the way back to the exact text.

Folding removes what writers vary without changing the word: diacritics, tatweel, the shapes of
alef, hamza seats, yeh and teh marbuta, presentation forms, letter case, Eastern digits, invisible
bidi marks. It is for look-up only; spans are always reported in the text itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

_ARABIC = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ی": "ي",
    }
)
_TATWEEL = "\u0640"


class _Table(dict[int, str]):
    """What each code point folds to, worked out once; what `str.translate` takes."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        folded = "".join(
            part
            for part in unicodedata.normalize("NFKD", char.translate(_ARABIC))
            if unicodedata.category(part) not in ("Mn", "Me", "Cf") and part != _TATWEEL
        ).casefold()
        digit = unicodedata.decimal(char, None)
        result = str(digit) if digit is not None else folded.translate(_ARABIC)
        self[point] = result
        return result


_TABLE = _Table()


class Folded(Struct, frozen=True):
    """A folded text; `starts[i]` and `ends[i]` (code points) are what folded character i covers
    in the exact text, marks that follow it included."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the exact text that folded characters start to end come from."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=64)
def fold(text: str) -> Folded:
    """Fold a text. (The last few are kept: every annotator asks for the same.)

    >>> folded = fold("في بَيْرُوت.")
    >>> at = folded.text.index("بيروت")
    >>> folded.span(at, at + 5), "في بَيْرُوت."[3:11]
    ((3, 11), 'بَيْرُوت')
    """
    if all(len(_TABLE[ord(char)]) == 1 for char in set(text)):
        return Folded(text.translate(_TABLE), range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(text):
        piece = _TABLE[ord(char)]
        if piece:
            pieces.append(piece)
            starts += [at] * len(piece)
            ends += [at + 1] * len(piece)
        elif ends and ends[-1] == at and unicodedata.category(char) != "Cf":
            last = starts[-1]
            for back in range(len(ends) - 1, -1, -1):
                if starts[back] != last:
                    break
                ends[back] = at + 1
    return Folded("".join(pieces), starts, ends)


def fold_key(text: str) -> str:
    """The folded form alone, for use as a key.

    >>> fold_key("إسرائيل") == fold_key("اسرائيل")
    True
    """
    return text.translate(_TABLE)
