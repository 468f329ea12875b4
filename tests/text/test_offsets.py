"""UTF-16 code units and code points, both ways."""

from __future__ import annotations

from hypothesis import given

from curation.text.offsets import code_points_to_utf16, utf16_length, utf16_to_code_points
from tests.strategies import texts


@given(texts())
def test_both_tables_agree_with_the_encoding(text: str) -> None:
    there, back = code_points_to_utf16(text), utf16_to_code_points(text)
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2 == there[-1]
    assert len(there) == len(text) + 1
    assert len(back) == there[-1] + 1
    for at, unit in enumerate(there):
        assert unit == len(text[:at].encode("utf-16-le")) // 2
        assert back[unit] == at
    inside = set(range(len(back))) - set(there)
    assert all(back[unit] == -1 for unit in inside)


def test_an_empty_text_has_one_boundary() -> None:
    assert code_points_to_utf16("") == utf16_to_code_points("") == [0]
