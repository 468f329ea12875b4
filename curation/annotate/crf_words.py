"""What a CRF sees of a word: the word, its stem and edges, its shape, and the lists it is on.

A word is its folded key, so that spelling variants are one word. Lists are the knowledge folder's;
what is too large for it (word frequencies, name tokens, clusters) comes with the model, by hash.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.annotate.clitics import base_words, load_clitics
from curation.annotate.knowledge import rows, rules
from curation.text import fold_key

#: The keys that stand before and after a sentence; no word folds to them.
BEFORE, AFTER = "\x02", "\x03"
#: Lists of the knowledge folder whose words are marked: mark, files.
_LISTS = (
    ("pl", ("cities.tsv", "places.tsv", "generated/cities.tsv", "generated/countries.tsv")),
    ("dm", ("groups.tsv", "generated/demonyms.tsv")),
    ("og", ("organisations.tsv",)),
)
#: Heads whose first words are marked: mark, file, tables.
_HEADS = (
    ("oh", "organisations.toml", ("open", "national", "alone", "of_country", "named", "numbered")),
    ("ti", "titles.toml", ("heads", "alone", "before_name", "address")),
)
#: All marks, in order.
_MARKS = (*(mark for mark, _ in _LISTS), *(mark for mark, _, _ in _HEADS))


class Seen(Struct, frozen=True, gc=False):
    """A word's attributes: `own`, where it stands; `beside`, to the words beside it; `both`, to
    either; `far`, which are some of these, two words away. Some may come twice, which counts once.
    And its stem, its class, and its sort, which is coarser: what name it may be, and how rare a
    word it is."""

    own: tuple[str, ...]
    both: tuple[str, ...]
    beside: tuple[str, ...]
    far: tuple[str, ...]
    stem: str
    kind: str
    sort: str


class Words:
    """The attributes of words of a language. `tables` are named lookups that come with a model:
    hash of a word → a small number."""

    def __init__(self, home: Path, tables: Mapping[str, Lookup]) -> None:
        self._clitics = load_clitics(home)
        self._bases = base_words(home)
        self._tables = sorted(tables.items())
        self._names = {fold_key(w): kind[:1] for w, kind in rows(home / "generated/names.tsv", 2)}
        self._common = frozenset(w for (w,) in rows(home / "generated/common_words.tsv", 1))
        self._marks: dict[str, tuple[str, ...]] = {}
        for mark, words in _marked(home):
            for word in words:
                self._marks[word] = (*self._marks.get(word, ()), mark)

    def see(self, key: str) -> Seen:
        """What is seen of a folded word."""
        if key in (BEFORE, AFTER):
            return Seen((), (), (key,), (key,), key, key, key)
        clitic, stem = self._clitics.split(key, self._bases)
        bare = self._clitics.bare(stem)
        forms = tuple(dict.fromkeys((key, stem, bare)))
        shape = _shape(key)
        letters = shape == "W"
        definite = "d" if bare != stem else ""
        marks = self._marked(stem, bare)
        names = self._names
        name = names.get(stem) or names.get(bare) or ""
        if name:
            marks = (*marks, "n" + name)
        read = {names[word] for _, word in self._clitics.readings(key) if word in names}
        leaning = sorted(read - {"", name})
        common = not self._common.isdisjoint(forms)
        kind = "+".join(marks) + ("c" if common else "") + definite if letters else shape
        lists = [f"f={mark}" for mark in marks] + [f"l={n}" for n in leaning]
        lists += ["cm"] if common else []
        hashes = [word_hash(word) for word in forms]
        numbers = {name: table.first(hashes) for name, table in self._tables}
        lists += [f"{name}={number}" for name, number in numbers.items()]
        far = (f"w={key}", f"b={bare}", f"c={kind}")
        own = (far[0], f"s={stem}", f"cl={clitic}", far[2], f"sh={shape}{definite}")
        beside = (*far, f"x={key[-2:]}", f"x={key[-3:]}")
        sort = shape[:1]
        if letters:
            own += (far[1], f"n={min(len(stem), 9)}")
            own += (f"p={key[:1]}", f"p={key[:2]}", f"p={key[:3]}", f"p={key[:4]}")
            own += (f"x={key[-1:]}", f"x={key[-2:]}", f"x={key[-3:]}", f"x={key[-4:]}")
            own += (f"q={bare[:2]}", f"q={bare[:3]}", f"y={bare[-2:]}", f"y={bare[-3:]}")
            beside += (f"p={key[:3]}",)
            kin = name or (leaning[0] if leaning else "-")
            sort = f"{kin}{rarity(numbers.get('fq', 0))}{definite}"
        return Seen(own, tuple(lists), beside, far, stem, kind, sort)

    def _marked(self, stem: str, bare: str) -> tuple[str, ...]:
        """The marks of the lists that have either, in the order of the lists."""
        one, two = self._marks.get(stem, ()), self._marks.get(bare, ())
        if not one or not two or one == two:
            return one or two
        return tuple(mark for mark in _MARKS if mark in one or mark in two)


class Lookup:
    """A table word → number as sorted hashes, compact on disk; 0 is a word that is not in it."""

    def __init__(self, hashes: Any, numbers: Any) -> None:
        self.hashes = hashes
        self._sorted = memoryview(hashes)
        self.numbers = numbers

    @classmethod
    def of(cls, table: Mapping[str, int]) -> Lookup:
        """The lookup of a table; of words with one hash the first stays."""
        import numpy as np

        by_hash: dict[int, int] = {}
        for word, number in table.items():
            by_hash.setdefault(word_hash(word), number)
        hashes = np.array(sorted(by_hash), dtype=np.uint32)
        return cls(hashes, np.array([by_hash[int(h)] for h in hashes], dtype=np.uint16))

    def first(self, hashes: Iterable[int]) -> int:
        """The number of the first of some words, by their hashes, that is in the table, else 0."""
        for sought in hashes:
            at = bisect_left(self._sorted, sought)
            if at < len(self._sorted) and self._sorted[at] == sought:
                return int(self.numbers[at])
        return 0


def rarity(band: int) -> str:
    """How rare a word of a frequency band is (a band is half a power of ten, the first the most
    frequent; 0 is a word that is not listed).
    """
    return "0" if band == 0 else "r" if band > 10 else "m" if band > 8 else "c"


def word_hash(word: str) -> int:
    """What a word is looked up by in a `Lookup`."""
    return zlib.crc32(word.encode())


def _shape(key: str) -> str:
    if not key:
        return "E"
    if key.isdigit():
        return f"D{min(len(key), 5)}"
    if not key[0].isalnum():
        return f"P{key[:1]}"
    return "A" if key[0].isascii() else "W"


def _marked(home: Path) -> Iterator[tuple[str, frozenset[str]]]:
    for mark, files in _LISTS:
        surfaces = (row[0] for name in files for row in rows(home / name, 4))
        yield mark, frozenset(_words(surfaces))
    for mark, name, tables in _HEADS:
        table = rules(home / name)
        heads = (fold_key(p).split()[0] for part in tables for p in table[part])
        yield mark, frozenset(heads)


def _words(surfaces: Iterable[str]) -> Iterator[str]:
    for surface in surfaces:
        yield from fold_key(surface).split()
