"""Whether a sentence tells of a time that is no news: lists `past`, `history` and `dated`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from curation.annotate.event_groups import Place
from curation.annotate.event_sentence import Sentence


class History:
    """The rules of a language. `words` makes a set of folded words of a list."""

    def __init__(
        self, table: Mapping[str, Any], words: Callable[[list[str]], frozenset[str]]
    ) -> None:
        self._types: frozenset[str] = frozenset(table["past"])
        self._words = words(table["history"])
        self._dated = words(table.get("dated", []))

    def holds(self, type: str, here: Sentence, day: Place | None, published: date | None) -> bool:
        """Whether an event of a type is history: by the words of its sentence, by its own date, or
        by all the dates of the sentence."""
        if type not in self._types:
            return False
        if not self._words.isdisjoint(here.everything()):
            return True
        if day:
            return long_past(day.entity.value, published)
        if here.old is None:
            days = [p for p in here.places if p.entity.label == "DATE"]
            here.old = bool(days) and all(long_past(p.entity.value, published) for p in days)
        return here.old

    def without_old(self, here: Sentence, published: date | None) -> Sequence[Place]:
        """The places of a sentence but for old dates that are of something else: ذكرى نكبة 1948,
        منذ عام 2000."""

        def of_another(place: Place) -> bool:
            if place.entity.label != "DATE" or not long_past(place.entity.value, published):
                return False
            beside = range(max(place.start - 2, here.first), place.start + 1)
            return any(not self._dated.isdisjoint(here.forms(k)) for k in beside)

        return [place for place in here.places if not of_another(place)]


def long_past(value: str | None, published: date | None) -> bool:
    """Whether a date is no news: in a year before last year's, or, in a document that does not say
    when it appeared, a bare year or one before 2000.

    >>> long_past("1982", None), long_past("2021-05", date(2022, 10, 1)), long_past("2021-05", None)
    (True, False, False)
    """
    if value is None or not value[:4].isdecimal():
        return value is not None and value[:3].isdecimal() and value[3:4] == "X"
    if published is None:
        return len(value) == 4 or int(value[:4]) < 2000
    return int(value[:4]) < published.year - 1
