"""The commands themselves: arguments, exit codes, what they print."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from curation.cli import main
from curation.model import Record
from curation.review import connect, open_desk
from curation.review.config import differences, label_config
from curation.store import load_schema, read, write
from tests.conftest import Running
from tests.review.samples import doubted, record


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    return int(stop.value.code or 0)


def test_a_project_without_a_task_is_nothing_wrong(
    label_studio: Running, title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--project", title, "--data", label_studio.folder, "--state", tmp_path / "memory")
    server, home = connect(None, data=label_studio.folder, memory=tmp_path / "memory")
    with server:
        open_desk(server, home, title, load_schema())
    assert run("review", "pull", *at, "-o", tmp_path / "r.jsonl") == 0
    assert f"note: {title} has no task" in capsys.readouterr().err


def test_push_pull_and_status(
    label_studio: Running, title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output = tmp_path / "proposed.jsonl", tmp_path / "reviewed.jsonl"
    write(source, [record(0), record(1)])
    with source.open("ab") as stream:
        stream.write(b"no record\n")
    at = ("--project", title, "--data", label_studio.folder, "--state", tmp_path / "memory")
    assert run("review", "push", source, *at, "--dry-run") == 0
    assert "2 would be sent" in capsys.readouterr().err
    assert run("review", "push", source, *at, "--json") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["sent"] == 2
    assert "1 refused, kept with the reason" in printed.err
    assert f"review at {label_studio.local.url}/projects/" in printed.err
    assert run("review", "push", source, *at, "--strict") == 1
    assert "0 sent, 2 already there" in capsys.readouterr().err
    assert run("review", "pull", *at, "-o", output) == 0
    assert "2 documents: 0 submitted" in capsys.readouterr().err
    assert list(read(output, Record)) == [record(0), record(1)]
    assert run("review", "pull", *at, "-o", "-") == 0
    assert capsys.readouterr().out.count("\n") == 2
    assert run("review", "status", *at, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["tasks"], found["predicted"], found["not_started"]) == (2, 2, 2)
    assert run("review", "status", *at) == 0
    assert "not started  2" in capsys.readouterr().out


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, tasks, config = tmp_path / "p.jsonl", tmp_path / "tasks.json", tmp_path / "config.xml"
    write(source, [record(0), record(1)])
    assert run("review", "push", source, "--to", tasks, "--config", config) == 0
    assert "wrote 2 tasks" in capsys.readouterr().err
    assert [task["data"]["doc_id"] for task in json.loads(tasks.read_bytes())] == ["doc-0", "doc-1"]
    assert differences(config.read_text("utf-8"), label_config(load_schema())) == []
    output = tmp_path / "reviewed.jsonl"
    assert run("review", "pull", "--from", tasks, "--documents", source, "-o", output) == 0
    assert list(read(output, Record)) == [record(0), record(1)]


def test_the_order_of_the_tasks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, tasks = tmp_path / "p.jsonl", tmp_path / "tasks.json"
    write(source, [doubted(0, None), doubted(1, 0.1), doubted(2, 0.3)])

    def sent(*arguments: object) -> list[str]:
        assert run("review", "push", *arguments, "--to", tasks) == 0
        return [task["data"]["doc_id"] for task in json.loads(tasks.read_bytes())]

    assert sent(source) == ["doc-2", "doc-1", "doc-0"]
    assert sent(source, "--order", "file") == ["doc-0", "doc-1", "doc-2"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(source.read_bytes())))
    assert sent("-") == ["doc-2", "doc-1", "doc-0"]
    assert run("review", "push", source, "--to", tasks, "--order", "other") == 2


def test_arguments_that_make_no_sense(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "p.jsonl"
    write(source, [record(0)])
    assert run("review", "push", source) == 2
    assert run("review", "pull", "-o", tmp_path / "out.jsonl") == 2
    assert run("review", "pull", "-o", "-", "--from", source, "--project", "x") == 2
    assert capsys.readouterr().err.count("error: ") == 3
    assert run("review", "push", source, "--project", "x", "--data", tmp_path) == 3
    assert "curation review serve" in capsys.readouterr().err
