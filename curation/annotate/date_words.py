"""The words of dates of a language (`dates.toml`), and the pieces that its patterns are made of.

A rule is a pattern with the group `date`, the signs without which a line holds no match of it, and
how to tell the value from what its other groups hold.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import regex
from msgspec import Struct

from curation.annotate.amounts import load_amounts
from curation.annotate.calendar import FIRST_PART, STEPS, Open, Relation
from curation.annotate.knowledge import rules
from curation.annotate.ranks import load_ranks
from curation.text import fold_key

CLITICS = "وفبكل"
S = r"\h*"
GAP = r"\h+"
#: A day of the month in figures; الـ25 has an article.
DAY = r"(?:ال)?(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)"
YEAR = r"(?P<year>1\d{3}|20\d\d)(?!\d)"
#: What may end a year that only stands behind its month.
EDGE = r"(?=\h*(?:[)\].,،؛:؟!»\"(]|\Z))(?![.,]\d)"
CLITIC = f"[{CLITICS}]{{0,2}}"


class Found(Struct, frozen=True):
    """What a rule has matched (every group's texts, in order), and the day of publication."""

    groups: Mapping[str, list[str]]
    published: datetime.date | None

    def get(self, name: str) -> str:
        """The last text of a group, single blanks between its words; empty if it took no part."""
        texts = self.groups.get(name)
        return " ".join(texts[-1].split()) if texts else ""

    def number(self, name: str) -> int | None:
        """The figure in a group."""
        text = self.get(name)
        return int(text) if text else None

    def numbers(self, name: str) -> list[int]:
        """The figures in a group that was matched several times."""
        return [int(text) for text in self.groups.get(name, ())]


class Rule(Struct, frozen=True):
    """A pattern, what a line must hold for it, and the value of a match."""

    needs: frozenset[str]
    pattern: regex.Pattern[str]
    value: Callable[[Found], str | None]


def rule(needs: Iterable[str], pattern: str, value: Callable[[Found], str | None]) -> Rule:
    """A rule of a pattern, for folded text, that lies between the edges of words."""
    whole = rf"\b(?<![\w/.:-])(?P<date>{pattern})(?!\w)"
    return Rule(frozenset(needs), regex.compile(whole), value)


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words (folded), the longest first."""
    keys = sorted({fold_key(word) for word in words}, key=lambda key: (-len(key), key))
    return "(?:" + "|".join(regex.escape(key).replace(r"\ ", GAP) for key in keys) + ")"


def numbered(lists: Iterable[Iterable[str]]) -> dict[str, int]:
    """Each word (folded) of several lists after the number of its list, from 1."""
    return {fold_key(word): n for n, words in enumerate(lists, start=1) for word in words}


def by_word(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """A table of lists turned round: folded word → key."""
    return {fold_key(word): key for key, words in table.items() for word in words}


class Words:
    """The words of a language as tables (folded word → meaning) and as pieces of patterns."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "dates.toml")
        self.table = table
        self.ranks, self.amounts = load_ranks(home), load_amounts(home)
        self.months, self.weekdays = numbered(table["months"]), numbered(table["weekdays"])
        self.relations: dict[str, Relation | None] = dict.fromkeys(map(fold_key, table["told"]))
        relations: tuple[Relation, ...] = ("past", "next", "this")
        for relation in relations:
            self.relations.update(dict.fromkeys(map(fold_key, table[relation]), relation))
        self.units = {fold_key(word): unit for word, unit in table["units"].items()}
        self.parts = {fold_key(word): count for word, count in table["parts"].items()}

        self.of = rf"(?:{either(table['of'])}{GAP})?"
        self.week = rf"(?P<weekday>{either(self.weekdays)})"
        #: يوم, صباح يوم
        self.day_word = rf"(?:{either(table['day_words'])}{GAP}){{1,2}}"
        self.relation = rf"(?P<rel>{either(self.relations)})(?!\w)"
        self.tens = rf"ال{either(self.ranks.tens)}"
        self.rank = self._rank()
        teens = rf"{either(self.amounts.before_teens)}{GAP}{either(self.amounts.teens)}"
        #: A number word: خمسة, but أحد only in أحد عشر.
        self.number = rf"(?:{either(self.amounts.words - self.amounts.before_teens)}|{teens})"
        #: مطلع, نهاية; الربع الأول من
        self.about = (
            rf"(?:{CLITIC}(?:{either(table['approximately'])}|(?P<part>{either(self.parts)}){GAP}"
            rf"(?P<nth>{self.rank}|{fold_key(table['last_part'])})(?:{GAP}{either(table['of'])})?)"
            rf"{GAP})?{CLITIC}"
        )
        this, year_words = either(table["this_before"]), either(table["year_words"])
        self.year_word = rf"{year_words}{GAP}"
        #: العام الماضي, هذا العام
        self.which_year = (
            rf"(?:{year_words}{GAP}(?P<rel_year>{either(self.relations)})(?!\w)"
            rf"|(?P<this_year>{this}){GAP}{year_words}(?!\w))"
        )
        self.era = rf"(?:{S}(?P<era>{either(table['era'])})(?!\w))"
        # في نوفمبر 1500 شخص: a figure far from our time needs more to be a year.
        near = r"(?P<year>19\d\d|20[0-3]\d)(?!\d)"
        self.in_year = (
            rf"(?:{S}[,،/]?{S}{self.of}{CLITIC}"
            rf"(?:(?:{self.year_word}{YEAR}|(?:{self.year_word})?[(]{S}{YEAR}{S}[)]|{near})"
            rf"{self.era}?|{YEAR}(?:{self.era}|{EDGE})))"
        )
        #: What tells the year of a day or month, if anything does.
        self.of_year = (
            rf"(?:{self.in_year}|{GAP}{self.of}{self.which_year}"
            rf"|{GAP}{self.of}(?:\w+{GAP})??{self.relation}|)"
        )

    def _rank(self) -> str:
        ranks = self.ranks
        units, leaning = (
            either(word for word in words if word.startswith("ال"))
            for words in (ranks.units, ranks.leaning)
        )
        joined = rf"(?:{GAP}{either(ranks.teens)}(?!\w)|{GAP}و(?:ال)?{either(ranks.tens)})"
        return rf"(?:{units}{joined}?|{leaning}{joined}|{self.tens})(?!\w)"

    def when(self, found: Found) -> Open:
        """What a match says about the year."""
        year, named = found.number("year"), found.get("rel_year")
        relation = self.relations[named] if named else "this" if found.get("this_year") else None
        if relation and found.published:
            year = found.published.year + STEPS[relation]
        return Open(year, self.relations.get(found.get("rel")), found.published)

    def steps(self, relation: str) -> int | None:
        """How many units away from publication a word like الماضي points; None for نفسه."""
        known = self.relations.get(relation)
        return None if known is None else STEPS[known]

    def nth(self, found: Found) -> tuple[int, int] | None:
        """(which, of how many) for الربع الأول; None if it is not said, or there is none such."""
        parts = self.parts.get(found.get("part"))
        if parts is None:
            return None
        last = found.get("nth") == fold_key(self.table["last_part"])
        which = parts if last else self.ranks.value(found.get("nth"))
        return (which, parts) if which and which <= parts else None

    def part(self, found: Found, year: str) -> str:
        """The value of a year, or of the quarter or half of it that is told of."""
        nth = self.nth(found)
        return f"{year}-{FIRST_PART[nth[1]] + nth[0] - 1}" if nth else year

    def signs(self) -> dict[str, Iterable[str]]:
        """What tells that a line may hold a date, by the name that rules ask for."""
        table = self.table
        pairs = [word for words in table["pairs"].values() for word in words]
        return {
            "month": self.months,
            "hijri": numbered(table["hijri_months"]),
            "hijri_era": table["hijri_era"],
            "year": table["year_words"],
            "part": self.parts,
            "season": _with_article(table["seasons"]),
            "decade": _with_article(table["decades"]),
            "century": (table["century_word"], table["centuries_word"]),
            "unit": (*self.units, *table["this_before"]),
            "period": (*by_word(table["periods"]), *(f"ال{word}" for word in pairs)),
            "relation": self.relations,
            "weekday": self.weekdays,
            "counted": (*by_word(table["counted"]), *pairs),
            "day": table["days"],
        }


def _with_article(words: Iterable[str]) -> list[str]:
    return [form for word in words for form in (word, f"ال{word}")]
