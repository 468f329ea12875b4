"""Where a quote may begin and end in a text: where words do.

An apostrophe is an edge too (Ankara'da). So is every character, as people see them, of the scripts
that write words without white space or small words onto others. A clitic of Arabic may stay outside
at the left, as the spans of a model have it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

import regex
from msgspec import Struct

from curation.annotate.clitics import load_clitics
from curation.store import shipped
from curation.text import Span, fold_key, words

_CHARACTER = regex.compile(r"\X")
_DENSE = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}"
    r"\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]"
)
_APOSTROPHES = ("'", "’")


class Edges(Struct, frozen=True):
    """The edges of the words of a text, and of its characters as people see them (graphemes)."""

    text: str
    words: list[Span]
    ends: frozenset[int]
    characters: frozenset[int]

    @classmethod
    def of(cls, text: str) -> Edges:
        """The edges of this text."""
        found = words(text)
        ends = frozenset(end for _, end in found)
        return cls(text, found, ends, frozenset(m.end() for m in _CHARACTER.finditer(text)))

    def are_around(self, start: int, end: int) -> bool:
        """Whether a span begins and ends at edges.

        >>> text = "The Iranian team left Ankara'da وبالرباط"
        >>> [Edges.of(text).are_around(*span) for span in ((4, 11), (4, 8), (22, 28), (36, 40))]
        [True, False, True, True]
        """
        return self._begins(start) and (end in self.ends or self._parts(end))

    def _begins(self, at: int) -> bool:
        first, _ = self.words[bisect_right(self.words, at, key=lambda word: word[0]) - 1]
        if first == at or self._parts(at):
            return True
        return at in self.characters and fold_key(self.text[first:at]) in _clitics()

    def _parts(self, at: int) -> bool:
        """Whether a word may be parted here."""
        if at not in self.characters:
            return False
        left, right = self.text[at - 1], self.text[at : at + 1]
        return (
            left in _APOSTROPHES
            or right in _APOSTROPHES
            or bool(_DENSE.match(left) or _DENSE.match(right))
        )


@lru_cache(maxsize=1)
def _clitics() -> frozenset[str]:
    return load_clitics(shipped("seeds", "knowledge", "ar")).before
