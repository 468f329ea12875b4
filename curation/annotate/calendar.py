"""ISO 8601 values of dates that may leave the year open. Source: ISO 8601-2 (X for what is not
known).
"""

from __future__ import annotations

import calendar
import datetime
from typing import Literal

from msgspec import Struct

Relation = Literal["past", "next", "this"]
#: How many units away from publication each lies.
STEPS: dict[Relation, int] = {"past": -1, "this": 0, "next": 1}


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


def year(when: Open) -> str | None:
    """`2021`, or None."""
    return None if when.year is None else f"{when.year:04d}"


def month(when: Open, number: int) -> str:
    """`2021-11`, or `XXXX-11` while the year is open."""
    known = when.resolve(number)
    return f"{'XXXX' if known is None else f'{known:04d}'}-{number:02d}"


def day(when: Open, number: int, day: int) -> str | None:
    """`2021-11-25`, or `XXXX-11-25` while the year is open; None for no day of the calendar.

    >>> day(Open(), 12, 10), day(Open(2021), 2, 29)
    ('XXXX-12-10', None)
    """
    known = when.resolve(number, day)
    last = calendar.monthrange(known or 2000, number)[1]
    if not 1 <= day <= last:
        return None
    return f"{'XXXX' if known is None else f'{known:04d}'}-{number:02d}-{day:02d}"


def weekday(number: int, relation: Relation | None, published: datetime.date | None) -> str:
    """The day of a weekday (Monday is 1) before or after publication, else `XXXX-WXX-4`.

    >>> weekday(4, "past", datetime.date(2022, 10, 1))
    '2022-09-29'
    """
    if relation in ("past", "next") and published is not None:
        apart = (published.isoweekday() - number) % 7 or 7
        days = -apart if relation == "past" else (7 - apart) or 7
        if found := shifted(published, days):
            return found
    return f"XXXX-WXX-{number}"


def shifted(published: datetime.date | None, days: int) -> str | None:
    """The day so many days after publication, or None if that is not known, or no calendar's."""
    try:
        return published and (published + datetime.timedelta(days=days)).isoformat()
    except OverflowError:
        return None


def duration(count: int, unit: str) -> str:
    """An ISO 8601 duration; a unit may be so many of a smaller one.

    >>> duration(3, "D"), duration(2, "10Y")
    ('P3D', 'P20Y')
    """
    factor = int(unit[:-1] or 1)
    return f"P{count * factor}{unit[-1]}"


def year_of_unit(unit: str, relation: Relation, published: datetime.date) -> str | None:
    """The value of a unit before, after or around the day of publication."""
    step = STEPS[relation]
    if unit == "year":
        return f"{published.year + step:04d}"
    if unit == "month":
        number = published.year * 12 + published.month - 1 + step
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if unit == "week":
        other = shifted(published, 7 * step)
        week = other and datetime.date.fromisoformat(other).isocalendar()
        return f"{week.year:04d}-W{week.week:02d}" if week else None
    if unit == "day":
        return shifted(published, step)
    return None
