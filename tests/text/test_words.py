"""Words and sentences cover the text: nothing but white space lies between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.text import lines, sentences, words
from curation.text.words import _WORD
from tests.strategies import texts


@given(texts())
def test_words_are_in_order_and_only_white_space_lies_between(text: str) -> None:
    end = 0
    for start, stop in words(text):
        assert end <= start < stop
        assert not text[end:start].strip()
        assert not any(char.isspace() for char in text[start:stop])
        end = stop
    assert not text[end:].strip()


@given(texts() | st.text("aé'’sl،.1٣\u064e\u200d\u0600\u06dd\u0d4e\r\x1c 👍🏽"))
def test_words_are_what_the_pattern_finds_in_the_whole_text(text: str) -> None:
    assert words(text) == [match.span() for match in _WORD.finditer(text)]


@given(texts())
def test_lines_end_where_python_ends_them(text: str) -> None:
    assert [text[a:b] for a, b in lines(text) if a < b] == [x for x in text.splitlines() if x]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_sentence_ends_where_its_line_does(end: str) -> None:
    text = f"قال{end}نعم"
    assert [text[a:b] for a, b in sentences(text)] == ["قال", "نعم"]


@given(texts())
def test_sentences_cover_all_that_is_not_white_space(text: str) -> None:
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نوفمبر/تشرين", ["نوفمبر", "/", "تشرين"]),
        ("أولى.جملة", ["أولى", ".", "جملة"]),
        ("القاهرة، والرباط؛", ["القاهرة", "،", "والرباط", "؛"]),
        ("بَيْرُوت", ["بَيْرُوت"]),
        ("الســـلام", ["الســـلام"]),
        ("می‌خواهم", ["می‌خواهم"]),
        ("«f5”.", ["«", "f5", "”", "."]),
        ("1,234.5 ٣٫٥٪", ["1,234.5", "٣٫٥", "٪"]),
        ("l’État d'Oran don't", ["l’", "État", "d'", "Oran", "don't"]),
        ("Russia's US’s dogs’", ["Russia", "'s", "US", "’s", "dogs", "’"]),
        ("O'Brien Sana'a Xi'an", ["O'Brien", "Sana'a", "Xi'an"]),
        ("jusqu’à aujourd’hui", ["jusqu’", "à", "aujourd’hui"]),
        ("'s' l'", ["'", "s", "'", "l", "'"]),
        ("👨‍👩‍👧‍👦🇲🇦👍🏽", ["👨‍👩‍👧‍👦", "🇲🇦", "👍🏽"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("a\r\nb", ["a", "b"]),
        ("\u06dd12 \u0600 \u0600ab", ["\u06dd", "12", "\u0600", "\u0600", "ab"]),
        ("<b>&amp;", ["<", "b", ">", "&", "amp", ";"]),
    ],
)
def test_words_as_a_reader_sees_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in words(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال. ثم ذهب؟ نعم!", ["قال.", "ثم ذهب؟", "نعم!"]),
        ("Pay 3.5 now. Then go", ["Pay 3.5 now.", "Then go"]),
        ("«قف!» ثم سار.", ["«قف!»", "ثم سار."]),
        ("title\r\nbody", ["title", "body"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_as_a_reader_sees_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected
