"""Entities: what holds for every two readings, and what nervaluate and seqeval say of the same."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.quality import EntityScores, Scheme
from tests.quality.scoring import LABELS, Place, anywhere, entities, entity, scores, side_by_side

SCHEMES = ("strict", "exact", "partial", "type")


@given(anywhere())
def test_a_reading_against_itself_is_right_in_everything(places: list[Place]):
    found = scores(places, places)
    wanted = 1.0 if places else None
    for measure in (found.labels.micro(), found.labels.macro(), found.spans, found.type):
        assert (measure.precision, measure.recall, measure.f1) == (wanted, wanted, wanted)
    assert all(gold == ours for gold, ours in found.confusion)


@given(anywhere(), anywhere())
def test_turned_around_precision_and_recall_change_places(a: list[Place], b: list[Place]):
    one, other = scores(a, b), scores(b, a)
    for x, y in (
        (one.labels.micro(), other.labels.micro()),
        (one.labels.macro(), other.labels.macro()),
        (one.spans, other.spans),
        *((getattr(one, name), getattr(other, name)) for name in SCHEMES),
    ):
        assert (x.precision, x.recall, x.f1) == (y.recall, y.precision, y.f1)


@given(st.data(), anywhere(), anywhere())
def test_no_order_changes_anything(data: st.DataObject, a: list[Place], b: list[Place]):
    shuffled = scores(data.draw(st.permutations(a)), data.draw(st.permutations(b)))
    assert shuffled == scores(a, b)


@given(anywhere(), anywhere())
def test_every_span_is_counted_once_in_every_scheme(a: list[Place], b: list[Place]):
    found = scores(a, b)
    for name in SCHEMES:
        scheme: Scheme = getattr(found, name)
        paired = scheme.correct + scheme.incorrect + scheme.partial
        assert (paired + scheme.missed, paired + scheme.spurious) == (len(a), len(b))
    assert found.strict.correct == found.labels.micro().right
    assert found.exact.correct == found.partial.correct == found.spans.right
    in_gold = sum(n for (gold, _), n in found.confusion.items() if gold is not None)
    in_ours = sum(n for (_, ours), n in found.confusion.items() if ours is not None)
    assert (in_gold, in_ours) == (len(a), len(b))


def pairings(
    gold: Sequence[Place], predicted: Sequence[Place]
) -> Iterator[list[tuple[Place, Any]]]:
    """Every one-to-one pairing of spans that overlap."""
    if not gold:
        yield []
        return
    first, rest = gold[0], gold[1:]
    yield from pairings(rest, predicted)
    for at, other in enumerate(predicted):
        if min(first[1], other[1]) > max(first[0], other[0]):
            left = [*predicted[:at], *predicted[at + 1 :]]
            yield from ([(first, other), *more] for more in pairings(rest, left))


@given(anywhere(4), anywhere(4))
def test_no_pairing_gives_more_points(a: list[Place], b: list[Place]):
    found = scores(a, b)
    every = list(pairings(a, b))
    assert found.strict.correct == max(sum(x == y for x, y in pairs) for pairs in every)
    assert found.exact.correct == max(sum(x[:2] == y[:2] for x, y in pairs) for pairs in every)
    assert 2 * found.partial.correct + found.partial.partial == max(
        sum(1 + (x[:2] == y[:2]) for x, y in pairs) for pairs in every
    )


def test_what_is_the_same_is_paired_before_more_of_the_same_label_are_found():
    found = scores([(0, 9, "A"), (0, 3, "A")], [(0, 9, "A"), (6, 9, "A")])
    assert found.type == Scheme(correct=1, missed=1, spurious=1)


def test_the_same_span_is_paired_before_more_pairs_are_found():
    found = scores([(0, 9, "A"), (0, 3, "A")], [(0, 9, "B"), (6, 9, "A")])
    assert found.exact == Scheme(correct=1, missed=1, spurious=1)
    assert found.partial == Scheme(correct=1, missed=1, spurious=1)


def test_between_equals_the_order_of_the_list_does_not_decide():
    # What stands twice keeps the lists in their order; a set would have an order of its own.
    twice = [(9, 12, "A"), (9, 12, "A")]
    gold, ours = [*twice, (0, 4, "A")], [*twice, (0, 2, "B"), (2, 4, "C")]
    assert scores(gold, ours).confusion == scores(gold, ours[::-1]).confusion
    assert scores(ours, gold).confusion == scores(ours[::-1], gold).confusion


def test_each_scheme_as_its_paper_has_it():
    gold = [(0, 4, "A"), (5, 9, "A"), (10, 14, "A"), (15, 19, "A"), (20, 24, "A")]
    ours = [(0, 4, "A"), (5, 9, "B"), (10, 13, "A"), (16, 19, "B"), (30, 33, "A")]
    found = scores(gold, ours)
    assert found.strict == Scheme(correct=1, incorrect=3, missed=1, spurious=1)
    assert found.exact == Scheme(correct=2, incorrect=2, missed=1, spurious=1)
    assert found.partial == Scheme(correct=2, partial=2, missed=1, spurious=1)
    assert found.type == Scheme(correct=2, incorrect=2, missed=1, spurious=1)
    assert found.partial.f1 == found.partial.precision == 3 / 5
    assert found.confusion == {
        ("A", "A"): 2,
        ("A", "B"): 2,
        ("A", None): 1,
        (None, "A"): 1,
    }


def test_the_confusion_looks_at_the_span_that_shares_most():
    found = scores([(0, 8, "A"), (8, 10, "B")], [(0, 10, "B")])
    assert found.confusion == {("A", "B"): 1, ("B", None): 1}


def test_nested_entities_and_one_span_with_two_labels_are_each_their_own():
    gold = [(0, 9, "A"), (0, 4, "B"), (0, 4, "C")]
    found = scores(gold, [(0, 4, "C"), (0, 9, "A")])
    assert (found.labels.micro().right, found.spans.right, found.spans.gold) == (2, 2, 3)
    assert found.labels.counts("B").recall == 0


def test_values_are_judged_where_span_and_label_are_right_and_the_gold_has_one():
    result = EntityScores()
    result.add(
        [
            entity(0, 0, 4, "A", value="x"),
            entity(1, 5, 9, "A", value="x"),
            entity(2, 10, 14, "A"),
            entity(3, 15, 19, "A", value="x"),
        ],
        [
            entity(0, 0, 4, "A", value="x"),
            entity(1, 5, 9, "A"),
            entity(2, 10, 14, "A", value="y"),
            entity(3, 15, 19, "B", value="x"),
        ],
    )
    values = result.values.counts("A")
    assert (values.right, values.gold) == (1, 2)


def test_scores_are_held_against_what_is_right():
    result = EntityScores()
    result.add(
        [entity(0, 0, 4, "A")],
        [
            entity(0, 0, 4, "A", score=0.7),
            entity(1, 0, 4, "A", score=0.9),  # stands twice: the surer one is the right one
            entity(2, 5, 9, "A", score=1.0),
            entity(3, 5, 9, "B"),
        ],
    )
    scored = result.calibration
    assert (scored.all.count, scored.all.right) == (3, 1)
    assert [place.count for place in scored.bins] == [0] * 7 + [1, 0, 2]
    assert scored.error == pytest.approx((0.7 + abs(1.9 - 1)) / 3)


def peers(gold: Sequence[Place], predicted: Sequence[Place]) -> Any:
    """What nervaluate says: it takes inclusive ends."""
    from nervaluate.evaluator import Evaluator

    both = [
        [[{"label": n, "start": a, "end": b - 1} for a, b, n in side]] for side in (gold, predicted)
    ]
    return Evaluator(*both, tags=list(LABELS), loader="dict").evaluate()["overall"]


@given(side_by_side(), side_by_side())
def test_nervaluate_counts_the_same_where_nothing_overlaps_within_a_reading(
    a: list[Place], b: list[Place]
):
    found, theirs = scores(a, b), peers(a, b)
    for name in ("strict", "exact", "partial"):
        scheme: Scheme = getattr(found, name)
        other = theirs[name]
        assert (scheme.correct, scheme.partial) == (other.correct, other.partial)
        for figure in ("precision", "recall", "f1"):
            assert (getattr(scheme, figure) or 0) == pytest.approx(getattr(other, figure))
    # It takes the closest of the same label without looking ahead: never more than the best.
    assert found.type.correct >= theirs["ent_type"].correct


@given(
    st.lists(st.tuples(*[st.none() | st.sampled_from(LABELS)] * 2, st.integers(0, 2)), max_size=9)
)
def test_nervaluate_counts_types_the_same_where_one_span_meets_one(
    cells: list[tuple[str | None, str | None, int]],
):
    a = [(6 * at, 6 * at + 4, gold) for at, (gold, _, _) in enumerate(cells) if gold]
    b = [(6 * at + by, 6 * at + 5, ours) for at, (_, ours, by) in enumerate(cells) if ours]
    scheme, other = scores(a, b).type, peers(a, b)["ent_type"]
    assert (scheme.correct, scheme.incorrect, scheme.missed, scheme.spurious) == (
        other.correct,
        other.incorrect,
        other.missed,
        other.spurious,
    )


def tags(places: Sequence[Place]) -> list[str]:
    found = ["O"] * 31
    for start, end, label in places:
        found[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return found


@given(st.lists(st.tuples(side_by_side(), side_by_side()), min_size=1, max_size=3))
def test_seqeval_in_strict_mode_says_the_same(documents: list[tuple[list[Place], list[Place]]]):
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    result = EntityScores()
    for a, b in documents:
        result.add(entities(a), entities(b))
    if not result.labels.labels():
        return  # seqeval can not report on nothing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of undefined figures, which it takes for 0
        report: Any = classification_report(
            *([tags(places) for places in side] for side in zip(*documents, strict=True)),
            mode="strict",
            scheme=IOB2,
            output_dict=True,
            zero_division=0,
        )
    rows = {label: result.labels.counts(label) for label in result.labels.labels()}
    for name, counts in {
        **rows,
        "micro avg": result.labels.micro(),
        "macro avg": result.labels.macro(),
    }.items():
        row = report[name]
        assert (counts.precision or 0) == pytest.approx(row["precision"])
        assert (counts.recall or 0) == pytest.approx(row["recall"])
        assert (counts.f1 or 0) == pytest.approx(row["f1-score"])
