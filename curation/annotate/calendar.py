"""ISO 8601 values of dates, with what is not known left open.

Forms: ISO 8601-1 days, months, weeks (`2022-W39`) and lengths (`P3D`); ISO 8601-2, which is EDTF
(https://www.loc.gov/standards/datetime/), for the rest: `X` for what is not known
(`XXXX-12-10`, `198X`), seasons and parts of a year by number (`2006-22`, `2022-33`), intervals.
`XXXX-WXX-4` is some Thursday.
"""

from __future__ import annotations

import calendar
import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from curation.annotate.figures import shown

Relation = Literal["past", "next", "this"]
#: How many units away from publication each lies.
STEPS: dict[Relation, int] = {"past": -1, "this": 0, "next": 1}
#: What is left of a unit of time when nothing says which one.
OPEN = {
    "day": "XXXX-XX-XX",
    "week": "XXXX-WXX",
    "month": "XXXX-XX",
    "year": "XXXX",
    "decade": "XXXX",
    "century": "XXXX",
}

#: The number of the first quarter and of the first half of a year in ISO 8601-2.
FIRST_PART = {4: 33, 2: 40}
_KINDS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
#: The twenties are of this century or of the last; other decades without one are of the last.
_TWENTIES = 20


class Open(Struct, frozen=True):
    """What is known about a year: itself, or how it lies to the day of publication."""

    year: int | None = None
    relation: Relation | None = None
    published: datetime.date | None = None

    def resolve(self, month: int, day: int | None = None) -> int | None:
        """The year of a month (and day), or None while it is open.

        >>> Open(None, "past", datetime.date(2022, 10, 1)).resolve(11, 25)
        2021
        """
        if self.year is not None or self.relation is None or self.published is None:
            return self.year
        base = self.published
        if self.relation == "this":
            return base.year
        at = (month, day) if day else (month,)
        now = (base.month, base.day) if day else (base.month,)
        if self.relation == "past":
            return base.year if at < now else base.year - 1
        return base.year if at > now else base.year + 1


def digits(year: int | None) -> str:
    """A year as ISO 8601 writes it: `0044`, `-0043` for 44 BC, `XXXX` for none."""
    if year is None:
        return "XXXX"
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


def month(when: Open, number: int) -> str | None:
    """`2021-11`, or `XXXX-11` while the year is open; None outside the calendar."""
    known = when.resolve(number)
    return (
        None if known is not None and not _in_calendar(known) else f"{digits(known)}-{number:02d}"
    )


def day(when: Open, number: int, day: int) -> str | None:
    """`2021-11-25`, or `XXXX-11-25` while the year is open; None for no day of the calendar.

    >>> day(Open(), 12, 10), day(Open(2021), 2, 29)
    ('XXXX-12-10', None)
    """
    known = when.resolve(number, day)
    if known is not None and not _in_calendar(known):
        return None
    if not 1 <= number <= 12:
        return None
    last = calendar.monthrange(2000 if known is None else known, number)[1]
    return f"{digits(known)}-{number:02d}-{day:02d}" if 1 <= day <= last else None


def interval(first: str | None, last: str | None) -> str | None:
    """`2021-06-20/2021-06-30`; None if an end is not known or it runs backwards.

    >>> interval("2010", "2015"), interval("XXXX-06-30", "XXXX-06-20")
    ('2010/2015', None)
    """
    if not first or not last or len(first) != len(last) or first > last:
        return None
    return f"{first}/{last}"


def to_year(year: int, last: int) -> str | None:
    """What a year with two digits behind it is: `2019-20` its last year, `2019-05` a month; None
    where it may be either (`2011-12`).

    >>> to_year(2019, 20), to_year(1999, 0), to_year(2019, 5), to_year(2011, 12)
    ('2019/2020', '1999/2000', '2019-05', None)
    """
    later = (last - year) % 100 if last > year % 100 or (last, year % 100) == (0, 99) else 0
    if 1 <= last <= 12:
        return None if later else month(Open(year), last)
    return interval(digits(year), digits(year + later)) if later else None


def weekday(number: int, relation: Relation | None, published: datetime.date | None) -> str:
    """The day of a weekday (Monday is 1) before or after publication, else `XXXX-WXX-4`.

    >>> weekday(4, "past", datetime.date(2022, 10, 1))
    '2022-09-29'
    """
    if relation in ("past", "next") and published is not None:
        apart = (published.isoweekday() - number) % 7 or 7
        days = -apart if relation == "past" else (7 - apart) or 7
        if found := moved(published, days):
            return found.isoformat()
    return f"XXXX-WXX-{number}"


def moved(published: datetime.date, days: int) -> datetime.date | None:
    """The day so many days after publication, or None if that is no calendar's."""
    try:
        return published + datetime.timedelta(days=days)
    except OverflowError:
        return None


def unit(kind: str, steps: int | None, published: datetime.date | None) -> str | None:
    """The day, week, month, year, decade or century that lies so many of them away from the one of
    publication; what is not known is open. None outside the calendar.

    >>> unit("month", -1, datetime.date(2022, 1, 5)), unit("month", None, None)
    ('2021-12', 'XXXX-XX')
    """
    if steps is None or published is None:
        return OPEN[kind]
    if kind in ("day", "week"):
        other = moved(published, steps * (7 if kind == "week" else 1))
        if other is None or kind == "day":
            return other and other.isoformat()
        week = other.isocalendar()
        return f"{week.year:04d}-W{week.week:02d}" if _in_calendar(week.year) else None
    if kind == "month":
        number = published.year * 12 + published.month - 1 + steps
        return month(Open(number // 12), number % 12 + 1)
    known = published.year + steps * {"year": 1, "decade": 10, "century": 100}[kind]
    if not _in_calendar(known):
        return None
    return f"{known:04d}"[: {"year": 4, "decade": 3, "century": 2}[kind]].ljust(4, "X")


def ago(count: int, size: str, published: datetime.date | None) -> str | None:
    """The day, week, month or year so many units before publication; rough for decades.

    >>> ago(3, "D", datetime.date(2022, 10, 2)), ago(2, "10Y", datetime.date(2022, 10, 2))
    ('2022-09-29', '2002~')
    """
    factor = int(size[:-1] or 1)
    value = unit(_KINDS[size[-1]], -count * factor, published)
    return f"{value}~" if value and factor > 1 and "X" not in value else value


def tens(number: int) -> str:
    """A decade told by its tens alone.

    >>> tens(80), tens(20)
    ('198X', 'XX2X')
    """
    return f"XX{number // 10}X" if number == _TWENTIES else f"19{number // 10}X"


def duration(count: str, unit: str) -> str | None:
    """An ISO 8601 duration of a count in digits; a unit may be so many of a smaller one. None for
    one too long to tell.

    >>> duration("3", "D"), duration("2", "10Y"), duration("0.5", "100Y")
    ('P3D', 'P20Y', 'P50Y')
    """
    factor = int(unit[:-1] or 1)
    amount = count if factor == 1 else shown(Decimal(count) * factor)
    return amount and f"P{amount}{unit[-1]}"


def _in_calendar(year: int) -> bool:
    return datetime.MINYEAR <= year <= datetime.MAXYEAR
