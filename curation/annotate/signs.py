"""Where a grammar need not look: a line without a sign of a pattern holds no match of it.

A sign is the first word of a list (any month, any unit), clitics apart, or a figure. Patterns are
slow and lines without a sign are many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import regex

from curation.text import fold_key, lines

#: The sign of a word with a digit in it, and of one with a year in figures.
FIGURE = "figure"
YEAR_FIGURE = "year figure"

_NONE = frozenset[str]()
_WORDS = regex.compile(r"\w+")
_YEAR = regex.compile(r"(?<!\d)(?:1\d{3}|20\d\d)(?!\d)")


class Signs:
    """Lists of words or phrases by name; `clitics` are the letters, at most four, that may lean
    on a word."""

    def __init__(self, lists: Mapping[str, Iterable[str]], clitics: str) -> None:
        self._clitics = clitics
        self._firsts: dict[str, set[str]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                first = _WORDS.search(fold_key(phrase))
                if first:
                    self._firsts.setdefault(first[0], set()).add(name)
        # What is written comes again and again.
        self._of = lru_cache(maxsize=1 << 15)(self._signs)

    def lines(self, text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
        """Each line of a folded text: its span without the line's end, and the signs in it."""
        for start, end in lines(text):
            found = set(map(self._of, text[start:end].split()))
            yield start, end, _NONE.union(*found)

    def _signs(self, written: str) -> frozenset[str]:
        """The signs in the words of what is written without a blank."""
        if written.isalpha():
            return self._of_word(written)
        return _NONE.union(*map(self._of_word, _WORDS.findall(written)))

    def _of_word(self, word: str) -> frozenset[str]:
        signs = _NONE
        if not word.isalpha() and any(char.isdigit() for char in word):
            signs |= {FIGURE, YEAR_FIGURE} if _YEAR.search(word) else {FIGURE}
            word = word.lstrip("0123456789")  # 1443هـ
        leaning = len(word) - len(word.lstrip(self._clitics))
        for at in range(min(leaning, 4) + 1):
            if named := self._firsts.get(word[at:]):
                signs |= named
        return signs
