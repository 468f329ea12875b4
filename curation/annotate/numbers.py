"""`numbers.v1`: MONEY, PERCENT, QUANTITY, TIME, ORDINAL, CARDINAL.

A number is a figure or number words, with what multiplies it (`5 ملايين`); what stands around it
decides the label. The value is the amount where it can be known: `5000000`, `USD 5000000`, `20 %`,
`300 km`, `T15:30`, `PT48H`; of an ordinal, its number. The words are the language's `numbers.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from curation.annotate.amounts import FIGURE, load_amounts
from curation.annotate.clitics import load_clitics
from curation.annotate.clock import Clock
from curation.annotate.figures import shown
from curation.annotate.knowledge import folder, rules
from curation.annotate.measures import Measured, Measures
from curation.annotate.number_patterns import NumberPatterns
from curation.annotate.page import Page, key_set, page_of
from curation.annotate.protocol import EachDocument, Options, reading
from curation.annotate.ranks import load_ranks
from curation.model import Annotation, Document, Entity, Schema, make_entity

NAME = "numbers.v1"
# A figure that these touch is part of a date, a score, a code.
_GLUE = frozenset("-/:.–")


def numbers(options: Options, schema: Schema) -> EachDocument:
    """Make the annotator. Options: `knowledge`, the folder. A language whose `numbers.toml` says
    how its figures are written (`decimal`) is read by patterns (see number_patterns)."""
    home = folder(options)
    if "decimal" in rules(home / "numbers.toml"):
        patterns = NumberPatterns(home)
        return EachDocument(NAME, lambda document: reading(NAME, patterns.find(document)))
    grammar = Grammar(home)

    def read(document: Document) -> Annotation:
        return reading(NAME, grammar.find(page_of(document.text)))

    return EachDocument(NAME, read)


class Grammar:
    """The number words, units and currencies of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "numbers.toml")["ordinals"]
        self._clitics = load_clitics(home)
        self._amounts, self._ranks = load_amounts(home), load_ranks(home)
        self._measures, self._clock = Measures(home), Clock(home, self._amounts)
        self._first = key_set(table["first"])
        self._not_after = key_set(table["not_after"])
        self._not_before = key_set(table["not_before"])
        self._numbering = key_set(table["numbering"])
        self._first_words = frozenset(
            (
                *self._amounts.words,
                *self._measures.words,
                *self._clock.words,
                *self._ranks.units,
                *self._ranks.leaning,
            )
        )
        # Words come again and again, and most begin nothing.
        self._starts = lru_cache(maxsize=1 << 15)(self._may_start)

    def find(self, page: Page) -> Iterator[Entity]:
        """The numbers of a page; none overlaps another."""
        after = 0
        for i, key in enumerate(page.keys):
            if i < after or not self._starts(key):
                continue
            found = self._time(page, i) or self._after_sign(page, i) or self._measures.pair(page, i)
            found = found or self._number(page, i) or self._ordinal(page, i)
            if found is not None:
                place = page.span(i, found.end)
                yield make_entity(
                    page.text, *place, found.label, score=found.score, value=found.value
                )
                after = found.end

    def _may_start(self, key: str) -> bool:
        """Whether a written word may be the first of anything."""
        words = [word for _, word in self._clitics.readings(key)]
        if not self._first_words.isdisjoint(words):
            return True
        return not key.isalpha() and any(FIGURE.match(word) for word in words)

    def _time(self, page: Page, i: int) -> Measured | None:
        found = self._clock.at(page, i)
        return found and Measured(found[0], "TIME", found[1], 0.9)

    def _number(self, page: Page, i: int) -> Measured | None:
        amount = self._amounts.at(page, i)
        if amount is None:
            return None
        end = amount.end
        if found := self._measures.after(page, end, amount.value):
            return found
        if amount.figures and page.key(end) in _GLUE and not self._apart(page, end):
            return None
        if amount.figures and page.key(i - 1) in _GLUE and not self._apart(page, i):
            return None
        before = page.key(i - 2 if page.key(i - 1) == "(" else i - 1)
        if amount.figures and before in self._numbering:
            return Measured(end, "ORDINAL", shown(amount.value), 0.7)
        return Measured(end, "CARDINAL", shown(amount.value), 0.7 if amount.figures else 0.6)

    @staticmethod
    def _apart(page: Page, i: int) -> bool:
        """Whether a blank lies before word i."""
        return page.words[i - 1].end < page.words[i].start

    def _after_sign(self, page: Page, i: int) -> Measured | None:
        """`$5 million`, `%5`: the sign before the figure."""
        sign = self._measures.sign(page, i)
        if sign is None or not FIGURE.match(page.key(sign[0])) or not page.joined(sign[0]):
            return None
        amount = self._amounts.at(page, sign[0])
        if amount is None:
            return None
        value = shown(amount.value)
        if sign[1] == "%":
            return Measured(amount.end, "PERCENT", value and f"{value} %", 0.9)
        end, code = self._measures.country(page, amount.end, sign[1])
        return Measured(end, "MONEY", f"{code} {value}" if code and value else None, 0.95)

    def _ordinal(self, page: Page, i: int) -> Measured | None:
        _, word = self._clitics.split(page.key(i), self._ranks.units.keys() | self._ranks.leaning)
        if page.key(i - 1) in self._not_after or page.key(i + 1) in self._not_before:
            return None
        if word in self._first and word != page.key(i):
            return None  # لأول مرة says no rank
        found = self._ranks.read((word, page.key(i + 1)) if page.joined(i + 1) else (word,))
        return found and Measured(i + found[0], "ORDINAL", str(found[1]), 0.75)
