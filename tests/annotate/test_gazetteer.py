"""Countries, nationalities and places: clitics, spelling, context."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.annotate.reading import spans, values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("المغرب", "MA"),
        ("والمغرب", "MA"),
        ("بالمغرب", "MA"),
        ("كالمغرب", "MA"),
        ("للمغرب", "MA"),
        ("وللمغرب", "MA"),
        ("فللمغرب", "MA"),
        ("ولبنان", "LB"),
        ("بلبنان", "LB"),
        ("إسرائيل", "IL"),
        ("اسرائيل", "IL"),
        ("لإسرائيل", "IL"),
        ("دولة الاحتلال", "IL"),
        ("ودولة الاحتلال", "IL"),
        ("للولايات المتحدة الأمريكية", "US"),
        ("أميركا", "US"),
        ("المملكة العربية السعودية", "SA"),
        ("بكوريا الجنوبية", "KR"),
    ],
)
def test_a_country_is_found_whole_with_what_leans_on_it(text: str, value: str) -> None:
    assert values(f"قال إن {text} فعلت", "GPE") == [(text, f"iso3166:{value}")]


@pytest.mark.parametrize(
    "form",
    [
        "المغربي",
        "المغربية",
        "مغربي",
        "مغربية",
        "مغربيون",
        "المغربيين",
        "والمغربيين",
        "المغربيات",
        "مغربيتين",
        "مغربيان",
        "كالمغاربة",
        "للمغاربة",
    ],
)
def test_every_form_of_a_nationality_is_norp(form: str) -> None:
    assert values(f"هؤلاء {form} هنا", "NORP") == [(form, "iso3166:MA")]


@pytest.mark.parametrize("text", ["المَغْرِبُ", "والمغـــرب", "المغرب\u200f", "ﺍﻟﻤﻐﺮﺏ", "المغرب\u064b"])
def test_marks_tatweel_and_presentation_forms_do_not_hide_a_name(text: str) -> None:
    (found,) = spans(f"« {text} »", "GPE")
    assert found.removeprefix("GPE ") in text
    assert len(text) - len(found.removeprefix("GPE ")) <= 1  # the bidi mark at the edge


@pytest.mark.parametrize(
    "text",
    [
        "المغربون",  # no form of the word
        "كبيرا",  # not ك + بيرا
        "التقرير المالي",  # not from Mali
        "مغربل",
        "بمصرف",
        "السنة الماضية",
        "ثمان",
    ],
)
def test_other_words_are_no_places(text: str) -> None:
    assert spans(text, "GPE", "NORP", "LOC") == []


def test_mali_needs_a_word_that_announces_a_place() -> None:
    assert values("عاد إلى مالي", "GPE") == [("مالي", "iso3166:ML")]
    assert values("دعم مالي كبير", "GPE") == []


def test_saudi_is_a_country_or_an_adjective_by_what_stands_before() -> None:
    assert spans("وقالت السعودية إن الصحافة السعودية حرة", "GPE", "NORP") == [
        "GPE السعودية",
        "NORP السعودية",
    ]


def test_the_kingdom_is_the_one_the_document_names_most() -> None:
    text = "زار المغرب وفد مغربي ثم الأردن. وعاد إلى المملكة"
    assert values(text, "GPE")[-1] == ("المملكة", "iso3166:MA")
    assert spans("عاد إلى المملكة", "GPE") == []
    assert spans("فرنسا دولة، والمملكة أخرى", "GPE") == ["GPE فرنسا"]


def test_the_longest_name_wins_and_holds_no_nationality() -> None:
    assert spans("في الولايات المتحدة الأمريكية") == ["GPE الولايات المتحدة الأمريكية"]


@given(
    st.text(st.sampled_from("والمغربلكف \u0640\u064e\u200f،.\n"), max_size=40).map(
        lambda text: f"{text} المغرب {text}"
    )
)
@settings(deadline=None)  # the first one reads the knowledge
def test_no_span_begins_or_ends_inside_a_word(text: str) -> None:
    for found in values(text, "GPE"):
        start = text.index(found[0])
        end = start + len(found[0])
        assert not (start and text[start - 1].isalnum())
        assert not (end < len(text) and text[end].isalnum())
