"""Figures have the digits of the text, or no value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.annotate.figures import EXACT, figure, shown
from tests.annotate import latin, reading

WHOLE = st.integers(0, EXACT - 1)


@given(WHOLE, st.sampled_from([",", ".", "٬", " ", "'"]), st.sampled_from(["", "5", "25", "1234"]))
def test_every_digit_of_a_figure_is_told(whole: int, mark: str, fraction: str) -> None:
    point = "," if mark == "." else "."
    text = f"{whole:,}".replace(",", mark) + (point + fraction if fraction else "")
    value = figure(text, groups=mark.replace("٬", ","))
    assert value == Decimal(f"{whole}.{fraction or 0}")
    expected = f"{whole}.{fraction}" if fraction else str(whole)
    assert shown(value) == expected


@given(st.text("0123456789.,", min_size=1).filter(lambda text: text[0].isdigit()))
def test_any_row_of_digits_and_marks_is_read_without_an_error(text: str) -> None:
    value = figure(text.rstrip(".,"))
    assert value is None or value >= 0


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "€1.500,50", "EUR 1500.5"),
        ("en", "€1.500.000", "EUR 1500000"),
        ("en", "€1,5 million", "EUR 1500000"),
        ("en", "€1.500", None),  # thousands in German
        ("en", "€0.500", "EUR 0.5"),
        ("en", "€0,500", "EUR 0.5"),
        ("en", "€1.234 billion", "EUR 1234000000"),
        ("en", "$4.35 trillion", "USD 4350000000000"),
        ("en", "$1234567890123456.78", "USD 1234567890123456.78"),
        ("en", "$12345678901234567", None),
        ("en", "$123456789012345678901234", None),
        ("en", "CHF 1'500.50", "CHF 1500.5"),
        ("en", "$500 Canadian", "CAD 500"),
        ("en", "$500 CAD", "CAD 500"),
        ("en", "$500 Canadian dollars", "CAD 500"),
        ("en", "$500 Mexican pesos", "MXN 500"),
        ("en", "£20 Egyptian pounds", "EGP 20"),
        ("en", "$500 dollars", "USD 500"),
        ("en", "$20 pesos", None),
        ("en", "$5 million Canadian", "CAD 5000000"),
        ("fr", "1.500,50 euros", "EUR 1500.5"),
        ("fr", "1,500.50 euros", "EUR 1500.5"),
        ("fr", "1,250,000 euros", "EUR 1250000"),
        ("fr", "0,500 euro", "EUR 0.5"),
        ("fr", "0.500 euro", "EUR 0.5"),
        ("fr", "500 $ CA", "CAD 500"),
        ("fr", "500 $ canadiens", "CAD 500"),
        ("fr", "500 $ US", "USD 500"),
        ("fr", "500 $", "USD 500"),
        ("ar", "0,500 دينار كويتي", "KWD 0.5"),
        ("ar", "٠٫٥٠٠ دينار كويتي", "KWD 0.5"),
        ("ar", "$500 دولار كندي", "CAD 500"),
        ("ar", "€1.500,50", "EUR 1500.5"),
        ("ar", "1.500.000 يورو", "EUR 1500000"),
        ("ar", "4.35 تريليون دولار", "USD 4350000000000"),
        ("ar", "1234567890123456.78 دولار", "USD 1234567890123456.78"),
    ],
)
def test_money_in_figures_of_any_country_is_read_or_has_no_value(
    language: str, text: str, value: str | None
) -> None:
    around = {"en": f"It paid {text} in cash.", "fr": f"Il paie {text} en espèces."}
    if language == "ar":
        assert reading.values(f"دفع {text} نقدا", "MONEY") == [(text, value)]
    else:
        assert latin.values(language, around[language], "MONEY") == [(text, value)]


def test_a_country_before_what_is_paid_leaves_the_dollar_open() -> None:
    assert latin.values("en", "It was a $500 Canadian grant.", "MONEY") == [("$500", None)]


def test_two_numbers_are_no_fraction() -> None:
    assert latin.values("en", "He read pages 1,5 and 2,7 there.", "CARDINAL") == []


def test_a_length_too_long_to_tell_has_no_value() -> None:
    text = "12345678901234567890 years"
    assert latin.values("en", f"It took {text}.", "DATE") == [(text, None)]


def test_the_rest_of_a_figure_with_blanks_is_no_zero() -> None:
    assert figure("000") is None and figure("00") is None
    assert figure("0") == 0
