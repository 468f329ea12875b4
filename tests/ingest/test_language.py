"""A language is said where it is clear, and never against the script."""

from __future__ import annotations

import pytest
from hypothesis import given

from curation.ingest import language
from curation.ingest.language import identify
from tests.strategies import texts

CLEAR = {
    "ar": "وأعادت المغرب علاقاتها الدبلوماسية مع دولة الاحتلال ضمن اتفاقية أبراهام",
    "fa": "وزیر امور خارجه ایران روز دوشنبه با همتای روسی خود در تهران دیدار و گفت‌وگو کرد",
    "ur": "وزیراعظم نے کہا ہے کہ حکومت عوام کے مسائل حل کرنے کے لیے پرعزم ہے",
    "en": "The foreign minister met his counterpart on Monday.",
    "fr": "Le ministre des affaires étrangères a rencontré son homologue lundi.",
    "he": "שר החוץ נפגש ביום שני עם עמיתו",
    "ru": "Министр иностранных дел встретился в понедельник со своим коллегой",
    "zh": "外交部长星期一会见了他的同行，双方讨论了贸易问题",
    "ja": "外務大臣は月曜日に会談した",
    "ko": "외교부 장관은 월요일에 회담했다",
    "tr": "Dışişleri Bakanı pazartesi günü mevkidaşı ile görüştü",
}


@pytest.mark.parametrize("code", CLEAR)
def test_a_clear_sentence(code: str) -> None:
    assert identify(CLEAR[code]) == code


@pytest.mark.parametrize(
    "text", ["", "OK", "Hello", "12345 67890", "😀😀", "\u200f\u200e", "ⲁⲃⲅⲇ", "ᚠᚢᚦᚨᚱᚲ"]
)
def test_what_is_not_clear_is_left_open(text: str) -> None:
    assert identify(text) is None


def test_diacritics_and_bidi_marks_do_not_matter() -> None:
    text = "\u200fوَأَعَادَتِ المَغْرِبُ عَلاقاتِها الدِّبلوماسِيَّةَ مَعَ دَوْلَةِ الاحتِلال\u200f"
    assert identify(text) == "ar"


def test_half_of_each_is_left_open() -> None:
    assert identify("سلام عليكم abcd efgh ijklm") is None


@given(texts())
def test_the_script_has_a_veto(text: str) -> None:
    class Wrong:
        def rank(self, text: str) -> list[tuple[str, float]]:
            return [("en", 1.0)]

    known = language._identifier
    language._identifier = Wrong  # type: ignore[assignment]
    try:
        said = identify(text)
    finally:
        language._identifier = known
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in language._script_of(char) for char in letters)
    assert said == ("en" if 2 * latin > len(letters) > 0 else None)
