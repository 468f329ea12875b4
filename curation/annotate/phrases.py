"""Phrases looked up word by word, with clitics on the first word.

A phrase matches whatever the case of the text's letters, but for its own capitals: these must stand
in the text too (`King` is no `king`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from curation.annotate.clitics import Clitics
from curation.annotate.page import Page, keys
from curation.text import words

#: About how many words are remembered.
KEPT = 1 << 15


class Hit(Struct, frozen=True):
    """A phrase found: the word after it, the clitics before it, and the phrase (folded)."""

    end: int
    clitics: str
    phrase: tuple[str, ...]
    definite: bool = False


class Phrases:
    """A set of phrases. With `article`, a first word matches with its article too; with
    `pronouns`, with a possessive pronoun at its end."""

    def __init__(
        self,
        phrases: Iterable[str],
        clitics: Clitics,
        *,
        article: bool = False,
        pronouns: bool = False,
    ) -> None:
        self._clitics = clitics
        self._article = article
        self._suffixes = ("", *clitics.suffixes) if pronouns else ("",)
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        capitals: dict[tuple[str, ...], frozenset[int]] = {}
        for phrase in phrases:
            written = keys(phrase)
            self._by_first.setdefault(written[0], []).append(written)
            needed = capital_words(phrase)
            capitals[written] = needed & capitals.get(written, needed)
        self._capitals = {phrase: needed for phrase, needed in capitals.items() if needed}
        for here in self._by_first.values():
            here.sort(key=lambda phrase: (-len(phrase), phrase))

        self.pronouns = pronouns
        #: The first words of all phrases; and, for a written word, all it can be read as.
        self.firsts = self._by_first.keys()
        self.first_words = clitics.possessed if pronouns else clitics.stems
        # Words come again and again, and most begin nothing.
        self.begun = lru_cache(maxsize=KEPT)(self._begun)

    def at(self, page: Page, i: int, *, clitics: bool = True) -> Hit | None:
        """The longest phrase that begins at word i."""
        begun = self.begun(page.key(i))
        if not begun:
            return None
        best: Hit | None = None
        for before, phrase, definite in begun:
            if before and not clitics:
                continue
            end = i + len(phrase)
            if (best is None or end > best.end) and all(
                page.key(k) == phrase[k - i] and page.joined(k) for k in range(i + 1, end)
            ):
                needed = self._capitals.get(phrase) if self._capitals else None
                if not needed or all(page.written(i + k)[:1].isupper() for k in needed):
                    best = Hit(end, before, phrase, definite)
        return best

    def _begun(self, key: str) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
        """(clitics, phrase, has the article) of every phrase that a written word may begin."""
        if self._by_first.keys().isdisjoint(self.first_words(key)):
            return ()
        return tuple(
            (before, phrase, definite)
            for before, written in self._clitics.readings(key)
            for word, definite in self._forms(written)
            for phrase in self._by_first.get(word, ())
        )

    def _forms(self, written: str) -> Iterable[tuple[str, bool]]:
        for suffix in self._suffixes:
            if not suffix or (written.endswith(suffix) and len(written) > len(suffix) + 2):
                word = written[: len(written) - len(suffix)]
                bare = self._clitics.bare(word)
                yield word, bare != word
                if self._article and bare != word:
                    yield bare, True


def capital_words(phrase: str) -> frozenset[int]:
    """Which words of a phrase begin with a capital letter."""
    starts = (phrase[start] for start, _ in words(phrase))
    return frozenset(i for i, letter in enumerate(starts) if letter.isupper())


class Starts:
    """Which words of a page may begin one of several sets of phrases; most begin none."""

    def __init__(self, *phrases: Phrases) -> None:
        firsts = frozenset[str]().union(*(some.firsts for some in phrases))
        first_words = phrases[0].first_words
        if any(some.pronouns for some in phrases):
            first_words = next(some for some in phrases if some.pronouns).first_words

        def begins(key: str) -> bool:
            return not firsts.isdisjoint(first_words(key)) and any(
                some.begun(key) for some in phrases
            )

        #: Whether a written word may begin one.
        self.begins = begins
        self._known: dict[str, bool] = {}

    def of(self, page: Page) -> list[int]:
        """Their places, in order."""
        known = self._known
        if len(known) > KEPT:
            known.clear()
        for key in page.distinct.difference(known):
            known[key] = self.begins(key)
        return [i for i, key in enumerate(page.keys) if known[key]]
