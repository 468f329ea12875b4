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
        ("أمس", "XXXX-XX-XX"),
        ("العام الماضي", "XXXX"),
        ("قبل ثلاثة أيام", "XXXX-XX-XX"),
        ("الأسبوع المقبل", "XXXX-WXX"),
        ("السنوات الثلاث الماضية", "P3Y"),
        ("شتاء العام الماضي", "XXXX-24"),
        ("ثمانينات القرن الماضي", "XX8X"),
        ("الخامس عشر من الشهر الجاري", "XXXX-XX-15"),
        ("رمضان الماضي", None),
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
        ("مايو من العام الماضي", "2021-05"),
        ("25 مارس من العام الماضي", "2021-03-25"),
        ("هذا العام", "2022"),
        ("العام نفسه", "XXXX"),  # as told of, not as published
        ("صباح يوم الجمعة المقبل", "2022-10-07"),
        ("مساء أمس", "2022-09-30"),
        ("أمس الخميس", "2022-09-29"),  # written on Friday, published on Saturday
        ("الخميس من الأسبوع الماضي", "2022-09-22"),
        ("قبل يومين", "2022-09-29"),
        ("منذ ثلاثة أيام", "2022-09-28"),
        ("قبل أسبوعين", "2022-W37"),
        ("قبل عام", "2021"),
        ("منذ نحو عشرين عاما", "2002~"),
        ("السنوات الثلاث الماضية", "2019/2022"),
        ("الأسبوعين المقبلين", "2022-10-01/2022-10-15"),
        ("السنوات الأخيرة", "/2022"),
        ("15 من الشهر الجاري", "2022-10-15"),
        ("20 الجاري", "2022-10-20"),
        ("الصيف الماضي", "2022-22"),
        ("شتاء العام الماضي", "2021-24"),
        ("الربع الثالث من العام الماضي", "2021-35"),
        ("النصف الثاني من العام الجاري", "2022-41"),
        ("العقد الماضي", "201X"),
        ("ثمانينات القرن الماضي", "198X"),
        ("رمضان الماضي", "2022-04-02~/2022-05-01~"),
        ("رمضان المقبل", "2023-03-23~/2023-04-20~"),
    ],
)
def test_relative_dates_are_resolved_against_publication(text: str, value: str) -> None:
    assert values(f"ظهر {text}، ثم", "DATE", PUBLISHED) == [(text, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("يونيو/حزيران", "XXXX-06"),
        ("كانون الثاني (يناير) 2020", "2020-01"),
        ("يوليو/أغسطس 2020", "2020-07/2020-08"),  # no two names of one month
        ("3 شتنبر 2020", "2020-09-03"),
        ("12 دجنبر", "XXXX-12-12"),
        ("5 نونبر 2018", "2018-11-05"),
        ("1 جانفي 2021", "2021-01-01"),
        ("2 أوت 2018", "2018-08-02"),
        ("الفاتح من نوفمبر 1954", "1954-11-01"),
        ("الـ30 من يونيو/حزيران 2013", "2013-06-30"),
        ("مساء يوم الخميس 25 مارس 2021", "2021-03-25"),
        ("يومي 5 و6 مايو 2021", "2021-05-05/2021-05-06"),
        ("اكتوبر 2020", "2020-10"),
        ("بتاريخ ( 15 / 1 / 1959 )", "1959-01-15"),
        ("بتاريخ 11 / 12 / 10 / ( 1941 )", "1941-10-11/1941-10-12"),
        ("تموز ( 29 / 7 / 1947 )", "1947-07-29"),
        ("10 تشرين الأول ( 1982 )", "1982-10-10"),
        ("يوم الثلاثاء الموافق 5 / 8 / 2008", "2008-08-05"),
        ("4 / 22 / 1948", "1948-04-22"),  # a month can not be the 22nd
        ("١٥/١/١٩٥٩", "1959-01-15"),
        ("15.1.1959", "1959-01-15"),
        ("31/12/2020م", "2020-12-31"),
        ("12/9/1443", None),  # of which calendar is not said
        ("عام ( 1948 )", "1948"),
        ("عام ( 1931 / 1932 )", "1931/1932"),
        ("سنة 622 م", "0622"),
        ("عام 656", None),
        ("عام 44 قبل الميلاد", "-0043"),
        ("300 ق.م", "-0299"),
        ("عام 67", "XX67"),
        ("من 2010 إلى 2015", "2010/2015"),
        ("بين عامي 2010 و2015", "2010/2015"),
        ("عامي 2010 و2012", None),
        ("2010-2015", "2010/2015"),
        ("2023/2024", "2023/2024"),
        ("صباح غد الخميس", "XXXX-WXX-4"),
        ("2019-20", "2019/2020"),
        ("عام 2019/20", "2019/2020"),
        ("1999-00", "1999/2000"),
        ("2011-12", None),  # or in December
        ("2019-05", "2019-05"),
        ("1936 - 1939", "1936/1939"),
        ("من يناير إلى مارس 2021", "2021-01/2021-03"),
        ("من 5 يناير 2020 إلى 3 مارس 2021", "2020-01-05/2021-03-03"),
        ("بين 28 ديسمبر و3 يناير 2022", "2021-12-28/2022-01-03"),
        ("الثمانينيات", "198X"),
        ("خمسينيات القرن التاسع عشر", "185X"),
        ("العشرينيات", "XX2X"),  # of this century or the last
        ("القرن التاسع عشر", "18XX"),
        ("القرن الحادي والعشرين", "20XX"),
        ("القرنين التاسع عشر والعشرين", "18XX/19XX"),
        ("القرن الخامس قبل الميلاد", "-04XX"),
        ("النصف الثاني من القرن العشرين", "1950/1999"),
        ("صيف 2006", "2006-22"),
        ("ربيع عام 1968", "1968-21"),
        ("الربع الأول من 2022", "2022-33"),
        ("النصف الأول من عام 2022", "2022-40"),
        ("منتصف مايو 2020", "2020-05"),
    ],
)
def test_days_months_years_and_longer_times(text: str, value: str | None) -> None:
    assert values(f"ظهر {text}، ثم", "DATE") == [(text, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15 شعبان 1443 هـ", "2022-03-18~"),
        ("20 / شعبان / 1428 هجرية", "2007-09-02~"),
        ("العاشر من ذي الحجة 1443", "2022-07-09~"),
        ("12 ربيع الأول 1444هـ", "2022-10-08~"),
        ("12/9/1443هـ", "2022-04-13~"),
        ("شهر رمضان 1443", "2022-04-02~/2022-05-01~"),
        ("شهر رمضان عام ( 1992 )", "1992-03-05~/1992-04-03~"),
        ("عام 1442 هجري", "2020-08-20~/2021-08-08~"),
        ("عام 1442 هـ", "2020-08-20~/2021-08-08~"),
        ("عام ( 1325 ) هجري", "1907-02-14~/1908-02-03~"),
        ("532 - 589 هـ", "1137-09-26~/1194-01-02~"),
        ("القرن الخامس والسادس الهجري", "1010-08-21~/1204-09-04~"),
        ("القرن الثالث الهجري", "0816-08-03~/0913-08-11~"),
        ("شهر رمضان", None),  # the Hijri year wanders: no value without a year
        ("10 ذي الحجة", None),
        ("31 رمضان 1443", None),
    ],
)
def test_hijri_dates_have_their_gregorian_days(text: str, value: str | None) -> None:
    assert values(f"كان {text}، ثم", "DATE") == [(text, value)]


def test_the_name_of_a_hijri_month_may_be_somebodys() -> None:
    assert spans("قال رمضان شعبان إن محمد رجب وصل", "DATE") == []
    assert spans("صام في رمضان", "DATE") == ["DATE رمضان"]


def test_both_calendars_side_by_side() -> None:
    found = values("في 12 ربيع الأول 1444 هـ الموافق 8 أكتوبر 2022م", "DATE")
    assert found == [("12 ربيع الأول 1444 هـ", "2022-10-08~"), ("8 أكتوبر 2022م", "2022-10-08")]


def test_a_count_of_days_before_something_else_is_not_resolved() -> None:
    text = "قبل يومين من الانتخابات"
    assert values(text, "DATE", PUBLISHED) == [("قبل يومين", None)]


def test_a_year_stands_in_brackets_or_after_a_definite_word() -> None:
    text = "الوثيقة الأولى 1987 صادرة ( 1918 ) عن"
    assert values(text, "DATE") == [("1987", "1987"), ("1918", "1918")]


@pytest.mark.parametrize(
    "text",
    [
        *("المادة 25", "2000 شخص", "آب الطفل", "الثاني", "1/2", "2-3", "1000 م مربع"),
        *("في الثلاثينيات من عمره", "ربيع الحياة", "قتل الجيش 1987 شخصا", "هذا البيت 300 متر"),
        *("هو أحد أشهر الشعراء", "محمد رمضان", "بعد عقد الاجتماع"),
    ],
)
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
    ["عام 1325", "بين 28 ديسمبر و3 يناير", "من 30 إلى 20 يونيو 2022", "0/0/1923 هجري"],
)
def test_what_is_no_day_or_runs_backwards_or_is_of_either_calendar_has_no_value(text: str) -> None:
    (entity,) = read(f"كان {text} هناك").entities
    assert (entity.label, entity.text, entity.value) == ("DATE", text, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("في نوفمبر 1500 شخص", ["XXXX-11"]),
        ("في نوفمبر 1500.", ["1500-11"]),
        ("سقط في رمضان 300 قتيل", [None]),
        ("في اليوم التالي قال", ["XXXX-XX-XX"]),
        ("في ذلك اليوم قال", []),
        ("حضر اليوم العالمي للمرأة", []),
        ("وصل قبل أمس", ["2022-09-29"]),
        ("قال اليوم الخميس", ["2022-09-29"]),
    ],
)
def test_counts_and_told_days_are_not_taken_for_years_and_publication(
    text: str, expected: list[str | None]
) -> None:
    assert [value for _, value in values(text, "DATE", "2022-10-01")] == expected


@pytest.mark.parametrize("text", ["منذ عام ونصف", "قبل عامين ونصف العام", "ثلاث ساعات ونصف الساعة"])
def test_a_half_stays_with_what_it_is_added_to(text: str) -> None:
    assert [(entity.text, entity.value) for entity in read(f"كان {text}.").entities] == [
        (text, None)
    ]
