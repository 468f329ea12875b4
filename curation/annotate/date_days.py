"""Days and months of our calendar, and ranges of them: 25 نوفمبر/تشرين الثاني 2021, 25/11/2021."""

from __future__ import annotations

from collections.abc import Iterator

from curation.annotate import calendar
from curation.annotate.calendar import Open
from curation.annotate.date_words import CLITIC, DAY, GAP, YEAR, Found, Rule, S, Words, either, rule
from curation.annotate.signs import FIGURE, YEAR_FIGURE
from curation.text import fold_key

#: Years that a date in figures may mean by either calendar: 1300 to 1450 of the Hijra are 1882 to
#: 2028.
EITHER_CALENDAR = range(1300, 1451)


class Days:
    """The rules for days and months."""

    def __init__(self, words: Words) -> None:
        self._words = words
        table = words.table
        self._first_days = {fold_key(word): day for word, day in table["first_days"].items()}

    def rules(self) -> Iterator[Rule]:
        """The rules, in order: an earlier one takes the text."""
        words, table = self._words, self._words.table
        name = either(words.months)
        other = rf"(?:{S}[/–-]{S}(?P<other>{name})|{S}[(]{S}(?P<other>{name}){S}[)])?"
        month = rf"(?P<month>{name}){other}"
        month_from = rf"(?P<month_from>{name})(?:{S}[/–-]{S}{name}|{S}[(]{S}{name}{S}[)])?"
        led = rf"(?:{CLITIC}{fold_key(table['date_word'])}{S}:?{S})?"
        agreeing = rf"(?:{either(table['agreeing'])}{GAP})?"
        weekday = (
            rf"(?:(?:{words.day_word})?{CLITIC}{either(words.weekdays)}{S}[,،(]?{S}{agreeing})?"
            rf"(?:{words.day_word})?"
        )
        ordinal = rf"(?P<ordinal>{words.rank}|{either(self._first_days)})"
        until = rf"(?:{GAP}{either(table['until'])}{GAP}|{GAP}و{S})(?:{words.day_word})?"
        start = rf"{CLITIC}{either([*table['between'], *table['from']])}{GAP}(?:{words.day_word})?"
        day_from = DAY.replace("<day>", "<day_from>")
        from_year = YEAR.replace("<year>", "<year_from>")
        tail = rf"(?:{fold_key(table['month_word'])}{GAP})?{month}{words.of_year}"

        # من 5 يناير 2020 إلى 3 مارس 2021, بين 20 و30 يونيو/حزيران الماضي
        yield rule(
            (FIGURE, "month"),
            rf"{start}{day_from}(?:{GAP}{words.of}{month_from}(?:{GAP}{from_year})?)?{until}"
            rf"{DAY}{GAP}{words.of}{tail}",
            self._range,
        )
        # يومي 5 و6 مايو
        yield rule(
            (FIGURE, "month"),
            rf"{CLITIC}{either(table['two_days'])}{GAP}{day_from}{S}و{S}{DAY}{GAP}{words.of}{tail}",
            self._two_days,
        )
        # 20-30 يونيو
        yield rule((FIGURE, "month"), rf"{day_from}{S}[-–]{S}{DAY}{GAP}{tail}", self._range)
        # من يناير 2020 إلى مارس 2021
        yield rule(
            ("month",),
            rf"{start}{month_from}(?:{GAP}{from_year})?{until}{tail}",
            self._range,
        )
        # الخميس 25 مارس/ آذار الماضي
        yield rule(
            (FIGURE, "month"),
            rf"{led}{CLITIC}{weekday}{CLITIC}{DAY}{GAP}{words.of}{tail}",
            self._day,
        )
        # الخامس من أغسطس
        yield rule(
            ("month",), rf"{CLITIC}{weekday}{CLITIC}{ordinal}{GAP}{words.of}{tail}", self._day
        )
        yield from self._figures(month, led, weekday)
        # نوفمبر/ تشرين الثاني 2021
        yield rule(
            ("month",),
            rf"{words.about}{month}(?:{words.in_year}|{GAP}{words.of}{words.which_year}"
            rf"|{GAP}{words.relation})",
            self._month,
        )
        # الخامس عشر من الشهر الجاري, 15 الجاري
        this_month = rf"{words.of}{either(w for w, u in words.units.items() if u == 'month')}{GAP}"
        yield rule(
            ("relation",),
            rf"{CLITIC}{weekday}{CLITIC}(?:{DAY}|{ordinal}){GAP}"
            rf"(?:{this_month}{words.relation}|(?P<rel>{either(table['this'])}))",
            self._day_of_month,
        )

    def months_alone(self) -> Rule:
        """نوفمبر, where the word means nothing else as a rule."""
        shy = {fold_key(word) for word in self._words.table["shy_months"]}
        bold = either(name for name in self._words.months if name not in shy)
        name = either(self._words.months)
        other = rf"(?:{S}[/–-]{S}(?P<other>{name})|{S}[(]{S}(?P<other>{name}){S}[)])?"
        return rule(("month",), rf"{self._words.about}(?P<month>{bold}){other}", self._month)

    def _figures(self, month: str, led: str, weekday: str) -> Iterator[Rule]:
        year = rf"(?:{YEAR}|[(]{S}{YEAR}{S}[)])"
        number = r"(?P<month_figure>\d{1,2})"
        day = r"(?P<day>\d{1,2})"
        figures = (
            rf"(?:{day}{S}(?P<sep>[/-]){S}{number}{S}(?P=sep){S}{year}"
            rf"|(?P<day>\d{{1,2}})\.(?P<month_figure>\d{{1,2}})\.{YEAR}){self._words.era}?"
        )
        # 2021-11-25
        yield rule(
            (YEAR_FIGURE,),
            rf"{YEAR}{S}(?P<sep>[/-]){S}{number}{S}(?P=sep){S}{day}(?!\d)",
            self._in_figures,
        )
        # تموز ( 29 / 7 / 1947 )
        yield rule(
            (YEAR_FIGURE, "month"), rf"{CLITIC}{month}{S}[(]{S}{figures}{S}[)]", self._in_figures
        )
        # بتاريخ 14 / 15 / 2 / ( 1941 ): two days
        yield rule(
            (YEAR_FIGURE,),
            rf"{led}(?P<day_from>\d{{1,2}}){S}/{S}{day}{S}/{S}{number}{S}/{S}{year}",
            self._in_figures,
        )
        # بتاريخ ( 15 / 1 / 1959 ), يوم الثلاثاء الموافق 5 / 8 / 2008
        yield rule(
            (YEAR_FIGURE,),
            rf"{led.removesuffix('?')}(?:[(]{S}{figures}{S}[)]|{figures})|{weekday}{figures}",
            self._in_figures,
        )
        # بتاريخ ( 1996 )
        yield rule((YEAR_FIGURE,), rf"{led.removesuffix('?')}[(]{S}{YEAR}{S}[)]", self._in_figures)

    def _month_number(self, found: Found) -> int:
        return self._words.months[found.get("month")]

    def _month(self, found: Found) -> str | None:
        number, other = self._month_number(found), self._words.months.get(found.get("other"))
        when = self._words.when(found)
        if other is not None and other != number:  # يوليو/أغسطس
            return calendar.interval(calendar.month(when, number), calendar.month(when, other))
        return calendar.month(when, number)

    def _day_number(self, found: Found) -> int | None:
        ordinal = found.get("ordinal")
        if not ordinal:
            return found.number("day")
        return self._first_days.get(ordinal) or self._words.ranks.value(ordinal)

    def _day(self, found: Found) -> str | None:
        day, number = self._day_number(found), self._month_number(found)
        if day is None or self._words.months.get(found.get("other"), number) != number:
            return None
        return calendar.day(self._words.when(found), number, day)

    def _day_of_month(self, found: Found) -> str | None:
        day, steps = self._day_number(found), self._words.steps(found.get("rel"))
        month = calendar.unit("month", steps, found.published)
        if day is None or not month or not 1 <= day <= 31:
            return None
        if month.startswith("X"):
            return f"{month}-{day:02d}"
        year, number = map(int, month.split("-"))
        return calendar.day(Open(year), number, day)

    def _range(self, found: Found) -> str | None:
        last, when = self._month_number(found), self._words.when(found)
        first = self._words.months.get(found.get("month_from"), last)
        stated = found.number("year_from")
        start = when if stated is None else Open(stated)
        if stated is None and when.year and first > last:  # بين 28 ديسمبر و3 يناير 2022
            start = Open(when.year - 1)
        days = found.number("day_from"), found.number("day")
        if days[0] is None or days[1] is None:
            return calendar.interval(calendar.month(start, first), calendar.month(when, last))
        return calendar.interval(
            calendar.day(start, first, days[0]), calendar.day(when, last, days[1])
        )

    def _two_days(self, found: Found) -> str | None:
        first, second = found.number("day_from"), found.number("day")
        return self._range(found) if first and second == first + 1 else None

    def _in_figures(self, found: Found) -> str | None:
        year, day, month = found.number("year"), found.number("day"), found.number("month_figure")
        if year is None or (year in EITHER_CALENDAR and not found.get("era")):
            return None
        if day is None or month is None:
            return calendar.digits(year)
        if month > 12 >= day and not found.get("day_from"):  # 4 / 22 / 1948
            day, month = month, day
        named = self._words.months.get(found.get("month"), month)
        value = calendar.day(Open(year), month, day) if named == month else None
        if first := found.number("day_from"):
            return calendar.interval(calendar.day(Open(year), month, first), value)
        return value
