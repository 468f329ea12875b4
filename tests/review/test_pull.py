"""What people do on a real server comes back as it was meant, each status told apart."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from curation.errors import UnknownTask
from curation.model import Annotation, Relation, make_entity
from curation.review import (
    Home,
    LabelStudio,
    find_desk,
    open_desk,
    post_readings,
    push,
    status,
)
from curation.review.reviewer import result
from curation.store import Rejects
from tests.conftest import Running
from tests.review.bench import Bench
from tests.review.samples import SCHEMA, read_by, record

ANN, BOB = "ann@x.test", "bob@x.test"


@pytest.fixture
def bench(
    label_studio: Running, server: LabelStudio, home: Home, title: str, tmp_path: Path
) -> Bench:
    records = [record(n) for n in range(6)]
    return Bench(label_studio, server, home, title, tmp_path, records)


def without_time(reading: Annotation) -> Annotation:
    assert reading.at is not None
    return msgspec.structs.replace(reading, at=None)


def changed(number: int) -> dict[str, Any]:
    """A relabelled, a moved, an added entity, a removed one, a relation, a negated event."""
    text, before = record(number).document.text, record(number).annotations[0]
    first, second, _ = before.entities
    relabelled = msgspec.structs.replace(first, label="ORG", score=None)
    moved = msgspec.structs.replace(
        second, end=second.end + 7, text=text[second.start : second.end + 7], value=None, score=None
    )
    added = make_entity(text, text.index("F-16"), text.index("F-16") + 4, "TITLE")
    relation = Relation("r", "employs", relabelled.id, added.id)
    event = msgspec.structs.replace(before.events[0], modality="negated")
    return {
        "entities": (relabelled, moved, added),
        "relations": (relation,),
        "events": (event,),
    }


def test_every_status_and_both_annotators(bench: Bench) -> None:
    readings = [
        read_by(ANN, record(0)),
        read_by(BOB, record(0), **changed(0)),
        read_by(ANN, record(1), entities=(), events=()),
        read_by(BOB, record(2), "skipped"),
    ]
    assert post_readings(bench.desk, readings, SCHEMA) == 4
    bench.draft(3, {"result": result("doc-3", record(3).annotations[0], record(3).annotations[0])})
    report = bench.pull()
    assert (report.documents, report.submitted, report.empty) == (6, 2, 1)
    assert (report.skipped, report.drafts, report.uncopied) == (1, 1, 0)
    assert bench.reasons() == []
    back = bench.records()
    assert list(back) == [f"doc-{n}" for n in range(6)]
    for n in range(6):
        assert back[f"doc-{n}"].document == record(n).document
        assert back[f"doc-{n}"].annotations[0] == record(n).annotations[0]
    ann, bob = bench.human(0)
    assert without_time(ann) == readings[0].annotations[0]
    wanted = readings[1].annotations[0]
    assert (bob.by, bob.status) == (wanted.by, "submitted")
    assert bob.entities[:2] == wanted.entities[:2]
    added = bob.entities[2]
    assert (added.label, added.text, added.proposers) == ("TITLE", "F-16", (BOB,))
    assert bob.events == wanted.events
    assert [(r.label, r.head, r.tail) for r in bob.relations] == [
        ("employs", wanted.entities[0].id, added.id)
    ]
    (empty,) = bench.human(1)
    assert without_time(empty) == readings[2].annotations[0]
    (skipped,) = bench.human(2)
    assert without_time(skipped) == readings[3].annotations[0]
    (draft,) = bench.human(3)
    assert (draft.status, draft.by.agent) == ("draft", bench.studio.local.user)
    assert draft.entities == record(3).annotations[0].entities
    assert bench.human(4) == []


def test_status(bench: Bench) -> None:
    post_readings(
        bench.desk,
        [
            read_by(ANN, record(0)),
            read_by(BOB, record(0), entities=(), events=()),
            read_by(ANN, record(1), entities=(), events=()),
            read_by(BOB, record(2), "skipped"),
        ],
        SCHEMA,
    )
    bench.draft(3, {"result": []})
    found = status(bench.desk)
    assert (found.tasks, found.predicted, found.pulled) == (6, 6, "")
    assert (found.submitted, found.empty, found.skipped) == (2, 1, 1)
    assert (found.drafts, found.not_started) == (1, 2)
    ann, bob = found.people[ANN], found.people[BOB]
    assert (ann.submitted, ann.empty, ann.skipped) == (2, 1, 0)
    assert (bob.submitted, bob.empty, bob.skipped) == (1, 1, 1)
    assert found.people[bench.studio.local.user].drafts == 1
    bench.pull()
    assert status(bench.desk).pulled


def test_a_page_that_showed_nothing_is_not_a_decision(bench: Bench) -> None:
    text = record(1).document.text
    bench.submit(0, [])
    by_hand = make_entity(text, text.index("F-16"), text.index("F-16") + 4, "TITLE")
    plain = msgspec.structs.replace(record(1).annotations[0], entities=(by_hand,), events=())
    bench.submit(1, result("doc-1", plain, None))
    report = bench.pull()
    assert (report.submitted, report.drafts) == (0, 1)
    assert bench.human(0) == []
    (draft,) = bench.human(1)
    assert (draft.status, draft.entities[0].text) == ("draft", "F-16")
    assert ["had not shown" in reason for reason in bench.reasons()] == [True, True]
    # A finding does not vanish because nothing changed since.
    bench.pull()
    assert len(bench.reasons()) == 2


def test_dangling_links_are_findings(bench: Bench) -> None:
    before = record(0).annotations[0]
    bench.submit(0, result("doc-0", before, before)[1:])
    bench.pull()
    (reading,) = bench.human(0)
    assert [a.role for a in reading.events[0].arguments] == ["recipient"]
    assert ["span that is gone" in reason for reason in bench.reasons()] == [True]


def test_a_pull_brings_only_what_changed(bench: Bench) -> None:
    post_readings(bench.desk, [read_by(ANN, record(0))], SCHEMA)
    assert bench.pull().fetched == 6
    first = bench.output.read_bytes()
    again = bench.pull()
    assert (again.fetched, again.submitted) == (0, 1)
    assert bench.output.read_bytes() == first

    post_readings(
        bench.desk, [read_by(ANN, record(0), **changed(0)), read_by(BOB, record(1))], SCHEMA
    )
    assert bench.pull().fetched == 2
    (again_ann,) = bench.human(0)
    assert again_ann.entities[0].label == "ORG"
    incremental = bench.output.read_bytes()
    assert bench.pull(full=True).fetched == 6
    assert bench.output.read_bytes() == incremental

    draft = bench.draft(2, {"result": []})  # moves nothing in the listing
    assert bench.pull().fetched == 1
    assert [a.status for a in bench.human(2)] == ["draft"]
    again = bench.pull()
    assert (again.fetched, again.again) == (1, 1)
    bench.drop_draft(draft)
    assert bench.pull().fetched == 1
    assert bench.human(2) == []


def test_a_file_that_is_not_as_it_was_is_read_in_full(bench: Bench) -> None:
    bench.pull()
    bench.output.write_bytes(b"".join(bench.output.read_bytes().splitlines(keepends=True)[:2]))
    assert bench.pull().fetched == 6
    bench.output.unlink()
    assert bench.pull().fetched == 6
    assert len(bench.records()) == 6


def test_documents_whose_task_is_gone_are_told(bench: Bench) -> None:
    bench.pull()
    httpx.delete(
        f"{bench.studio.local.url}/api/tasks/{bench.task(2)}",
        headers={"Authorization": f"Token {bench.studio.local.token}"},
    ).raise_for_status()
    report = bench.pull()
    assert (report.gone, report.documents) == (["doc-2"], 6)
    assert "doc-2" in bench.records(), "what was pulled before is not lost"
    assert (bench.pull().gone, "doc-2" in bench.records()) == ([], True)
    assert bench.pull(full=True).documents == 5
    assert "doc-2" not in bench.records()


def test_a_reading_that_the_server_no_longer_has_is_told(bench: Bench) -> None:
    post_readings(bench.desk, [read_by(ANN, record(0))], SCHEMA)
    bench.pull()
    with httpx.Client(
        base_url=bench.studio.local.url,
        headers={"Authorization": f"Token {bench.studio.local.token}"},
    ) as client:
        (made,) = client.get(f"/api/tasks/{bench.task(0)}/annotations").json()
        client.delete(f"/api/annotations/{made['id']}").raise_for_status()
    assert bench.pull().withdrawn == [f"doc-0 by {ANN}"]


def test_another_machine_takes_the_predictions(bench: Bench) -> None:
    post_readings(bench.desk, [read_by(ANN, record(0), **changed(0))], SCHEMA)
    bench.pull()
    here = bench.output.read_bytes()
    shutil.rmtree(bench.home.root)
    report = bench.pull(find_desk(bench.server, bench.home, bench.title))
    assert report.uncopied == 6
    there = bench.records()["doc-0"]
    assert there.annotations[0] == record(0).annotations[0]
    assert there.document == record(0).document
    assert bench.output.read_bytes() == here


def test_a_second_round_keeps_the_first(bench: Bench, home: Home, title: str) -> None:
    """What came back is pushed to another project: earlier readings stay in the record."""
    post_readings(bench.desk, [read_by(ANN, record(0)), read_by(BOB, record(0))], SCHEMA)
    bench.pull()
    first = bench.records()["doc-0"]
    second = open_desk(bench.server, home, title + " again", SCHEMA)
    with Rejects(bench.output) as rejects:
        push(second, [first], SCHEMA, rejects)
    post_readings(second, [read_by(ANN, record(0), **changed(0))], SCHEMA)
    bench.pull(second)
    machine, bob, ann = bench.records()["doc-0"].annotations
    assert (machine, bob) == (first.annotations[0], first.annotations[2])
    assert ann.entities[0].label == "ORG"


def test_a_draft_does_not_take_the_place_of_what_its_author_submitted(
    bench: Bench, home: Home, title: str
) -> None:
    me = bench.studio.local.user
    submitted = record(0).with_annotation(read_by(me, record(0)).annotations[0])
    bench.desk = open_desk(bench.server, home, title + " again", SCHEMA)
    with Rejects(bench.output) as rejects:
        push(bench.desk, [submitted], SCHEMA, rejects)
    bench.draft(0, {"result": []})
    bench.pull()
    assert [a.status for a in bench.human(0)] == ["submitted", "draft"]
    assert bench.human(0)[0] == submitted.annotations[-1]


def test_a_task_that_goes_while_it_is_pulled_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_readings(bench.desk, [read_by(ANN, record(0)), read_by(ANN, record(1))], SCHEMA)
    export, task = LabelStudio.export, bench.task(0)

    def late(server: LabelStudio, project: int, tasks: list[int]) -> list[dict[str, Any]]:
        if task in tasks:
            server.delete_task(task)
        return export(server, project, tasks)

    monkeypatch.setattr(LabelStudio, "export", late)
    report = bench.pull()
    assert (report.gone, report.documents) == (["doc-0"], 5)
    assert "doc-0" not in bench.records(), "it was never pulled before"


def test_a_reading_of_a_document_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(UnknownTask, match="doc-9"):
        post_readings(bench.desk, [read_by(ANN, record(9))], SCHEMA)
