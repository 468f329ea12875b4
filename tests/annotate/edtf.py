"""Whether a text is a date or time value as ISO 8601 and EDTF have them, by a reading of its own.

After the specification (https://www.loc.gov/standards/datetime/): levels 0 and 1, of level 2 the
parts of a year and `X` anywhere; of ISO 8601-1 weeks, lengths, times; and one of two times.
"""

import datetime
import re

_YEAR, _TWO = r"-?[\dX]{4}", r"[\dX]{2}"


def is_date(value: str) -> bool:
    """Whether it is a day, month, year, part of a year, week, interval, or length of time."""
    if value.startswith("P"):
        return re.fullmatch(r"P\d+(\.\d+)?[DWMY]", value) is not None
    ends = value.split("/")
    if len(ends) == 1:
        return _is_point(value)
    if len(ends) != 2 or ends == ["", ""] or not all(not end or _is_point(end) for end in ends):
        return False
    first, last = (end.removesuffix("~") for end in ends)
    return not first or not last or (len(first) == len(last) and first <= last)


def is_time(value: str) -> bool:
    """Whether it is a time of the clock, one of two, or a length of time."""
    if value.startswith("P"):
        return re.fullmatch(r"PT\d+(\.\d+)?[HMS]", value) is not None
    if value.startswith("["):
        times = value.removeprefix("[").removesuffix("]").split(",")
        return len(times) == 2 and times[0] < times[1] and all(map(_is_clock, times))
    return _is_clock(value)


def _is_clock(value: str) -> bool:
    if not re.fullmatch(r"T\d\d:\d\d(Z|[+-]\d\d:\d\d)?", value):
        return False
    datetime.time.fromisoformat(value[1:])
    return True


def _is_point(value: str) -> bool:
    value = value.removesuffix("~")
    if week := re.fullmatch(rf"({_YEAR})-W({_TWO})(?:-([1-7]))?", value):
        return "X" in value or _has_week(week[1], week[2])
    found = re.fullmatch(rf"({_YEAR})(?:-({_TWO}))?(?:-({_TWO}))?", value)
    if not found:
        return False
    year, month, day = found.groups()
    if day is None:
        numbers = (*range(1, 13), *range(21, 42))
        return month is None or _fits(month, numbers)
    if not _fits(month, range(1, 13)) or not _fits(day, range(1, 32)):
        return False
    if "X" in month or "X" in day:
        return True
    try:  # 29 February is a day of some year
        datetime.date(2000 if "X" in year else int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _fits(digits: str, numbers: range | tuple[int, ...]) -> bool:
    return any(re.fullmatch(digits.replace("X", r"\d"), f"{number:02d}") for number in numbers)


def _has_week(year: str, week: str) -> bool:
    try:
        datetime.date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return False
    return True
