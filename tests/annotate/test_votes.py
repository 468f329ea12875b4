"""Votes: who is trusted for what, and which of two rivals stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.annotate.combine import combine
from curation.annotate.pipeline import decode
from curation.annotate.protocol import reading
from curation.annotate.votes import Votes
from curation.errors import AnnotatorError
from curation.model import Annotation, make_entity
from curation.store import load_schema

SCHEMA = load_schema()
TEXT = "وزير الدفاع الإسرائيلي بيني جانتس في الرباط"


def said(name: str, *spans: tuple[int, int, str, float]) -> tuple[str, Annotation]:
    entities = [make_entity(TEXT, start, end, label, score=p) for start, end, label, p in spans]
    return name, reading(name, entities)


def elected(votes: Votes, *sources: tuple[str, Annotation]) -> list[tuple[int, int, str, float]]:
    found = combine(sources, SCHEMA, votes=votes).entities
    return [(e.start, e.end, e.label, e.score or 0.0) for e in found]


def test_what_stays_below_the_bar_is_left_out() -> None:
    assert elected(Votes(0.5), said("a", (0, 4, "TITLE", 0.4), (23, 33, "PERSON", 0.6))) == [
        (23, 33, "PERSON", 0.6)
    ]


def test_two_who_agree_are_surer_than_one() -> None:
    sources = said("a", (23, 33, "PERSON", 0.4)), said("b", (23, 33, "PERSON", 0.4))
    assert elected(Votes(0.5), *sources) == [(23, 33, "PERSON", 0.64)]


def test_an_annotator_speaks_with_the_trust_it_has_for_a_label() -> None:
    votes = Votes(0.5, {"a": {"PERSON": 0.5}})
    assert elected(votes, said("a", (23, 33, "PERSON", 0.9), (37, 43, "GPE", 0.9))) == [
        (37, 43, "GPE", 0.9)
    ]


def test_of_rivals_the_likeliest_stays_however_short() -> None:
    sources = said("a", (0, 33, "PERSON", 0.6)), said("b", (23, 33, "PERSON", 0.7))
    assert elected(Votes(0.5), *sources) == [(23, 33, "PERSON", 0.7)]
    sources = said("a", (23, 33, "ORG", 0.6)), said("b", (23, 33, "PERSON", 0.7))
    assert elected(Votes(0.5), *sources) == [(23, 33, "PERSON", 0.7)]
    sources = said("a", (0, 11, "TITLE", 0.6)), said("b", (5, 22, "ORG", 0.7))
    assert elected(Votes(0.5), *sources) == [(5, 22, "ORG", 0.7)]


def test_what_nests_is_no_rival() -> None:
    spans = (0, 22, "TITLE", 0.6), (12, 22, "NORP", 0.9)
    assert elected(Votes(0.5), said("a", *spans)) == list(spans)


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(1, 20), st.sampled_from(["GPE", "ORG", "TITLE"]))
    ),
    st.floats(0, 1),
)
def test_no_rivals_stay_and_every_score_is_a_chance(
    spans: list[tuple[int, int, str]], bar: float
) -> None:
    proposed = [(a, a + length, label, 0.05 * (a % 20)) for a, length, label in spans]
    kept = elected(Votes(bar), said("a", *proposed))
    assert all(bar <= score <= 1 for *_, score in kept)
    for i, (a, b, label, _) in enumerate(kept):
        for c, d, other, _ in kept[i + 1 :]:
            if a < d and c < b:
                assert label != other
                assert (a <= c and d <= b) or (c <= a and b <= d)


def test_a_trust_that_is_no_chance_is_refused() -> None:
    text = b'name = "x"\nversion = "1"\nannotators = []\n[votes.trust.a]\nGPE = 2.0\n'
    with pytest.raises(AnnotatorError, match="not between 0 and 1"):
        decode(text, "mine.toml")
