"""`curation ingest`, as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from curation.cli import main
from curation.model import Record
from curation.store import Reject, read, rejects_path, shipped


def curation(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["ingest", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(
        "وأعادت المغرب علاقاتها الدبلوماسية مع دولة الاحتلال\r\n"
    )
    (tmp_path / "in" / "b.csv").write_text('id,text,topic\n1,"x\r\ny",z\n2,,z\n')
    (tmp_path / "in" / "c.pdf").write_bytes(b"%PDF")
    (tmp_path / "in" / "d.jsonl").write_text('{"text":"t","date":"2021-05-01"}\nbroken\n')
    return tmp_path


def test_a_folder_of_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert curation("in", "-o", "out/documents.jsonl", "--published", "2022-10-01") == 0
    documents = [record.document for record in read("out/documents.jsonl", Record)]
    assert [(d.id, d.source, d.language, str(d.published)) for d in documents[:2]] == [
        ("a", "in/a.txt", "ar", "2022-10-01"),
        ("1", "in/b.csv#2", None, "2022-10-01"),
    ]
    assert str(documents[2].published) == "2021-05-01"
    assert (documents[1].text, documents[1].meta) == ("x\r\ny", {"topic": "z"})
    kept = list(read(rejects_path(Path("out/documents.jsonl")), Reject))
    assert [(one.file, one.line) for one in kept] == [
        ("in/c.pdf", 0),
        ("in/b.csv", 4),
        ("in/d.jsonl", 2),
    ]
    assert all(one.reason for one in kept)

    talk = capsys.readouterr()
    assert talk.out == ""
    points = sum(len(d.text) for d in documents)
    assert f"out/documents.jsonl: 3 documents, {points} code points" in talk.err
    assert "next: curation annotate out/documents.jsonl -o proposed.jsonl" in talk.err
    assert "3 refused, kept with the reason in out/documents.jsonl.rejects.jsonl" in talk.err
    assert str(folder) not in Path("out/documents.jsonl").read_text()


def test_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    outputs = [Path("one.jsonl"), Path("two.jsonl")]
    for output in outputs:
        curation("in", "-o", str(output))
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert rejects_path(outputs[0]).read_bytes() == rejects_path(outputs[1]).read_bytes()
    curation("in", "-o", "in/three.jsonl")
    curation("in", "-o", "in/three.jsonl")
    assert Path("in/three.jsonl").read_bytes() == outputs[0].read_bytes()


def test_another_process_gives_the_same_bytes(folder: Path) -> None:
    curation("in", "-o", "one.jsonl")
    command = [sys.executable, "-m", "curation", "ingest", "in", "-o", "-"]
    ran = subprocess.run(command, capture_output=True, check=True)
    assert ran.stdout == Path("one.jsonl").read_bytes()
    assert b"next:" not in ran.stderr


def test_strict_makes_refusals_fail_and_still_writes_the_rest(folder: Path) -> None:
    assert curation("in", "-o", "out.jsonl", "--strict") == 1
    assert len(list(read("out.jsonl", Record))) == 3
    assert curation("in/a.txt", "-o", "out.jsonl", "--strict") == 0
    assert not rejects_path(Path("out.jsonl")).exists()


def test_counts_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert curation("in", "-o", "out.jsonl", "--json", "--limit", "1") == 0
    counts = msgspec.json.decode(capsys.readouterr().out)
    assert counts == {"documents": 1, "code_points": 53, "refused": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["none.txt", "-o", "x"], 1, "no file or folder 'none.txt'"),
        (["in", "-o", "x", "--published", "yesterday"], 2, "'yesterday' is no day"),
        (["in", "-o", "x", "--language", "Arabic"], 2, "no language code"),
        (["in", "-o", "x", "--encoding", "klingon"], 2, "no text encoding"),
        (["in", "-o", "-", "--json"], 2, "stdout can not take both"),
        (["in", "-o", "in"], 1, "can not write"),
        (["in"], 2, "--output"),
    ],
)
def test_a_wrong_command_says_what_is_wrong_and_writes_nothing(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    assert curation(*arguments) == code
    talk = capsys.readouterr().err
    assert says in talk
    assert "Traceback" not in talk
    assert not Path("x").exists()


def test_a_language_that_is_not_known_is_said_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = Path("rows.jsonl")
    rows.write_text('{"id": "a", "text": "12"}\n{"id": "b", "text": "34"}\n')
    assert curation("rows.jsonl", "-o", "out.jsonl") == 0
    assert "language not known: 2 documents; --language CODE" in capsys.readouterr().err
    assert curation("rows.jsonl", "-o", "out.jsonl", "--language", "en") == 0
    assert "language not known" not in capsys.readouterr().err


def test_the_seed(tmp_path: Path) -> None:
    output = tmp_path / "documents.jsonl"
    seeds = shipped("seeds", "documents")
    assert curation(str(seeds), "-o", str(output), "--strict") == 0
    (record,) = read(output, Record)
    assert record.document.id == "000_a90ee71e5042d5e6"
    assert record.document.language == "ar"
