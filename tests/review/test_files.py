"""Files instead of a connection, and exports of projects that we did not make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from curation.errors import MalformedRecord
from curation.model import Record, document_id
from curation.review import (
    Home,
    LabelStudio,
    find_desk,
    label_config,
    post_readings,
    pull,
    read_export,
    write_tasks,
)
from curation.store import Reject, Rejects, read, write
from tests.conftest import Running
from tests.review.samples import SCHEMA, read_by, record
from tests.review.test_pull import ANN, BOB, changed


def test_by_hand_and_by_wire_are_the_same(
    label_studio: Running, server: LabelStudio, home: Home, title: str, tmp_path: Path
) -> None:
    records = [record(n) for n in range(4)]
    tasks, output = tmp_path / "tasks.json", tmp_path / "reviewed.jsonl"
    with Rejects(tasks) as rejects:
        assert write_tasks(tasks, records, SCHEMA, rejects) == 4
    project = server.create_project(title, label_config(SCHEMA), "")
    url = f"{label_studio.local.url}/api/projects/{project.id}"
    key = {"Authorization": f"Token {label_studio.local.token}"}
    with tasks.open("rb") as stream:  # what the page's Import button does with a file
        httpx.post(
            f"{url}/import", headers=key, files={"tasks.json": stream}, timeout=60
        ).raise_for_status()
    desk = find_desk(server, home, title)
    readings = [
        read_by(ANN, record(0)),
        read_by(BOB, record(0), **changed(0)),
        read_by(ANN, record(1), entities=(), events=()),
        read_by(BOB, record(2), "skipped"),
    ]
    post_readings(desk, readings, SCHEMA)
    with Rejects(output) as rejects:
        pull(desk, SCHEMA, output, rejects)
    wire = {r.document.id: r for r in read(output, Record)}

    export = tmp_path / "export.json"
    reply = httpx.get(f"{url}/export?exportType=JSON", headers=key).raise_for_status()
    export.write_bytes(reply.content)
    proposed = tmp_path / "proposed.jsonl"
    write(proposed, records)
    for documents in (proposed, None):
        with Rejects(output) as rejects:
            report = read_export(export, SCHEMA, output, rejects, documents=documents)
        by_hand = {r.document.id: r for r in read(output, Record)}
        assert set(by_hand) == {"doc-0", "doc-1", "doc-2"}  # an export holds what was worked on
        assert rejects.count == 0
        assert report.uncopied == (0 if documents else 3)
        for ident, got in by_hand.items():
            assert got.document == wire[ident].document
            logins = [a.by.agent for a in got.annotations if a.by.kind == "human"]
            assert all(login.startswith("user-") for login in logins)
            bare = [(a.status, a.events, a.at) for a in got.annotations]
            assert bare == [(a.status, a.events, a.at) for a in wire[ident].annotations]
            spans = [[(e.id, e.start, e.label) for e in a.entities] for a in got.annotations]
            assert spans == [
                [(e.id, e.start, e.label) for e in a.entities] for a in wire[ident].annotations
            ]


def run(tmp_path: Path, export: Any) -> tuple[list[Record], list[str], Any]:
    source, output = tmp_path / "export.json", tmp_path / "out.jsonl"
    source.write_bytes(msgspec.json.encode(export))
    with Rejects(output) as rejects:
        report = read_export(source, SCHEMA, output, rejects)
    kept = output.with_name("out.jsonl.rejects.jsonl")
    reasons = [r.reason for r in read(kept, Reject)] if kept.exists() else []
    return list(read(output, Record)), reasons, report


def span(start: int, end: int, label: str, kind: str = "labels", **rest: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, kind: [label]}
    return {
        "id": f"s{start}",
        "from_name": "any",
        "to_name": "t",
        "type": kind,
        "value": value,
    } | rest


def test_a_project_of_somebody_else(tmp_path: Path) -> None:
    """Another control, another name of the text, another person's field, no ids of ours."""
    body = "Rabat met Tel Aviv"
    annotations = [
        {
            "id": 1,
            "completed_by": {"id": 3, "email": "carol@x.test"},
            "result": [
                span(0, 5, "GPE"),
                span(10, 18, "GPE", "hypertextlabels"),
                span(6, 9, "CONSULT"),
                {"type": "relation", "from_id": "s0", "to_id": "s6", "labels": ["actor"]},
                {"type": "rating", "from_name": "stars", "value": {"rating": 4}},
                span(6, 9, "ANIMAL"),
            ],
        },
        {"id": 2, "completed_by": 9, "result": [], "was_cancelled": True},
    ]
    export = [{"id": 5, "data": {"t": body, "title": "x", "meta": 3}, "annotations": annotations}]
    (got,), reasons, report = run(tmp_path, export)
    assert (got.document.id, got.document.text) == (document_id(body), body)
    carol, nine = got.annotations
    assert (carol.by.agent, nine.by.agent) == ("carol@x.test", "user-9")
    assert (carol.status, nine.status) == ("submitted", "skipped")
    assert [(e.text, e.label) for e in carol.entities] == [("Rabat", "GPE"), ("Tel Aviv", "GPE")]
    (event,) = carol.events
    assert (event.type, event.trigger.text) == ("CONSULT", "met")
    assert [(a.role, a.entity) for a in event.arguments] == [("actor", "s0")]
    animal, turned = reasons
    assert "ANIMAL" in animal and "points at the trigger (taken as a role)" in turned
    assert report.others == {"stars (rating)"}


def test_an_export_with_utf16_offsets(tmp_path: Path) -> None:
    body = "😀 Rabat and 🇲🇦 Rabat"
    wide = [i for i, _ in enumerate(body.encode("utf-16-le")[::2])]
    assert len(wide) == len(body) + 3
    shown = [span(3, 8, "GPE"), span(18, 23, "GPE")]
    for item in shown:
        item["value"]["text"] = "Rabat"
    export = [{"id": 1, "data": {"text": body, "id": 7}, "annotations": [{"result": shown}]}]
    (got,), reasons, report = run(tmp_path, export)
    assert report.unit == "utf-16"
    assert [(e.start, e.text) for e in got.annotations[0].entities] == [(2, "Rabat"), (15, "Rabat")]
    assert (got.document.id, reasons) == ("7", [])


def test_tasks_that_are_none_are_kept_with_the_reason(tmp_path: Path) -> None:
    good = {"id": 1, "data": {"text": "Rabat"}, "annotations": [{"result": [span(0, 5, "GPE")]}]}
    bad = [
        7,
        {"id": 2},
        {"id": 3, "data": {"a": "one text", "b": "another"}},
        {"id": 4, "data": {"text": "a\x00b"}},
        {"id": 5, "data": {"text": "Rabat"}},
    ]
    got, reasons, _ = run(tmp_path, [good, *bad])
    assert [r.document.text for r in got] == ["Rabat"]
    assert len(reasons) == 5
    assert "in task 1 already" in reasons[-1]


def test_a_prediction_that_is_not_taken_whole_is_told(tmp_path: Path) -> None:
    result = [span(0, 5, "GPE"), span(3, 99, "GPE"), span(0, 5, "ANIMAL")]
    predictions = [{"id": 1, "model_version": "m1", "result": result}]
    export = [{"id": 1, "data": {"text": "Rabat"}, "predictions": predictions}]
    (got,), reasons, _ = run(tmp_path, export)
    assert [e.text for e in got.annotations[0].entities] == ["Rabat"]
    assert len(reasons) == 2 and "ANIMAL" in reasons[0] and "3:99" in reasons[1]


def test_one_bad_entry_does_not_take_the_reading_with_it(tmp_path: Path) -> None:
    bad = {"id": "s", "type": "labels", "value": "none"}
    export = [
        {
            "id": 1,
            "data": {"text": "Rabat"},
            "annotations": [{"result": [bad, span(0, 5, "GPE")]}],
        }
    ]
    (got,), reasons, _ = run(tmp_path, export)
    assert [e.text for e in got.annotations[0].entities] == ["Rabat"]
    assert len(reasons) == 1


@pytest.mark.parametrize("content", [b"{}", b"", b"id,text\n1,x", b'[{"a":]', b"\xff\xfe"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "export.csv"
    source.write_bytes(content)
    with Rejects("-") as rejects, pytest.raises(MalformedRecord, match="no list of tasks"):
        read_export(source, SCHEMA, tmp_path / "out.jsonl", rejects)
    assert not (tmp_path / "out.jsonl").exists()
