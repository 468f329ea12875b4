"""Small words written onto the next one: what a written word can be read as.

The letters come from the language's `words.toml`; a language without clitics has empty lists.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Struct

from curation.annotate.knowledge import rows, rules
from curation.text import fold_key

_LISTS = frozenset(
    f"{name}.tsv"
    for name in (
        "aliases",
        "cities",
        "countries",
        "demonyms",
        "groups",
        "names",
        "organisations",
        "people",
        "places",
    )
)


class Clitics(Struct, frozen=True, dict=True):
    """Conjunctions and prepositions that lean on a word, its article, what they contract to, and
    particles that lean on a verb (folded)."""

    conjunctions: tuple[str, ...]
    prepositions: tuple[str, ...]
    article: str
    contractions: tuple[tuple[str, str], ...]
    suffixes: tuple[str, ...]
    particles: tuple[str, ...] = ()

    def prefixes(self) -> frozenset[str]:
        """Everything that can stand before a word: conjunction, preposition, or both."""
        pairs = (a + b for a in self.conjunctions for b in self.prepositions)
        return frozenset(("", *self.conjunctions, *self.prepositions, *pairs))

    @cached_property
    def before(self) -> frozenset[str]:
        """As `prefixes`, also with the article, contracted, or with a particle."""
        bare = self.prefixes()
        last = (*(written for written, _ in self.contractions), *self.particles)
        joined = (first + one for first in ("", *self.conjunctions) for one in last)
        return frozenset((*bare, *(one + self.article for one in bare), *joined)) - {""}

    @cached_property
    def readings(self) -> Callable[[str], tuple[tuple[str, str], ...]]:
        """(clitics, word) for every way to read a folded written word, the whole word first.

        >>> ar = Clitics(("و", "ف"), ("ب", "ل"), "ال", (("لل", "ال"),), ())
        >>> list(ar.readings("وللمغرب"))
        [('', 'وللمغرب'), ('و', 'للمغرب'), ('ول', 'لمغرب'), ('ول', 'المغرب')]
        """

        def readings(key: str) -> tuple[tuple[str, str], ...]:
            return tuple(self._read(key))

        # Words come again and again.
        return lru_cache(maxsize=1 << 15)(readings)

    def _read(self, key: str) -> Iterator[tuple[str, str]]:
        yield "", key
        bodies = [("", key)]
        for conjunction in self.conjunctions:
            if key.startswith(conjunction) and _whole(key[len(conjunction) :]):
                bodies.append((conjunction, key[len(conjunction) :]))
                yield bodies[-1]
        for before, body in bodies:
            for preposition in self.prepositions:
                if body.startswith(preposition) and _whole(body[len(preposition) :]):
                    yield before + preposition, body[len(preposition) :]
            for written, meant in self.contractions:
                if body.startswith(written) and len(body) > len(written) + 1:
                    yield before + written.removesuffix(meant[1:]), meant + body[len(written) :]

    @cached_property
    def words(self) -> Callable[[str], frozenset[str]]:
        """Every word that a folded written word can be read as."""

        def words(key: str) -> frozenset[str]:
            return frozenset(word for _, word in self.readings(key))

        return lru_cache(maxsize=1 << 15)(words)

    @cached_property
    def stems(self) -> Callable[[str], frozenset[str]]:
        """Every word that a folded written word can be read as, with and without its article."""

        def stems(key: str) -> frozenset[str]:
            words = [word for _, word in self.readings(key)]
            return frozenset((*words, *map(self.bare, words)))

        return lru_cache(maxsize=1 << 15)(stems)

    @cached_property
    def possessed(self) -> Callable[[str], frozenset[str]]:
        """As `stems`, also without a possessive pronoun."""

        def possessed(key: str) -> frozenset[str]:
            nouns = [
                word.removesuffix(suffix)
                for _, word in self.readings(key)
                if word.endswith(self.suffixes)
                for suffix in self.suffixes
                if word.endswith(suffix)
            ]
            return self.stems(key).union(nouns, map(self.bare, nouns))

        return lru_cache(maxsize=1 << 15)(possessed)

    def bare(self, word: str) -> str:
        """A word without its article."""
        if self.article and word.startswith(self.article) and len(word) > len(self.article) + 1:
            return word[len(self.article) :]
        return word

    def is_definite(self, key: str) -> bool:
        """Whether some reading of the word has the article."""
        return bool(self.article) and any(
            word.startswith(self.article) for _, word in self.readings(key)
        )

    def leans(self, key: str, known: Container[str]) -> bool:
        """Whether a clitic leans on a definite word, so that another phrase begins there."""
        clitic, word = self.split(key, known)
        return bool(clitic) and word.startswith(self.article)

    def split(self, key: str, known: Container[str]) -> tuple[str, str]:
        """The first reading whose word is known; a definite one if none is; else the whole."""
        readings = self.readings(key)
        for before, word in readings:
            if word in known:
                return before, word
        for before, word in readings:
            if before and self.article and word.startswith(self.article):
                return before, word
        return "", key


def _whole(rest: str) -> bool:
    """Whether what is left of a word is one: a single letter is none, a figure is (و3)."""
    return len(rest) > 1 or rest.isdigit()


@lru_cache(maxsize=8)
def load_clitics(folder: Path) -> Clitics:
    """The clitics of a knowledge folder."""
    table = rules(folder / "words.toml")

    def folded(name: str) -> tuple[str, ...]:
        return tuple(fold_key(part) for part in table.get(name, ()))

    return Clitics(
        folded("conjunctions"),
        folded("prepositions"),
        fold_key(table.get("article", "")),
        tuple((fold_key(a), fold_key(b)) for a, b in table.get("contractions", {}).items()),
        folded("suffixes"),
        folded("particles"),
    )


@lru_cache(maxsize=8)
def base_words(folder: Path) -> frozenset[str]:
    """The first words (folded) of everything the folder's lists name, and its names: words that
    are whole as they stand.
    """
    files = [path for path in folder.rglob("*.tsv") if path.name in _LISTS]
    return frozenset(
        fold_key(row[0].partition(" ")[0]) for path in sorted(files) for row in rows(path, 4)
    )
