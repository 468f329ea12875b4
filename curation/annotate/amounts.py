"""Amounts in figures and words: `5 ملايين`, خمسة آلاف ومئتين, مليون ونصف المليون.

The words are the language's `numbers.toml`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from curation.annotate.clitics import load_clitics
from curation.annotate.figures import EXACT, figure, only_digits
from curation.annotate.knowledge import rules
from curation.annotate.page import Page, key_set
from curation.text import fold_key

_NOTHING = Decimal(0)
_MARKS = frozenset((".", ",", "٫", "٬"))
FIGURE = re.compile(r"(\d+(?:[.,٫٬]\d+)*)\Z")


class Amount(Struct, frozen=True):
    """A number found: the word after it, its amount if known, whether it is only figures, and
    what it counts (thousands, millions; 0 for ones)."""

    end: int
    value: Decimal | None
    figures: bool
    unit: Decimal = _NOTHING


class Amounts:
    """The number words of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "numbers.toml")
        self._clitics = load_clitics(home)

        def amounts(name: str) -> dict[str, Decimal]:
            return {fold_key(word): Decimal(str(value)) for word, value in table[name].items()}

        self._cardinals = {**amounts("cardinals"), **amounts("fractions")}
        self._multipliers = amounts("multipliers")
        self._duals = amounts("duals")
        self._units_of_teens = amounts("before_teens")
        #: Words that are numbers only before one of these: أحد عشر.
        self.before_teens, self.teens = frozenset(self._units_of_teens), key_set(table["teens"])
        self._vague = key_set(table["vague"]["words"])
        self._none = key_set(table["no_numbers"])
        #: What may begin an amount, besides a figure.
        self.words = frozenset(
            (
                *self._cardinals,
                *self._multipliers,
                *self._duals,
                *self._vague,
                *self._units_of_teens,
            )
        )

    def at(self, page: Page, i: int) -> Amount | None:
        """The longest number that begins at word i; a clitic may lean on its first word. What is
        joined to thousands or millions and less than one of them is added: خمسة آلاف ومئتين; a
        fraction is one of the last of them: خمسة ملايين ونصف is 5,500,000.
        """
        found = self._part(page, i)
        while found and found.value and found.unit and page.joined(found.end):
            if page.key(found.end)[:1] not in self._clitics.conjunctions[:1]:
                break
            more = self._part(page, found.end)
            if more is None or more.value is None or more.value >= found.unit:
                break
            added = more.value * found.unit if more.value < 1 else more.value
            found = Amount(more.end, found.value + added, False, more.unit)
        return found

    def _part(self, page: Page, i: int) -> Amount | None:
        if page.key(i) in self._none:
            return None
        for before, word in self._clitics.readings(page.key(i)):
            if before and word[:1].isdigit() and len(before) > 1:
                continue
            if FIGURE.match(word):
                end, word = self._leaning(page, i + 1, word) if before else (i + 1, word)
                end, word = self._apart(page, end, word)
                value = figure(word) if only_digits(page.written(i)) else None
                return self._multiplied(page, end, value, figures=True)
            if word in self._units_of_teens:
                if page.joined(i + 1) and page.key(i + 1) in self.teens:
                    return self._words(page, i + 2, self._units_of_teens[word] + 10)
                continue
            if word in self._cardinals and word not in self._multipliers:
                return self._words(page, i + 1, self._cardinals[word])
            if word in self._duals and not (word in self._multipliers and self._ends(page, i + 1)):
                return Amount(i + 1, self._duals[word], False, self._duals[word] / 2)
            if word in self._multipliers or word in self._vague:
                vague = word in self._vague
                value = None if vague else self._multipliers[word]
                unit = _NOTHING if vague else self._multipliers[word]
                return self._multiplied(page, i + 1, value, unit, figures=False)
        return None

    @staticmethod
    def _leaning(page: Page, end: int, word: str) -> tuple[int, str]:
        """A figure that a letter leans on, with the rest of it, which are words: و12.5"""
        while page.key(end) in _MARKS and FIGURE.match(page.key(end + 1)):
            marks = page.words[end - 1 : end + 2]
            if marks[0].end != marks[1].start or marks[1].end != marks[2].start:
                break
            end, word = end + 2, f"{word}{page.key(end)}{page.key(end + 1)}"
        return end, word

    @staticmethod
    def _apart(page: Page, end: int, word: str) -> tuple[int, str]:
        """A figure with the thousands that a tokenised text sets apart: 1 , 787."""
        digits, whole = word, word
        while digits.isdigit() and len(digits) <= 3 and page.key(end) == ",":
            digits, marks = page.key(end + 1), page.words[end - 1 : end + 2]
            if len(digits) != 3 or not digits.isdigit() or not page.joined(end + 1):
                break
            if marks[0].end == marks[1].start or marks[1].end == marks[2].start:
                break
            end, whole = end + 2, f"{whole},{digits}"
        return end, whole

    def _ends(self, page: Page, i: int) -> bool:
        """Whether nothing counted follows before word i: مليونا is then one million, else two."""
        key = page.key(i)
        return not (page.joined(i) and key.isalpha()) or key[:1] in self._clitics.conjunctions[:1]

    def _words(self, page: Page, end: int, value: Decimal) -> Amount:
        """Number words that add up as grammar has it; what does not ends the number: in خمسة وستة
        and مئة ومئتين there are two.
        """
        last = value  # what was added last
        while page.joined(end):
            key = page.key(end)
            if key in self.teens and 3 <= last < 10:
                value, last, end = value + 10, Decimal(10), end + 1
            elif self._cardinals.get(key) == 100 and 3 <= last == value < 10:
                value, last, end = value * 100, value * 100, end + 1
            elif (part := self._added(page, end)) and _adds(last, part[1]):
                end, last = part
                value += last
            else:
                break
        return self._multiplied(page, end, value, figures=False)

    def _added(self, page: Page, i: int) -> tuple[int, Decimal] | None:
        """A number word at word i with "and" before it: the word after it, and its amount."""
        key = page.key(i)
        if key[:1] not in self._clitics.conjunctions[:1]:
            return None
        word = key[1:]
        if word in self._units_of_teens and page.joined(i + 1) and page.key(i + 1) in self.teens:
            return i + 2, self._units_of_teens[word] + 10
        return (i + 1, self._cardinals[word]) if word in self._cardinals else None

    def _multiplied(
        self,
        page: Page,
        end: int,
        value: Decimal | None,
        unit: Decimal = _NOTHING,
        *,
        figures: bool,
    ) -> Amount:
        while page.joined(end):
            key = page.key(end)
            key = key if key in self._multipliers else self._clitics.bare(key)
            if key not in self._multipliers:
                break
            value = None if value is None or value >= EXACT else value * self._multipliers[key]
            unit = self._multipliers[key]
            end, figures = end + 1, False
        return Amount(end, value, figures, unit)


def _adds(last: Decimal, more: Decimal) -> bool:
    """Whether "and" adds a word to the one before it: a fraction to a whole, less than a hundred to
    hundreds, tens to a unit."""
    if more < 1 <= last:
        return True
    return more < 100 <= last or (1 <= last < 10 and 20 <= more < 100)


@lru_cache(maxsize=8)
def load_amounts(home: Path) -> Amounts:
    """The number words of a knowledge folder."""
    return Amounts(home)
