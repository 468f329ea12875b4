"""What holds for a run over any sources: order, ids, duplicates, laziness, the same bytes."""

from __future__ import annotations

import datetime
import io
import itertools
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from curation.errors import CurationError, DataError, UsageError
from curation.ingest import Options, ingest
from curation.ingest.seen import Seen
from curation.model import Document
from curation.store import rejects_path, write
from tests.ingest.reading import ids, read_documents, refusal


def put(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"text of {name}")


def test_a_folder_is_read_to_its_depth_in_order_without_hidden_files(tmp_path: Path) -> None:
    put(
        tmp_path, "b.txt", "a/z.md", "a/B.txt", "c/d/e.TXT", ".hidden.txt", ".git/x.txt", "a/.y.txt"
    )
    documents, rejects = read_documents(tmp_path)
    assert rejects.count == 0
    assert ids(documents) == ["a/B", "a/z", "b", "c/d/e"]
    assert documents[0].source == "a/B.txt"


def test_paths_are_read_in_the_order_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "b.txt", "f/a.txt")
    monkeypatch.chdir(tmp_path)
    documents, _ = read_documents("./b.txt", "f/")
    assert [document.source for document in documents] == ["./b.txt", "f/a.txt"]


def test_no_document_says_where_this_machine_keeps_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "in/f/a.txt", "here/x")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "r", "text": "row"}\n')
    monkeypatch.chdir(tmp_path / "here")
    documents, rejects = read_documents(tmp_path / "in", rows, "../in/f/a.txt")
    assert [document.source for document in documents] == ["f/a.txt", "rows.jsonl#1", "a.txt"]
    assert rejects.count == 0


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["f/x.txt", "f/y.txt"], ["x", "y"]),
        (["f/a/x.txt", "f/b/x.txt", "f/y.txt"], ["a/x", "b/x", "y"]),
        (["f/x.txt", "f/a/x.txt"], ["a/x", "x"]),
        (["f/x.tar.txt"], ["x.tar"]),
    ],
)
def test_a_files_id_is_its_path_below_the_named_folder_without_its_suffix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], expected: list[str]
) -> None:
    put(tmp_path, *names)
    monkeypatch.chdir(tmp_path)
    documents, rejects = read_documents("f")
    assert rejects.count == 0
    assert ids(documents) == expected


def test_a_files_id_stays_when_other_files_come(tmp_path: Path) -> None:
    put(tmp_path, "f/x.txt")
    assert ids(read_documents(tmp_path / "f")[0]) == ["x"]
    put(tmp_path, "f/a/x.txt", "f/b/x.txt")
    assert "x" in ids(read_documents(tmp_path / "f")[0])


def test_two_files_with_one_id_are_told_and_the_first_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "f/x.txt", "g/x.txt")
    documents, rejects = read_documents(tmp_path / "f", tmp_path / "g")
    assert ids(documents) == ["x"]
    (error,) = rejects.errors
    assert "f/x.txt" in str(error)
    assert "g/x.txt" in str(error)


def test_what_can_not_be_ingested_is_refused_by_name(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.pdf", "LICENSE", "sub/c.json", "real/x.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    documents, rejects = read_documents(tmp_path)
    assert ids(documents) == ["a", "real/x"]
    assert {Path(error.file).relative_to(tmp_path).as_posix() for error in rejects.errors} == {
        "b.pdf",
        "LICENSE",
        "sub/c.json",
        "broken.txt",
        "loop",
    }
    assert all("--format" in e.hint for e in rejects.errors if e.file.endswith((".pdf", "NSE")))


def test_a_named_file_of_another_kind_needs_its_format(tmp_path: Path) -> None:
    put(tmp_path, "notes")
    assert "without a suffix" in refusal(tmp_path / "notes").message
    assert ids(read_documents(tmp_path / "notes", format="text")[0]) == ["notes"]


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    import os

    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt")).write_text("text")
    put(tmp_path, "b.txt")
    documents, rejects = read_documents(tmp_path)
    assert ids(documents) == ["b"]
    (error,) = rejects.errors
    assert error.file.endswith("a\\xff.txt")
    named = refusal(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt"))
    assert (named.file, named.message) == (error.file, error.message)


@pytest.mark.parametrize("path", ["none.txt", "no/such.jsonl", "a/b/c", "none"])
def test_a_path_that_names_nothing_stops_the_run_at_once(path: str) -> None:
    with pytest.raises(CurationError, match="no file or folder"):
        ingest([path])
    with pytest.raises(UsageError, match="nothing to ingest"):
        ingest([])


def test_what_the_run_writes_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    output = tmp_path / "documents.jsonl"
    write(output, [])
    rejects_path(output).write_text("{}\n")
    (tmp_path / "other.jsonl").write_text('{"text":"b","id":"b"}\n')
    documents, rejects = read_documents(tmp_path, output=str(output))
    assert ids(documents) == ["a", "b"]
    assert rejects.count == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"language": "Arabic"}, "'Arabic' is no language code"),
        ({"format": "pdf"}, "'pdf' is no format"),
        ({"encoding": "klingon"}, "'klingon' is no text encoding"),
        ({"encoding": "hex"}, "'hex' is no text encoding"),
        ({"limit": 0}, "leaves nothing"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        Options(**options)
    assert caught.value.hint


def test_the_same_text_under_one_id_is_a_duplicate(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"text":"a"}\n{"text":"a"}\n{"text":"a","id":"x"}\n')
    documents, rejects = read_documents(file)
    assert len(documents) == 2
    (error,) = rejects.errors
    assert "duplicate" in error.message
    assert f"{file}#1" in error.message
    assert (error.file, error.line) == (str(file), 2)


def test_another_text_under_one_id_is_refused_naming_both_places(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text":"another","id":"a"}\n')
    documents, rejects = read_documents(tmp_path)
    assert ids(documents) == ["a"]
    (error,) = rejects.errors
    assert f"{rows}#1" in error.message
    assert f"{tmp_path}/a.txt" in error.message
    assert "--id-field" in error.hint


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    documents, rejects = read_documents(tmp_path, tmp_path / "a.txt")
    assert ids(documents) == ["a"]
    assert "duplicate" in rejects.errors[0].message


def test_without_rejects_the_first_refusal_is_raised_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"text":"a"}\n{}\n')
    records = ingest([str(file)])
    assert next(records).document.text == "a"
    with pytest.raises(DataError) as caught:
        next(records)
    assert str(caught.value).startswith(f"{file}:2: text: ")


def test_one_day_for_those_that_do_not_say_theirs(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"text":"a"}\n{"text":"b","date":"2021-01-01"}\n')
    documents, _ = read_documents(file, published=datetime.date(2022, 10, 1))
    assert [str(document.published) for document in documents] == ["2022-10-01", "2021-01-01"]


class Endless(io.RawIOBase):
    """A stream that begins and never ends: reading it whole would never return."""

    def __init__(self, head: bytes, line: bytes) -> None:
        self._data = itertools.chain(head, itertools.cycle(line))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = bytes(itertools.islice(self._data, 4096))
        buffer[: len(part)] = part
        return len(part)


@pytest.mark.parametrize(
    ("format", "head", "line"),
    [("jsonl", b"", b'{"text":"a"}\n'), ("csv", b"text\n", b"a\n"), ("tsv", b"text\n", b"a\n")],
)
def test_streams_are_read_as_the_records_are_taken(
    monkeypatch: pytest.MonkeyPatch, format: Any, head: bytes, line: bytes
) -> None:
    stream = io.TextIOWrapper(io.BufferedReader(Endless(head, line), buffer_size=4096))
    monkeypatch.setattr(sys, "stdin", stream)
    found = ingest(["-"], Options(format=format, language="en", limit=1))
    assert [record.document.source for record in found] == [f"-#{2 if head else 1}"]


def test_files_are_opened_as_the_records_are_taken(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "b.txt", "c.txt")
    found = ingest([str(tmp_path)], Options(language="en"))
    assert next(found).document.id == "a"
    (tmp_path / "b.txt").write_text("written later")
    assert next(found).document.text == "written later"


def test_only_ids_stay_in_memory() -> None:
    seen = Seen()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    count = 20_000
    for at in range(count):
        seen.add(Document(f"{at:016x}", "x" * 2000), f"news/2022.jsonl#{at}")
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (after - before) / count < 300
