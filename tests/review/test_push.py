"""Pushing to a real server: each document exactly once with its prediction, whatever happens."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from curation.errors import PushIncomplete, ReviewError, ServerUnavailable, UsageError
from curation.model import Document, Record
from curation.review import Home, LabelStudio, foresee, open_desk, post_readings, push
from curation.review.desk import Desk
from curation.review.listing import listing
from curation.review.project import Project
from curation.review.state import Copies, Pushed
from curation.review.tasks import proposal
from curation.store import Rejects, write
from tests.conftest import Running
from tests.review.proxy import losing
from tests.review.samples import SCHEMA, doubted, read_by, record


@pytest.fixture
def rejects(tmp_path: Path) -> Iterator[Rejects]:
    with Rejects(tmp_path / "out.jsonl") as kept:
        yield kept


def assert_whole(server: LabelStudio, project: Project, count: int) -> None:
    """Each document is there exactly once, with exactly one prediction that the page shows."""
    there = listing(server, project)
    assert sorted(there) == sorted(f"doc-{n}" for n in range(count))
    assert {len(known.tasks) for known in there.values()} == {1}
    assert {known.predictions for known in there.values()} == {1}
    found = server.project(project.title)
    assert found and found.model_version == "curation"


def test_push_is_idempotent(server: LabelStudio, home: Home, title: str, rejects: Rejects) -> None:
    records = [record(n) for n in range(5)]
    desk = open_desk(server, home, title, SCHEMA)
    assert foresee(server, title, records, SCHEMA, rejects).sent == 5
    assert push(desk, records[:3], SCHEMA, rejects).sent == 3
    again = push(open_desk(server, home, title, SCHEMA), records, SCHEMA, rejects)
    assert (again.sent, again.there) == (2, 3)
    assert_whole(server, desk.project, 5)
    task = next(t for t in server.tasks(desk.project.id) if t.data["doc_id"] == "doc-0")
    assert task.data["text"] == records[0].document.text
    (prediction,) = server.predictions(task.id)
    assert [i["value"]["text"] for i in prediction["result"][:3]] == [
        e.text for e in records[0].annotations[0].entities
    ]
    assert rejects.count == 0


def test_white_space_around_a_title_makes_no_other_project(
    server: LabelStudio, home: Home, title: str
) -> None:
    first = open_desk(server, home, f" {title}\n", SCHEMA)
    assert open_desk(server, home, f" {title}\n", SCHEMA).project == first.project
    assert open_desk(server, home, title, SCHEMA).project == first.project


def test_a_dry_run_makes_nothing(server: LabelStudio, title: str, rejects: Rejects) -> None:
    assert foresee(server, title, [record(0)], SCHEMA, rejects).sent == 1
    assert server.project(title) is None


def test_what_can_not_be_sent_is_kept_and_the_rest_goes_on(
    server: LabelStudio, home: Home, title: str, rejects: Rejects
) -> None:
    desk = open_desk(server, home, title, SCHEMA)
    push(desk, [record(0)], SCHEMA, rejects)
    poisoned = Record(Document("bad", "text", meta={"a": "\x00"}))
    report = push(desk, [record(0, " and more"), record(1), record(1), poisoned], SCHEMA, rejects)
    assert report.sent == 1
    assert rejects.path
    reasons = rejects.path.read_text("utf-8").splitlines()
    assert [
        reason in line
        for reason, line in zip(("another text", "twice", "U+0000"), reasons, strict=True)
    ] == [True] * 3
    assert_whole(server, desk.project, 2)


def test_another_proposal_is_kept_out_unless_update_says_so(
    server: LabelStudio, home: Home, title: str, rejects: Rejects
) -> None:
    desk = open_desk(server, home, title, SCHEMA)
    push(desk, [record(0), record(1)], SCHEMA, rejects)
    post_readings(desk, [read_by("first@x.test", record(1))], SCHEMA)
    fewer = [
        Record(
            record(n).document,
            (msgspec.structs.replace(record(n).annotations[0], events=()),),
        )
        for n in range(2)
    ]
    assert push(desk, fewer, SCHEMA, rejects).kept == 2
    report = push(desk, fewer, SCHEMA, rejects, update=True)
    assert (report.updated, report.kept) == (1, 1)  # what somebody has read stays as it was shown
    assert push(desk, fewer, SCHEMA, rejects).there == 1
    assert_whole(server, desk.project, 2)
    task = listing(server, desk.project)["doc-0"].tasks[0]
    assert len(server.predictions(task)[0]["result"]) == 3


def test_another_configuration_is_refused_unless_update_says_so(
    server: LabelStudio, home: Home, title: str
) -> None:
    open_desk(server, home, title, SCHEMA)
    other = msgspec.structs.replace(SCHEMA, entities=SCHEMA.entities[:-1])
    with pytest.raises(ReviewError, match="it has label DATE in entities"):
        open_desk(server, home, title, other)
    open_desk(server, home, title, other, update=True)
    open_desk(server, home, title, other)


def test_a_lost_prediction_is_sent_again(
    server: LabelStudio, home: Home, title: str, rejects: Rejects
) -> None:
    desk = open_desk(server, home, title, SCHEMA)
    push(desk, [record(n) for n in range(3)], SCHEMA, rejects)
    server.delete_predictions(listing(server, desk.project)["doc-1"].tasks[0])
    assert push(desk, [record(n) for n in range(3)], SCHEMA, rejects).repaired == 1
    assert_whole(server, desk.project, 3)


def test_a_document_that_stands_there_twice_is_told(
    server: LabelStudio, home: Home, title: str, rejects: Rejects
) -> None:
    desk = open_desk(server, home, title, SCHEMA)
    push(desk, [record(0)], SCHEMA, rejects)
    server.import_tasks(desk.project.id, [{"data": {"doc_id": "doc-0", "text": "x"}}])
    with pytest.raises(PushIncomplete, match="2 times"):
        push(desk, [record(0)], SCHEMA, rejects)
    assert len(listing(server, desk.project)["doc-0"].tasks) == 2


def test_what_an_import_without_a_sender_made_twice_is_removed(
    server: LabelStudio, home: Home, title: str, rejects: Rejects
) -> None:
    """A push that is killed leaves its import to the server, and the next one sends it again."""
    records = [record(n) for n in range(4)]
    desk = open_desk(server, home, title, SCHEMA)
    push(desk, records, SCHEMA, rejects)
    server.import_tasks(desk.project.id, [proposal(r, SCHEMA).task for r in records[:3]])
    there = listing(server, desk.project)
    assert [len(there[f"doc-{n}"].tasks) for n in range(4)] == [2, 2, 2, 1]
    read = there["doc-1"].tasks[1]
    server.annotate(read, {"result": [], "was_cancelled": True})
    report = push(desk, records, SCHEMA, rejects)
    assert (report.there, report.doubled) == (4, 3)
    assert_whole(server, desk.project, 4)
    assert listing(server, desk.project)["doc-1"].tasks == [read]
    assert listing(server, desk.project)["doc-0"].tasks == there["doc-0"].tasks[:1]


def test_work_of_people_is_never_removed(
    server: LabelStudio, home: Home, title: str, rejects: Rejects, label_studio: Running
) -> None:
    desk = open_desk(server, home, title, SCHEMA)
    push(desk, [record(0)], SCHEMA, rejects)
    server.import_tasks(desk.project.id, [proposal(record(0), SCHEMA).task])
    first, second = listing(server, desk.project)["doc-0"].tasks
    server.annotate(first, {"result": [], "was_cancelled": True})
    httpx.post(
        f"{label_studio.local.url}/api/tasks/{second}/drafts",
        headers={"Authorization": f"Token {label_studio.local.token}"},
        json={"lead_time": 1.0, "result": []},
    ).raise_for_status()
    with pytest.raises(PushIncomplete, match="2 times"):
        push(desk, [record(0)], SCHEMA, rejects)
    assert listing(server, desk.project)["doc-0"].tasks == [first, second]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_reply_sends_nothing_twice(
    label_studio: Running,
    home: Home,
    title: str,
    rejects: Rejects,
    monkeypatch: pytest.MonkeyPatch,
    lost: int,
) -> None:
    module = importlib.import_module("curation.review.push")
    monkeypatch.setattr(module, "BATCH", 4)
    monkeypatch.setattr(module, "PAUSE", 0.1)
    seen: list[str] = []

    def loses(method: str, path: str) -> bool:
        if method == "POST" and "/import?" in path:
            seen.append(path)
            return len(seen) <= lost
        return False

    local = label_studio.local
    with losing(local.url, loses) as url, LabelStudio(url, local.token) as server:
        desk = open_desk(server, home, title, SCHEMA)
        report = push(desk, [record(n) for n in range(10)], SCHEMA, rejects)
        assert report.sent == 10
        assert_whole(server, desk.project, 10)
    assert len(seen) == 3


def test_a_server_that_stays_away_is_told_and_the_push_goes_on_later(
    label_studio: Running,
    home: Home,
    title: str,
    rejects: Rejects,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = importlib.import_module("curation.review.push")
    monkeypatch.setattr(module, "BATCH", 4)
    monkeypatch.setattr(module, "PAUSE", 0.1)
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    away = [False]

    def loses(method: str, path: str) -> bool:
        away[0] = away[0] or (method == "POST" and "/import?" in path)
        return away[0]

    records = [record(n) for n in range(10)]
    local = label_studio.local
    with losing(local.url, loses) as url, LabelStudio(url, local.token) as server:
        desk = open_desk(server, home, title, SCHEMA)
        with pytest.raises(ServerUnavailable):
            push(desk, records, SCHEMA, rejects)
    with LabelStudio(local.url, local.token) as server:
        desk = open_desk(server, home, title, SCHEMA)
        report = push(desk, records, SCHEMA, rejects)
        assert (report.sent, report.there) == (6, 4)
        assert_whole(server, desk.project, 10)


def test_a_push_that_was_killed_goes_on(
    label_studio: Running, server: LabelStudio, title: str, tmp_path: Path
) -> None:
    source = tmp_path / "proposed.jsonl"
    count = 60
    write(source, (doubted(n, n / count) for n in range(count)))
    arguments = ["review", "push", str(source), "--project", title]
    arguments += ["--data", str(label_studio.folder), "--state", str(tmp_path / "memory")]
    code = (
        "import sys, importlib; importlib.import_module('curation.review.push').BATCH = 3;"
        "from curation.cli import main; main(sys.argv[1:])"
    )
    child = subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=subprocess.DEVNULL)
    while child.poll() is None:
        project = server.project(title)
        if project and listing(server, project):
            child.kill()
            break
        time.sleep(0.05)
    assert child.wait() == -9, "the push was over before it could be killed"
    project = server.project(title)
    assert project
    assert 0 < len(listing(server, project)) < count
    done = subprocess.run(
        [sys.executable, "-m", "curation", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "already there" in done.stderr
    assert_whole(server, project, count)
    order = [task.data["doc_id"] for task in server.tasks(project.id)]
    assert order == [f"doc-{n}" for n in reversed(range(count))], "the most uncertain first"


def test_a_line_that_a_kill_cut_short_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "pushed.jsonl"
    Copies(path).add(Pushed(str(n), record(n)) for n in range(3))
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size - 5)
    copies = Copies(path)
    assert ("doc-1" in copies, "doc-2" in copies) == (True, False)
    copies.add([Pushed("2", record(2)), Pushed("1", record(1)), Pushed("other", record(1))])
    assert [p.digest for p in Copies(path).versions("doc-1")] == ["other", "1"]
    assert Copies(path).versions("doc-2")[0].record == record(2)


def test_two_pushes_at_once_lose_no_copy(tmp_path: Path) -> None:
    one, two = (Copies(tmp_path / "pushed.jsonl") for _ in range(2))
    one.add([Pushed("1", record(1)), Pushed("2", record(2))])
    two.add([Pushed("3", record(3)), Pushed("1", record(1))])
    one.add([Pushed("4", record(4))])
    for copies in (one, Copies(tmp_path / "pushed.jsonl")):
        for n in range(1, 5):
            (found,) = copies.versions(f"doc-{n}")
            assert found == Pushed(str(n), record(n))


def test_a_second_person_is_asked_where_two_are_wanted(
    server: LabelStudio, home: Home, title: str, label_studio: Running, rejects: Rejects
) -> None:
    def asked(desk: Desk) -> int:
        reply = httpx.get(
            f"{label_studio.local.url}/api/projects/{desk.project.id}",
            headers={"Authorization": f"Token {label_studio.local.token}"},
        )
        return int(reply.raise_for_status().json()["maximum_annotations"])

    assert asked(open_desk(server, home, title, SCHEMA)) == 1
    assert asked(open_desk(server, home, title, SCHEMA, annotators=2)) == 2
    assert asked(open_desk(server, home, title, SCHEMA)) == 2


def test_a_title_that_the_server_does_not_take_is_told(server: LabelStudio, home: Home) -> None:
    with pytest.raises(UsageError, match="3 to 50"):
        open_desk(server, home, "x", SCHEMA)
