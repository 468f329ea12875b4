"""Every word stands in one sentence, nothing of a text is left out, tokens are found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.convert.layout import laid, layout, placed
from curation.errors import DataError
from curation.text import sentences, words
from tests.strategies import texts


@given(texts())
def test_the_tokens_are_the_words_each_in_its_sentence(text: str) -> None:
    found = layout(text)
    assert found.tokens == words(text)
    edges = list(sentences(text)) or [(0, 0)]
    assert len(found.sentences) == len(edges)
    for (start, end), tokens in zip(edges, found.sentences, strict=True):
        assert all(start <= a and b <= end for a, b in tokens)
        assert not edges[0][1] or tokens
    for at, span in enumerate(found.tokens):
        assert span in found.sentences[found.sentence_of[at]]
        assert found.locate(*span) == (at, at + 1)
        assert found.span(at, at + 1) == span


@given(texts())
def test_the_pieces_are_the_text_and_bring_the_tokens_back(text: str) -> None:
    found = layout(text)
    assert "".join(found.pieces()) == text
    written = [found.written(at) for at in range(len(found.sentences))]
    back = laid(written, found.pieces())
    assert (back.text, back.sentences) == (text, found.sentences)
    assert placed([token for one in written for token in one], text) == found.tokens


@given(st.lists(st.lists(st.text(" ab\u00a0", max_size=3), max_size=4), min_size=1, max_size=3))
def test_tokens_without_a_text_get_one_where_each_stands(tokens: list[list[str]]) -> None:
    found = laid(tokens, None)
    assert [found.written(at) for at in range(len(tokens))] == tokens
    assert found.text == "\n".join(" ".join(one) for one in tokens)


@pytest.mark.parametrize(
    ("tokens", "text"), [(["ab"], "a b"), (["a", "b"], "axb"), (["a"], ""), (["a", "a"], "a ")]
)
def test_tokens_that_are_not_there_are_said(tokens: list[str], text: str) -> None:
    with pytest.raises(DataError, match="does not stand"):
        placed(tokens, text)


def test_tokens_that_do_not_exist_have_no_span() -> None:
    found = layout("a b")
    for first, last in ((0, 3), (1, 1), (-1, 1)):
        with pytest.raises(DataError, match="no tokens"):
            found.span(first, last)
    assert found.locate(0, 2) is None
    with pytest.raises(DataError, match="1 pieces of text for 2 sentences"):
        laid([["a"], ["b"]], ["a"])
