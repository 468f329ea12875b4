"""`dates.v1`: days, months, years, ranges, weekdays, relative and counted times, as DATE.

The grammar is the language's `dates.toml`; it is matched on the folded text. The value is ISO 8601
or, as ISO 8601-2 calls it, EDTF:

- `2021-11-25`, `2021-11`, `2021`; `XXXX-12-10` while the year is open, `-0043` for 44 BC;
- `2022-06-20/2022-06-30`, `2010/2015` for ranges; `/2022-10-01` where the start is not known;
- `198X`, `18XX`, `2006-22` (seasons 21 to 24 from spring), `2022-33` (quarters 33 to 36), `2022-40`
  (halves 40 and 41);
- `2022-W39` for a week, `XXXX-WXX-4` for a Thursday, `P3D` for a length of time;
- `2022-07-09~`, `2022-04-02~/2022-05-01~` for Hijri days, months and years: the Gregorian days,
  which the moon may move by one.

A relative date is resolved only against the document's `published`; else what it leaves unknown is
open (`XXXX-XX-XX` for أمس). Where no value can be told, there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.annotate.date_days import Days
from curation.annotate.date_hijri import Hijri
from curation.annotate.date_patterns import DatePatterns
from curation.annotate.date_periods import Periods
from curation.annotate.date_relative import Relative
from curation.annotate.date_words import CLITICS, Found, Words
from curation.annotate.knowledge import folder, rules
from curation.annotate.protocol import EachDocument, Options, reading
from curation.annotate.signs import Signs
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import fold

NAME = "dates.v1"
SCORE = 0.9


def dates(options: Options, schema: Schema) -> EachDocument:
    """Make the annotator. Options: `knowledge`, the folder. A language whose `dates.toml` has
    `patterns` is read by these (see date_patterns)."""
    home = folder(options)
    patterns = "patterns" in rules(home / "dates.toml")
    grammar = DatePatterns(home) if patterns else Grammar(home)

    def read(document: Document) -> Annotation:
        return reading(NAME, grammar.find(document))

    return EachDocument(NAME, read)


class Grammar:
    """The rules of a language, in order: an earlier one takes the text."""

    def __init__(self, home: Path) -> None:
        words = Words(home)
        days, periods = Days(words), Periods(words)
        self._signs = Signs(words.signs(), CLITICS)
        self._rules = [
            *Hijri(words).rules(),
            *days.rules(),
            *periods.rules(),
            *Relative(words).rules(),
            days.months_alone(),
            *periods.alone(),
        ]

    def find(self, document: Document) -> Iterator[Entity]:
        """The dates of a document."""
        folded = fold(document.text)
        text = folded.text
        taken: set[int] = set()
        lines = [line for line in self._signs.lines(text) if line[2]]
        if not lines:
            return
        for rule in self._rules:
            for first, last, signs in lines:
                if not rule.needs <= signs:
                    continue
                for match in rule.pattern.finditer(text, first, last):
                    start, end = match.span("date")
                    if not taken.isdisjoint(range(start, end)):
                        continue
                    taken.update(range(start, end))
                    value = rule.value(Found(match.capturesdict(), document.published))
                    place = folded.span(start, end)
                    yield make_entity(document.text, *place, "DATE", score=SCORE, value=value)
