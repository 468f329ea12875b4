"""Words as the pieces an encoder reads.

Words are normalised for it only (marks, tatweel and invisible characters out, decimal digits as
0-9, then NFKC), so no offset depends on the pieces: word i of the text is row i of the result.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

START, PAD, END, UNKNOWN = 0, 1, 2, 3
#: A word of more pieces is known by its first ones; it still gets its label.
LONGEST = 12
_REMEMBERED = 100_000


class Pieces:
    """A Unigram tokeniser, asked word by word; each word begins a piece of its own."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[int, ...]] = {}

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """The tokeniser of a `tokenizers` JSON file."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_str(path.read_text("utf-8")))

    def of(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """The piece ids of each word, at least one and at most LONGEST."""
        new = sorted({word for word in words if word not in self._known})
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
            new = sorted(set(words))
        plain = [normal(word) for word in new]
        for word, encoding in zip(
            new, self._tokenizer.encode_batch(plain, add_special_tokens=False), strict=True
        ):
            self._known[word] = tuple(encoding.ids[:LONGEST]) or (UNKNOWN,)
        return [self._known[word] for word in words]


def normal(word: str) -> str:
    """A word as the encoder is given it.

    >>> normal("بَيْـرُوت"), normal("٢٠٢٢")
    ('بيروت', '2022')
    """
    if word.isascii():
        return word
    return "".join(map(_plain, unicodedata.normalize("NFC", word)))


def _plain(char: str) -> str:
    if char == "\u0640" or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return ""
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)
