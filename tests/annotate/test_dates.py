"""Dates: forms, whole spans, ISO 8601 values, relative to the day of publication."""

import pytest

from curation.annotate.calendar import Open, weekday
from tests.annotate.reading import read, spans, values

PUBLISHED = "2022-10-01"  # a Saturday


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10 ديسمبر/كانون الأول", "XXXX-12-10"),
        ("25 مارس/ آذار الماضي", "XXXX-03-25"),
        ("نوفمبر/ تشرين الثاني 2021", "2021-11"),
        ("25 نوفمبر 2021", "2021-11-25"),
        ("٢٥ نوفمبر ٢٠٢١", "2021-11-25"),
        ("5 يونيو (حزيران) 1967", "1967-06-05"),
        ("14 جويلية 2019", "2019-07-14"),
        ("31 غشت 2019", "2019-08-31"),
        ("18 شباط", "XXXX-02-18"),
        ("الخامس والعشرين من يناير 2011", "2011-01-25"),
        ("25/11/2021", "2021-11-25"),
        ("2021-11-25", "2021-11-25"),
        ("كانون الثاني", "XXXX-01"),
        ("عام 2020", "2020"),
        ("مطلع عام 2019", "2019"),
        ("30 فبراير 2021", None),  # no such day: a date all the same, without a value
        ("بين 20 و30 يونيو/حزيران الماضي", "XXXX-06-20/XXXX-06-30"),
        ("من 28 فبراير إلى 3 مارس 2021", "2021-02-28/2021-03-03"),
        ("20-30 يونيو 2020", "2020-06-20/2020-06-30"),
        ("عشرين عاما", "P20Y"),
        ("3 أيام", "P3D"),
        ("أسبوعين", "P2W"),
        ("أمس", None),
        ("العام الماضي", None),
    ],
)
def test_without_a_day_of_publication_nothing_is_guessed(text: str, value: str | None) -> None:
    assert values(f"ظهر {text}، ثم", "DATE") == [(text, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25 مارس الماضي", "2022-03-25"),
        ("25 نوفمبر/تشرين الثاني الماضي", "2021-11-25"),
        ("25 نوفمبر المقبل", "2022-11-25"),
        ("3 مارس القادم", "2023-03-03"),
        ("نوفمبر الماضي", "2021-11"),
        ("5 أكتوبر الجاري", "2022-10-05"),
        ("مايو العام الماضي", "2021-05"),
        ("بين 20 و30 يونيو/حزيران الماضي", "2022-06-20/2022-06-30"),
        ("10 ديسمبر/كانون الأول", "XXXX-12-10"),  # says no year, so none is made up
        ("أمس", "2022-09-30"),
        ("أمس الأول", "2022-09-29"),
        ("غدا", "2022-10-02"),
        ("اليوم", "2022-10-01"),
        ("الخميس الماضي", "2022-09-29"),
        ("السبت الماضي", "2022-09-24"),
        ("يوم الجمعة المقبل", "2022-10-07"),
        ("الخميس", "XXXX-WXX-4"),
        ("الأسبوع الماضي", "2022-W38"),
        ("الشهر الجاري", "2022-10"),
        ("الشهر المقبل", "2022-11"),
        ("العام الماضي", "2021"),
    ],
)
def test_relative_dates_are_resolved_against_publication(text: str, value: str) -> None:
    assert values(f"ظهر {text}، ثم", "DATE", PUBLISHED) == [(text, value)]


@pytest.mark.parametrize("text", ["المادة 25", "2000 شخص", "آب الطفل", "الثاني", "1/2", "2-3"])
def test_other_numbers_are_no_dates(text: str) -> None:
    assert spans(text, "DATE") == []


def test_a_clitic_stays_and_punctuation_does_not() -> None:
    assert spans("(وأمس، و30 يونيو/حزيران الماضي).", "DATE") == [
        "DATE وأمس",
        "DATE و30 يونيو/حزيران الماضي",
    ]


def test_a_number_inside_a_date_is_not_labelled_again() -> None:
    assert spans("في 10 ديسمبر 2021 و12 يناير") == ["DATE 10 ديسمبر 2021", "DATE و12 يناير"]


@pytest.mark.parametrize("number", range(1, 8))
def test_a_weekday_before_or_after_is_that_weekday_and_another_day(number: int) -> None:
    import datetime

    published = datetime.date.fromisoformat(PUBLISHED)
    before = datetime.date.fromisoformat(weekday(number, "past", published))
    after = datetime.date.fromisoformat(weekday(number, "next", published))
    assert before.isoweekday() == after.isoweekday() == number
    assert 1 <= (published - before).days <= 7
    assert 1 <= (after - published).days <= 7


def test_a_stated_year_stays() -> None:
    assert Open(1999, "past", None).resolve(3, 4) == 1999


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "text", ["أمس", "غدا", "الأسبوع الماضي", "الأسبوع المقبل", "الاثنين الماضي"]
)
def test_the_edges_of_the_calendar_stop_nothing(text: str, published: str) -> None:
    (entity,) = read(text, published).entities
    assert entity.label == "DATE"
    assert entity.value != ""


def test_a_count_of_thousands_of_digits_stops_nothing() -> None:
    assert read("قبل " + "9" * 5000 + " يوما").entities


@pytest.mark.parametrize(
    "text",
    ["عام 1442 هجري", "عام 1442 هـ", "بين 28 ديسمبر و3 يناير 2022", "من 30 إلى 20 يونيو 2022"],
)
def test_what_is_no_day_of_our_calendar_or_runs_backwards_has_no_value(text: str) -> None:
    (entity,) = read(f"كان {text} هناك").entities
    assert (entity.label, entity.text, entity.value) == ("DATE", text, None)
