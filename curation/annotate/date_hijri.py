"""Hijri dates: 15 شعبان 1443 هـ, شهر رمضان, عام 1442 للهجرة.

The value is the Gregorian day or interval of days, marked approximate (`hijri.py`). A month without
a year has one only where the text says which (رمضان الماضي) and the day of publication is known:
the Hijri year wanders through ours.
"""

from __future__ import annotations

from collections.abc import Iterator

from curation.annotate import hijri
from curation.annotate.date_words import (
    CLITIC,
    DAY,
    EDGE,
    GAP,
    Found,
    Rule,
    S,
    Words,
    either,
    numbered,
    rule,
)
from curation.annotate.signs import FIGURE
from curation.text import fold_key

#: From this year on a year without an era beside a Hijri month is one of ours.
_OURS = 1600


class Hijri:
    """The rules for Hijri dates."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._months = numbered(words.table["hijri_months"])
        self._first_days = {fold_key(word): day for word, day in words.table["first_days"].items()}

    def rules(self) -> Iterator[Rule]:
        """The rules, in order: an earlier one takes the text."""
        words, table = self._words, self._words.table
        shy = {fold_key(word) for word in table["shy_hijri"]}
        month = rf"(?P<month>{either(self._months)})"
        bold = rf"(?P<month>{either(name for name in self._months if name not in shy)})"
        era = rf"(?:{S}(?P<era>{either(table['hijri_era'])})(?!\w))"
        number = r"(?P<year>\d{1,4})(?![\d.,٫٬])"
        year = rf"(?:{number}|[(]{S}{number}{S}[)])"
        # 532 - 589 هـ
        years = rf"(?:(?P<year_from>\d{{1,4}}){S}(?:{era}{S})?[-–]{S})?{year}"
        figure = r"(?P<year>\d{3,4})(?!\d)"
        near = r"(?P<year>1[34]\d\d|1500|19\d\d|20[0-3]\d)(?!\d)"
        led_year = rf"{CLITIC}{words.year_word}"
        of_year = (
            rf"(?:{S}[,،/]?{S}{words.of}(?:(?:{led_year}{figure}|{near}"
            rf"|(?:{led_year})?[(]{S}(?P<year>\d{{3,4}}){S}[)]){era}?|{figure}(?:{era}|{EDGE}))"
            rf"|{GAP}{words.of}{words.which_year}|{GAP}{words.relation})"
        )
        month_word = rf"{CLITIC}{fold_key(table['month_word'])}{GAP}"
        day_of = rf"{GAP}(?:{either(table['of'])}{GAP})?(?:{month_word})?"
        day_word = rf"(?:{words.day_word})?"
        weekday = rf"(?:{day_word}{CLITIC}{either(words.weekdays)}{S}[,،(]?{S})?{day_word}"
        ordinal = rf"(?P<ordinal>{words.rank}|{either(self._first_days)})"
        # 15 شعبان 1443 هـ, العاشر من ذي الحجة, 20 / شعبان / 1428 هجرية
        yield rule(
            ("hijri",),
            rf"{CLITIC}{weekday}{CLITIC}(?:{DAY}(?:{day_of}|{S}/{S})|{ordinal}{day_of}){month}"
            rf"{of_year}?",
            self._month_or_day,
        )
        # 12/9/1443هـ, 1443/09/12 هـ
        figures = (
            rf"(?P<day>\d{{1,2}}){S}[-/]{S}(?P<figure>\d{{1,2}}){S}[-/]{S}{number}"
            rf"|{number}{S}[-/]{S}(?P<figure>\d{{1,2}}){S}[-/]{S}(?P<day>\d{{1,2}})(?!\d)"
        )
        led = rf"(?:{CLITIC}{fold_key(table['date_word'])}{S}:?{S})?"
        yield rule((FIGURE, "hijri_era"), rf"{led}(?:{figures}){era}", self._month_or_day)
        # رمضان الماضي, ربيع الأول 1444
        yield rule(
            ("hijri",), rf"{words.about}(?:{month_word})?{month}{of_year}", self._month_or_day
        )
        # عام 1442 للهجرة, ( 1343 ) هجري, 1443هـ
        yield rule(
            (FIGURE, "hijri_era"), rf"{words.about}(?:{words.year_word})?{years}{era}", self._year
        )
        # شهر رمضان, في رمضان, ربيع الأول
        yield rule(("hijri",), rf"{words.about}{month_word}{month}", self._month_or_day)
        before = rf"{CLITIC}(?:{either(table['before_hijri'])})"
        yield rule(("hijri",), rf"(?<=(?:^|\W){before}{GAP}){month}", self._month_or_day)
        about = words.about.removesuffix(CLITIC)[:-1]
        yield rule(("hijri",), rf"{about}{month}", self._month_or_day)
        yield rule(("hijri",), rf"{CLITIC}{bold}", self._month_or_day)

    def _year(self, found: Found) -> str | None:
        year, first = found.number("year"), found.number("year_from")
        if first is None or year is None:
            return None if year is None else hijri.value(year)
        known = first <= year and first in hijri.YEARS and year in hijri.YEARS
        return hijri.between(first, year) if known else None

    def _month_or_day(self, found: Found) -> str | None:
        figure = found.number("figure")
        month = self._months[found.get("month")] if figure is None else figure
        ordinal, day = found.get("ordinal"), found.number("day")
        if ordinal:
            day = self._first_days.get(ordinal) or self._words.ranks.value(ordinal)
        year = found.number("year")
        if year is None:
            year = self._year_of_relation(found, month)
        elif year >= _OURS and not found.get("era"):  # شهر رمضان عام ( 1992 )
            return hijri.in_year(year, month, day)
        return None if year is None else hijri.value(year, month, day)

    def _year_of_relation(self, found: Found, month: int) -> int | None:
        named = found.get("rel") or found.get("rel_year")
        steps = 0 if found.get("this_year") else self._words.steps(named)
        if steps is None or found.published is None:
            return None
        year, now = hijri.year_of(found.published)
        if not found.get("rel"):
            return year + steps
        passed = month < now if steps < 0 else month <= now
        return year if not steps or (steps < 0) == passed else year + steps
