"""Refusals are kept with their reason, as they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.errors import DataError, SchemaViolation
from curation.store import Reject, Rejects, read, rejects_path


def test_each_refusal_is_kept_as_it_comes(tmp_path: Path) -> None:
    output = tmp_path / "runs" / "out.jsonl"
    with Rejects(output) as rejects:
        rejects.add(SchemaViolation("bad", file="a", line=3, field="$.x", hint="mend it"), "line")
        assert rejects.path == rejects_path(output)
        (kept,) = read(rejects.path, Reject)
        assert kept == Reject("a", 3, "$.x", "SchemaViolation", "bad", "mend it", "line")
        rejects.add(DataError("worse"))
    assert rejects.count == 2
    assert [error.message for error in rejects.first][-1] == "worse"
    assert len(list(read(rejects.path, Reject))) == 2


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"a\xffb", "a\\xffb"),
        ("a\ud83db", "a\\ud83db"),
        ("سلام \u2028 😀\x00", "سلام \u2028 😀\x00"),
    ],
)
def test_any_content_can_be_kept(tmp_path: Path, content: str | bytes, kept: str) -> None:
    with Rejects(tmp_path / "out") as rejects:
        rejects.add(DataError("bad"), content)
    assert [one.content for one in read(rejects_path(tmp_path / "out"), Reject)] == [kept]


def test_without_refusals_there_is_no_file_and_an_old_one_goes(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    rejects_path(output).write_text("old")
    with Rejects(output) as rejects:
        pass
    assert rejects.count == 0
    assert list(tmp_path.iterdir()) == []


def test_they_outlive_a_failed_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Rejects(tmp_path / "out") as rejects:
        rejects.add(DataError("bad"))
        raise RuntimeError
    assert len(list(read(rejects_path(tmp_path / "out"), Reject))) == 1


def test_a_note_on_what_was_written_is_no_refusal(tmp_path: Path) -> None:
    with Rejects(tmp_path / "out") as rejects:
        rejects.add(DataError("odd"), "line", written=True)
    assert (rejects.count, rejects.noted) == (0, 1)
    assert [one.reason for one in read(rejects_path(tmp_path / "out"), Reject)] == ["odd"]


def test_for_a_stream_they_are_counted() -> None:
    with Rejects("-") as rejects:
        rejects.add(DataError("bad"), "line")
    assert (rejects.count, rejects.path) == (1, None)
