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
        ("ألفي دينار", "MONEY", None),  # whose dinar is not said
        ("بمليارات الدولارات", "MONEY", None),
        ("بمئات الملايين من الدولارات", "MONEY", None),
        ("خمسة آلاف ومئتي دولار", "MONEY", "USD 5200"),
        ("ألف وخمسمئة دولار", "MONEY", "USD 1500"),
        ("مليون ونصف المليون دولار", "MONEY", "USD 1500000"),
        ("3 ملايين و500 ألف دولار", "MONEY", "USD 3500000"),
        ("و3 ملايين دولار", "MONEY", "USD 3000000"),
        ("20 في المئة", "PERCENT", "20 %"),
        ("30%", "PERCENT", "30 %"),
        ("300 كيلومتر", "QUANTITY", None),
        ("ثلاثة وعشرين طنا", "QUANTITY", None),
        ("الساعة 11:15 مساء", "TIME", None),
        ("الساعة الثامنة مساء", "TIME", None),
        ("خمسة آلاف", "CARDINAL", "5000"),
        ("ثلاث مئة ألف", "CARDINAL", "300000"),
        ("و30", "CARDINAL", "30"),
        ("12.345", "CARDINAL", None),  # thousands or a fraction: not decided
        ("الثاني عشر", "ORDINAL", None),
        ("أول", "ORDINAL", None),
    ],
)
def test_a_number_is_one_entity(text: str, label: str, value: str | None) -> None:
    (entity,) = read(f"كان {text} هناك").entities
    assert (entity.label, entity.text, entity.value) == (label, text, value)


@pytest.mark.parametrize("text", ["لأول مرة", "النتيجة 3:1", "كوفيد-19"])
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
