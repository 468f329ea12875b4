"""Label Studio's JSON: there and back, through a real server, as exports have it, and broken."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from msgspec import structs

from curation.convert import FORMATS, Losses
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Relation,
    RelationType,
    Trigger,
    make_entity,
    relation_id,
)
from curation.review import LabelStudio, label_config
from curation.store import Reject, Rejects, load_schema, read, write
from tests.conftest import Running
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("labelstudio")


def links(one: Annotation) -> tuple[set[Any], list[Any]]:
    events = [structs.replace(e, arguments=tuple(dict.fromkeys(e.arguments))) for e in one.events]
    return {(r.label, r.head, r.tail) for r in one.relations}, events


@given(record=records())
def test_every_reading_comes_back_and_what_does_not_is_listed(folder: Path, record: Record) -> None:
    (back,), losses = there_and_back(folder, "labelstudio", [record])
    assert back.document == record.document
    key = {"machine": 0, "merge": 0, "human": 1}
    ours = sorted(record.annotations, key=lambda a: (key[a.by.kind], a.status == "draft"))
    assert len(back.annotations) == len(ours)
    said = Counter((loss.item, loss.what) for loss in losses)
    for mine, theirs in zip(ours, back.annotations, strict=True):
        assert mine.entities == theirs.entities
        assert links(mine) == links(theirs)
        assert mine.by == theirs.by or ("reading", "author") in said
        assert (mine.status, mine.at) == (theirs.status, theirs.at)
    every = [link for one in ours for link in one.relations]
    gone = said["relation", "span"]
    assert gone == len(every) - sum(len(one.relations) for one in back.annotations)
    assert said["reading", "uncertainty"] == sum(one.uncertainty is not None for one in ours)


TEXT = "زار 👨‍👩‍👧 وزير الدفاع\r\nالريـــاض.\tوَقّع e\u0301 \u200fاتفاقية 😀!"
TITLE = Entity("e1", 10, 21, "TITLE", TEXT[10:21], 0.5, "wd:Q1", ("gazetteer.v1",))
CITY, SMILE = make_entity(TEXT, 23, 32, "GPE"), make_entity(TEXT, 52, 53, "ORG")
VISIT = Event(
    "v1",
    "CONSULT",
    Trigger(0, 3, "زار"),
    "visit",
    "negated",
    arguments=(Argument("actor", TITLE.id), Argument("location", CITY.id)),
)
LINK = Relation(relation_id("part_of", CITY.id, SMILE.id), "part_of", CITY.id, SMILE.id)
READING = Annotation(
    Author("machine", "news-ar@1"), "proposed", (TITLE, CITY, SMILE), (LINK,), (VISIT,)
)


def visit(*, login: str = "amal@example.org") -> Record:
    return Record(
        Document("خبر 1", TEXT, "ar", "afp", meta={"a": 1}),
        (
            READING,
            structs.replace(READING, by=Author("human", login), status="submitted"),
            Annotation(Author("human", login), "skipped", (CITY,)),
        ),
    )


def test_a_real_server_takes_it_and_its_export_comes_back(
    label_studio: Running, server: LabelStudio, title: str, tmp_path: Path
) -> None:
    part_of = RelationType("part_of", "The head is in the tail")
    schema = structs.replace(load_schema("news"), relations=(part_of,))
    assert {e.label for e in READING.entities} <= {e.name for e in schema.entities}
    key = {"Authorization": f"Token {label_studio.local.token}"}
    address = label_studio.local.url
    me = httpx.get(f"{address}/api/current-user/whoami", headers=key).raise_for_status().json()
    record = visit(login=me["email"])
    with Losses(tmp_path / "tasks.json") as losses:
        FORMATS["labelstudio"].write(tmp_path / "tasks.json", [record], losses, None)
    project = server.create_project(title, label_config(schema), "")
    url = f"{address}/api/projects/{project.id}"
    with (tmp_path / "tasks.json").open("rb") as stream:
        reply = httpx.post(f"{url}/import", headers=key, files={"t.json": stream}, timeout=60)
    counts = reply.raise_for_status().json()
    assert (counts["task_count"], counts["annotation_count"], counts["prediction_count"]) == (
        (1, 2, 1)
    )
    export = (
        httpx.post(
            f"{url}/exports/",
            headers=key,
            json={"serialization_options": {"predictions": {"only_id": False}}},
            timeout=60,
        )
        .raise_for_status()
        .json()
    )
    content = httpx.get(
        f"{url}/exports/{export['id']}/download?exportType=JSON", headers=key, timeout=60
    ).raise_for_status()
    (tmp_path / "export.json").write_bytes(content.content)
    (back,), _ = come(tmp_path, "labelstudio", tmp_path / "export.json")
    assert back.document == record.document
    assert [(a.by.kind, a.status) for a in back.annotations] == [
        ("machine", "proposed"),
        ("human", "submitted"),
        ("human", "skipped"),
    ]
    assert back.annotations[0] == record.annotations[0]
    for mine, theirs in zip(record.annotations, back.annotations, strict=True):
        assert (mine.entities, mine.relations, mine.events) == (
            (theirs.entities, theirs.relations, theirs.events)
        )
    assert all(a.by.agent.startswith("user-") for a in back.annotations[1:])


def test_one_reading_is_picked_and_the_heads_that_change_are_listed(tmp_path: Path) -> None:
    merged = Annotation(Author("merge", "majority"), "agreed", (CITY,))
    record = visit().with_annotation(merged)
    (back,), losses = there_and_back(tmp_path, "labelstudio", [record], by="majority")
    assert back.annotations == (Annotation(Author("machine", "majority"), "proposed", (CITY,)),)
    assert Counter((loss.what, loss.reason) for loss in losses) == Counter(
        {
            ("span", "another one was asked for"): 3,
            ("kind", "the format has it as machine"): 1,
            ("status", "the format has it as proposed"): 1,
        }
    )


def span(start: int, end: int, label: str, **rest: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    names = {"from_name": "label", "to_name": "content"}
    return {"id": f"s{start}", "type": "labels", "value": value} | names | rest


def test_an_export_of_anybody_with_utf16_offsets(tmp_path: Path) -> None:
    text = "😀 ميناء حيفا"
    value = {"start": 9, "end": 13, "text": "حيفا", "labels": ["مدينة كبيرة"]}
    stars = {"id": "x", "from_name": "stars", "type": "rating", "value": {"rating": 3}}
    link = {"type": "relation", "from_id": "s3", "to_id": "s9", "labels": ["في"]}
    link["direction"] = "bi"
    task = {
        "id": 7,
        "data": {"content": text, "url": "http://example.org"},
        "annotations": [
            {
                "completed_by": 4,
                "updated_at": "2026-01-02T03:04:05.6Z",
                "result": [span(3, 8, "Place"), span(9, 13, "", value=value), link, stars],
            }
        ],
        "predictions": [12],
        "drafts": [],
    }
    path = tmp_path / "in.json"
    path.write_text(json.dumps([task]))
    (record,), losses = come(tmp_path, "labelstudio", path)
    assert record.document.text == text
    (one,) = record.annotations
    assert (one.by, one.status) == (Author("human", "user-4"), "submitted")
    said = [("ميناء", "Place"), ("حيفا", "مدينة كبيرة")]
    assert [(e.text, e.label) for e in one.entities] == said
    assert {(r.label, r.head, r.tail) for r in one.relations} == {
        ("في", "s3", "s9"),
        ("في", "s9", "s3"),
    }
    assert {(loss.item, loss.what, loss.said) for loss in losses} == {
        ("document", "url", "http://example.org"),
        ("reading", "stars (rating)", "user-4"),
        ("reading", "span", "prediction 12"),
    }


def test_what_is_broken_is_refused_with_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    def task(number: int, *result: Any, **rest: Any) -> dict[str, Any]:
        made = [{"result": list(result), "completed_by": 1}]
        return {"data": {"text": "قال وقال", "doc_id": f"d{number}"}, "annotations": made} | rest

    every = [
        task(1, span(0, 3, "A"), span(0, 99, "B"), "zzz", span(3, 3, "C")),
        {"annotations": []},
        task(1),
        task(4, {"type": "relation", "from_id": "a", "to_id": "b", "labels": ["x"]}),
        {"data": {"a": "x", "b": "y"}},
        task(6, annotations="none"),
        task(7, span(0, 3, "A")),
    ]
    path, output = tmp_path / "in.json", tmp_path / "back.jsonl"
    path.write_text(json.dumps(every))
    with Losses(output) as losses, Rejects(output) as rejects:
        found = list(FORMATS["labelstudio"].read(path, ORIGIN, losses, rejects))
    assert [(one.document.id, len(one.annotations[0].entities)) for one in found] == [
        ("d1", 1),
        ("d4", 0),
        ("d7", 1),
    ]
    refusals = list(read(f"{output}.rejects.jsonl", Reject))
    assert {one.file for one in refusals} == {str(path)}
    assert [one.field for one in refusals] == [
        "task 1: human user-1: $.result[2]",
        "task 1: human user-1: $.result[1]",
        "task 1: human user-1: $.result[3]",
        "task 2",
        "task 3",
        "task 4: human user-1: $.result[0]",
        "task 5: $.data",
        "task 6: $.annotations",
    ]


def test_a_choice_on_an_entity_that_an_event_would_have_is_listed(tmp_path: Path) -> None:
    sure = {"start": 0, "end": 3, "choices": ["possible"]}
    choice = {"id": "s0", "from_name": "certainty", "type": "choices", "value": sure}
    task = {"data": {"text": "قال"}, "annotations": [{"result": [span(0, 3, "A"), choice]}]}
    path = tmp_path / "in.json"
    path.write_text(json.dumps([task]))
    _, losses = come(tmp_path, "labelstudio", path)
    assert [loss.what for loss in losses] == ["certainty (choices)"]


def test_an_id_beside_the_documents_id_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps([{"data": {"text": "قال", "doc_id": "d", "id": "row 7"}}]))
    (record,), losses = come(tmp_path, "labelstudio", path)
    assert record.document.id == "d"
    assert [(loss.what, loss.said) for loss in losses] == [("id", "row 7")]


def test_what_others_mean_by_our_names_makes_no_broken_record(tmp_path: Path) -> None:
    foreign = [
        span(0, 3, "A", meta={"value": 5}),
        span(4, 8, "A", meta={"proposers": "me", "value": "x"}),
        span(0, 8, "B", score=7, from_name="events"),
        span(4, 7, "B", meta={"mode": 3, "text": ["a note"]}, from_name="events"),
        span(5, 7, ""),
    ]
    task = {"data": {"text": "قال وقال"}, "predictions": [{"result": foreign}]}
    path, output = tmp_path / "in.json", tmp_path / "back.jsonl"
    path.write_text(json.dumps([task]))
    with Losses(output) as losses, Rejects(output) as rejects:
        found = list(FORMATS["labelstudio"].read(path, ORIGIN, losses, rejects))
    assert [(len(a.entities), len(a.events)) for one in found for a in one.annotations] == [(2, 2)]
    assert write(output, found) == 1 and list(read(output, Record)) == found
    within = "task 1: machine back: $.result"
    assert sorted(one.field for one in read(f"{output}.rejects.jsonl", Reject)) == [
        f"{within}[0].meta.value",
        f"{within}[1].meta.proposers",
        f"{within}[2].score",
        f"{within}[3].meta.mode",
        f"{within}[4]",
    ]


@pytest.mark.parametrize("content", [b"{}", b"[", b"\xff", b"x,y\n", b"[" * 99_999])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path, output = tmp_path / "in.json", tmp_path / "back.jsonl"
    path.write_bytes(content)
    with Losses(output) as losses, Rejects(output) as rejects:
        assert not list(FORMATS["labelstudio"].read(path, ORIGIN, losses, rejects))
    (one,) = read(f"{output}.rejects.jsonl", Reject)
    assert one.reason.startswith("no list of tasks") and "as JSON" in one.hint
