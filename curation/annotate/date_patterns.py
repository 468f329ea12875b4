"""DATE by patterns: the `dates.v1` of a language whose `dates.toml` has `patterns`.

A pattern is a regular expression over folded text with `<slots>` for what the language's lists name
(`<month>`, `<weekday>`, `<relation>`, …), after the sign without which a line holds no match of it.
A blank stands for blanks on one line. Values have the forms of `dates.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex

from curation.annotate.calendar import (
    FIRST_PART,
    OPEN,
    STEPS,
    Open,
    Relation,
    ago,
    day,
    digits,
    duration,
    interval,
    month,
    tens,
    to_year,
    unit,
    weekday,
)
from curation.annotate.figures import shown
from curation.annotate.knowledge import rules
from curation.annotate.number_words import NumberWords, either
from curation.annotate.signs import Signs
from curation.model import Document, Entity, make_entity
from curation.text import fold, fold_key

SCORE = 0.9
#: A word of a name: USA Today.
_NAME = regex.compile(r"\p{Lu}\w*\h\p{Lu}\p{Ll}+\Z")
_RELATIONS: tuple[Relation, ...] = ("past", "next", "this")


class DatePatterns:
    """The patterns of a language, in order: an earlier one takes the text."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "dates.toml")
        self._numbers = NumberWords(rules(home / "numbers.toml"))
        self._months = numbered(table["months"])
        self._weekdays = numbered(table["weekdays"])
        self._days = {fold_key(word): int(offset) for word, offset in table["days"].items()}
        self._units = by_word(table["units"])
        self._counted = by_word(table["counted"])
        self._relations: dict[str, Relation] = {}
        for relation in _RELATIONS:
            self._relations.update({fold_key(word): relation for word in table[relation]})
        self._seasons, self._centuries, self._parts, self._nth = (
            {fold_key(word): number for word, number in table[name].items()}
            for name in ("seasons", "centuries", "parts", "nth")
        )
        self._capitals = tuple(table["capitals"])
        signs = {
            "month": self._months,
            "weekday": self._weekdays,
            "unit": self._units,
            "counted": self._counted,
            "day": self._days,
        }
        self._signs = Signs(signs, "")
        slots = self._slots(table)
        self._patterns = [(sign, self._compiled(form, slots)) for sign, form in table["patterns"]]

    def find(self, document: Document) -> Iterator[Entity]:
        """The dates of a document; none overlaps another."""
        folded = fold(document.text)
        text = folded.text
        lines = list(self._signs.lines(text))
        taken: set[int] = set()
        for sign, pattern in self._patterns:
            for first, last, signs in lines:
                if sign not in signs:
                    continue
                for match in pattern.finditer(text, first, last):
                    start, end = match.span()
                    named = [name for name in self._capitals if name in pattern.groupindex]
                    small = any(
                        not document.text[folded.starts[at]].isupper()
                        for name in named
                        for at in match.starts(name)
                    )
                    named_so = "word" in pattern.groupindex and _NAME.search(
                        document.text[: folded.starts[end - 1] + 1]
                    )
                    if small or named_so or not taken.isdisjoint(range(start, end)):
                        continue
                    taken.update(range(start, end))
                    value = self._value(match.capturesdict(), document.published)
                    yield make_entity(
                        document.text, *folded.span(start, end), "DATE", score=SCORE, value=value
                    )

    def _value(self, groups: dict[str, list[str]], published: datetime.date | None) -> str | None:
        found = {
            name: " ".join(texts[-1].replace("’", "'").split())
            for name, texts in groups.items()
            if texts
        }
        relation = self._relations.get(found.get("relation", ""))
        if "open" in found:
            return None
        if len(years := groups.get("year", ())) > 1:
            return interval(years[0], years[1])
        if "to" in found:
            return to_year(int(found["year"]), int(found["to"]))
        if "word" in found:
            return unit("day", self._days[found["word"]], published)
        if "decade" in found:
            return f"{found['decade'][:3]}X"
        if "counted" in found:
            count = shown(self._numbers.amount(found["count"]))
            counted = self._counted[found["counted"]]
            if not count or not count.isdigit() or count == "0":
                return None
            return (
                ago(int(count), counted, published) if "ago" in found else duration(count, counted)
            )
        if "unit" in found:
            kind = self._units[found["unit"]]
            step = STEPS[relation] if relation else None
            return unit(kind, step, published) if kind in OPEN else None
        if "either" in found:
            return self._either_way(found)
        if {
            "season",
            "quarter",
            "part",
            "century",
            "tens",
        } & found.keys() and "relation" not in found:
            return self._period(found)
        stated = int(found["year"]) if "year" in found else None
        if "rel_year" in found and published is not None:
            stated = published.year + STEPS[self._relations[found["rel_year"]]]
        when = Open(stated, relation, published)
        if "month" not in found and "month_figure" not in found:
            if "weekday" in found:
                return weekday(self._weekdays[found["weekday"]], relation, published)
            return None if when.year is None else digits(when.year)
        number = self._month(found)
        if "day" not in found:
            return month(when, number)
        first = day(when, self._month(found, "month_from") or number, int(found["day"]))
        if "until" not in found:
            return first
        last = day(when, number, int(found["until"]))
        return interval(first, last)

    @staticmethod
    def _either_way(found: dict[str, str]) -> str | None:
        """A day in figures whose month may stand first or second; None where it can not be told."""
        first, second, when = int(found["either"]), int(found["or"]), Open(int(found["year"]))
        if first <= 12 and second <= 12 and first != second:
            return None
        return day(when, second, first) if first > 12 else day(when, first, second)

    def _period(self, found: dict[str, str]) -> str | None:
        """A century, a decade by its tens, or the season, quarter or half of a year."""
        if "century" in found:
            return f"{self._centuries[found['century']] - 1:02d}XX"
        if "tens" in found:
            return tens(int(found["tens"]))
        year = found.get("year", "XXXX")
        if "season" in found:
            return f"{year}-{self._seasons[found['season']]}"
        count = self._parts[found["part"]] if "part" in found else 4
        which = self._nth[found["nth"]] if "nth" in found else int(found["quarter"])
        return f"{year}-{FIRST_PART[count] + which - 1}" if which <= count else None

    def _month(self, found: dict[str, str], name: str = "month") -> int:
        """The number of a month; 0 if it is not there."""
        if name in found:
            return self._months[found[name]]
        return int(found.get("month_figure", 0)) if name == "month" else 0

    def _slots(self, table: dict[str, Any]) -> dict[str, str]:
        """What each slot of a pattern stands for."""
        bold = [name for name in self._months if name not in map(fold_key, table["shy_months"])]
        days = r"(?:[12]\d|3[01]|0?[1-9])"
        after = table["after_day"]
        edge = r"(?=\h*(?:[)\].,;:?!]|\Z))"
        number = self._numbers
        # Nov. 25: the mark belongs to the month where a day or year follows
        short = either(name for names in table["months"] for name in names[1:])
        dot = rf"(?:(?<=\b{short})[.](?=\h*\d))?"
        named = {
            "month": either(self._months),
            "month_from": either(self._months),
            "weekday": either(self._weekdays),
            "relation": either(self._relations),
            "rel_year": either(self._relations),
            "unit": either(self._units),
            "count": rf"(?:{number.figure}|{number.words})",
            "counted": either(self._counted),
            "word": either(self._days),
            "year": r"(?:1\d{3}|20\d\d)",
            "decade": r"(?:1[5-9]|20)\d0",
            "month_figure": r"(?:0?[1-9]|1[0-2])",
            "season": either(self._seasons),
            "century": either(self._centuries),
            "part": either(self._parts),
            "nth": either(self._nth),
        }
        return {
            **{name: f"(?P<{name}>{form})(?!\\w)" for name, form in named.items()},
            **{name: f"(?P<{name}>{named[name]})(?!\\w){dot}" for name in ("month", "month_from")},
            "decade": f"(?P<decade>{named['decade']})",
            # in March 1500 soldiers: far from our time, something must end it
            "its_year": rf"(?P<year>19\d\d|20[0-3]\d|{named['year']}{edge})(?!\w)",
            "bold": f"(?P<month>{either(bold)})(?!\\w)",
            "day": f"(?P<day>{days})(?!\\d){after}",
            "until": f"(?P<until>{days})(?!\\d){after}",
            "week": either(self._weekdays),
            "about": f"(?P<open>{either(table['about'])})(?!\\w)",
        }

    def _compiled(self, form: str, slots: dict[str, str]) -> regex.Pattern[str]:
        form = form.replace(" ", r"\h+")
        form = regex.sub(r"(?<!P)<(\w+)>", lambda match: slots[match[1]], form)
        return regex.compile(rf"(?<![\w/.:-])(?:{form})(?!\w)")


def numbered(lists: Iterable[Iterable[str]]) -> dict[str, int]:
    """Folded word → its place among the lists, from 1."""
    return {fold_key(word): n for n, words in enumerate(lists, start=1) for word in words}


def by_word(table: dict[str, list[str]]) -> dict[str, str]:
    """A table of lists turned round: folded word → key."""
    return {fold_key(word): key for key, words in table.items() for word in words}
