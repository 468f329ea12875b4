"""Result → reading, without a server: the shapes are those that a real one exports."""

from __future__ import annotations

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import Annotation, Author, Record
from curation.review.readings import TaskReader
from curation.review.state import Pushed
from curation.review.tasks import proposal, proposed
from curation.text.offsets import code_points_to_utf16
from curation.wire.prior import Prior
from curation.wire.regions import Reading, read_regions
from curation.wire.results import regions
from curation.wire.shapes import read_item, read_task
from curation.wire.units import Votes, to_code_points
from tests import strategies
from tests.review.samples import SCHEMA, exported, record

BY = "a@x.test"


def pushed_records() -> st.SearchStrategy[Record]:
    return strategies.records().filter(lambda r: proposed(r) is not None)


def result_of(of: Record, origin: str = "prediction") -> list[dict[str, Any]]:
    """What the server exports when somebody accepts everything."""
    made = proposed(of)
    assert made
    result = copy.deepcopy(regions(made, SCHEMA))
    for item in result:
        if "value" in item:
            item["origin"] = origin
            shown = item["value"]["text"].replace("\r", "\\n").replace("\n", "\\n")
            item["value"]["text"] = " ".join(shown.split())
    return result


def reading_of(of: Record, result: list[Any], **options: Any) -> Reading:
    made = proposed(of)
    prior = Prior([made] if made else [])
    return read_regions(of.document.text, result, SCHEMA, prior, by=BY, **options)


@given(pushed_records())
def test_record_task_export_record(of: Record) -> None:
    task = proposal(of, SCHEMA).task
    raw = msgspec.json.decode(msgspec.json.encode(exported(task, result=result_of(of))))
    reader = TaskReader(SCHEMA, lambda document: [Pushed("", of)], {7: BY})
    got = reader.read(read_task(raw))
    expected = proposed(of)
    assert expected
    back = got.record.annotations[-1]
    assert got.findings == () or all("(kept)" in str(f.error) for f in got.findings)
    assert back.by == Author("human", BY)
    assert back.status == "submitted"
    assert (back.entities, back.events) == (expected.entities, expected.events)
    assert set(back.relations) == set(expected.relations)
    assert str(back.at) == "2026-01-02 03:04:05.678901+00:00"
    assert got.record.document == of.document


@given(pushed_records())
def test_predictions_alone_say_what_was_proposed(of: Record) -> None:
    """On another machine there is no copy; only the ids of relations are not in a prediction."""
    task = proposal(of, SCHEMA).task
    raw = {"id": 1, "data": task["data"], "predictions": task["predictions"]}
    raw = msgspec.json.decode(msgspec.json.encode(raw))
    got = TaskReader(SCHEMA, lambda document: [], {}).read(read_task(raw))
    expected = proposed(of)
    assert expected
    (back,) = got.record.annotations
    assert back.by == expected.by
    assert (back.entities, back.events) == (expected.entities, expected.events)
    keys = {(r.label, r.head, r.tail) for r in expected.relations}
    assert {(r.label, r.head, r.tail) for r in back.relations} == keys
    assert not got.copied


@given(strategies.texts(min_pieces=1), st.data())
def test_offsets_in_utf16_come_back_as_code_points(text: str, data: st.DataObject) -> None:
    start, end = data.draw(strategies.spans(text))
    table = code_points_to_utf16(text)
    assert to_code_points(text, table[start], table[end], "utf-16") == (start, end)
    assert to_code_points(text, start, end, "code points") == (start, end)


def manual(start: int, end: int, text: str, label: str = "GPE", ident: str = "new1") -> Any:
    return {
        "id": ident,
        "from_name": "entities",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
        "value": {"start": start, "end": end, "text": text, "labels": [label]},
    }


def test_an_old_export_in_utf16_is_seen_once_for_all_regions() -> None:
    votes = Votes()
    text = "😀 Rabat, Rabat"
    spans = [(3, 8, "Rabat"), (10, 15, "Rabat")]
    votes.hear(text, [read_item(manual(*s), 0) for s in spans])
    votes.hear("no astral here", [read_item(manual(0, 2, "no"), 0)])
    assert votes.unit == "utf-16"
    got = read_regions(text, [manual(3, 8, "Rabat")], SCHEMA, Prior(), by=BY, unit=votes.unit)
    assert [(e.start, e.end, e.text) for e in got.entities] == [(2, 7, "Rabat")]
    assert got.findings == ()


def test_mixed_units_are_set_aside_where_they_differ() -> None:
    votes = Votes()
    text = "ab 😀 Rabat"
    votes.hear(text, [read_item(manual(*s, "Rabat"), 0) for s in ((5, 10), (6, 11))])
    assert votes.unit == "undecided"
    result = [manual(0, 2, "ab", ident="a"), manual(6, 11, "Rabat", ident="b")]
    got = read_regions(text, result, SCHEMA, Prior(), by=BY, unit=votes.unit)
    assert [e.id for e in got.entities] == ["a"]
    assert "UTF-16" in str(got.findings[0].error)


def test_a_utf16_offset_inside_a_pair_is_refused() -> None:
    got = read_regions("😀 x", [manual(1, 3, "")], SCHEMA, Prior(), by=BY, unit="utf-16")
    assert got.entities == ()
    assert len(got.findings) == 1


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (5, 3), (-1, 4), (0, 9999), (None, 3), ("0", 3), (0.5, 3), (True, 3)]
)
def test_spans_that_are_none_are_findings(start: Any, end: Any) -> None:
    item = manual(0, 1, "x")
    item["value"] |= {"start": start, "end": end}
    got = reading_of(record(1), [item])
    assert got.entities == ()
    assert len(got.findings) == 1


@pytest.mark.parametrize(
    "item",
    ["zzz", 7, None, [], {"type": 3, "id": []}, {"type": "labels", "value": "x"}],
)
def test_items_that_are_none_are_findings(item: Any) -> None:
    got = reading_of(record(1), [*result_of(record(1)), item])
    assert got.entities == record(1).annotations[0].entities
    assert len(got.findings) == 1


def test_the_text_of_a_region_is_never_taken() -> None:
    result = [manual(0, 5, "something else")]
    got = reading_of(record(1), result)
    assert got.entities[0].text == record(1).document.text[:5]
    assert "the page said" in str(got.findings[0].error)


def test_a_relabelled_region_keeps_id_proposers_and_value() -> None:
    result = result_of(record(1), origin="prediction-changed")
    result[0]["value"]["labels"] = ["ORG"]
    before, after = record(1).annotations[0].entities[0], reading_of(record(1), result).entities[0]
    assert (after.id, after.proposers) == (before.id, before.proposers)
    assert (after.label, after.value, after.score) == ("ORG", before.value, None)


def test_a_moved_region_keeps_id_and_proposers() -> None:
    result = result_of(record(1), origin="prediction-changed")
    result[0]["value"] |= {"start": 0, "end": 12}
    before, after = record(1).annotations[0].entities[0], reading_of(record(1), result).entities[0]
    assert (after.id, after.proposers) == (before.id, before.proposers)
    assert (after.text, after.value, after.score) == (record(1).document.text[:12], None, None)


def test_an_added_region_is_its_annotators() -> None:
    got = reading_of(record(1), [manual(0, 5, record(1).document.text[:5])])
    assert (got.entities[0].id, got.entities[0].proposers) == ("new1", (BY,))


def test_white_space_at_the_edges_is_cut_and_told() -> None:
    text = record(1).document.text
    got = reading_of(record(1), [manual(5, 13, text[5:13])])
    assert (got.entities[0].start, got.entities[0].end) == (6, 12)
    assert "white space" in str(got.findings[0].error)
    only = reading_of(record(1), [manual(5, 6, " ")])
    assert (only.entities, len(only.findings)) == ((), 1)


def test_several_labels_of_one_region_are_one_entity_each() -> None:
    result = result_of(record(1))
    result[0]["value"]["labels"] = ["ORG", "GPE"]
    ident = result[0]["id"]
    got = reading_of(record(1), result)
    first, second = [e for e in got.entities if e.start == 6]
    assert first == record(1).annotations[0].entities[0]
    assert (second.id, second.label) == (f"{ident}-ORG", "ORG")
    assert got.events[0].arguments == record(1).annotations[0].events[0].arguments


def test_one_region_under_both_controls_is_an_entity_and_an_event() -> None:
    result = result_of(record(1))
    trigger = result[3]
    result.append(
        {**trigger, "from_name": "entities", "value": trigger["value"] | {"labels": ["ORG"]}}
    )
    got = reading_of(record(1), result)
    assert got.events == record(1).annotations[0].events
    assert got.entities[3].id == f"{trigger['id']}-ORG"


def test_two_regions_with_one_id_do_not_take_each_others_offsets() -> None:
    text = record(1).document.text
    result = [manual(0, 5, text[0:5]), manual(6, 12, text[6:12], "ORG")]
    got = reading_of(record(1), result)
    assert [(e.id, e.start) for e in got.entities] == [("new1", 0), ("new1-ORG", 6)]


def test_the_modality_of_an_event_can_be_changed_and_the_rest_stays() -> None:
    result = result_of(record(1))
    result[4]["value"]["choices"] = ["negated"]
    before = record(1).annotations[0].events[0]
    (after,) = reading_of(record(1), result).events
    assert after == msgspec.structs.replace(before, modality="negated")


def test_another_type_of_event_drops_the_mode() -> None:
    result = result_of(record(1))
    result[3]["value"]["labels"] = ["ASSAULT"]
    (after,) = reading_of(record(1), result).events
    assert (after.type, after.mode, after.score) == ("ASSAULT", None, None)
    assert after.proposers == ("events.v1",)


def test_a_mode_that_the_page_had_no_choice_for_stays() -> None:
    """In a project that was pushed before modes were choices, or a mode of another schema."""
    result = result_of(record(1))
    mode = result.pop(5)
    assert mode["from_name"] == "mode-AGREE"
    assert reading_of(record(1), result).events[0].mode is None
    result[3]["meta"]["mode"] = "visit"
    assert reading_of(record(1), result).events == record(1).annotations[0].events
    result[3]["value"]["labels"] = ["ASSAULT"]
    assert reading_of(record(1), result).events[0].mode is None


@pytest.mark.parametrize(("direction", "turned"), [("right", True), ("left", False), ("bi", False)])
def test_a_role_is_an_argument_whichever_way_it_is_drawn(direction: str, turned: bool) -> None:
    result = result_of(record(1))
    link = result[6]
    link["direction"] = direction
    link["from_id"], link["to_id"] = link["to_id"], link["from_id"]
    got = reading_of(record(1), result)
    assert got.events == record(1).annotations[0].events
    assert ["points at the trigger" in str(f.error) for f in got.findings] == [True] * turned


@pytest.mark.parametrize(
    ("direction", "wanted"),
    [("right", [(0, 1)]), ("left", [(1, 0)]), ("bi", [(0, 1), (1, 0)]), (None, [(0, 1)])],
)
def test_relations_between_entities(direction: str | None, wanted: list[tuple[int, int]]) -> None:
    result = result_of(record(1))
    a, b = result[0]["id"], result[1]["id"]
    result.append(
        {
            "type": "relation",
            "from_id": a,
            "to_id": b,
            "direction": direction,
            "labels": ["employs"],
        }
    )
    got = reading_of(record(1), result)
    ids = [a, b]
    assert [(ids.index(r.head), ids.index(r.tail)) for r in got.relations] == wanted


@pytest.mark.parametrize(
    "link",
    [
        {"from_id": "v?", "to_id": "e?"},
        {"from_id": "event", "to_id": "gone", "labels": ["actor"]},
        {"from_id": "event", "to_id": "entity", "labels": []},
        {"from_id": "event", "to_id": "entity", "labels": ["owner"]},
        {"from_id": "event", "to_id": "entity", "labels": ["employs"]},
        {"from_id": "entity", "to_id": "entity", "labels": ["actor"]},
        {"from_id": "event", "to_id": "event", "labels": ["actor"]},
    ],
)
def test_links_that_say_nothing_are_findings(link: dict[str, Any]) -> None:
    result = result_of(record(1))
    names = {"event": result[3]["id"], "entity": result[0]["id"]}
    for end in ("from_id", "to_id"):
        link[end] = names.get(link[end], link[end])
    got = reading_of(record(1), [*result, {"type": "relation", **link}])
    assert got.events == record(1).annotations[0].events
    assert len(got.findings) == 1


def test_a_deleted_participant_leaves_its_links_dangling() -> None:
    got = reading_of(record(1), result_of(record(1))[1:])
    assert [a.role for a in got.events[0].arguments] == ["recipient"]
    assert "the relation actor is between AGREE 'وقّعت' and a span that is gone" in str(
        got.findings[0].error
    )


def test_unknown_labels_are_findings() -> None:
    got = reading_of(record(1), [manual(0, 5, record(1).document.text[:5], "ANIMAL")])
    assert got.entities == ()
    assert "ANIMAL" in str(got.findings[0].error)
    bare = manual(0, 5, record(1).document.text[:5])
    del bare["value"]["labels"]
    assert "without a label" in str(reading_of(record(1), [bare]).findings[0].error)


def test_controls_that_have_no_place_here_are_named() -> None:
    rating = {"type": "rating", "from_name": "stars", "value": {"rating": 3}, "id": "x"}
    choice = {"type": "choices", "from_name": "tone", "value": {"choices": ["good"]}, "id": "y"}
    got = reading_of(record(1), [rating, choice])
    assert got.others == {"stars (rating)", "tone (choices)"}


def status_of(of: Record, **annotation: Any) -> tuple[list[Annotation], int]:
    task = exported(proposal(of, SCHEMA).task, **annotation)
    reader = TaskReader(SCHEMA, lambda document: [Pushed("", of)], {7: BY})
    got = reader.read(read_task(task))
    return list(got.record.annotations[1:]), len(got.findings)


NOTHING = [{"from_name": "empty", "type": "choices", "id": "n", "value": {"choices": ["nothing"]}}]
TEXT = record(1).document.text


@pytest.mark.parametrize(
    ("annotation", "status"),
    [
        ({"result": [], "parent_prediction": 5}, "submitted"),
        ({"result": NOTHING, "parent_prediction": None}, "submitted"),
        ({"result": [], "parent_prediction": None}, None),
        ({"result": [], "parent_prediction": None, "was_cancelled": True}, "skipped"),
        ({"result": [manual(0, 5, TEXT[:5])], "parent_prediction": None}, "draft"),
        ({"result": [manual(0, 5, TEXT[:5])], "parent_prediction": 5}, "submitted"),
        ({"result": result_of(record(1)), "parent_prediction": None}, "submitted"),
    ],
)
def test_what_was_not_seen_is_not_taken_for_a_decision(
    annotation: dict[str, Any], status: str | None
) -> None:
    readings, findings = status_of(record(1), **annotation)
    assert [r.status for r in readings] == ([status] if status else [])
    assert findings == (status in (None, "draft"))


def test_without_proposals_an_empty_submission_is_what_it_says() -> None:
    plain = Record(record(1).document)
    task = exported(proposal(plain, SCHEMA).task, result=[], parent_prediction=None)
    got = TaskReader(SCHEMA, lambda document: [], {7: BY}).read(read_task(task))
    assert [a.status for a in got.record.annotations] == ["submitted"]
    assert got.findings == ()
