"""What makes an amount money, a percentage, a measure or a length of time: the words around it.

Values: `USD 5000000` (ISO 4217; none where the name leaves the country open), `20 %`, `300 km`,
`20 km2`, `120 km/h` (UCUM, https://ucum.org), `PT48H` (ISO 8601).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.annotate.clitics import Clitics, load_clitics
from curation.annotate.figures import shown
from curation.annotate.knowledge import rows, rules
from curation.annotate.page import Page, key_set, keys
from curation.annotate.phrases import Phrases
from curation.text import fold_key


class Measured(Struct, frozen=True):
    """A measured amount: the word after it, its label, its value if it is known, and how sure."""

    end: int
    label: str
    value: str | None
    score: float


class Measures:
    """The currencies and units of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "numbers.toml")
        clitics = load_clitics(home)
        self._percent = Phrases(table["percent"], clitics)
        self._percent_signs = frozenset(word for word in table["percent"] if len(word) == 1)
        self._currencies = Currencies(table, home, clitics)
        quantities, times = table["quantities"], table["times"]
        self._units = Coded(quantities["units"], clitics)
        self._per = Coded(quantities["per"], clitics)
        self._powers = {fold_key(word): power for word, power in quantities["powers"].items()}
        self._half, self._half_of = key_set(times["half"]), key_set(times["half_of"])
        self._times = Coded(times["units"], clitics)
        self._pairs = {
            **_pairs(quantities["pairs"], "QUANTITY"),
            **_pairs(times["pairs"], "TIME"),
            **{word: ("MONEY", code) for word, code in self._currencies.pairs.items()},
        }
        #: What may begin a measure that no number begins: two of a unit, or a sign.
        self.words = frozenset((*self._pairs, *self._percent_signs, *self._currencies.signs))
        self._clitics = clitics

    def after(self, page: Page, end: int, amount: Decimal | None) -> Measured | None:
        """What an amount measures that ends before word `end`; None if nothing says so."""
        if not page.joined(end):
            return None
        value = shown(amount)
        if hit := self._percent.at(page, end, clitics=False):
            return Measured(hit.end, "PERCENT", value and f"{value} %", 0.95)
        if money := self._currencies.at(page, end):
            code = money[1]
            return Measured(money[0], "MONEY", f"{code} {value}" if code and value else None, 0.95)
        if unit := self._units.at(page, end):
            return self._quantity(page, *unit, value)
        if time := self._times.at(page, end):
            if page.joined(time[0]) and page.key(time[0]) in self._half:  # ثلاث ساعات ونصف
                whole = page.joined(time[0] + 1) and page.key(time[0] + 1) in self._half_of
                return Measured(time[0] + 1 + whole, "TIME", None, 0.8)
            return Measured(time[0], "TIME", value and f"PT{value}{time[1]}", 0.8)
        return None

    def pair(self, page: Page, i: int) -> Measured | None:
        """Two of a unit in one word: كيلومترين, ساعتين, دولارين."""
        word = self._clitics.split(page.key(i), self._pairs)[1]
        if word not in self._pairs:
            return None
        label, unit = self._pairs[word]
        if label == "QUANTITY":
            return self._quantity(page, i + 1, unit, "2")
        if label == "TIME":
            return Measured(i + 1, label, f"PT2{unit}", 0.8)
        end, code = self._currencies.quality(page, i + 1, word, unit)
        return Measured(end, label, f"{code} 2" if code else None, 0.9)

    def sign(self, page: Page, i: int) -> tuple[int, str] | None:
        """`%`, or the code of a currency ("" if it is not known), whose sign stands at word i
        before its figure; and the word after the sign."""
        if page.key(i) in self._percent_signs:
            return i + 1, "%"
        return self._currencies.sign(page, i)

    def country(self, page: Page, end: int, code: str) -> tuple[int, str]:
        """The word after a sign and its figure, which end before word `end`, and the code: of the
        country that stands there, if one does."""
        return self._currencies.country(page, end, code)

    def _quantity(self, page: Page, end: int, unit: str, value: str | None) -> Measured:
        if power := self._powers.get(page.key(end)) if page.joined(end) else None:
            end, unit = end + 1, f"{unit}{power}"
        if page.joined(end) and (per := self._per.at(page, end)):
            end, unit = per[0], f"{unit}/{per[1]}"
        return Measured(end, "QUANTITY", value and f"{value} {unit}", 0.85)


class Coded:
    """Phrases that stand for codes: a table of code → phrases."""

    def __init__(self, table: Mapping[str, list[str]], clitics: Clitics) -> None:
        self._codes = {keys(phrase): code for code, names in table.items() for phrase in names}
        self._phrases = Phrases([name for names in table.values() for name in names], clitics)

    def at(self, page: Page, i: int) -> tuple[int, str] | None:
        """(the word after the longest phrase at word i, its code)."""
        hit = self._phrases.at(page, i, clitics=False)
        return (hit.end, self._codes[hit.phrase]) if hit else None


class Currencies:
    """The names, signs and codes of currencies."""

    def __init__(self, table: Mapping[str, Any], home: Path, clitics: Clitics) -> None:
        self._clitics = clitics
        self._of = key_set(table["of"])
        self._signs: dict[str, str] = table["currency_signs"]
        #: What a sign may begin with: `$`, `c` of C$.
        self.signs = frozenset(keys(sign)[0] for sign in self._signs)
        self._names: dict[str, tuple[str, str]] = {}  # form → (first form, code)
        self.pairs: dict[str, str] = {}
        self._parts: set[str] = set()
        self._nouns: dict[str, str] = {}  # code → what its sign is called
        for currency in table["currencies"]:
            code: str = currency.get("code", "")
            first = fold_key(currency["forms"][0])
            if code:
                self._nouns[code] = first
            pairs: list[str] = [fold_key(form) for form in currency.get("pair", ())]
            for form in (*map(fold_key, currency["forms"]), *pairs):
                self._names[form] = (first, code)
                if currency.get("part"):
                    self._parts.add(form)
            self.pairs |= {form: code for form in pairs}
        national = (*rows(home / "generated" / "currencies.tsv", 2), *table["national"].items())
        self._codes: dict[tuple[str, ...], str] = {}
        for name, code in national:
            noun, *quality = (clitics.bare(word) for word in fold_key(name).split())
            for adjective in self._masculine("".join(quality[:1])):
                if len(quality) == 1:
                    self._codes[noun, adjective] = code

    def at(self, page: Page, end: int) -> tuple[int, str] | None:
        """The word after a currency that stands at `end`, and its code ("" if it is not known)."""
        if sign := self.sign(page, end):
            return self.country(page, *sign)
        start = end
        if page.key(end) in self._of:
            end += 1
        name = self._clitics.bare(page.key(end))
        if not page.joined(start) or not page.joined(end) or name not in self._names:
            return None
        return self.quality(page, end + 1, name, self._names[name][1])

    def quality(self, page: Page, end: int, name: str, code: str) -> tuple[int, str]:
        """The same with the adjective at `end`, if it makes the name one of a country's."""
        first = self._names[name][0]
        if page.joined(end):
            for adjective in self._masculine(self._clitics.bare(page.key(end))):
                if (first, adjective) in self._codes:
                    known = self._codes[first, adjective]
                    return end + 1, "" if name in self._parts else known
        return end, code

    def country(self, page: Page, end: int, code: str) -> tuple[int, str]:
        """What a sign's code becomes by the word after it and its figure: كندي makes `$` CAD, so
        does دولار كندي. A Latin word there may name a country too, and leaves it open."""
        if not page.joined(end):
            return end, code
        name = self._clitics.bare(page.key(end))
        if name in self._names:
            return self.quality(page, end + 1, name, self._names[name][1])
        for adjective in self._masculine(self._clitics.bare(page.key(end))):
            if known := self._codes.get((self._nouns.get(code, ""), adjective)):
                return end + 1, known
        word = page.written(end)
        return end, "" if word.isascii() and word.isalpha() and word != code else code

    def sign(self, page: Page, i: int) -> tuple[int, str] | None:
        """The word after the sign at word i, and its code, "" where a letter touches it that makes
        it one we do not know; a code in letters counts in capitals only."""
        if page.key(i) not in self.signs:
            return None
        for end in (i + 2, i + 1):
            if end <= len(page) and (code := self._signs.get(page.text[slice(*page.span(i, end))])):
                start = page.words[i].start
                return end, "" if page.text[max(start - 1, 0) : start].isalpha() else code
        return None

    @staticmethod
    def _masculine(adjective: str) -> Iterator[str]:
        """An adjective as it stands, and without the ending of the feminine or the accusative."""
        yield adjective
        if adjective[-1:] in ("ه", "ا") and len(adjective) > 3:
            yield adjective[:-1]


def _pairs(table: Mapping[str, list[str]], label: str) -> dict[str, tuple[str, str]]:
    return {fold_key(word): (label, unit) for unit, words in table.items() for word in words}
