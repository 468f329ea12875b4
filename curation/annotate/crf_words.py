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


class Seen(Struct, frozen=True):
    """A word's attributes where it stands, beside it and two words away; its stem, its class, and
    its sort, which is coarser: what name it may be, and how rare a word it is."""

    here: tuple[str, ...]
    near: tuple[str, ...]
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
        self._tables = tables
        self._names = {fold_key(w): kind[:1] for w, kind in rows(home / "generated/names.tsv", 2)}
        self._common = frozenset(w for (w,) in rows(home / "generated/common_words.tsv", 1))
        self._marks = dict(_marked(home))

    def see(self, key: str) -> Seen:
        """What is seen of a folded word."""
        if key in (BEFORE, AFTER):
            return Seen((), (key,), (key,), key, key, key)
        clitic, stem = self._clitics.split(key, self._bases)
        bare = self._clitics.bare(stem)
        shape = _shape(key)
        letters = shape == "W"
        definite = "d" if bare != stem else ""
        marks = [m for m, words in self._marks.items() if stem in words or bare in words]
        name = self._names.get(stem) or self._names.get(bare) or ""
        if name:
            marks.append("n" + name)
        leaning = {self._names.get(word, "") for word in self._clitics.words(key)} - {"", name}
        common = [w for w in (key, stem, bare) if w in self._common]
        kind = "+".join(marks) + ("c" if common else "") + definite if letters else shape
        lists = [f"f={mark}" for mark in marks] + [f"l={n}" for n in sorted(leaning)]
        lists += ["cm"] if common else []
        looked = [
            f"{name}={table.best(key, stem, bare)}" for name, table in sorted(self._tables.items())
        ]
        here = [f"w={key}", f"s={stem}", f"cl={clitic}", f"c={kind}", f"sh={shape}{definite}"]
        near = [f"w={key}", f"b={bare}", f"c={kind}", f"x={key[-2:]}", f"x={key[-3:]}"]
        if letters:
            here += [f"b={bare}", f"n={min(len(stem), 9)}"]
            here += [f"p={key[:n]}" for n in (1, 2, 3, 4)] + [f"x={key[-n:]}" for n in (1, 2, 3, 4)]
            here += [f"q={bare[:n]}" for n in (2, 3)] + [f"y={bare[-n:]}" for n in (2, 3)]
            near.append(f"p={key[:3]}")
        return Seen(
            tuple(dict.fromkeys((*here, *lists, *looked))),
            tuple(dict.fromkeys((*near, *lists, *looked))),
            (f"w={key}", f"b={bare}", f"c={kind}"),
            stem,
            kind,
            f"{name or min(leaning, default='-')}{rarity(self._band(key, stem, bare))}{definite}"
            if letters
            else shape[:1],
        )

    def _band(self, *words: str) -> int:
        table = self._tables.get("fq")
        return table.best(*words) if table else 0


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
            by_hash.setdefault(_hash(word), number)
        hashes = np.array(sorted(by_hash), dtype=np.uint32)
        return cls(hashes, np.array([by_hash[int(h)] for h in hashes], dtype=np.uint16))

    def best(self, *words: str) -> int:
        """The number of the first of these words that is in the table, else 0."""
        for word in words:
            sought = _hash(word)
            at = bisect_left(self._sorted, sought)
            if at < len(self._sorted) and self._sorted[at] == sought:
                return int(self.numbers[at])
        return 0


def rarity(band: int) -> str:
    """How rare a word of a frequency band is (a band is half a power of ten, the first the most
    frequent; 0 is a word that is not listed).
    """
    return "0" if band == 0 else "r" if band > 10 else "m" if band > 8 else "c"


def _hash(word: str) -> int:
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
