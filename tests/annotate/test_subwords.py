"""Pieces of any tokeniser make words of the text itself."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers
from tokenizers.trainers import BpeTrainer

from curation.annotate.subwords import longest, read_words
from tests.strategies import texts


@pytest.fixture(scope="module")
def byte_level() -> Tokenizer:
    """Bytes of UTF-8 with some merges: it cuts emoji and Arabic letters into parts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = BpeTrainer(
        vocab_size=300, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(["المغرب وقّع اتفاقا", "Rabat signed it"] * 3, trainer)
    return tokenizer


@given(text=texts())
def test_pieces_of_bytes_make_words_and_every_piece_has_one(
    byte_level: Tokenizer, text: str
) -> None:
    encoding = byte_level.encode(text)
    words = read_words(text, encoding.offsets)
    owned = [piece for word in words for piece in word.pieces]
    if text.strip():
        assert owned == list(range(len(encoding.ids)))
    assert all(a.end <= b.start for a, b in pairwise(words))
    covered = "".join(text[w.start : w.end] for w in words)
    assert "".join(covered.split()) == "".join(text.split())


@given(texts(), st.data())
def test_any_pieces_in_order_make_words_in_order(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    offsets = list(pairwise([0, *cuts, len(text)]))
    words = read_words(text, offsets)
    assert all(a.end <= b.start for a, b in pairwise(words))
    for word in words:
        for piece in word.pieces:
            start, end = offsets[piece]
            assert not text[start:end].strip() or word.start <= end <= max(word.end, end)
    said = {piece for word in words for piece in word.pieces}
    assert {i for i, (a, b) in enumerate(offsets) if text[a:b].strip()} <= said


def test_words_that_share_a_piece_are_one() -> None:
    (word,) = read_words("U.S.", [(0, 4)])
    assert (word.start, word.end) == (0, 4)


def test_where_no_spaces_are_written_each_character_is_a_word() -> None:
    text = "我爱北京 and iPhone手机"
    offsets = [(0, 1), (1, 2), (2, 4), (5, 8), (9, 12), (12, 15), (15, 16), (16, 17)]
    words = read_words(text, offsets)
    said = [text[w.start : w.end] for w in words]
    assert said == ["我", "爱", "北京", "and", "iPhone", "手", "机"]


def test_what_has_no_piece_is_in_no_word() -> None:
    words = read_words("a \u0001 b", [(0, 1), (4, 5)])
    assert [(w.start, w.end) for w in words] == [(0, 1), (4, 5)]


@pytest.mark.parametrize(
    ("stated", "positions", "padding", "expected"),
    [
        (512, 512, 0, 512),
        (10**30, 514, 1, 512),  # RoBERTa
        (128, 512, None, 128),
        (10**30, 0, 0, None),
        (10**30, -1, 5, None),
    ],
)
def test_the_most_pieces_at_once(
    stated: int, positions: int, padding: int | None, expected: int | None
) -> None:
    config = SimpleNamespace(max_position_embeddings=positions, pad_token_id=padding)
    assert longest(SimpleNamespace(model_max_length=stated), config) == expected
