"""`dates.v1`: days, months, years, ranges, weekdays, relative and counted times, as DATE.

The grammar is the language's `dates.toml`; it is matched on the folded text. The value is ISO
8601: `2021-11-25`, `XXXX-12-10` while the year is open, `2022-06-20/2022-06-30` for a range,
`2022-W39` for a week, `XXXX-WXX-4` for a Thursday. A relative date is resolved only against the
document's `published`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import regex

from curation.annotate.calendar import (
    STEPS,
    Open,
    Relation,
    day,
    duration,
    month,
    shifted,
    weekday,
    year,
    year_of_unit,
)
from curation.annotate.date_patterns import DatePatterns
from curation.annotate.knowledge import folder, rules
from curation.annotate.protocol import EachDocument, Options, reading
from curation.annotate.signs import FIGURE, Signs
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import fold, fold_key

NAME = "dates.v1"
SCORE = 0.9
CLITICS = "وفبكل"


def dates(options: Options, schema: Schema) -> EachDocument:
    """Make the annotator. Options: `knowledge`, the folder. A language whose `dates.toml` has
    `patterns` is read by these (see date_patterns)."""
    home = folder(options)
    patterns = "patterns" in rules(home / "dates.toml")
    grammar = DatePatterns(home) if patterns else Grammar(home)

    def read(document: Document) -> Annotation:
        return reading(NAME, grammar.find(document))

    return EachDocument(NAME, read)


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words (folded), the longest first."""
    keys = sorted({fold_key(word) for word in words}, key=lambda key: (-len(key), key))
    return "(?:" + "|".join(regex.escape(key).replace(r"\ ", r"[^\S\n]+") for key in keys) + ")"


class Grammar:
    """The patterns of a language, in order: an earlier one takes the text."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "dates.toml")
        self._months = {
            " ".join(fold_key(name).split()): number
            for number, names in enumerate(table["months"], start=1)
            for name in names
        }
        self._weekdays = {
            fold_key(name): number
            for number, names in enumerate(table["weekdays"], start=1)
            for name in names
        }
        self._days = {fold_key(word): offset for word, offset in table["days"].items()}
        self._counted = by_word(table["counted"])
        self._pairs = by_word(table["pairs"])
        words = rules(home / "numbers.toml")
        self._numbers = {
            fold_key(word): int(value)
            for name in ("cardinals", "multipliers", "duals")
            for word, value in words[name].items()
        }
        self._ordinals = {fold_key(word): day for word, day in table["ordinal_days"].items()}
        self._units = {
            fold_key(word): unit
            for word, unit in (*table["units"].items(), *table["periods"].items())
        }
        self._relations: dict[str, Relation] = {}
        relations: tuple[Relation, ...] = ("past", "next", "this")
        for relation in relations:
            self._relations.update({fold_key(word): relation for word in table[relation]})
        lists = {
            "month": self._months,
            "hijri": table["hijri_months"],
            "unit": self._units,
            "weekday": self._weekdays,
            "counted": [*self._counted, *self._pairs],
            "day": self._days,
        }
        self._signs = Signs(lists, CLITICS)
        self._patterns = list(self._compiled(table))

    def find(self, document: Document) -> Iterator[Entity]:
        """The dates of a document."""
        folded = fold(document.text)
        text = folded.text
        taken: set[int] = set()
        lines = list(self._signs.lines(text))
        matches = (
            match
            for sign, pattern in self._patterns
            for first, last, signs in lines
            if sign in signs
            for match in pattern.finditer(text, first, last)
        )
        for match in matches:
            start, end = match.span("date")
            if not taken.isdisjoint(range(start, end)):
                continue
            taken.update(range(start, end))
            value = self._value(match.capturesdict(), document.published)
            yield make_entity(
                document.text, *folded.span(start, end), "DATE", score=SCORE, value=value
            )

    def _value(self, groups: dict[str, list[str]], published: datetime.date | None) -> str | None:
        found = {name: values[-1] for name, values in groups.items() if values and values[-1]}
        if "era" in found:
            return None
        relation = self._relations.get(found.get("rel", ""))
        if "word" in found:
            return shifted(published, self._days[" ".join(found["word"].split())])
        if "counted" in found or "pair" in found:
            return None if "before" in found else self._length(found)
        if "unit" in found:
            return (
                published
                and relation
                and year_of_unit(self._units[found["unit"]], relation, published)
            )
        if "weekday" in found and "day" not in found:
            return weekday(self._weekdays[found["weekday"]], relation, published)
        stated = int(found["year"]) if "year" in found else None
        if "rel_year" in found and published is not None:
            stated = published.year + STEPS[self._relations[found["rel_year"]]]
        when = Open(stated, relation, published)
        number = self._month(found)
        if number is None:
            return year(when) if "year" in found and len(groups["year"]) == 1 else None
        if "ordinal" in found:
            return day(when, number, self._ordinals[" ".join(found["ordinal"].split())])
        if "day" not in found:
            return month(when, number)
        if "until" in found:
            first = day(when, self._month(found, "month_from") or number, int(found["day"]))
            last = day(when, number, int(found["until"]))
            return f"{first}/{last}" if first and last and first <= last else None
        return day(when, number, int(found["day"]))

    def _length(self, found: dict[str, str]) -> str | None:
        """A length of time, as P3D."""
        if "pair" in found:
            return duration(2, self._pairs[found["pair"]])
        words = found["count"].split()
        if found["count"].isdigit():
            return duration(int(found["count"]), self._counted[found["counted"]])
        amounts = [self._numbers.get(word, self._numbers.get(word[1:])) for word in words]
        known = [amount for amount in amounts if amount is not None]
        # Hundreds and more multiply; they are left open.
        if len(known) < len(words) or any(amount >= 100 for amount in known):
            return None
        return duration(sum(known), self._counted[found["counted"]])

    def _month(self, found: dict[str, str], name: str = "month") -> int | None:
        if name in found:
            return self._months[" ".join(found[name].split())]
        figure = int(found.get("month_figure", 0))
        return figure if name == "month" and 1 <= figure <= 12 else None

    def _compiled(self, table: dict[str, Any]) -> Iterator[tuple[str, regex.Pattern[str]]]:
        """Each pattern after the sign without which a line has no match of it."""
        phrases = table["phrases"]
        months = [name for names in table["months"] for name in names]
        bold = [name for name in months if name not in table["shy_months"]]
        hijri = [name for name in table["hijri_months"] if name not in table["shy_hijri"]]
        relations = either([*table["past"], *table["next"], *table["this"]])
        units, pairs = either(self._counted), either(self._pairs)
        s = r"[^\S\n]*"
        gap = r"[^\S\n]+"
        d = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
        name = either(months)
        other = rf"(?:{s}[/(-]{s}{name}{s}\)?)?"
        mon = rf"(?P<month>{name}){other}"
        y = r"(?P<year>1\d{3}|20\d\d)(?!\d)"
        era = rf"(?:{gap}(?:{either(table['era'])}|(?P<era>{either(table['other_era'])}))(?!\w))?"
        year_word = rf"(?:{either(table['year_words'])}{gap})"
        in_year = (
            rf"(?:{s},?{s}(?:{either(table['of'])}{gap})?{year_word}?(?:{y}|[(]{s}{y}{s}[)]){era})"
        )
        rel = rf"(?:{gap}(?:{either(table['of'])}{gap})?(?:\w+{gap})??(?P<rel>{relations})(?!\w))"
        strict = rf"(?:{gap}(?P<rel>{relations})(?!\w))"
        of_unit = (
            rf"(?:{gap}(?:{either(table['of'])}{gap})?{either(table['year_words'])}"
            rf"{gap}(?P<rel_year>{relations})(?!\w))"
        )
        of_year = rf"(?:{in_year}|{rel}|)"
        week = either(n for names in table["weekdays"] for n in names)
        day_word = rf"(?:{either(table['day_words'])}{gap})"
        month_word = rf"(?:{fold_key(table['month_word'])}{gap})?"
        clitic = rf"[{CLITICS}]{{0,2}}"
        about = rf"(?:{clitic}{either(table['approximately'])}{gap})?"
        number = either(self._numbers)
        count = rf"(?:\d{{1,9}}(?:[.,]\d+)?|{number}(?:{gap}و?{number})*)"
        before = r"(?<![\w/.:-])"
        after = r"(?![\w])"
        lines = [
            # بين 20 و30 يونيو/حزيران الماضي
            (
                FIGURE,
                rf"(?P<date>{clitic}(?:{table['between']}|{either(table['from'])}){gap}(?P<day>{d})"
                rf"(?:{gap}(?P<month_from>{name}){other})?{gap}(?:و|{either(table['until'])}){s}"
                rf"(?P<until>{d}){gap}{month_word}{mon}{of_year})",
            ),
            # 20-30 يونيو
            (FIGURE, rf"(?P<date>(?P<day>{d}){s}[-–]{s}(?P<until>{d}){gap}{mon}{of_year})"),
            # الخميس 25 مارس/ آذار الماضي
            (
                FIGURE,
                rf"(?P<date>{clitic}(?:{day_word}?(?P<weekday>{clitic}{week}){s}[,،(]?{s})?{day_word}?"
                rf"{clitic}(?P<day>{d}){gap}(?:{either(table['of'])}{gap})?{month_word}{mon}{of_year})",
            ),
            # الخامس من أغسطس
            (
                "month",
                rf"(?P<date>{clitic}{day_word}?(?P<ordinal>{either(table['ordinal_days'])}){gap}"
                rf"{either(table['of'])}{gap}{month_word}{mon}{of_year})",
            ),
            # 2021-11-25, 25/11/2021
            (
                FIGURE,
                r"(?P<date>(?P<year>1\d{3}|20\d\d)[-/](?P<month_figure>0?[1-9]|1[0-2])[-/]"
                r"(?P<day>0?[1-9]|[12]\d|3[01]))",
            ),
            (
                FIGURE,
                rf"(?P<date>(?P<day>{d}){s}[-/]{s}(?P<month_figure>0?[1-9]|1[0-2]){s}[-/]{s}{y})",
            ),
            # نوفمبر/ تشرين الثاني 2021
            ("month", rf"(?P<date>{about}{clitic}{mon}(?:{in_year}|{strict}|{of_unit}))"),
            # عام 2020, العام 1987 ميلادي, عامي 2010 و2011
            (
                FIGURE,
                rf"(?P<date>{clitic}(?:{either(table['years_words'])}){gap}{y}(?:{s}و{s}{y})+)",
            ),
            (
                FIGURE,
                rf"(?P<date>{about}{clitic}{year_word}(?:{y}|[(]{s}{y}{s}[)])(?:{s}[-–/]{s}{y})?{era})",
            ),
            (FIGURE, rf"(?P<date>{y}{s}[-–]{s}{y})"),
            # الأسبوع الماضي, السنوات الثلاث الماضية
            (
                "unit",
                rf"(?P<date>{clitic}(?P<unit>{either((*table['units'], *table['periods']))})"
                rf"(?:{gap}\w+)??{strict})",
            ),
            ("unit", rf"(?P<date>{clitic}{either(phrases['this'])}{gap}{either(table['units'])})"),
            # يوم الخميس الماضي
            ("weekday", rf"(?P<date>{clitic}{day_word}?(?P<weekday>{week}){strict}?)"),
            # قبل ثلاثة أيام, عشرين عاما, يومين
            (
                "counted",
                rf"(?P<date>(?P<before>{either(phrases['before'])}{gap})?{clitic}"
                rf"(?:(?P<count>{count}){gap}(?P<counted>{units})|(?P<pair>{pairs})))",
            ),
            # أمس
            ("day", rf"(?P<date>{clitic}(?P<word>{either(table['days'])}))"),
            # نوفمبر
            ("month", rf"(?P<date>{about}{clitic}(?P<month>{either(bold)}){other})"),
            (
                "hijri",
                rf"(?P<date>{clitic}{either(hijri)}"
                rf"(?:{gap}\d{{3,4}})?{era})",
            ),
            # 2021
            (FIGURE, r"(?P<date>(?P<year>19[4-9]\d|20[0-3]\d))(?=[^\S\n]*(?:[)\].,،؛:؟!]|\Z|\n))"),
            (FIGURE, rf"(?<=(?:^|\W){either(phrases['year_cues'])}{gap})(?P<date>{y})"),
        ]
        for sign, line in lines:
            yield sign, regex.compile(rf"{before}{line}{after}", regex.IGNORECASE)


def by_word(table: dict[str, list[str]]) -> dict[str, str]:
    """A table of lists turned round: folded word → key."""
    return {fold_key(word): key for key, words in table.items() for word in words}
