"""Dates told from another day: weekdays, أمس, العام الماضي, قبل ثلاثة أيام; and lengths of time.

They are resolved against the day of publication alone; without it, what is known stays and the rest
is open: `XXXX-WXX-4`, `XXXX-XX-XX`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from curation.annotate import calendar
from curation.annotate.date_words import (
    CLITIC,
    GAP,
    Found,
    Rule,
    Words,
    by_word,
    either,
    rule,
)
from curation.annotate.figures import shown
from curation.annotate.page import Page
from curation.text import fold_key

_KINDS = {"D": "day", "W": "week", "M": "month", "Y": "year"}


class Relative:
    """The rules for weekdays, relative dates and lengths."""

    def __init__(self, words: Words) -> None:
        self._words = words
        table = words.table
        self._days = {fold_key(word): offset for word, offset in table["days"].items()}
        self._counted, self._pairs = by_word(table["counted"]), by_word(table["pairs"])
        self._two = {f"ال{word}": size for word, size in self._pairs.items()}
        self._periods = by_word(table["periods"]) | self._two
        self._one = frozenset(map(fold_key, table["singular"]))

    def rules(self) -> Iterator[Rule]:
        """The rules, in order: an earlier one takes the text."""
        words, table = self._words, self._words.table
        strict = rf"{GAP}{words.relation}"
        unit = rf"(?P<unit>{either(words.units)})"
        number = words.number
        count = rf"(?:\d{{1,9}}(?:[.,]\d+)?|{number})(?:{GAP}و?{number})*"
        counted, pair = either(self._counted), rf"(?P<pair>{either(self._pairs)})"
        # أمس الخميس, صباح اليوم
        today = either(word for word, offset in self._days.items() if offset == 0)
        after = either((*words.relations, *table["named_day"]))
        other = rf"(?<!\b{either(table['that_before'])}{GAP})(?!{today}{GAP}{after}(?!\w))"
        yield rule(
            ("day",),
            rf"{CLITIC}(?:{words.day_word})?(?P<word>{other}{either(self._days)})(?:{GAP}{words.week})?",
            self._day,
        )
        # الخميس من الأسبوع الماضي, يوم الخميس الماضي
        week = fold_key(table["week_word"])
        of_week = rf"{GAP}{words.of}{week}{GAP}(?P<rel_week>{either(words.relations)})"
        yield rule(
            ("weekday",),
            rf"{CLITIC}(?:{words.day_word})?{CLITIC}{words.week}(?:{of_week}|{strict})?",
            self._weekday,
        )
        # العام الماضي, نهاية الشهر المقبل
        yield rule(("unit",), rf"{words.about}{unit}{strict}", self._unit)
        # السنوات الثلاث الماضية, الأيام المقبلة
        latest = rf"(?P<latest>{either(table['latest'])})"
        yield rule(
            ("period",),
            rf"{CLITIC}(?P<period>{either(self._periods)})(?:{GAP}(?:ال)?(?P<count>{count}))?"
            rf"{GAP}(?:{words.relation}|{latest})",
            self._period,
        )
        # هذا العام; نهاية العام
        this = rf"(?P<this>{either(table['this_before'])})"
        yield rule(("unit",), rf"{words.about}{this}{GAP}{unit}", self._unit)
        year_or_month = either(w for w, u in words.units.items() if u in ("year", "month", "week"))
        about = words.about.removesuffix(CLITIC)[:-1]
        yield rule(("unit",), rf"{about}(?P<unit>{year_or_month})", self._unit)
        # قبل ثلاثة أيام, منذ نحو عشرين عاما, بعد عام
        loosely = rf"(?:(?P<loosely>{either(table['loosely'])}){GAP})?"
        ago = rf"(?:(?P<ago>{either(table['ago'])})|{either(table['later'])}){GAP}"
        alone = either((*table["singular"], *table["plural"]))
        # عام ونصف, عامين ونصف العام
        of_it = rf"(?:{GAP}ال{counted}(?!\w))?"
        half = rf"(?P<half>{GAP}{either(table['half'])}(?!\w){of_it})?"
        # Not from publication: قبل يومين من الانتخابات
        told_from = rf"(?=(?P<told>{GAP}{either(table['of'])}(?!\w))?)"
        yield rule(
            ("counted",),
            rf"{CLITIC}{ago}{loosely}"
            rf"(?:(?P<count>{count}){GAP}(?P<counted>{counted})|(?P<counted>{alone})|{pair})(?!\w){half}"
            rf"(?!{GAP}{either(words.months)}){told_from}",
            self._away,
        )
        # عشرين عاما, يومين
        yield rule(
            ("counted",),
            rf"(?:{either([*table['ago'], *table['later']])}{GAP})?"
            rf"{CLITIC}(?:(?P<count>{count}){GAP}(?P<counted>{counted})|{pair})(?!\w){half}",
            self._plain_length,
        )

    def _unit(self, found: Found) -> str | None:
        unit = self._words.units[found.get("unit")]
        steps = 0 if found.get("this") else self._words.steps(found.get("rel"))
        value = calendar.unit(unit, steps, found.published)
        return self._words.part(found, value) if value and unit == "year" else value

    def _period(self, found: Found) -> str | None:
        word = found.get("period")
        size = self._periods[word]
        steps = -1 if found.get("latest") else self._words.steps(found.get("rel"))
        count = 2 if word in self._two else self._count(found) if found.get("count") else 0
        if count is None or count != int(count) or not steps:
            return None
        if not found.published:
            return calendar.duration(str(int(count)), size) if count else None
        return self._span(int(count), size, steps, found.published)

    @staticmethod
    def _span(count: int, size: str, steps: int, published: datetime.date) -> str | None:
        """From so many units ago until publication, or on from it; not known how many, no end."""
        factor = int(size[:-1] or 1)
        kind = _KINDS[size[-1]]
        if kind == "week":
            kind, factor = "day", 7
        now = calendar.unit(kind, 0, published)
        then = calendar.unit(kind, steps * count * factor, published) if count else ""
        if then is None or now is None:
            return None
        return f"{then}/{now}" if steps < 0 else f"{now}/{then}"

    def _day(self, found: Found) -> str | None:
        number = self._words.weekdays.get(found.get("weekday"))
        if found.published is None:
            return f"XXXX-WXX-{number}" if number else calendar.unit("day", None, None)
        offset = self._days[found.get("word")]
        when = calendar.moved(found.published, offset)
        if when and number:  # the weekday is right where the day of publication is another
            when = calendar.moved(when, (number - when.isoweekday() + 3) % 7 - 3)
        return when and when.isoformat()

    def _weekday(self, found: Found) -> str | None:
        number = self._words.weekdays[found.get("weekday")]
        steps = self._words.steps(found.get("rel_week")) if found.get("rel_week") else None
        if steps is None or found.published is None:
            relation = self._words.relations.get(found.get("rel"))
            return calendar.weekday(number, relation, found.published)
        when = calendar.moved(found.published, steps * 7 + number - found.published.isoweekday())
        return when and when.isoformat()

    def _count(self, found: Found) -> Decimal | None:
        """The number of units told of; None where there are two: ثلاثة أربعة أيام."""
        page = Page(found.get("count"))
        amount = self._words.amounts.at(page, 0)
        return amount.value if amount and amount.end == len(page) else None

    def _length(self, found: Found) -> tuple[str, str] | None:
        """(count in digits, unit) of a counted time; None for one and a half of them."""
        if found.get("half"):
            return None
        if found.get("pair"):
            return "2", self._pairs[found.get("pair")]
        count = shown(self._count(found)) if found.get("count") else "1"
        return (count, self._counted[found.get("counted")]) if count else None

    def _plain_length(self, found: Found) -> str | None:
        length = self._length(found)
        return length and calendar.duration(*length)

    def _away(self, found: Found) -> str | None:
        length = self._length(found)
        if not found.get("ago") or found.get("told") or length is None or not length[0].isdigit():
            return None
        count, size = int(length[0]), length[1]
        word = found.get("counted")
        if not found.get("count") and word and word not in self._one:  # قبل أيام
            return None
        value = calendar.ago(count, size, found.published)
        if not value or not found.get("loosely") or set(value) & set("WX~"):
            return value
        return f"{value}~"
