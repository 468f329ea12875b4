"""Tags of other makers' models, in whatever scheme, as spans of words."""

import numpy as np
import pytest

from curation.annotate.tagging import decode
from curation.annotate.tags import read_tags
from curation.errors import AnnotatorError

BIO = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
BIOES = ["O", "B-PER", "I-PER", "E-PER", "S-PER", "S-LOC"]
BILOU = ["B_PER", "I_PER", "L_PER", "O", "U_LOC", "U_PER"]
IO = ["O", "PER", "LOC"]
IOB1 = ["O", "I-PER", "B-PER", "I-LOC"]


def spans(names: list[str], tags: str, sure: float = 0.9, **renamed: str) -> list[tuple]:
    read = read_tags(names, renamed)
    rest = (1 - sure) / (len(names) - 1)
    chances = np.full((len(tags.split()), len(names)), rest)
    for row, tag in enumerate(tags.split()):
        chances[row, names.index(tag)] = sure
    return [(s.first, s.last, read.labels[s.label]) for s in decode(read.logits(chances))]


@pytest.mark.parametrize(
    ("names", "tags"),
    [
        (BIO, "B-PER I-PER O B-LOC B-PER"),
        (BIO, "I-PER I-PER O I-LOC I-PER"),  # what begins with I begins all the same
        (BIOES, "B-PER E-PER O S-LOC S-PER"),
        (BILOU, "B_PER L_PER O U_LOC U_PER"),
        (IO, "PER PER O LOC PER"),
        (IOB1, "I-PER I-PER O I-LOC I-PER"),
    ],
)
def test_every_scheme_says_the_same(names: list[str], tags: str) -> None:
    expected = [(0, 2, "PER"), (3, 4, "LOC"), (4, 5, "PER")]
    assert spans(names, tags) == expected


@pytest.mark.parametrize(
    ("names", "tags"),
    [(BIO, "B-PER B-PER I-PER"), (BIOES, "S-PER B-PER E-PER"), (IOB1, "I-PER B-PER I-PER")],
)
def test_neighbours_of_one_label_stay_apart_where_the_scheme_can_say_so(
    names: list[str], tags: str
) -> None:
    assert spans(names, tags) == [(0, 1, "PER"), (1, 3, "PER")]


def test_bare_labels_run_together() -> None:
    assert spans(IO, "PER PER PER") == [(0, 3, "PER")]


def test_a_score_is_the_probability_of_all_tags_of_the_span() -> None:
    tags = read_tags(BIO, {})
    chances = np.array([[0.2, 0.8, 0, 0, 0], [0.1, 0, 0.9, 0, 0], [1, 0, 0, 0, 0]])
    (span,) = decode(tags.logits(chances))
    assert span.score == pytest.approx(0.8 * 0.8, abs=0.09)  # of I no more than of what is before
    assert spans(BIO, "O O") == []


def test_labels_are_renamed_joined_and_left_out() -> None:
    names = ["O", "B-GPE", "I-GPE", "B-LOC", "I-LOC", "B-PER"]
    assert spans(names, "B-GPE I-LOC B-PER", GPE="PLACE", LOC="PLACE", PER="") == [(0, 2, "PLACE")]
    assert spans(["O", "B-PER"], "B-PER O", PER="") == []


def test_tags_without_a_name_are_named() -> None:
    names = ["LABEL_0", "LABEL_1", "LABEL_2"]
    given = {"LABEL_0": "O", "LABEL_1": "B-PERSON", "LABEL_2": "I-PERSON"}
    assert spans(names, "LABEL_1 LABEL_2 LABEL_0", **given) == [(0, 2, "PERSON")]
    with pytest.raises(AnnotatorError, match="none of the model's tags is O"):
        read_tags(names, {})


def test_a_label_that_looks_like_a_tag_is_none_where_no_tags_are() -> None:
    assert spans(["O", "E-MAIL"], "E-MAIL O") == [(0, 1, "E-MAIL")]


def test_a_name_that_the_model_does_not_have_is_an_error() -> None:
    with pytest.raises(AnnotatorError, match="names PERS, which") as caught:
        read_tags(BIO, {"PERS": "PERSON"})
    assert "B-PER" in caught.value.hint
