"""JSONL: every line is a document, a record goes through as it is, a broken line is kept."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curation.model import Record, document_id
from curation.store import write
from tests.ingest.reading import ids, one, read_documents, read_records, refusal
from tests.strategies import records, texts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "in.jsonl"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jsonl") / "in.jsonl"


def put(file: Path, *rows: Any) -> Path:
    file.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return file


@given(rows=st.lists(texts(min_pieces=1).filter(str.strip), min_size=1, max_size=4, unique=True))
def test_the_text_is_exactly_that_of_the_line(shared: Path, rows: list[str]) -> None:
    put(shared, *({"text": text} for text in rows))
    documents, rejects = read_documents(shared)
    assert rejects.count == 0
    assert [document.text for document in documents] == rows
    assert ids(documents) == [document_id(text) for text in rows]


def test_ids_are_kept_as_they_are(file: Path) -> None:
    given_ids: list[object] = ["007", " a ", "ا/1", 7, 10**30, -1]
    put(file, *({"id": ident, "text": f"t{at}"} for at, ident in enumerate(given_ids)))
    documents, _ = read_documents(file)
    assert ids(documents) == ["007", " a ", "ا/1", "7", str(10**30), "-1"]


@pytest.mark.parametrize("ident", [None, ""])
def test_without_an_id_it_is_the_hash_of_the_text(file: Path, ident: str | None) -> None:
    put(file, {"id": ident, "text": "a"})
    assert one(file).id == document_id("a")


@pytest.mark.parametrize("ident", [1.5, True, ["a"], {"a": 1}])
def test_what_is_no_id_is_refused(file: Path, ident: object) -> None:
    error = refusal(put(file, {"id": ident, "text": "a"}))
    assert "neither text nor a whole number" in error.message
    assert (error.line, error.field) == (1, "id")


def test_fields_by_name(file: Path) -> None:
    put(file, {"doc": "d1", "body": "a", "id": 5}, {"body": "b"})
    documents, rejects = read_documents(file, text_field="body", id_field="doc")
    assert ids(documents) == ["d1"]
    assert documents[0].meta == {"id": 5}
    (error,) = rejects.errors
    assert (error.line, error.field) == (2, "doc")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"body": "a"}, "no text in 'text'; it has 'body'"),
        ({}, "no text in 'text'; it has nothing else"),
        ({"text": None, "a": 1}, "no text in 'text'"),
        ({"text": 5}, "not text but int"),
        ({"text": ["a"]}, "not text but list"),
        ({"text": ""}, "empty"),
        ({"text": " \n"}, "white space"),
        ({"text": "a\nb\x00"}, "U+0000 at code point 3 (line 2, column 2)"),
        ({"text": "a", "id": "x\x00"}, "U+0000 at code point 1"),
    ],
)
def test_what_is_no_document_is_refused_and_the_rest_goes_on(
    file: Path, row: dict[str, Any], says: str
) -> None:
    put(file, {"text": "first"}, row, {"text": "last"})
    documents, rejects = read_documents(file)
    assert [document.text for document in documents] == ["first", "last"]
    (error,) = rejects.errors
    assert says in error.message
    assert (error.file, error.line) == (str(file), 2)
    if row:
        assert msgspec.json.decode(rejects.contents[0]) == {
            name: value for name, value in row.items() if value is not None
        }


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": "a\xff"}',
        b'{"text": "a',
        b"[1]",
        b"text",
        b'{"text": "\\ud83d"}',
        b'{"text": "a", "n": NaN}',
    ],
)
def test_a_broken_line_is_kept_as_it_is(file: Path, line: bytes) -> None:
    file.write_bytes(b'{"text":"first"}\n' + line + b'\n{"text":"last"}')
    documents, rejects = read_documents(file)
    assert [document.text for document in documents] == ["first", "last"]
    (error,) = rejects.errors
    assert (error.file, error.line) == (str(file), 2)
    content = rejects.contents[0]
    raw = content if isinstance(content, bytes) else content.encode()
    assert raw.rstrip(b"\n") == line


def test_a_lone_surrogate_is_refused_with_its_place(file: Path) -> None:
    file.write_bytes(b'{"text": "a\\ud83d b"}\n')
    assert r"\ud83d in column 12" in refusal(file).message


@given(items=st.lists(records(), min_size=1, max_size=3, unique_by=lambda r: r.document.id))
def test_records_go_through_as_they_are(shared: Path, items: list[Record]) -> None:
    write(shared, items)
    before = shared.read_bytes()
    found, rejects = read_records(shared, language="ar", published="2020-01-01")
    assert rejects.count == 0
    assert found == items
    write(shared, found)
    assert shared.read_bytes() == before


@given(text=texts(min_pieces=1))
def test_ingesting_again_changes_nothing(shared: Path, text: str) -> None:
    assume(text.strip())
    put(shared, {"text": text, "id": "a", "k": [1, {"x": None}], "date": "2022-10-01T10:00:00Z"})
    first, _ = read_records(shared)
    write(shared, first)
    again, _ = read_records(shared)
    assert again == first


def test_a_broken_record_is_refused_as_one(file: Path) -> None:
    put(file, {"document": {"id": "a", "text": "x", "publisher": "y"}})
    error = refusal(file)
    assert "publisher" in error.message
    assert error.line == 1


def test_an_object_that_only_looks_like_a_record_is_a_row(file: Path) -> None:
    put(file, {"document": {"a": 1}, "text": "x"})
    assert one(file).meta == {"document": {"a": 1}}


def test_lines_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'{"text":"a","id":"1"}\n{"text":"b"}\n{}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    documents, rejects = read_documents("-", format="jsonl")
    assert [document.source for document in documents] == ["-#1", "-#2"]
    assert str(rejects.errors[0]).startswith("-:3: text: there is no text in 'text'")
