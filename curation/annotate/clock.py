"""Times of the clock: الساعة الثالثة والنصف مساء, 15:30 بتوقيت غرينتش.

The value is an ISO 8601 time, `T15:30`, with `Z` or how far from UTC where the zone says it;
without either it is local. Where the half of the day is open, it is one of two, written as ISO
8601-2 writes one of a set: `[T03:30,T15:30]`.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from curation.annotate.amounts import Amounts
from curation.annotate.clitics import load_clitics
from curation.annotate.knowledge import rules
from curation.annotate.page import Page, key_set, keys
from curation.annotate.phrases import Phrases
from curation.text import fold_key

#: Between hours and minutes.
_MARKS = (":", ".")


class Hour(Struct, frozen=True):
    """What has been read of a time: the word after it, hour and minute as said, and whether they
    are surely of the twenty-four hours' clock, and in figures."""

    end: int
    hour: int
    minute: int = 0
    whole_day: bool = False
    figures: bool = False


class Clock:
    """The words of clock times of a language."""

    def __init__(self, home: Path, amounts: Amounts) -> None:
        numbers, days = rules(home / "numbers.toml"), rules(home / "dates.toml")
        table = numbers["clock"]
        self._amounts, self._clitics = amounts, load_clitics(home)
        self._words, self._of = key_set(table["words"]), key_set(table["of"])
        self._minus = fold_key(table["minus"])
        self._minute_words = key_set(numbers["times"]["units"]["M"])

        def phrases(name: str) -> tuple[Phrases, dict[tuple[str, ...], str]]:
            values = {keys(phrase): value for phrase, value in table[name].items()}
            return Phrases(list(table[name]), self._clitics), values

        self._hours, self._hour = phrases("hours")
        self._minutes, self._minute = phrases("minutes")
        self._parts, self._part = phrases("parts")
        self._alone, self._known = phrases("alone")
        self._zones, self._zone = phrases("zones")
        weekdays = [word for words in days["weekdays"] for word in words]
        #: Before these the part of a day is part of a date: مساء الخميس.
        self._days = key_set([*weekdays, *days["days"], "يوم", "هذا"])
        #: What may begin a time, besides a figure.
        self.words = frozenset((*self._words, *self._hours.firsts, *self._alone.firsts))

    def at(self, page: Page, i: int) -> tuple[int, str | None] | None:
        """The word after the clock time that begins at word i, and its value; None if none does."""
        if hit := self._alone.at(page, i):
            return hit.end, self._known[hit.phrase]
        led = self._clitics.split(page.key(i), self._words)[1] in self._words
        found = self._read(page, i + 1 if led else i, clitics=not led)
        if found is None:
            return None
        if not led and not found.figures and page.key(i - 1).startswith(self._clitics.article):
            return None  # المرة الثانية مساء
        found = self._with_minutes(page, found)
        end, part = self._part_of_day(page, found.end)
        zone, zoned = "", False
        if page.joined(end) and (hit := self._zones.at(page, end, clitics=False)):
            end, zone, zoned = hit.end, self._zone[hit.phrase], True
        if not (led or part or zoned):
            return None
        # A figure that is told in UTC is of the whole day's clock.
        sure = found.whole_day or (zone == "Z" and found.figures)
        return end, value(found.hour, found.minute, part, zone, whole_day=sure)

    def _read(self, page: Page, i: int, *, clitics: bool) -> Hour | None:
        if not clitics and not page.joined(i):
            return None
        if page.key(i - 1) in _MARKS and i and page.words[i - 1].end == page.words[i].start:
            return None  # what follows 09: is no hour
        if hit := self._hours.at(page, i, clitics=clitics):
            return Hour(hit.end, int(self._hour[hit.phrase]))
        _, key = self._clitics.split(page.key(i), ()) if clitics else ("", page.key(i))
        digits = key.replace(",", ".").partition(".")  # 13,30 is how AFP has it
        if not (digits[0].isdigit() and len(digits[0]) <= 2):
            return None
        if digits[1]:
            minute = digits[2]
            if not (len(minute) == 2 and minute.isdigit()):
                return None
            end = i + 1
        elif page.key(i + 1) in _MARKS and page.key(i + 2).isdigit() and _tight(page, i):
            minute, end = page.key(i + 2), i + 3
        else:
            return Hour(i + 1, int(key), 0, int(key) > 12, True)
        if len(minute) != 2:
            return None
        return Hour(end, int(digits[0]), int(minute), key[0] == "0" or int(digits[0]) > 12, True)

    def _with_minutes(self, page: Page, found: Hour) -> Hour:
        end = found.end
        if found.minute or not page.joined(end):
            return found
        if hit := self._minutes.at(page, end, clitics=False):
            return self._shifted(found, hit.end, int(self._minute[hit.phrase]))
        minus = page.key(end) == self._minus
        if not minus and page.key(end)[:1] not in self._clitics.conjunctions[:1]:
            return found
        amount = self._amounts.at(page, end + minus)
        if amount is None or not amount.value or not 0 < amount.value < 60:
            return found
        if page.key(amount.end) not in self._minute_words:
            return found
        minutes = int(amount.value)
        return self._shifted(found, amount.end + 1, -minutes if minus else minutes)

    @staticmethod
    def _shifted(found: Hour, end: int, minutes: int) -> Hour:
        hour = found.hour if minutes > 0 else (found.hour - 1 or 12)
        return Hour(end, hour, minutes % 60, found.whole_day)

    def _part_of_day(self, page: Page, end: int) -> tuple[int, str]:
        """The word after the part of the day, and the part; a part that leads a date stays out."""
        start = end + (page.joined(end) and page.key(end) in self._of)
        hit = self._parts.at(page, start, clitics=False) if page.joined(start) else None
        if hit is None:
            return end, ""
        of_date = page.joined(hit.end) and page.key(hit.end) in self._days
        return end if of_date else hit.end, self._part[hit.phrase]


def _tight(page: Page, i: int) -> bool:
    """Whether word i, the mark and the word after it stand without blanks: 15:30."""
    return page.words[i].end == page.words[i + 1].start and (
        page.words[i + 1].end == page.words[i + 2].start
    )


def value(hour: int, minute: int, part: str, zone: str, *, whole_day: bool) -> str | None:
    """The ISO 8601 time of an hour as said; None for no time of the clock.

    >>> value(3, 30, "evening", "Z", whole_day=False), value(3, 30, "", "", whole_day=False)
    ('T15:30Z', '[T03:30,T15:30]')
    """
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    if whole_day or not 1 <= hour <= 12:
        return f"T{hour % 24:02d}:{minute:02d}{zone}"
    early = hour % 12  # 12 is the hour before one
    late = early + 12
    choices = {
        "morning": early,
        "noon": hour if hour >= 10 else late,
        "evening": None if hour == 12 else late,  # 12 مساء may be midnight or noon
        "night": late if 6 <= hour < 12 else early,
        "midnight": 0 if hour == 12 else None,
    }
    if not part:
        return f"[T{early:02d}:{minute:02d}{zone},T{late:02d}:{minute:02d}{zone}]"
    chosen = choices[part]
    return None if chosen is None else f"T{chosen:02d}:{minute:02d}{zone}"
