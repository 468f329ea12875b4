"""Money, percentages, measures, times, ranks, plain numbers."""

import pytest

from tests.annotate.reading import read


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("5 ملايين دولار", "MONEY", "USD 5000000"),
        ("3.5 مليار دولار أمريكي", "MONEY", "USD 3500000000"),
        ("مئة ألف جنيه إسترليني", "MONEY", "GBP 100000"),
        ("بخمسين مليون درهم إماراتي", "MONEY", "AED 50000000"),
        ("1,250,000 يورو", "MONEY", "EUR 1250000"),
        ("$20", "MONEY", "USD 20"),
        ("20³ بالمئة", "PERCENT", None),
        ("ألفي دينار", "MONEY", None),  # whose dinar is not said
        ("بمليارات الدولارات", "MONEY", None),
        ("بمئات الملايين من الدولارات", "MONEY", None),
        ("خمسة آلاف ومئتي دولار", "MONEY", "USD 5200"),
        ("ألف وخمسمئة دولار", "MONEY", "USD 1500"),
        ("مليون ونصف المليون دولار", "MONEY", "USD 1500000"),
        ("3 ملايين و500 ألف دولار", "MONEY", "USD 3500000"),
        # a half without more is one of the last unit
        ("مليون ونصف دولار", "MONEY", "USD 1500000"),
        ("خمسة ملايين ونصف", "CARDINAL", "5500000"),
        ("مليار وربع", "CARDINAL", "1250000000"),
        ("و3 ملايين دولار", "MONEY", "USD 3000000"),
        ("مليار ونصف المليار دولار", "MONEY", "USD 1500000000"),
        ("150 مليون درهم مغربي", "MONEY", "MAD 150000000"),
        ("50 ريالا قطريا", "MONEY", "QAR 50"),
        ("20 ألف ريال", "MONEY", None),
        ("100 ليرة لبنانية", "MONEY", "LBP 100"),
        ("5 دنانير كويتية", "MONEY", "KWD 5"),
        ("خمسة عشر مليون دولار أميركي", "MONEY", "USD 15000000"),
        ("اثني عشر ألف دولار", "MONEY", "USD 12000"),
        ("دولارين", "MONEY", "USD 2"),
        ("10 سنتات", "MONEY", None),  # no dollars
        ("USD 250", "MONEY", "USD 250"),
        ("مليونا دولار", "MONEY", "USD 2000000"),
        ("20 في المئة", "PERCENT", "20 %"),
        ("%5", "PERCENT", "5 %"),
        ("30%", "PERCENT", "30 %"),
        ("300 كيلومتر", "QUANTITY", "300 km"),
        ("ثلاثة وعشرين طنا", "QUANTITY", "23 t"),
        ("الساعة 11:15 مساء", "TIME", "T23:15"),
        ("الساعة الثامنة مساء", "TIME", "T20:00"),
        ("20 كيلومترا مربعا", "QUANTITY", "20 km2"),
        ("120 كيلومترا في الساعة", "QUANTITY", "120 km/h"),
        ("مليون برميل يوميا", "QUANTITY", "1000000 [bbl_us]/d"),
        ("30 درجة مئوية", "QUANTITY", "30 Cel"),
        ("كيلومترين", "QUANTITY", "2 km"),
        ("48 ساعة", "TIME", "PT48H"),
        ("ساعتين", "TIME", "PT2H"),
        ("الساعة الثالثة والنصف", "TIME", "[T03:30,T15:30]"),  # before noon or after
        ("الساعة 15:30", "TIME", "T15:30"),
        ("الساعة 03:30", "TIME", "T03:30"),
        ("التاسعة مساء", "TIME", "T21:00"),
        ("الساعة الثالثة إلا ربعا عصرا", "TIME", "T14:45"),
        ("الساعة السادسة وعشر دقائق صباحا", "TIME", "T06:10"),
        ("الساعة الثانية عشرة ظهرا", "TIME", "T12:00"),
        ("الساعة 12 مساء", "TIME", None),  # noon or midnight
        ("الساعة الواحدة بعد منتصف الليل", "TIME", "T01:00"),
        ("الساعة 11,30 ت غ", "TIME", "T11:30Z"),
        ("15:30 بتوقيت غرينتش", "TIME", "T15:30Z"),
        ("10:00 صباحا", "TIME", "T10:00"),
        ("الساعة السادسة صباحا بتوقيت مكة المكرمة", "TIME", "T06:00+03:00"),
        ("الساعة 25:30", "TIME", None),
        ("منتصف الليل", "TIME", "T00:00"),
        ("خمسة آلاف", "CARDINAL", "5000"),
        ("1 , 787", "CARDINAL", "1787"),  # as tokenised texts have it
        ("أحد عشر", "CARDINAL", "11"),
        ("مليونا", "CARDINAL", "2000000"),  # of something: a noun follows
        ("ثلاث مئة ألف", "CARDINAL", "300000"),
        ("و30", "CARDINAL", "30"),
        ("و12.5%", "PERCENT", "12.5 %"),
        ("و3.5 مليون دولار", "MONEY", "USD 3500000"),
        ("و1,250,000", "CARDINAL", "1250000"),
        ("12.345", "CARDINAL", None),  # thousands or a fraction: not decided
        ("الثاني عشر", "ORDINAL", "12"),
        ("أول", "ORDINAL", "1"),
        ("الحادي والعشرين", "ORDINAL", "21"),
    ],
)
def test_a_number_is_one_entity(text: str, label: str, value: str | None) -> None:
    (entity,) = read(f"كان {text} هناك").entities
    assert (entity.label, entity.text, entity.value) == (label, text, value)


@pytest.mark.parametrize("text", ["البيان رقم ( 14 )", "البيان رقم 14"])
def test_a_figure_that_numbers_a_row_is_a_rank(text: str) -> None:
    (entity,) = (entity for entity in read(text).entities if entity.text == "14")
    assert (entity.label, entity.value) == ("ORDINAL", "14")


@pytest.mark.parametrize("text", ["لأول مرة", "النتيجة 3:1", "كوفيد-19", "كمية الماء"])
def test_other_figures_are_left_alone(text: str) -> None:
    assert read(text).entities == ()


@pytest.mark.parametrize(
    "text", ["12345678901234567891", "9" * 400 + " دولار", "$" + "9" * 400, "5 " + "مليار " * 40]
)
def test_a_number_too_large_to_tell_exactly_has_no_value(text: str) -> None:
    (entity,) = read(f"كان {text} هناك").entities
    assert entity.value is None


def test_a_larger_number_is_not_added_to_a_smaller_one() -> None:
    found = read("بين 5 آلاف و10 ملايين دولار").entities
    assert [entity.value for entity in found] == ["5000", "USD 10000000"]


def test_a_million_that_nothing_follows_is_one() -> None:
    assert [entity.value for entity in read("بلغ عددهم مليونا.").entities] == ["1000000"]


def test_the_part_of_the_day_that_leads_a_date_stays_with_it() -> None:
    found = read("بدأ الساعة التاسعة من مساء الخميس").entities
    assert [(entity.label, entity.text, entity.value) for entity in found] == [
        ("TIME", "الساعة التاسعة", "T21:00"),
        ("DATE", "مساء الخميس", "XXXX-WXX-4"),
    ]


def test_a_rank_before_a_part_of_the_day_is_no_hour() -> None:
    labels = [entity.label for entity in read("فاز في المباراة الثانية مساء").entities]
    assert "TIME" not in labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بين خمسة وستة ملايين دولار", ["5", "USD 6000000"]),
        ("بين عشرة وعشرين ألفا", ["10", "20000"]),
        ("مئة وخمسين ومئتين", ["150", "200"]),
        ("ثلاثة أربعة أيام", [None]),
        ("بين ثلاثة وأربعة أيام", [None]),
        ("مئة وخمسة وعشرين", ["125"]),
        ("مئة واثني عشر", ["112"]),
        ("ثلاث مئة وأربعة عشر ألفا وتسعمئة وواحد وثلاثين", ["314931"]),
        ("خمسة ونصف", ["5.5"]),
    ],
)
def test_only_what_grammar_adds_up_is_added(text: str, expected: list[str | None]) -> None:
    assert [entity.value for entity in read(text).entities] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C$500", [("C$500", "CAD 500")]),
        ("HK$500", [("HK$500", "HKD 500")]),
        ("500 US$", [("500 US$", "USD 500")]),
        ("Z$500", [("$500", None)]),
        ("$500 كندي", [("$500 كندي", "CAD 500")]),
        ("$500 Canadian", [("$500", None)]),
        ("500 $ CA", [("500 $", None)]),
        ("الأول 25\n$30\n$40", [("$30", "USD 30"), ("$40", "USD 40")]),
        ("النسبة 25\n%30", [("%30", "30 %")]),
    ],
)
def test_money_is_of_the_country_and_the_line_that_say_so(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    found = [entity for entity in read(text).entities if entity.label in ("MONEY", "PERCENT")]
    assert [(entity.text, entity.value) for entity in found] == expected
