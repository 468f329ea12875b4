"""Every value of a date or time is one by ISO 8601 or EDTF, whatever the text and the day."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.annotate import hijri
from curation.annotate.knowledge import rules as table
from curation.model import Document
from curation.store import shipped
from tests.annotate.edtf import is_date, is_time
from tests.annotate.reading import read, rules
from tests.strategies import texts

HOME = shipped("seeds", "knowledge", "ar")


DATES, NUMBERS = table(HOME / "dates.toml"), table(HOME / "numbers.toml")


def strings(value: object) -> list[str]:
    """Every text in a table, keys too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in strings(part)]
    return [text for part in value for text in strings(part)] if isinstance(value, list) else []


WORDS = sorted({*strings(DATES), *strings(NUMBERS)})
#: What writers put between words and figures.
MARKS = (" ", " ", " ", " و", "/", " / ", "-", " ( ", " ) ", "، ", ":", ".", "\n", "")
FIGURES = st.one_of(
    st.integers(0, 40), st.integers(1000, 2100), st.integers(0, 10**6), st.integers(0, 10**18)
).map(str)
#: Forms of dates and times, filled with any words and figures that may stand there.
FORMS = (
    "{figure} {months} {year}",
    "{figure} {months} {relation}",
    "{ordinal} من {months} {year}",
    "من {figure} {months} إلى {figure} {months} {year}",
    "بين {figure} و{figure} {months} {relation}",
    "من {months} {year} حتى {months} {year}",
    "{figure}/{figure}/{year}",
    "بتاريخ ( {figure} / {figure} / {figure} / {year} )",
    "{year}-{figure}-{figure}",
    "{figure} من الشهر {relation}",
    "{figure} {hijri_months} {year} {hijri_era}",
    "{hijri_months} {relation}",
    "شهر {hijri_months} عام {year}",
    "{figure}/{figure}/{year} {hijri_era}",
    "عام {figure} {hijri_era}",
    "عام {year} {before_christ}",
    "من {year} إلى {year}",
    "{parts} {ordinal} من عام {year}",
    "{parts} {ordinal} من القرن {ordinal}",
    "{decades} القرن {ordinal} {before_christ}",
    "القرن {ordinal} {hijri_era}",
    "القرنين {ordinal} و{ordinal}",
    "{seasons} {year}",
    "ال{seasons} {relation}",
    "{units} {relation}",
    "{days} {weekdays}",
    "{weekdays} من الأسبوع {relation}",
    "{ago} {figure} {counted}",
    "{ago} {loosely} {cardinals} {counted}",
    "{periods} {figure} {relation}",
    "الساعة {figure}:{figure} {parts_of_day} {zones}",
    "{hours} {minutes} {parts_of_day}",
    "الساعة {hours} إلا {figure} دقيقة",
    "{cardinals} ساعات",
)
SLOTS = {
    **{name: st.sampled_from(strings(value)) for name, value in DATES.items()},
    "relation": st.sampled_from([*DATES["past"], *DATES["next"], *DATES["this"], *DATES["told"]]),
    "ordinal": st.sampled_from([*NUMBERS["ordinals"]["units"], "الحادي والعشرين", "الثاني عشر"]),
    "cardinals": st.sampled_from([*NUMBERS["cardinals"], *NUMBERS["fractions"]]),
    "parts": st.sampled_from(list(DATES["parts"])),
    "parts_of_day": st.sampled_from(list(NUMBERS["clock"]["parts"])),
    "hours": st.sampled_from(list(NUMBERS["clock"]["hours"])),
    "minutes": st.sampled_from(list(NUMBERS["clock"]["minutes"])),
    "zones": st.sampled_from(list(NUMBERS["clock"]["zones"])),
    "figure": st.integers(0, 70).map(str),
    "year": st.integers(0, 2500).map(str),
}


@st.composite
def salad(draw: st.DrawFn) -> str:
    """Words of dates and amounts, figures, and what lies between them, in any order."""
    parts = draw(st.lists(st.one_of(st.sampled_from(WORDS), FIGURES), min_size=1, max_size=9))
    return "".join(part + draw(st.sampled_from(MARKS)) for part in parts)


@st.composite
def told(draw: st.DrawFn) -> str:
    """One of the forms, filled."""
    form = draw(st.sampled_from(FORMS))
    return re.sub(r"{(\w+)}", lambda slot: draw(SLOTS[slot[1]]), form)


@given(st.one_of(told(), told(), salad(), texts()), st.none() | st.dates())
def test_every_value_is_one_of_iso_8601_or_edtf(text: str, published: datetime.date | None) -> None:
    document = Document(id="d", text=text or "x", language="ar", published=published)
    for entity in rules().read([document])[0].annotation.entities:
        if entity.label in ("DATE", "TIME") and entity.value is not None:
            check = is_date if entity.label == "DATE" else is_time
            assert check(entity.value), (entity.text, entity.value)


@given(st.dates(), st.sampled_from(DATES["told"]))
def test_what_is_told_from_another_day_is_not_resolved(published: datetime.date, told: str) -> None:
    (entity,) = read(f"كان العام {told} هناك", published.isoformat()).entities
    assert entity.value == "XXXX"


@pytest.mark.parametrize(
    "value",
    ["2021-02-30", "2021-13", "XXXX-02-30", "2022-10-01/2022-09-01", "2022-W54", "P3", "2022-42"],
)
def test_the_check_refuses_what_is_no_value(value: str) -> None:
    assert not is_date(value)


@pytest.mark.parametrize("value", ["T3:30", "T15:30,T16:30", "[T15:30,T03:30]", "PT3"])
def test_the_check_refuses_what_is_no_time(value: str) -> None:
    assert not is_time(value)


@pytest.mark.parametrize(
    ("hijri_day", "gregorian"),
    [  # days that history knows in both calendars, and days of the Umm al-Qura calendar
        ((1443, 12, 10), "2022-07-09"),
        ((1444, 9, 1), "2023-03-23"),
        ((1400, 1, 1), "1979-11-20"),
        ((857, 5, 20), "1453-05-29"),  # the fall of Constantinople, in the Julian calendar
    ],
)
def test_a_hijri_day_is_the_gregorian_day_or_one_beside_it(
    hijri_day: tuple[int, int, int], gregorian: str
) -> None:
    found = hijri.value(*hijri_day)
    assert found is not None
    apart = datetime.date.fromisoformat(found.removesuffix("~")) - datetime.date.fromisoformat(
        gregorian
    )
    julian = 9 if hijri_day[0] < 990 else 0
    assert abs(apart.days - julian) <= 1


@given(st.integers(1, 1999), st.integers(1, 12))
def test_hijri_months_follow_one_another_without_a_gap(year: int, month: int) -> None:
    this = hijri.value(year, month)
    after = hijri.value(year, month + 1) if month < 12 else hijri.value(year + 1, 1)
    assert this is not None
    assert after is not None
    last = datetime.date.fromisoformat(this.split("/")[1].removesuffix("~"))
    first = datetime.date.fromisoformat(after.split("/")[0].removesuffix("~"))
    assert first - last == datetime.timedelta(1)


@given(st.dates(datetime.date(623, 1, 1), datetime.date(2500, 1, 1)))
def test_a_day_lies_in_its_hijri_month(when: datetime.date) -> None:
    value = hijri.value(*hijri.year_of(when))
    assert value is not None
    first, last = (datetime.date.fromisoformat(day.removesuffix("~")) for day in value.split("/"))
    assert first <= when <= last
