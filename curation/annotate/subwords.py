"""From the pieces a tokeniser cuts a text into to the words they make, for any tokeniser.

A word is one of `curation.text.words`. Where words are written without spaces (Chinese, Thai) each
character is one, and words that share a piece are one: nothing is ever cut inside a piece.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import regex
from msgspec import Struct

from curation.text import Span, words

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_PARTS = regex.compile(rf"[{_UNSPACED}]\p{{M}}*|[^{_UNSPACED}]+")
_MANY = 1_000_000


class Word(Struct, frozen=True):
    """A word's span (code points), and the places of its pieces in the tokeniser's output."""

    start: int
    end: int
    pieces: tuple[int, ...]


def read_words(text: str, offsets: Sequence[Span]) -> list[Word]:
    """The words of a text that have pieces, in order; `offsets` are the spans of the pieces.

    A piece of white space only belongs to the word before it. What the tokeniser leaves out of its
    pieces (control characters, say) is in no word.

    >>> [(w.start, w.end, w.pieces) for w in read_words("Rabat now", [(0, 3), (3, 5), (5, 9)])]
    [(0, 5, (0, 1)), (6, 9, (2,))]
    """
    places = _places(text)
    starts = [start for start, _ in places]
    spans: list[Span] = []
    pieces: list[list[int]] = []
    blank: list[int] = []
    for i, (start, end) in enumerate(offsets):
        said = text[start:end]
        start, end = end - len(said.lstrip()), start + len(said.rstrip())
        if start >= end:
            (pieces[-1] if pieces else blank).append(i)
            continue
        first = places[bisect_right(starts, start) - 1][0]
        last = places[bisect_right(starts, end - 1) - 1][1]
        if spans and first < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
            pieces[-1].append(i)
        else:
            spans.append((first, last))
            pieces.append([*blank, i])
            blank = []
    return [Word(*span, tuple(own)) for span, own in zip(spans, pieces, strict=True)]


def _places(text: str) -> list[Span]:
    found: list[Span] = []
    for start, end in words(text):
        found += [match.span() for match in _PARTS.finditer(text, start, end)]
    return found


def longest(tokenizer: Any, config: Any) -> int | None:
    """The most pieces, special ones included, that an encoder takes at once; None if no limit is
    stated. `tokenizer` and `config` are those of transformers.

    RoBERTa's positions start after the padding's id, so that many are lost.
    """
    positions = int(getattr(config, "max_position_embeddings", 0) or 0)
    padding = int(getattr(config, "pad_token_id", 0) or 0)
    if positions > 0 and padding:
        positions -= padding + 1
    stated = int(min(getattr(tokenizer, "model_max_length", 0) or 0, _MANY))
    limits = [limit for limit in (positions, stated) if 0 < limit < _MANY]
    return min(limits, default=None)
