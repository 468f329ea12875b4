"""A text cut into sentences and tokens, and the way from characters to tokens and back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from curation.errors import DataError
from curation.text import Span, sentences, words


class Layout:
    """A text with the spans of its tokens (half-open code points), sentence by sentence. There is
    always a sentence; where the text holds no word, it holds no token."""

    def __init__(self, text: str, spans: Sequence[Sequence[Span]]) -> None:
        self.text = text
        self.sentences = [list(sentence) for sentence in spans] or [[]]
        self.tokens = [span for sentence in self.sentences for span in sentence]
        #: The number of each token's sentence, and of each sentence's first token.
        self.sentence_of = [at for at, one in enumerate(self.sentences) for _ in one]
        self.first_of = [0]
        for one in self.sentences[:-1]:
            self.first_of.append(self.first_of[-1] + len(one))
        self._starts = {start: at for at, (start, _) in enumerate(self.tokens)}
        self._ends = {end: at + 1 for at, (_, end) in enumerate(self.tokens)}

    def locate(self, start: int, end: int) -> Span | None:
        """The tokens (half-open) that exactly cover these code points; None if none do."""
        first, last = self._starts.get(start), self._ends.get(end)
        return None if first is None or last is None else (first, last)

    def span(self, first: int, last: int) -> Span:
        """The code points that tokens `first` to `last` (half-open) cover.

        Raises: DataError if there are no such tokens.
        """
        if not 0 <= first < last <= len(self.tokens):
            raise DataError(f"there are no tokens {first}:{last} among {len(self.tokens)}")
        return self.tokens[first][0], self.tokens[last - 1][1]

    def written(self, sentence: int) -> list[str]:
        """The tokens of a sentence as text."""
        return [self.text[start:end] for start, end in self.sentences[sentence]]

    def pieces(self) -> list[str]:
        """The text in as many pieces as there are sentences, with nothing left out: each from its
        first token to the next one's, the first from the beginning.

        >>> layout("\\n قال. \\tثم").pieces()
        ['\\n قال. \\t', 'ثم']
        """
        cuts = [0, *(one[0][0] for one in self.sentences[1:]), len(self.text)]
        return [self.text[start:end] for start, end in pairwise(cuts)]


def layout(text: str) -> Layout:
    """The sentences and words of a text, as `curation.text` cuts them."""
    starts = [start for start, _ in sentences(text)]
    spans: list[list[Span]] = [[] for _ in starts]
    for span in words(text):
        spans[bisect_right(starts, span[0]) - 1].append(span)
    return Layout(text, spans)


def laid(sentences: Sequence[Sequence[str]], pieces: Sequence[str] | None) -> Layout:
    """The tokens of sentences in the pieces of the text that belong to them; without pieces, with
    blanks between tokens and line ends between sentences.

    >>> laid([["a", "b"], ["c"]], None).text
    'a b\\nc'

    Raises: DataError for tokens that do not stand in their piece, or pieces that are not one for
    each sentence.
    """
    between = "" if pieces is not None else "\n"
    pieces = [" ".join(tokens) for tokens in sentences] if pieces is None else pieces
    if len(pieces) != len(sentences):
        raise DataError(f"there are {len(pieces)} pieces of text for {len(sentences)} sentences")
    spans: list[list[Span]] = []
    at = 0
    for tokens, piece in zip(sentences, pieces, strict=True):
        spans.append([(at + start, at + end) for start, end in placed(tokens, piece)])
        at += len(piece) + len(between)
    return Layout(between.join(pieces), spans)


def placed(tokens: Sequence[str], text: str) -> list[Span]:
    """Where tokens stand in a text, one after the other, with only white space between them.

    >>> placed(["U", ".", "S"], " U.S")
    [(1, 2), (2, 3), (3, 4)]

    Raises: DataError at the first token that does not.
    """
    spans: list[Span] = []
    at = 0
    for number, token in enumerate(tokens):
        while not text.startswith(token, at):
            if at >= len(text) or not text[at].isspace():
                raise DataError(
                    f"token {number}, {token!r}, does not stand at {at} of the text, which has "
                    f"{text[at : at + max(len(token), 1)]!r} there"
                )
            at += 1
        spans.append((at, at + len(token)))
        at += len(token)
    return spans
