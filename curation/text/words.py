"""Words and sentences as spans of code points. Nothing here changes the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

Span = tuple[int, int]

# A number keeps its separators, a word its marks, joiners and inner apostrophe. But what French
# elides before a word (l’Algérie) and the English possessive (Russia's) are words of their own, or
# a name beside them could not be tagged. Whatever else is not white space (as str.isspace has it)
# stands alone as one grapheme (an emoji sequence is one).
# The first line, for speed, is what the others would find as well: an Arabic word.
# A sign that encloses what follows (U+06DD) stands alone too: its grapheme would take a letter off
# the next word, or the blank before it.
_WORD = regex.compile(
    r"""[\u0620-\u064a][\p{L}\p{M}\p{N}_\u200c\u200d]*+(?!['’])
      | \p{Nd}+(?:[.,٫٬]\p{Nd}+)+
      | (?:[cdjlmnstCDJLMNST]|(?:jus|lors|puis|quoi)?[qQ]u|(?:Jus|Lors|Puis|Quoi)qu)['’](?=\p{L})
      | ['’][sS](?![\p{L}\p{M}\p{N}_])(?<=[\p{L}\p{M}\p{N}]..)
      | [\p{L}\p{N}_][\p{L}\p{M}\p{N}_\u200c\u200d]*
        (?:['’](?![sS](?![\p{L}\p{M}\p{N}_]))[\p{L}][\p{L}\p{M}]*)*
      | \p{GCB=Prepend}
      | (?![\s\x1c-\x1f])\X""",
    regex.VERBOSE,
)
#: What ends a line, as `str.splitlines` has it; to patterns, the white space that `\h` leaves out.
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# A line's end, or a run of final marks (with closing quotes) before white space or the end.
_SENTENCE_END = regex.compile(rf"""[.!?؟۔…]+["'”’»)\]]*(?=\s|\Z)|[{LINE_ENDS}]+""")


class Words(NamedTuple):
    """The words of a text, column by column: each as it stands there, and where it starts and ends
    (code points)."""

    texts: list[str]
    starts: list[int]
    ends: list[int]


def words(text: str) -> list[Span]:
    """The words of a text, in order, without overlap; only white space lies between them.

    >>> [("وقّعت f5”.")[a:b] for a, b in words("وقّعت f5”.")]
    ['وقّعت', 'f5', '”', '.']
    >>> [("l’aéroport d'Oran, Oran's")[a:b] for a, b in words("l’aéroport d'Oran, Oran's")]
    ['l’', 'aéroport', "d'", 'Oran', ',', 'Oran', "'s"]
    """
    _, starts, ends = split_words(text)
    return [*zip(starts, ends, strict=True)]


def split_words(text: str) -> Words:
    """As `words`, with the words themselves.

    >>> split_words("في الرباط.").texts
    ['في', 'الرباط', '.']
    """
    texts, starts, ends = found = Words([], [], [])
    start = 0
    for piece in text.split(" "):
        end = start + len(piece)
        if piece.isalpha():  # nothing but letters is one word: most are, and no pattern need look
            texts.append(piece)
            starts.append(start)
            ends.append(end)
        elif piece:
            for match in _WORD.finditer(text, start, end):
                texts.append(match.group())
                starts.append(match.start())
                ends.append(match.end())
        start = end + 1
    return found


def lines(text: str) -> Iterator[Span]:
    """The lines of a text without their ends; what is empty may be left out.

    >>> list(lines("قال\\r\\nنعم\\u2028ثم"))
    [(0, 3), (5, 8), (9, 11)]
    """
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line.rstrip(LINE_ENDS))
        start += len(line)


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text without the white space around them. A line's end ends a sentence.

    >>> [("قال. ثم؟\\nنعم")[a:b] for a, b in sentences("قال. ثم؟\\nنعم")]
    ['قال.', 'ثم؟', 'نعم']
    """
    start = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
        piece = text[start:end]
        left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
        if left < right:
            yield start + left, start + right
        start = end
