"""A document as its words, each with the folded key that rules look up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from msgspec import Struct

from curation.model import Entity
from curation.text import LINE_ENDS, fold, fold_key, words

#: First word → (word after the last, entity), longest first.
Located = dict[int, list[tuple[int, Entity]]]

_LINE_ENDS = frozenset(LINE_ENDS)
OPENING = "\"“«‘'”„"
CLOSING = "\"”»’'“"


class Word(Struct, frozen=True, gc=False):
    """A word or mark: its span (code points) and its folded form."""

    start: int
    end: int
    key: str


class Page:
    """The words of a text, and the questions rules ask about them. `i`, `j` are word indices,
    half open."""

    def __init__(self, text: str) -> None:
        self.text = text
        spans = words(text)
        folded = fold(text)
        self.keys: list[str]
        if isinstance(folded.starts, range):  # nothing moved
            self.keys = [folded.text[start:end] for start, end in spans]
        else:
            self.keys = [fold_key(text[start:end]) for start, end in spans]
        if "’" in text:  # an apostrophe inside a word; alone it is a quotation mark
            self.keys = [key.replace("’", "'") if len(key) > 1 else key for key in self.keys]
        self.words = [Word(a, b, key) for (a, b), key in zip(spans, self.keys, strict=True)]
        self.starts, self.ends = [start for start, _ in spans], [end for _, end in spans]
        self.at_start = dict(zip(self.starts, range(len(spans)), strict=True))
        self.at_end = dict(zip(self.ends, range(1, len(spans) + 1), strict=True))

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def distinct(self) -> frozenset[str]:
        """The folded forms, each once: what all rules ask for words that they do not know yet."""
        return frozenset(self.keys)

    def key(self, i: int) -> str:
        """The folded form of a word; empty beyond the edges."""
        return self.keys[i] if 0 <= i < len(self.keys) else ""

    def span(self, i: int, j: int) -> tuple[int, int]:
        """The span (code points) of words i to j."""
        return self.starts[i], self.ends[j - 1]

    def written(self, i: int) -> str:
        """A word as the text has it; empty beyond the edges."""
        if not 0 <= i < len(self.words):
            return ""
        return self.text[self.words[i].start : self.words[i].end]

    def joined(self, i: int) -> bool:
        """Whether only blanks lie between word i-1 and word i: no line's end."""
        if not 0 < i < len(self.starts):
            return False
        between = self.text[self.ends[i - 1] : self.starts[i]]
        return not between or between == " " or _LINE_ENDS.isdisjoint(between)

    def quoted(self, i: int, limit: int = 6) -> tuple[int, int] | None:
        """The words inside quotation marks that open at word i, if they close within `limit`."""
        if i >= len(self.words) or self.text[self.words[i].start] not in OPENING:
            return None
        for j in range(i + 1, min(i + limit + 2, len(self.words))):
            if not self.joined(j):
                return None
            if self.text[self.words[j].start] in CLOSING:
                return (i + 1, j) if j > i + 1 else None
        return None

    def locate(self, entities: Iterable[Entity]) -> Located:
        """The entities whose edges are edges of words, by their first word."""
        found: Located = {}
        for entity in entities:
            i, j = self.at_start.get(entity.start), self.at_end.get(entity.end)
            if i is not None and j is not None:
                found.setdefault(i, []).append((j, entity))
        for here in found.values():
            here.sort(key=lambda pair: (-pair[0], pair[1].label))
        return found


@lru_cache(maxsize=64)
def page_of(text: str) -> Page:
    """The page of a text. The last few are kept: every annotator asks for the same."""
    return Page(text)


def keys(phrase: str) -> tuple[str, ...]:
    """A phrase as the folded keys of its words."""
    return tuple(fold_key(phrase[start:end]) for start, end in words(phrase))


def key_set(phrases: Sequence[str]) -> frozenset[str]:
    """Single words as folded keys."""
    return frozenset(fold_key(phrase) for phrase in phrases)
