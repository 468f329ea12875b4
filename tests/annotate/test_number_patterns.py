"""Amounts by patterns: English and French figures, number words, money, measures, times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.annotate.knowledge import rules
from curation.annotate.number_words import NumberWords
from curation.store import shipped
from tests.annotate.latin import read, spans, values


@pytest.mark.parametrize(
    ("language", "text", "label", "value"),
    [
        ("en", "$3.5 million", "MONEY", "USD 3500000"),
        ("en", "$1.5-million", "MONEY", "USD 1500000"),
        ("en", "$5-10 million", "MONEY", None),
        ("en", "$500¹", "MONEY", None),
        ("en", "€20m", "MONEY", "EUR 20000000"),
        ("en", "US$5bn", "MONEY", "USD 5000000000"),
        ("en", "2.5 billion euros", "MONEY", "EUR 2500000000"),
        ("en", "300 Saudi riyals", "MONEY", "SAR 300"),
        ("en", "EUR 1,250", "MONEY", "EUR 1250"),
        ("en", "hundreds of millions of dollars", "MONEY", None),
        ("en", "20%", "PERCENT", "20 %"),
        ("en", "3.5 per cent", "PERCENT", "3.5 %"),
        ("en", "10-15%", "PERCENT", None),
        ("en", "300 square kilometres", "QUANTITY", None),
        ("en", "5km", "QUANTITY", None),
        ("en", "two hours", "TIME", None),
        ("en", "9:30 pm", "TIME", None),
        ("en", "ninth", "ORDINAL", None),
        ("en", "21st", "ORDINAL", None),
        ("en", "one hundred and twenty", "CARDINAL", "120"),
        ("en", "twenty-five", "CARDINAL", "25"),
        ("en", "two hundred thousand", "CARDINAL", "200000"),
        ("en", "1,250,000", "CARDINAL", "1250000"),
        ("en", "two and a half million", "CARDINAL", None),
        ("en", "1.5m euros", "MONEY", "EUR 1500000"),
        ("en", "a quarter of a million dollars", "MONEY", "USD 250000"),
        ("en", "half past nine", "TIME", None),
        ("en", "nine o’clock", "TIME", None),
        ("en", "twenty-first", "ORDINAL", None),
        ("fr", "vingt et unième", "ORDINAL", None),
        ("fr", "500 millions de $", "MONEY", "USD 500000000"),
        ("fr", "3,5 millions d'euros", "MONEY", "EUR 3500000"),
        ("fr", "20 M€", "MONEY", "EUR 20000000"),
        ("fr", "10 000 dollars", "MONEY", "USD 10000"),
        ("fr", "10\u202f000 dollars", "MONEY", "USD 10000"),
        ("fr", "des millions d’euros".removeprefix("des "), "MONEY", None),
        ("fr", "20 %", "PERCENT", "20 %"),
        ("fr", "vingt pour cent", "PERCENT", "20 %"),
        ("fr", "300 kilomètres carrés", "QUANTITY", None),
        ("fr", "19h30", "TIME", None),
        ("fr", "deux heures", "TIME", None),
        ("fr", "3e", "ORDINAL", None),
        ("fr", "quatre-vingt-dix-sept", "CARDINAL", "97"),
        ("fr", "vingt et un", "CARDINAL", "21"),
        ("fr", "deux cent mille", "CARDINAL", "200000"),
        ("fr", "mille milliards", "CARDINAL", "1000000000000"),
        ("fr", "deux millions et demi", "CARDINAL", None),
    ],
)
def test_an_amount_has_its_label_and_its_value(
    language: str, text: str, label: str, value: str | None
) -> None:
    around = {"en": f"They saw {text} there.", "fr": f"On a vu {text} alors."}[language]
    assert values(language, around, label) == [(text, value)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "One of them won 2-1 against COVID-19 at room A/5."),
        ("en", "the first-quarter figures"),
        ("fr", "Une femme et un homme."),
    ],
)
def test_articles_scores_and_codes_are_no_numbers(language: str, text: str) -> None:
    assert spans(language, text, "CARDINAL", "ORDINAL") == []


@pytest.mark.parametrize(
    "text",
    ["three four days", "nineteen eighty-four", "twenty twenty-one", "two million ten million"],
)
def test_number_words_that_do_not_add_up_have_no_value(text: str) -> None:
    assert [entity.value for entity in read("en", f"They saw {text} there.").entities] == [None]


@pytest.mark.parametrize("word", ["five", "hundreds"])
def test_a_long_row_of_number_words_is_read(word: str) -> None:
    assert read("en", f"{word} " * 8000).entities


FRENCH = NumberWords(rules(shipped("seeds", "knowledge", "fr") / "numbers.toml"))
UNIT_WORDS = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
UNITS = UNIT_WORDS.split()
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def in_french(number: int) -> str:
    """A number under a million as French writes it, by the grammar of a school book."""
    if number < 16:
        return UNITS[number - 1]
    if number == 16:
        return "seize"
    if number < 20:
        return f"dix-{UNITS[number - 11]}"
    if number < 60 or 60 <= number < 80:
        ten = min(number // 10 * 10, 60)
        rest = number - ten
        if rest == 0:
            return TENS[ten]
        return (
            f"{TENS[ten]} et {in_french(rest)}"
            if rest in (1, 11)
            else f"{TENS[ten]}-{in_french(rest)}"
        )
    if number < 100:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{in_french(number - 80)}"
    if number < 1000:
        head = "cent" if number < 200 else f"{UNITS[number // 100 - 1]} cent"
        return f"{head} {in_french(number % 100)}" if number % 100 else head
    head = "mille" if number < 2000 else f"{in_french(number // 1000)} mille"
    return f"{head} {in_french(number % 1000)}" if number % 1000 else head


@given(st.integers(2, 999_999))
def test_a_number_in_words_is_read_back(number: int) -> None:
    assert FRENCH.amount(in_french(number)) == number
    (entity,) = (e for e in read("fr", f"On a vu {in_french(number)} chats.").entities)
    assert (entity.text, entity.value) == (in_french(number), str(number))
