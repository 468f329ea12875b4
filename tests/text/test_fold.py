"""Folding finds the way back to the exact text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.text import fold, fold_key
from tests.strategies import texts


@given(texts())
def test_every_folded_character_says_where_it_comes_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)


@given(texts())
def test_the_key_is_the_folded_text(text: str) -> None:
    assert fold_key(text) == fold(text).text


@given(texts())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_key(text)
    assert fold_key(once) == once


@given(
    texts(),
    st.sampled_from(["بَيْرُوت", "الســـلام", "İzmir", "إسرائيل", "٢٠٢٢", "e\u0301te\u0301"]),
    texts(),
)
def test_a_name_is_found_where_it_stands(before: str, name: str, after: str) -> None:
    # A base letter before it keeps the marks of `before` from reaching over.
    text = f"{before} {name} {after}"
    at = len(before) + 1
    folded = fold(text)
    first = next(i for i, start in enumerate(folded.starts) if start >= at)
    start, end = folded.span(first, first + len(fold_key(name)))
    assert (start, end) == (at, at + len(name))


def test_what_it_makes_equal() -> None:
    assert fold_key("إسرائيل") == fold_key("اسرائيل") == fold_key("إســرائيل")
    assert fold_key("مدرسة") == fold_key("مدرسه")
    assert fold_key("على") == fold_key("علي")
    assert fold_key("Straße") == fold_key("STRASSE")
    assert fold_key("٢٠٢٢") == fold_key("۲۰۲۲") == "2022"
    assert fold_key("\u200fالمغرب\u200e") == fold_key("المغرب")
    assert fold_key("ﻻ") == fold_key("لا")
    for name in ("Città", "آسفي", "مؤتمر"):
        assert fold_key(unicodedata.normalize("NFD", name)) == fold_key(name)


def test_what_it_keeps_apart() -> None:
    assert fold_key("قلب") != fold_key("كلب")
    assert fold_key("f-16") != fold_key("f16")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("في بَيْرُوت.", "بيروت", "بَيْرُوت"),
        ("İzmir and Ankara", "ankara", "Ankara"),
        ("ﷺ الرباط", "الرباط", "الرباط"),
        ("\u200fالمغرب\u200f", "المغرب", "المغرب"),
        ("e\u0301te\u0301!", "ete", "e\u0301te\u0301"),
    ],
)
def test_a_span_is_reported_in_the_exact_text(text: str, name: str, expected: str) -> None:
    folded = fold(text)
    at = folded.text.index(fold_key(name))
    start, end = folded.span(at, at + len(fold_key(name)))
    assert text[start:end] == expected
