"""Capital letters as a sign of names, in languages that write names with them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from curation.annotate.page import Page
from curation.text import Span, lines

_WORD = re.compile(r"\w+")
#: Most words and hyphens that are written as one.
_LONGEST = 12


def spellings(surface: str) -> tuple[str, ...]:
    """A name with either apostrophe."""
    return (surface, surface.replace("'", "’")) if "'" in surface else (surface,)


def agrees(text: str, written: str) -> bool:
    """Whether a text has a capital wherever a name, as a list writes it, has one.

    >>> agrees("TURKEY", "Turkey"), agrees("turkey", "Turkey"), agrees("Us", "US")
    (True, False, False)
    """
    for ours, theirs in zip(_WORD.findall(text), _WORD.findall(written), strict=False):
        if len(theirs) > 1 and theirs.isupper():
            if not ours.isupper():
                return False
        elif theirs[0].isupper() and not ours[0].isupper():
            return False
    return True


def shouted(text: str, start: int, end: int) -> bool:
    """Whether the line around a span has no small letter, so that capitals say nothing.

    >>> shouted("THEY TOLD US\\nin the US", 10, 12), shouted("THEY TOLD US\\nin the US", 20, 22)
    (True, False)
    """
    loud = _loud_lines(text)
    at = bisect_right(loud, (start, len(text))) - 1
    return at >= 0 and end <= loud[at][1] and loud[at] != (start, end)


@lru_cache(maxsize=64)
def _loud_lines(text: str) -> list[Span]:
    """The lines that are written large throughout, without the blanks around them."""
    return [
        (start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
        for start, end in lines(text)
        if (line := text[start:end]).isupper()
    ]


def capital(page: Page, i: int) -> bool:
    """Whether word i begins with a capital letter."""
    return page.written(i)[:1].isupper()


def begins_sentence(page: Page, i: int) -> bool:
    """Whether a capital at word i may be there because a sentence begins: after a final mark, a
    colon, an opening quotation mark, or at a line's start."""
    if not page.joined(i):
        return True
    return page.written(i - 1) in _BEFORE_SENTENCE


_BEFORE_SENTENCE = frozenset((".", "!", "?", "…", ":", "“", "«", '"', "‘", "–", "—", "-", "("))


def compound(page: Page, i: int) -> int:
    """The word after what is written as one with word i by hyphens: Jean-Luc, al-Assad."""
    end = i + 1
    while (
        end + 1 < min(len(page), i + _LONGEST)
        and page.written(end) in ("-", "‐", "‑")
        and page.words[end - 1].end == page.words[end].start
        and page.words[end].end == page.words[end + 1].start
    ):
        end += 2
    return end


def loud_words(page: Page) -> frozenset[int]:
    """The words of lines that are written large throughout, so that capitals say nothing."""
    loud: set[int] = set()
    first = 0
    for i in range(1, len(page) + 1):
        if i == len(page) or not page.joined(i):
            line = page.text[page.words[first].start : page.words[i - 1].end]
            if line.isupper() and i - first > 1:
                loud.update(range(first, i))
            first = i
    return frozenset(loud)
