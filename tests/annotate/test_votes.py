"""Votes: what each annotator's word counts, and which of two rivals stays."""

import re
from math import exp
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.annotate.combine import combine
from curation.annotate.nesting import Nesting, Overlap, rivals
from curation.annotate.pipeline import Plan, Step, decode
from curation.annotate.pipelines import build, load_votes, shipped_plans
from curation.annotate.protocol import reading
from curation.annotate.votes import Votes, logit
from curation.errors import AnnotatorError
from curation.model import Annotation, entity_id, make_entity
from curation.store import load_schema

SCHEMA = load_schema()
NESTING = Nesting.of(SCHEMA, {"ORG": ["DATE"]})
TEXT = "وزير الدفاع الإسرائيلي بيني جانتس في الرباط"
PERSON = (23, 33, "PERSON")


def said(name: str, *spans: tuple[int, int, str, float | None]) -> tuple[str, Annotation]:
    entities = [make_entity(TEXT, start, end, label, score=p) for start, end, label, p in spans]
    return name, reading(name, entities)


def elected(votes: Votes, *sources: tuple[str, Annotation]) -> list[tuple[int, int, str, float]]:
    found = combine(sources, NESTING, ballot=votes.count(sources, NESTING)).entities
    return [(e.start, e.end, e.label, e.score or 0.0) for e in found]


def chance(odds: float) -> float:
    return round(1 / (1 + exp(-odds)), 4)


def test_a_label_that_was_not_measured_has_the_highest_score_said() -> None:
    sources = said("a", (0, 4, "TITLE", 0.4), (*PERSON, 0.6)), said("b", (*PERSON, 0.7))
    assert elected(Votes(0.5), *sources) == [(*PERSON, 0.7)]


def test_a_span_that_nobody_with_a_weight_proposes_has_the_highest_score_said() -> None:
    votes = Votes(0.5, start={"PERSON": -9.0}, says={"a": {"PERSON": 1.0}})
    assert elected(votes, said("a"), said("events", (*PERSON, 0.7))) == [(*PERSON, 0.7)]


def test_what_an_annotator_is_certain_of_is_not_put_to_the_vote() -> None:
    votes = Votes(0.5, start={"PERSON": -9.0}, says={"a": {"PERSON": 1.0}})
    assert elected(votes, said("a", (*PERSON, 1.0)), said("b", (23, 33, "ORG", 0.9))) == [
        (*PERSON, 1.0)
    ]


def test_who_gives_no_score_can_be_outvoted() -> None:
    votes = Votes(0.5, start={"PERSON": -2.0}, says={"a": {"PERSON": 1.0}}, sure={"a": 3.0})
    sources = [said("a", (*PERSON, None))]
    assert votes.chances(sources, NESTING) == {entity_id(*PERSON): chance(-1.0)}
    assert elected(votes, *sources) == []


def test_what_nobody_scored_and_no_vote_was_fitted_for_stays_without_a_score() -> None:
    (kept,) = combine(
        [said("a", (*PERSON, None))],
        NESTING,
        ballot=Votes().count([said("a", (*PERSON, None))], NESTING),
    ).entities
    assert kept.score is None


def test_weights_of_any_size_give_a_chance() -> None:
    for start, certain in ((-800.0, 0.0), (800.0, 1.0)):
        votes = Votes(0.0, start={"PERSON": start}, says={"a": {}})
        assert elected(votes, said("a", (*PERSON, 0.9))) == [(*PERSON, certain)]


@pytest.mark.parametrize(
    "table", ["start = { GPE = nan }", "sure = { a = inf }", "says.a.GPE = -inf"]
)
def test_a_weight_that_is_no_number_is_named(tmp_path: Path, table: str) -> None:
    (tmp_path / "votes.toml").write_text(table, "utf-8")
    with pytest.raises(AnnotatorError, match=r"votes\.toml: votes\..* is not a finite number"):
        load_votes(str(tmp_path / "votes.toml"))


def test_a_weight_that_would_count_nowhere_is_named() -> None:
    with pytest.raises(ValueError, match=r"votes\.denies\.a\.GEP: votes\.start has no GEP"):
        Votes(start={"GPE": 1.0}, denies={"a": {"GEP": 1.0}})


def test_what_is_said_and_how_surely_adds_to_the_log_odds() -> None:
    votes = Votes(
        0.1,
        start={"PERSON": -1.0},
        says={"a": {"PERSON": 0.5}, "b": {"PERSON": 2.0}},
        sure={"a": 0.8},
    )
    assert elected(votes, said("a", (*PERSON, 0.9)), said("b")) == [
        (*PERSON, chance(-1.0 + 0.5 + 0.8 * logit(0.9)))
    ]
    assert elected(votes, said("a", (*PERSON, 0.9)), said("b", (*PERSON, 0.3))) == [
        (*PERSON, chance(1.5 + 0.8 * logit(0.9)))
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((23, 33, "ORG", 0.9), id="the same text"),
        pytest.param((23, 27, "PERSON", 0.9), id="the same label"),
        pytest.param((12, 27, "ORG", 0.9), id="it crosses"),
        pytest.param((12, 33, "DATE", 0.9), id="it holds nothing by the schema"),
    ],
)
def test_who_has_something_else_there_denies_it(other: tuple[int, int, str, float]) -> None:
    votes = Votes(
        start={"PERSON": 0.0}, says={"a": {"PERSON": 0.0}}, denies={"b": {"PERSON": -2.0}}
    )
    sources = said("a", (*PERSON, 0.9)), said("b", other)
    chances = votes.chances(sources, NESTING)
    assert chances[entity_id(*PERSON)] == chance(-2.0 * 0.9)


def test_who_has_something_beside_it_or_around_it_denies_nothing() -> None:
    votes = Votes(
        0.1, start={"PERSON": 0.0}, says={"a": {"PERSON": 0.0}}, denies={"b": {"PERSON": -9.0}}
    )
    beside = said("b", (12, 22, "NORP", 0.9), (0, 33, "ORG", 0.9))
    assert (*PERSON, 0.5) in elected(votes, said("a", (*PERSON, 0.9)), beside)


def test_of_rivals_the_likeliest_stays_however_short() -> None:
    sources = said("a", (0, 33, "PERSON", 0.6)), said("b", (*PERSON, 0.7))
    assert elected(Votes(0.5), *sources) == [(*PERSON, 0.7)]
    sources = said("a", (23, 33, "ORG", 0.6)), said("b", (*PERSON, 0.7))
    assert elected(Votes(0.5), *sources) == [(*PERSON, 0.7)]
    sources = said("a", (0, 11, "TITLE", 0.6)), said("b", (5, 22, "ORG", 0.7))
    assert elected(Votes(0.5), *sources) == [(5, 22, "ORG", 0.7)]


def test_what_a_vote_or_a_rule_leaves_out_says_what_it_gave_way_to() -> None:
    sources = (
        said("a", (0, 11, "TITLE", 0.6), (23, 27, "PERSON", 0.3)),
        said("b", (5, 22, "ORG", 0.7), (12, 22, "DATE", 0.9)),
    )
    lost: list[Overlap] = []
    combine(sources, NESTING, ballot=Votes(0.5).count(sources, NESTING), lost=lost)
    told = [(overlap.lost.label, overlap.to.label, overlap.kind) for overlap in lost]
    # What stays below the bar gave way to nobody.
    assert told == [("TITLE", "ORG", "crossing"), ("DATE", "ORG", "inside")]


def test_what_nests_is_no_rival() -> None:
    spans = (0, 22, "TITLE", 0.6), (12, 22, "NORP", 0.9)
    assert elected(Votes(0.5), said("a", *spans)) == list(spans)


def test_nothing_is_decided_before_all_who_vote_were_heard() -> None:
    votes = Votes(0.9, says={"a": {}, "b": {}})
    spans = (0, 22, "TITLE", 0.1), (12, 22, "NORP", 0.1)
    assert elected(votes, said("a", *spans)) == list(spans)
    assert elected(votes, said("a", *spans), said("b")) == []


LABELS = st.sampled_from(["GPE", "ORG", "TITLE"])
SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), LABELS), max_size=8)
WEIGHTS = st.floats(-9, 9)


@given(SPANS, SPANS, st.floats(0, 1), WEIGHTS, WEIGHTS, WEIGHTS)
def test_no_rivals_stay_and_every_score_is_a_chance_above_the_bar(
    first: list[tuple[int, int, str]],
    second: list[tuple[int, int, str]],
    bar: float,
    start: float,
    says: float,
    denies: float,
) -> None:
    votes = Votes(
        bar,
        start={"GPE": start, "ORG": -start},
        says={"a": {"GPE": says}},
        denies={"b": {"GPE": denies, "ORG": denies}},
    )
    sources = [
        said(name, *((a, a + length, label, 0.05 * (a % 20)) for a, length, label in spans))
        for name, spans in (("a", first), ("b", second))
    ]
    kept = combine(sources, NESTING, ballot=votes.count(sources, NESTING)).entities
    assert all(bar <= (entity.score or 0.0) <= 1 for entity in kept)
    for i, one in enumerate(kept):
        for other in kept[i + 1 :]:
            assert one.end <= other.start or other.end <= one.start or not rivals(one, other)


def test_votes_that_are_no_votes_are_refused(tmp_path: Path) -> None:
    text = b'name = "x"\nversion = "1"\nannotators = []\n[votes]\nbar = 2.0\n'
    with pytest.raises(AnnotatorError, match="not between 0 and 1"):
        decode(text, "mine.toml")
    with pytest.raises(AnnotatorError, match="No such file"):
        load_votes(str(tmp_path / "votes.toml"))
    (tmp_path / "votes.toml").write_text("[says]\na = 3\n", "utf-8")
    with pytest.raises(AnnotatorError, match=r"votes\.toml: .*says"):
        load_votes(str(tmp_path / "votes.toml"))


def test_a_stranger_has_no_vote() -> None:
    plan = Plan("mine", "1", (Step("dates.v1", {"knowledge": "ar"}),))
    plan = msgspec.structs.replace(plan, votes=Votes(sure={"crf.v1": 1.0}))
    with pytest.raises(
        AnnotatorError,
        match=r"pipeline mine: votes\.sure\.crf\.v1: crf\.v1 votes and is none of its annotators",
    ):
        build(plan, SCHEMA)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("start = { GEP = 0.1 }", r"votes\.start\.GEP: the schema news has no label GEP"),
        ('says."date.v1" = {}', r"votes\.says\.date\.v1: date\.v1 votes and is none of"),
        ('denies."date.v1" = {}', r"votes\.denies\.date\.v1: date\.v1 votes and is none of"),
        ("begin = { GPE = 0.1 }", "begin"),
    ],
)
def test_a_slip_in_a_file_of_votes_names_file_and_key(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "votes.toml").write_text(content, "utf-8")
    steps = (Step("dates.v1", {"knowledge": "ar"}),)
    plan = Plan("mine", "1", steps, votes=str(tmp_path / "votes.toml"))
    with pytest.raises(
        AnnotatorError, match=rf"{re.escape(str(tmp_path))}/votes\.toml: .*{message}"
    ):
        build(plan, SCHEMA)


@pytest.mark.parametrize("plan", shipped_plans(), ids=lambda plan: plan.name)
def test_the_shipped_weights_are_of_our_labels_and_annotators(plan: Plan) -> None:
    if isinstance(plan.votes, str):
        votes = load_votes(plan.votes)
        assert votes.voters <= {step.name for step in plan.annotators}
        labels = {kind.name for kind in SCHEMA.entities}
        assert set(votes.start) <= labels
        assert {label for table in votes.says.values() for label in table} <= labels


def test_a_vote_that_hears_one_more_says_what_a_vote_on_all_says() -> None:
    votes = Votes(
        0.1,
        start={"PERSON": -0.5},
        says={"a": {"PERSON": 1.0}, "b": {}},
        denies={"b": {"PERSON": -1.0}},
    )
    first = [said("a", (*PERSON, 0.8)), said("b", (12, 33, "DATE", 0.9))]
    before = votes.count(first, NESTING)
    for more in (said("c", (*PERSON, 1.0), (0, 3, "ORG", 0.4)), said("a", (12, 27, "PERSON", 0.7))):
        assert votes.count([*first, more], NESTING, before) == votes.count([*first, more], NESTING)
