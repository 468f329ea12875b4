"""Years, and what is made of them: ranges, seasons, quarters, decades, centuries."""

from __future__ import annotations

from collections.abc import Iterator

from curation.annotate import calendar, hijri
from curation.annotate.date_days import EITHER_CALENDAR
from curation.annotate.date_words import CLITIC, GAP, YEAR, Found, Rule, S, Words, either, rule
from curation.annotate.signs import FIGURE, YEAR_FIGURE
from curation.text import fold_key


class Periods:
    """The rules for years and longer times."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._seasons = {fold_key(word): n for word, n in words.table["seasons"].items()}
        self._decades = {fold_key(word): n for word, n in words.table["decades"].items()}

    def rules(self) -> Iterator[Rule]:
        """The rules, in order: an earlier one takes the text."""
        words, table = self._words, self._words.table
        about, before_christ = words.about, either(table["before_christ"])
        era = rf"(?:{words.era}|{S}(?P<bc>{before_christ})(?!\w))"
        year = rf"(?:{YEAR}|[(]{S}{YEAR}{S}[)])(?![.,٫٬]\d)"
        to = r"[-–/](?P<to>\d\d)(?![-–/.,]?\d)"
        early = rf"{either(w for w in table['year_words'] if not w.startswith('ال'))}{GAP}"
        a_year = rf"(?:{words.year_word})?{YEAR}{words.era}?"
        start = rf"{CLITIC}(?:{either(table['between'])}|{either(table['from'])}){GAP}"
        until = rf"(?:{GAP}{either(table['until'])}{GAP}|{GAP}و{S})"
        season = rf"(?P<season>{either(self._seasons)})"

        # بين عامي 2010 و2015, من 2010 إلى 2015, عامي 2010 و2011
        years = rf"{either(table['years_words'])}{GAP}"
        yield rule((YEAR_FIGURE,), rf"{start}(?:{years})?{a_year}{until}{a_year}", self._range)
        yield rule(
            (YEAR_FIGURE,), rf"{start}{years}{YEAR}{S}[-–]{S}{YEAR}{words.era}?", self._range
        )
        yield rule((YEAR_FIGURE,), rf"{CLITIC}{years}{YEAR}(?:{S}[،,]?{S}و{S}{YEAR})+", self._row)
        # صيف عام 2006, شتاء العام الماضي, الصيف الماضي
        yield rule(
            ("season",),
            rf"{about}(?:{season}(?:{words.in_year}|{GAP}{words.of}{words.which_year})"
            rf"|ال{season}{GAP}{words.relation})",
            self._season,
        )
        # عام 2020, عام ( 1931 / 1932 ), سنة 622 م, عام 67
        yield rule(
            (FIGURE, "year"),
            rf"{about}(?:{words.year_word}{year}(?:{to}|{S}[-–/]{S}{year})?"
            rf"|{words.year_word}[(]{S}{YEAR}{S}[-/–]{S}{YEAR}{S}[)]"
            rf"|{early}(?P<year>\d{{1,3}})(?={era})"
            rf"|{early}(?:(?P<year>\d{{3}})|(?P<short>[3-9]\d))(?![\d.,٫٬]))"
            rf"(?:{era}|(?!{GAP}(?:{either(words.amounts.words)}|[%٪])))",
            self._year,
        )
        # 44 ق.م, 1948 م
        yield rule((FIGURE,), rf"{about}(?P<year>\d{{2,4}}){S}(?P<bc>{before_christ})", self._year)
        # A round one may be metres: 1000 م.
        late = r"(?!\d\d00)(?P<year>1[6-9]\d\d|20[0-3]\d)"
        yield rule((YEAR_FIGURE,), rf"{about}{late}{words.era}", self._year)
        # 2010-2015, موسم 2019-20, السنة المالية 2023/2024
        whole = rf"{S}[-–/]{S}{YEAR}(?![-–/]?\d)"
        yield rule((YEAR_FIGURE,), rf"{about}{YEAR}(?:{to}|{whole})", self._range)
        # الربع الأول من 2022
        yield rule((YEAR_FIGURE, "part"), rf"{about}{CLITIC}{YEAR}", self._year)
        yield from self._long()

    def _long(self) -> Iterator[Rule]:
        words, table = self._words, self._words.table
        era = (
            rf"(?:{GAP}(?:(?P<hijri>{either(table['hijri_era'])})"
            rf"|(?P<bc>{either(table['before_christ'])})|{either(table['era'])})(?!\w))?"
        )
        rank = rf"(?P<rank>{words.rank}|(?:ال)?\d{{1,2}}(?!\d))"
        century = rf"{fold_key(table['century_word'])}{GAP}(?:{rank}{era}|{words.relation})"
        decade = rf"(?P<decade>{either(self._decades)})"
        # ثمانينيات القرن الماضي, الثمانينيات
        ages = either(table["ages"])
        yield rule(
            ("decade",),
            rf"{words.about}(?:{fold_key(table['decade_word'])}{GAP})?"
            rf"(?:(?:ال)?{decade}{GAP}{words.of}{century}"
            rf"|ال{decade}(?!\w)(?!{GAP}(?:{words.of})?{ages}))",
            self._decade,
        )
        # القرنين التاسع عشر والعشرين, القرن التاسع عشر
        two, one = (fold_key(table[name]) for name in ("centuries_word", "century_word"))
        last = rf"(?P<last>{words.rank})"
        lesser = rf"(?!{words.tens}){last}"  # القرن الحادي والعشرين is one
        yield rule(
            ("century",),
            rf"{words.about}(?:{two}{GAP}{rank}{GAP}و{last}|{one}{GAP}{rank}{GAP}و{lesser}){era}",
            self._centuries,
        )
        yield rule(("century",), rf"{words.about}{century}", self._century)

    def alone(self) -> Iterator[Rule]:
        """A year alone, a plain number as a rule: only beside what tells that it is one."""
        year, edge = r"(?P<year>19[4-9]\d|20[0-3]\d)", r"(?=\h*(?:[)\].,،؛:؟!]|\Z))"
        yield rule((YEAR_FIGURE,), year + edge, self._year)
        # ( 1918 )
        old = r"(?P<year>1[5-9]\d\d|20[0-3]\d)"
        yield rule((YEAR_FIGURE,), rf"(?<=[(]{S}){old}(?={S}[)])", self._year)
        cues = either(self._words.table["year_cues"])
        yield rule((YEAR_FIGURE,), rf"(?<=(?:^|\W){cues}{GAP}){YEAR}", self._year)
        # الانتفاضة الأولى 1987: what is counted would stand after it, and as a rule ends in alef
        late = r"(?!\d\d00)(?P<year>19\d\d|20[0-3]\d)"
        counted = either(word for words in self._words.table["counted"].values() for word in words)
        more = rf"(?!{GAP}(?:\w+ا|{counted}|{either(self._words.amounts.words)}|[%٪])(?!\w))"
        yield rule((YEAR_FIGURE,), rf"(?<=(?:^|\W)ال\w{{3,}}{GAP}){late}{more}", self._year)

    def _year(self, found: Found) -> str | None:
        years = found.numbers("year")
        if short := found.get("short"):
            return f"XX{short}"
        if found.get("bc"):
            return calendar.digits(1 - years[0]) if len(years) == 1 and years[0] else None
        if len(years) == 2 or found.get("to"):
            return self._range(found)
        (year,) = years
        if (year < 1000 or year in EITHER_CALENDAR) and not found.get("era"):
            return None
        return self._words.part(found, calendar.digits(year))

    def _range(self, found: Found) -> str | None:
        years = found.numbers("year")
        if any(year in EITHER_CALENDAR for year in years):
            return None
        last = found.number("to")
        if last is not None:
            return calendar.to_year(years[0], last)
        return calendar.interval(*map(calendar.digits, years))

    def _row(self, found: Found) -> str | None:
        years = found.numbers("year")
        if years != list(range(years[0], years[-1] + 1)):
            return None  # 2010 و2015: no interval, since 2011 is not among them
        return calendar.interval(calendar.digits(years[0]), calendar.digits(years[-1]))

    def _season(self, found: Found) -> str | None:
        number = self._seasons[found.get("season")]
        ends = 12 if number == 24 else number % 20 * 3 + 2
        when = self._words.when(found)
        year = when.resolve(ends)
        return f"{calendar.digits(year)}-{number}" if year is None or year > 0 else None

    def _decade(self, found: Found) -> str | None:
        number = self._decades[found.get("decade")]
        if not (found.get("rank") or found.get("rel")):
            return calendar.tens(number)
        century = self._century(found)
        if century is None or found.get("hijri") or found.get("bc"):
            return None
        return f"{century[:2]}{number // 10}X"

    def _century(self, found: Found) -> str | None:
        if not found.get("rank"):
            steps = self._words.steps(found.get("rel"))
            return calendar.unit("century", steps, found.published)
        number = self._words.ranks.value(found.get("rank").removeprefix("ال"))
        number = number or self._words.ranks.value(found.get("rank"))
        if not number:
            return None
        if found.get("hijri"):
            return hijri.between(number * 100 - 99, number * 100) if number <= 20 else None
        value = f"{'-' if found.get('bc') else ''}{number - 1:02d}XX"
        if found.get("decade") or found.get("bc") or not (nth := self._words.nth(found)):
            return value
        years = 100 // nth[1]
        first = (number - 1) * 100 + years * (nth[0] - 1)
        return calendar.interval(f"{first:04d}", f"{first + years - 1:04d}")

    def _centuries(self, found: Found) -> str | None:
        ends = [self._words.ranks.value(found.get(name)) for name in ("rank", "last")]
        if not ends[0] or not ends[1] or found.get("bc"):
            return None
        if found.get("hijri"):
            return hijri.between(ends[0] * 100 - 99, ends[1] * 100) if ends[1] <= 20 else None
        return calendar.interval(f"{ends[0] - 1:02d}XX", f"{ends[1] - 1:02d}XX")
