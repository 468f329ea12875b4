"""Gregorian values of Hijri dates, as EDTF, each marked approximate (`2022-07-09~`).

A year or month is the interval of its days. From 1343 to 1500 it is the Umm al-Qura calendar
(through hijridate), before and after it the tabular one; where the new moon was looked for, a month
may have begun a day earlier or later, hence the mark.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

#: The civil epoch: 1 Muharram 1 is 16 July 622, Julian.
_EPOCH = datetime.date(622, 7, 19).toordinal()
_UMM_AL_QURA = range(1343, 1501)
#: The years that have a value.
YEARS = range(1, 2001)


def value(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The Gregorian day, or interval of days, of a Hijri year, month or day; None for none.

    >>> value(1443, 12, 10), value(1443, 9)
    ('2022-07-09~', '2022-04-02~/2022-05-01~')
    """
    if year not in YEARS:
        return None
    if month is None:
        return between(year, year)
    if not 1 <= month <= 12:
        return None
    first, after = _start(year, month), _start(year, month + 1)
    if day is None:
        return f"{_shown(first)}/{_shown(after - 1)}"
    # A month has 29 or 30 days; where the calendar counts 29, somebody's moon made it 30.
    return _shown(first + day - 1) if 1 <= day <= 30 else None


def between(first: int, last: int) -> str:
    """The interval from the first day of a Hijri year to the last of another."""
    return f"{_shown(_start(first, 1))}/{_shown(_start(last + 1, 1) - 1)}"


def in_year(gregorian: int, month: int, day: int | None = None) -> str | None:
    """The Hijri month (and day) that begins in a Gregorian year; None if there are two, or none.

    >>> in_year(1992, 9)
    '1992-03-05~/1992-04-03~'
    """
    if not 1 <= (day or 1) <= 30:
        return None
    about = (gregorian - 622) * 33 // 32
    found = [
        year
        for year in range(max(about - 1, 1), about + 3)
        if datetime.date.fromordinal(_start(year, month) + (day or 1) - 1).year == gregorian
    ]
    return value(found[0], month, day) if len(found) == 1 else None


def year_of(when: datetime.date) -> tuple[int, int]:
    """The Hijri year and month of a Gregorian day; before the first, the first.

    >>> year_of(datetime.date(2022, 10, 1))
    (1444, 3)
    """
    year = max((when.year - 622) * 33 // 32 - 1, 1)
    day = when.toordinal()
    while _start(year + 1, 1) <= day and year < YEARS.stop:
        year += 1
    return year, max((m for m in range(1, 13) if _start(year, m) <= day), default=1)


@lru_cache(maxsize=4096)
def _start(year: int, month: int) -> int:
    """The first day of a month, counted as Python's dates are; month 13 is the next year's first.

    Source of the tabular formula: Reingold and Dershowitz, Calendrical Calculations, chapter 7.
    """
    if month > 12:
        year, month = year + 1, month - 12
    if year in _UMM_AL_QURA:
        from hijridate import Hijri  # a table of moons: only for who needs it

        return Hijri(year, month, 1).to_gregorian().toordinal()
    return _EPOCH + (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2


def _shown(day: int) -> str:
    return f"{datetime.date.fromordinal(day).isoformat()}~"
