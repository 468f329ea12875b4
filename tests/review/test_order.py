"""What people see first: documents in the order of their uncertainty, from any kind of file."""

from __future__ import annotations

import contextlib
import io
import json
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import CurationError
from curation.model import Document, Record
from curation.review import (
    Home,
    LabelStudio,
    open_desk,
    post_readings,
    pull,
    push,
    queue,
    status,
    write_tasks,
)
from curation.review.desk import Desk
from curation.review.order import Order
from curation.review.tasks import proposal, uncertainty_of
from curation.store import Reject, Rejects, read, write
from tests.conftest import Running
from tests.review.samples import SCHEMA, doubted, read_by, record

DOUBTS = (0.02, None, 0.3, 0.0, 0.3, None, 1.25)
#: The places of the above, the highest first, equals in their order, then those without.
SORTED = [6, 2, 4, 0, 3, 1, 5]
RECORDS = [doubted(n, doubt) for n, doubt in enumerate(DOUBTS)]


@pytest.fixture
def rejects(tmp_path: Path) -> Iterator[Rejects]:
    with Rejects(tmp_path / "out.jsonl") as kept:
        yield kept


def queued(source: Path | str, rejects: Rejects, order: Order = "uncertain") -> list[Record]:
    with queue(source, order, rejects) as found:
        return list(found)


@given(
    st.lists(st.none() | st.floats(0, 2)),
    st.sampled_from([b"", b"\n", b"not JSON\r\n", b"\xef\xbb\xbf"]),
)
def test_every_record_once_and_the_most_uncertain_first(
    tmp_path_factory: pytest.TempPathFactory, doubts: list[float | None], before: bytes
) -> None:
    folder = tmp_path_factory.mktemp("order")
    records = [doubted(n, doubt) for n, doubt in enumerate(doubts)]
    lines = [before + msgspec.json.encode(record) + b"\n" for record in records]
    (folder / "in.jsonl").write_bytes(b"".join(lines))

    def rank(one: Record) -> tuple[bool, float]:
        doubt = one.annotations[0].uncertainty
        return doubt is None, -(doubt or 0)

    with Rejects(folder / "out") as rejects:
        assert queued(folder / "in.jsonl", rejects) == sorted(records, key=rank)
        assert rejects.count == len(records) * before.startswith(b"not")
    with Rejects(folder / "out") as rejects:
        assert queued(folder / "in.jsonl", rejects, "file") == records


@pytest.mark.parametrize("kind", ["file", "stdin", "pipe", "descriptor"])
def test_a_stream_is_sorted_as_well(
    tmp_path: Path, rejects: Rejects, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "in.jsonl"
    write(source, RECORDS)
    content = source.read_bytes() + b"bad\n"
    source.write_bytes(content)
    monkeypatch.chdir(tmp_path)
    Path("-").write_text("not what is meant by -")
    with contextlib.ExitStack() as stack:
        where: Path | str = source
        if kind == "stdin":
            where = "-"
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        elif kind == "pipe":
            where = tmp_path / "pipe"
            os.mkfifo(where)
            writer = threading.Thread(target=where.write_bytes, args=(content,))
            writer.start()
            stack.callback(writer.join)
        elif kind == "descriptor":
            held = stack.enter_context(source.open("rb"))
            where = f"/dev/fd/{held.fileno()}"
        assert queued(where, rejects) == [RECORDS[n] for n in SORTED]
    assert (rejects.count, rejects.first[0].file, rejects.first[0].line) == (1, str(where), 8)


@pytest.mark.parametrize("order", ["uncertain", "file"])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, rejects: Rejects, order: Order) -> None:
    with pytest.raises(CurationError, match=r"missing\.jsonl"):
        queued(tmp_path / "missing.jsonl", rejects, order)


def test_of_two_lines_of_a_document_the_first_counts(tmp_path: Path, rejects: Rejects) -> None:
    source, tasks = tmp_path / "in.jsonl", tmp_path / "tasks.json"
    write(source, [doubted(0, 0.1), doubted(1, 0.2), doubted(0, 0.9)])
    with queue(source, "uncertain", rejects) as found:
        assert write_tasks(tasks, found, SCHEMA, rejects) == 2
    data = [task["data"] for task in json.loads(tasks.read_bytes())]
    assert [(d["doc_id"], d["uncertainty"]) for d in data] == [("doc-1", 0.2), ("doc-0", 0.1)]
    assert rejects.path
    (refused,) = read(rejects.path, Reject)
    assert "doc-0" in refused.reason and '"uncertainty":0.9' in refused.content


def test_only_places_stay_in_memory(tmp_path: Path, rejects: Rejects) -> None:
    source, count = tmp_path / "in.jsonl", 2000
    write(source, (Record(Document(f"{n:016x}", "x" * 4000)) for n in range(count)))
    tracemalloc.start()
    with queue(source, "uncertain", rejects) as found:
        held, peak = tracemalloc.get_traced_memory()
        assert sum(1 for _ in found) == count
    tracemalloc.stop()
    assert held / count < 300
    assert peak / count < 600


def told(server: LabelStudio, desk: Desk) -> list[str]:
    return [task.data["doc_id"] for task in server.tasks(desk.project.id)]


def test_people_get_the_most_uncertain_first(
    label_studio: Running,
    server: LabelStudio,
    home: Home,
    title: str,
    tmp_path: Path,
    rejects: Rejects,
) -> None:
    key = {"Authorization": f"Token {label_studio.local.token}"}
    source, url = tmp_path / "in.jsonl", label_studio.local.url
    desk = open_desk(server, home, title, SCHEMA)
    wanted = [f"doc-{n}" for n in SORTED]

    def send(records: list[Record], *, update: bool = False) -> Any:
        write(source, records)
        with queue(source, "uncertain", rejects) as found:
            return push(desk, found, SCHEMA, rejects, update=update)

    def asked(**view: Any) -> str:
        """The document of the task that the page would open next."""
        reply = httpx.post(
            f"{url}/api/dm/actions",
            params={"id": "next_task", "project": desk.project.id},
            headers=key,
            json=view,
            timeout=60,
        )
        return str(reply.raise_for_status().json()["data"]["doc_id"])

    def displayed(column: str) -> list[str]:
        """The Data Manager's table, ordered by a column."""
        query = json.dumps({"ordering": [column]})
        ask = {"project": desk.project.id, "query": query, "fields": "all", "page_size": 100}
        reply = httpx.get(f"{url}/api/tasks", params=ask, headers=key, timeout=60)
        return [task["data"]["doc_id"] for task in reply.raise_for_status().json()["tasks"]]

    assert send(RECORDS).sent == len(RECORDS)
    assert told(server, desk) == wanted
    assert asked() == "doc-6"
    # What comes later stands behind, however uncertain; the table can mix them.
    later = [doubted(7, 0.01), doubted(8, 0.9)]
    report = send([*RECORDS, *later])
    assert (report.sent, report.there) == (2, len(RECORDS))
    assert told(server, desk) == [*wanted, "doc-8", "doc-7"]
    assert displayed("-tasks:data.uncertainty")[:4] == ["doc-6", "doc-8", "doc-2", "doc-4"]
    assert displayed("tasks:data.uncertainty")[:3] == ["doc-3", "doc-7", "doc-0"]
    assert displayed("tasks:predictions_score")[:2] == ["doc-6", "doc-8"]
    post_readings(desk, [read_by("first@x.test", RECORDS[6])], SCHEMA)
    assert asked(ordering=["-tasks:data.uncertainty"]) == "doc-8"
    # Another uncertainty alone is nothing new; a task that is updated keeps its place.
    again = [doubted(n, 0.5) for n in range(9)]
    assert (report := send(again, update=True)).there == 9, report
    fewer = [
        msgspec.structs.replace(
            one, annotations=(msgspec.structs.replace(one.annotations[0], events=()),)
        )
        for one in again[:1]
    ]
    assert send(fewer, update=True).updated == 1
    assert told(server, desk) == [*wanted, "doc-8", "doc-7"]
    tasks = {t.data["doc_id"]: t.data.get("uncertainty") for t in server.tasks(desk.project.id)}
    assert (tasks["doc-0"], tasks["doc-2"], tasks["doc-5"]) == (0.5, 0.3, None)
    # Not doc-6, which is reviewed, and not the two that have none.
    left = pytest.approx((0.5 + 0.3 + 0.0 + 0.3 + 0.01 + 0.9) / 6, abs=1e-4)
    assert status(desk).uncertainty == left


def test_the_uncertainty_comes_back(
    server: LabelStudio, home: Home, title: str, tmp_path: Path, rejects: Rejects
) -> None:
    """From our copy, and from the task itself where there is no copy."""
    push(open_desk(server, home, title, SCHEMA), RECORDS, SCHEMA, rejects)
    for memory in (home, Home(home.name, tmp_path / "elsewhere")):
        output = tmp_path / "reviewed.jsonl"
        pull(open_desk(server, memory, title, SCHEMA), SCHEMA, output, rejects)
        assert list(read(output, Record)) == RECORDS
    assert rejects.count == 0


def test_the_score_of_a_prediction_falls_as_the_uncertainty_rises() -> None:
    def score(one: Record) -> float:
        return proposal(one, SCHEMA).task["predictions"][0]["score"]

    assert [score(doubted(0, doubt)) for doubt in (0.0, 0.02, 1.25)] == [1.0, 0.98, 0.0]
    assert score(record(0)) == pytest.approx((3 * 0.9 + 0.75) / 4)  # the mean of its spans'


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"proposal": "x", "uncertainty": 0.3}, 0.3),
        ({"proposal": "x", "uncertainty": 0}, 0.0),
        ({"proposal": "x"}, None),
        ({"proposal": "x", "uncertainty": "high"}, None),
        ({"proposal": "x", "uncertainty": -1}, None),
        ({"uncertainty": 0.3}, None),  # somebody else's word
    ],
)
def test_only_our_own_tasks_tell_an_uncertainty(data: dict[str, Any], found: float | None) -> None:
    assert uncertainty_of(data) == found
