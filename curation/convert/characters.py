"""Texts of which a format says places in characters, and tokens cut so that every item fits."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from msgspec import Struct

from curation.errors import DataError
from curation.text import Span, words


class Characters:
    """A text whose units are its code points, as a `Layout`'s are its tokens."""

    def __init__(self, text: str) -> None:
        self.text = text

    def span(self, first: int, last: int) -> Span:
        """The same code points (half-open).

        Raises: DataError if there are no such ones.
        """
        if not 0 <= first < last <= len(self.text):
            raise DataError(
                f"there are no code points {first}:{last} in a text of {len(self.text)}"
            )
        return first, last


class Token(Struct, frozen=True):
    """A piece of a text (half-open code points), and whether a blank follows that is no token."""

    start: int
    end: int
    blank: bool = False


def cut(text: str, spans: Iterable[Span]) -> list[Token]:
    """A text as spaCy and Prodigy cut one: words, at most one blank after each, and what is left of
    the white space as tokens, so that nothing is left out; and cut at the edges of `spans`, so that
    each of them is whole tokens.

    >>> cut("إلى وبالقاهرة\\n", [(7, 13)])  # doctest: +NORMALIZE_WHITESPACE
    [Token(start=0, end=3, blank=True), Token(start=4, end=7, blank=False),
     Token(start=7, end=13, blank=False), Token(start=13, end=14, blank=False)]
    """
    spans = set(spans)
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    edges = {0, len(text), *starts, *ends, *(edge for word in words(text) for edge in word)}
    made: list[Token] = []
    for start, end in pairwise(sorted(edges)):
        wanted = start in starts or start + 1 in ends
        if made and text[start] == " " and not wanted:
            made[-1] = Token(made[-1].start, made[-1].end, blank=True)
            start += 1
        if start < end:
            made.append(Token(start, end))
    return made
