"""MONEY, PERCENT, QUANTITY, TIME, ORDINAL and CARDINAL by patterns: the `numbers.v1` of a language
whose `numbers.toml` says how its figures are written (`decimal`).

An amount is a figure or number words, with what multiplies it; what stands beside it decides the
label. Values have the forms of `numbers.py`: `5000000`, `USD 5000000`, `20 %`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex

from curation.annotate.figures import only_digits, shown
from curation.annotate.knowledge import rows, rules
from curation.annotate.number_words import NumberWords, either
from curation.annotate.signs import Signs
from curation.model import Document, Entity, make_entity
from curation.text import fold, fold_key

SCORES = {
    **{"MONEY": 0.95, "PERCENT": 0.95, "QUANTITY": 0.85, "TIME": 0.85, "ORDINAL": 0.75},
    "CARDINAL": 0.65,
}
#: Labels of numbers with nothing beside them.
_BARE = ("CARDINAL", "ORDINAL")


class NumberPatterns:
    """The number words, units and currencies of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "numbers.toml")
        self._numbers = NumberWords(table)
        self._currency_signs: dict[str, str] = {
            fold_key(sign): code for sign, code in table["currency_signs"].items()
        }
        self._currencies = {
            **{fold_key(name): code for name, code in rows(home / "generated/currencies.tsv", 2)},
            **{fold_key(name): code for name, code in table["currencies"].items()},
        }
        self._dollars = {fold_key(word): code for word, code in table["dollars"].items()}
        self._country = regex.compile(rf"\h?{either(self._dollars)}(?!\w)")
        self._not_alone = frozenset(map(fold_key, table["not_alone"]))
        lists: dict[str, Iterable[str]] = {
            "number": [*self._numbers.firsts, *table["vague"], *table["ordinals"]],
            "time": table["clock_words"],
        }
        self._signs = Signs(lists, "")
        self._patterns = [
            (label, regex.compile(rf"(?<![\w$€£.,/:⁄-]|\d['’])(?:{form})(?![\w⁄])"))
            for label, form in self._forms(table)
        ]

    def find(self, document: Document) -> Iterator[Entity]:
        """The amounts of a document; none overlaps another."""
        folded = fold(document.text)
        text = folded.text
        taken: set[int] = set()
        lines = [(first, last) for first, last, signs in self._signs.lines(text) if signs]
        for label, pattern in self._patterns:
            for first, last in lines:
                for match in pattern.finditer(text, first, last):
                    start, end = match.span()
                    if not taken.isdisjoint(range(start, end)):
                        continue
                    if label in _BARE and not self._counts(text, match[0], end):
                        continue
                    taken.update(range(start, end))
                    plain = only_digits(document.text[slice(*folded.span(start, end))])
                    yield make_entity(
                        document.text,
                        *folded.span(start, end),
                        label,
                        score=SCORES[label],
                        value=self._value(label, match) if plain else None,
                    )

    def _counts(self, text: str, number: str, end: int) -> bool:
        """Whether a number stands for itself: it is no part of a score or a code (2-1, F-16), no
        article (`one`, `un`), and no two numbers (1,5 in a language that has a point there)."""
        if number in self._not_alone:
            return False
        if self._numbers.foreign.fullmatch(number):
            return False
        beside = text[end : end + 2]
        return not (beside[:1] in "-–/:.," and beside[1:].isalnum())

    def _value(self, label: str, match: regex.Match[str]) -> str | None:
        found = match.groupdict()
        known = found.get("amount") and not found.get("inexact")
        if label not in ("MONEY", "PERCENT", "CARDINAL") or not known:
            return None
        value = shown(self._numbers.amount(found["amount"] or ""))
        if label == "CARDINAL" or value is None:
            return value
        if label == "PERCENT":
            return f"{value} %"
        word = " ".join((found.get("currency") or "").replace("’", "'").split())
        if label == "MONEY" and self._numbers.doubtful.fullmatch(found["amount"] or ""):
            return None
        code = self._currencies.get(word) or self._currency_signs.get(word)
        if named := found.get("named"):  # $500 Canadian dollars, £20 Egyptian pounds
            code = self._currencies[" ".join(named.replace("’", "'").split())]
            return f"{code} {value}" if code else None
        if word == "$":
            if country := found.get("country"):
                code = self._dollars[" ".join(country.split())]
            elif self._country.match(match.string, match.end()):  # a $500 Canadian grant
                return None
        return f"{code or word.upper()} {value}" if code or len(word) == 3 else None

    @staticmethod
    def _edge(table: dict[str, Any]) -> str:
        """What ends an amount of money: a mark, the line's end, or a small word."""
        return rf"(?=\h*(?:[^\w\s]|\Z)|\h+{either(table['after_money'])}(?!\w))"

    def _forms(self, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Each pattern with its label, in order: an earlier one takes the text."""
        s, gap = r"\h?", r"\h+"
        number = self._numbers
        many = rf"(?:(?:{gap}|-){number.multiplier}(?!\w))+"
        counted = rf"(?:{number.figure}|{number.words})(?:{many})?"
        amount = rf"(?P<amount>{counted}(?!\w)){table['half']}"
        vague = rf"{either(table['vague'])}(?:{gap}{table['of']}{either(table['vague'])}){{0,4}}+"
        some = rf"(?:{vague}|{amount})"
        sign = rf"(?P<currency>{either(self._currency_signs)})"
        code = rf"(?P<currency>{either(table['currency_codes'])})"
        percent = either(table["percent"])
        words = rf"(?P<currency>{either(self._currencies)})"
        short = rf"(?P<amount>{number.figure}(?:{s}{number.short}(?!\w)|{many})?)"
        units, span, per = (either(table[name]) for name in ("units", "time_units", "per"))
        scaled = rf"(?:{s}{number.short}(?!\w)|{many})?"
        until = rf"(?P<inexact>{s}[-–]{s}{either(self._currency_signs)}?{number.figure}{scaled})"
        country = rf"{s}(?P<country>{either(self._dollars)})(?!\w){self._edge(table)}"
        country = rf"(?:{gap}(?P<named>{either(self._currencies)})(?!\w)|{country})?"
        yield "MONEY", rf"(?:{sign}|{code}){s}{short}{until}?{country}"
        yield "MONEY", rf"{short}{s}(?:{table['of']})?(?:{sign}|{code}){country}"
        yield "MONEY", rf"(?:{some}|{short})(?:{gap}|-)(?:{table['of']})?{words}"
        yield "PERCENT", rf"(?P<inexact>{number.figure}{s}[-–]{s})?{some}{s}(?:{percent}|%)"
        clock = table["clock"].replace(" ", s).replace("<zone>", either(table["zones"]))
        yield "TIME", clock.replace("<hour>", either(table["hours"]))
        yield "TIME", either(table["clock_words"])
        yield "QUANTITY", rf"(?:{number.figure}{s}|{some}(?:{gap}|-)){units}(?:{gap}{per})?"
        yield "TIME", rf"{some}(?:{gap}|-){span}"
        ordinal = rf"(?:{table['ordinal_lead']})?{either(table['ordinals'])}"
        yield "ORDINAL", rf"(?:{table['ordinal_figure']}|{ordinal})"
        yield "CARDINAL", some
