"""Many phrases found in one pass: Aho–Corasick over the folded text, then whole words only.

A match may have clitics before it (والمغرب); they stay in the span, so that spans are whole
words. Where one word can be read with and without clitics, without wins; a common word is not
taken apart to make a rare one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import ahocorasick_rs
from msgspec import Struct

from curation.annotate.clitics import Clitics
from curation.text import Folded, fold_key


class Entry(Struct, frozen=True):
    """What a phrase stands for. `when` is the condition under which it does (see gazetteer);
    `written`, how a list writes it where capital letters count, else empty."""

    label: str
    value: str | None = None
    when: str = ""
    score: float = 0.9
    written: str = ""


class Match(Struct, frozen=True):
    """An entry found: its span in the folded text (whole words), and the clitics in it."""

    start: int
    end: int
    clitics: str
    entry: Entry


class Lexicon:
    """Phrases and what they stand for."""

    def __init__(
        self,
        phrases: Iterable[tuple[str, Entry]],
        clitics: Clitics,
        common: Container[str] = frozenset(),
    ) -> None:
        patterns: dict[str, list[tuple[str, Entry]]] = {}
        for phrase, entry in phrases:
            key = fold_key(phrase)
            patterns.setdefault(key, []).append(("", entry))
            for written, meant in clitics.contractions:
                if key.startswith(meant):
                    clitic = written.removesuffix(meant[1:])
                    patterns.setdefault(written + key[len(meant) :], []).append((clitic, entry))
        self.words = frozenset(key.split()[0] for key in patterns)
        self._entries = list(patterns.values())
        self._finder = ahocorasick_rs.AhoCorasick(list(patterns))
        self._keys = list(patterns)
        self._common = common
        self._prefixes = clitics.prefixes()
        self._conjunctions = frozenset(("", *clitics.conjunctions))
        self._longest = max(len(prefix) for prefix in self._prefixes)

    def find(self, folded: Folded) -> Iterator[Match]:
        """Every entry in a folded text, overlapping ones too, in no order."""
        text = folded.text
        for pattern, start, end in self._finder.find_matches_as_indexes(text, overlapping=True):
            if end < len(text) and is_letter(text[end]) and is_letter(text[end - 1]):
                continue
            first = start
            while first > 0 and start - first <= self._longest and is_letter(text[first - 1]):
                first -= 1
            prefix = text[first:start]
            if prefix and self._another_word(text, first, end, self._keys[pattern]):
                continue
            for contracted, entry in self._entries[pattern]:
                allowed = self._conjunctions if contracted else self._prefixes
                if prefix in allowed:
                    yield Match(first, end, prefix + contracted, entry)

    def _another_word(self, text: str, start: int, end: int, key: str) -> bool:
        """Whether a common word only looks like clitic and rarer word: كبيرا is not ك + بيرا."""
        return key not in self._common and text[start:end] in self._common


def is_letter(char: str) -> bool:
    """Whether a character belongs to a word."""
    return char.isalnum() or char == "_"
