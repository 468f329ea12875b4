"""`numbers.v1`: MONEY, PERCENT, QUANTITY, TIME, ORDINAL, CARDINAL.

A number is a figure or number words, with what multiplies it (`5 ملايين`); what stands after it
decides the label. The value is the amount where it can be known: `5000000`, `USD 5000000`,
`20 %`. The words are the language's `numbers.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from curation.annotate.clitics import load_clitics
from curation.annotate.knowledge import folder, rows, rules
from curation.annotate.page import Page, key_set, page_of
from curation.annotate.phrases import Phrases
from curation.annotate.protocol import EachDocument, Options, reading
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import fold_key

NAME = "numbers.v1"
_FIGURE = re.compile(r"(\d+(?:[.,٫٬]\d+)*)\Z")
# A figure that these touch is part of a date, a score, a code.
_GLUE = frozenset("-/:.–")
#: Below this a float holds every whole number.
EXACT = 2.0**53


class Amount(Struct, frozen=True):
    """A number found: the word after it, its amount if known, whether it is only figures, and
    what it counts (thousands, millions; 0 for ones)."""

    end: int
    value: float | None
    figures: bool
    unit: float = 0.0


def numbers(options: Options, schema: Schema) -> EachDocument:
    """Make the annotator. Options: `knowledge`, the folder. A language whose `numbers.toml` says
    how its figures are written (`decimal`) is read by patterns (see amounts)."""
    home = folder(options)
    if "decimal" in rules(home / "numbers.toml"):
        from curation.annotate.amounts import Amounts

        amounts = Amounts(home)
        return EachDocument(NAME, lambda document: reading(NAME, amounts.find(document)))
    grammar = Grammar(home)

    def read(document: Document) -> Annotation:
        return reading(NAME, grammar.find(page_of(document.text)))

    return EachDocument(NAME, read)


class Grammar:
    """The number words, units and currencies of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "numbers.toml")
        self._clitics = load_clitics(home)

        def amounts(name: str) -> dict[str, float]:
            return {fold_key(word): float(value) for word, value in table[name].items()}

        def phrases(words: list[str], *, article: bool = False) -> Phrases:
            return Phrases(words, self._clitics, article=article)

        self._cardinals = {**amounts("cardinals"), **amounts("fractions")}
        self._multipliers = amounts("multipliers")
        self._duals = amounts("duals")
        self._vague = key_set(table["vague"]["words"])
        self._of = key_set(table["of"])
        self._currencies = {fold_key(n): code for n, code in table["currencies"].items()}
        self._signs: dict[str, str] = table["currency_signs"]
        self._codes = {
            tuple(self._clitics.bare(word) for word in fold_key(name).split()): code
            for name, code in rows(home / "generated" / "currencies.tsv", 2)
        }
        self._percent = phrases(table["percent"])
        self._units = phrases(table["quantities"]["units"])
        self._after_unit = key_set(table["quantities"]["after"])
        self._times = phrases(table["times"]["units"])
        self._clock = key_set(table["times"]["clock"])
        self._hours = phrases(table["times"]["clock_words"])
        self._halves = phrases(table["times"]["half"])
        ordinals = table["ordinals"]
        self._first = key_set(ordinals["first"])
        self._ordinals = key_set(ordinals["words"]) | self._first
        self._teens = key_set([*ordinals["teen"], *ordinals["tens"]])
        self._not_after = key_set(ordinals["not_after"])
        self._not_before = key_set(ordinals["not_before"])
        known = (self._clock, self._signs, self._cardinals, self._duals, self._multipliers)
        self._first_words = frozenset[str]().union(*known, self._vague, self._ordinals)
        self._starts = lru_cache(maxsize=1 << 15)(self._may_start)

    def find(self, page: Page) -> Iterator[Entity]:
        """The numbers of a page; none overlaps another."""
        after = 0
        for i, key in enumerate(page.keys):
            if i < after or not self._starts(key):
                continue
            found = self._clock_time(page, i) or self._money_sign(page, i)
            found = found or self._number(page, i) or self._ordinal(page, i)
            if found is not None:
                end, label, value, score = found
                yield make_entity(page.text, *page.span(i, end), label, score=score, value=value)
                after = end

    def _may_start(self, key: str) -> bool:
        """Whether a written word may be the first of anything."""
        return any(
            word in self._first_words or bool(_FIGURE.match(word))
            for _, word in self._clitics.readings(key)
        )

    def _number(self, page: Page, i: int) -> tuple[int, str, str | None, float] | None:
        amount = self._amount(page, i)
        if amount is None:
            return None
        end, value = amount.end, shown(amount.value)
        if hit := self._percent.at(page, end, clitics=False):
            return hit.end, "PERCENT", value and f"{value} %", 0.95
        if money := self._currency(page, end):
            code = money[1]
            return money[0], "MONEY", f"{code} {value}" if code and value else None, 0.95
        if page.joined(end) and (hit := self._units.at(page, end, clitics=False)):
            end = hit.end + (page.key(hit.end) in self._after_unit)
            return end, "QUANTITY", None, 0.85
        if page.joined(end) and (hit := self._times.at(page, end, clitics=False)):
            return hit.end, "TIME", None, 0.8
        if amount.figures and page.key(end) in _GLUE and not self._apart(page, end):
            return None
        if amount.figures and page.key(i - 1) in _GLUE and not self._apart(page, i):
            return None
        return end, "CARDINAL", value, 0.7 if amount.figures else 0.6

    @staticmethod
    def _apart(page: Page, i: int) -> bool:
        """Whether a blank lies before word i."""
        return page.words[i - 1].end < page.words[i].start

    def _amount(self, page: Page, i: int) -> Amount | None:
        """The longest number that begins at word i; a clitic may lean on its first word. What is
        joined to thousands or millions and less than one of them is added: خمسة آلاف ومئتين.
        """
        found = self._part(page, i)
        while found and found.value and found.unit and page.joined(found.end):
            if page.key(found.end)[:1] not in self._clitics.conjunctions[:1]:
                break
            more = self._part(page, found.end)
            if more is None or more.value is None or more.value >= found.unit:
                break
            found = Amount(more.end, found.value + more.value, False, more.unit)
        return found

    def _part(self, page: Page, i: int) -> Amount | None:
        for before, word in self._clitics.readings(page.key(i)):
            if before and word[:1].isdigit() and len(before) > 1:
                continue
            if _FIGURE.match(word):
                return self._multiplied(page, i + 1, figure(word), figures=True)
            if word in self._cardinals and word not in self._multipliers:
                return self._words(page, i + 1, self._cardinals[word])
            if word in self._duals:
                return Amount(i + 1, self._duals[word], False, self._duals[word] / 2)
            if word in self._multipliers or word in self._vague:
                vague = word in self._vague
                value = None if vague else self._multipliers[word]
                unit = 0.0 if vague else self._multipliers[word]
                return self._multiplied(page, i + 1, value, unit, figures=False)
        return None

    def _words(self, page: Page, end: int, value: float) -> Amount:
        while page.joined(end):
            key = page.key(end)
            rest = key[1:] if key[:1] in self._clitics.conjunctions else ""
            if key in self._cardinals:
                value = (
                    value * 100
                    if self._cardinals[key] == 100 and value < 10
                    else (value + self._cardinals[key])
                )
            elif rest in self._cardinals:
                value += self._cardinals[rest]
            else:
                break
            end += 1
        return self._multiplied(page, end, value, figures=False)

    def _multiplied(
        self, page: Page, end: int, value: float | None, unit: float = 0.0, *, figures: bool
    ) -> Amount:
        while page.joined(end):
            key = page.key(end)
            key = key if key in self._multipliers else self._clitics.bare(key)
            if key not in self._multipliers:
                break
            value = None if value is None else value * self._multipliers[key]
            unit = self._multipliers[key]
            end, figures = end + 1, False
        return Amount(end, value, figures, unit)

    def _currency(self, page: Page, end: int) -> tuple[int, str] | None:
        """The word after a currency that stands at `end`, and its code ("" if it is not known)."""
        start = end
        if page.key(end) in self._signs:
            return end + 1, self._signs[page.key(end)]
        if page.key(end) in self._of:
            end += 1
        if not page.joined(start) or page.key(end) not in self._currencies:
            return None
        name = self._clitics.bare(page.key(end))
        quality = self._clitics.bare(page.key(end + 1)) if page.joined(end + 1) else ""
        for noun in (name, name[:-1]):
            if code := self._codes.get((noun, quality)):
                return end + 2, code
        return end + 1, self._currencies[page.key(end)]

    def _money_sign(self, page: Page, i: int) -> tuple[int, str, str | None, float] | None:
        """`$5 million` written with the sign before the figure."""
        code = self._signs.get(page.key(i))
        if code is None or not _FIGURE.match(page.key(i + 1)):
            return None
        amount = self._multiplied(page, i + 2, figure(page.key(i + 1)), figures=True)
        value = shown(amount.value)
        return amount.end, "MONEY", value and f"{code} {value}", 0.95

    def _clock_time(self, page: Page, i: int) -> tuple[int, str, str | None, float] | None:
        if self._clitics.split(page.key(i), self._clock)[1] not in self._clock:
            return None
        end = i + 1
        if hit := self._hours.at(page, end, clitics=False):
            end = hit.end
        else:
            while end < len(page) and (page.key(end).isdigit() or page.key(end) in ":."):
                end += 1
            if page.key(end - 1) in (":", "."):
                end -= 1
        if end == i + 1:
            return None
        while page.joined(end) and (hit := self._halves.at(page, end, clitics=False)):
            end = hit.end
        return end, "TIME", None, 0.9

    def _ordinal(self, page: Page, i: int) -> tuple[int, str, str | None, float] | None:
        _, word = self._clitics.split(page.key(i), self._ordinals)
        if word not in self._ordinals or page.key(i - 1) in self._not_after:
            return None
        if page.key(i + 1) in self._not_before:
            return None
        if word in self._first and word != page.key(i):
            return None  # لأول مرة says no rank
        end = i + 1
        if page.joined(end) and page.key(end) in self._teens:
            end += 1
        return end, "ORDINAL", None, 0.75


def figure(text: str) -> float | None:
    """A figure's amount; None where its separators can be read in two ways.

    >>> figure("1,250,000"), figure("2.5"), figure("1,5"), figure("12.345")
    (1250000.0, 2.5, 1.5, None)
    """
    plain = text.replace("٬", ",").replace("٫", ".")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain):
        return float(plain.replace(".", "")) if plain.count(".") > 1 else None
    if re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    return None


def shown(value: float | None) -> str | None:
    """An amount as digits, without a needless fraction; None if it is not known, or too large for
    every digit to be right.

    >>> shown(5000000.0), shown(2.5), shown(1e16)
    ('5000000', '2.5', None)
    """
    if value is None or value >= EXACT:
        return None
    value = round(value, 4)
    return str(int(value)) if value == int(value) else repr(value)
