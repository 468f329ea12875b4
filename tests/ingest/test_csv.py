"""CSV and TSV: cells exactly as they are, quoted newlines included."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import document_id
from tests.ingest.reading import ids, one, read_documents, refusal
from tests.strategies import texts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "in.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv")


@given(
    rows=st.lists(texts(min_pieces=1).filter(str.strip), min_size=1, max_size=4),
    kind=st.sampled_from([(".csv", ","), (".tsv", "\t")]),
    ends=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_the_text_is_exactly_that_of_the_cell(
    folder: Path, rows: list[str], kind: tuple[str, str], ends: str, encoding: str
) -> None:
    suffix, delimiter = kind
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=ends)
    writer.writerow(["id", "text", "more"])
    writer.writerows([at, row, row] for at, row in enumerate(rows))
    file = folder / f"in{suffix}"
    file.write_bytes(text.getvalue().encode(encoding))
    documents, rejects = read_documents(file, encoding=encoding)
    assert rejects.count == 0
    assert ids(documents) == [str(at) for at in range(len(rows))]
    assert [document.text for document in documents] == rows
    assert [document.meta for document in documents] == [{"more": row} for row in rows]


def test_lines_are_counted_as_an_editor_counts_them(file: Path) -> None:
    file.write_bytes(b'id,text\r\n1,"a\r\nb"\r\n\r\n2,c\r\n3\r\n')
    documents, rejects = read_documents(file)
    assert [document.source for document in documents] == [f"{file.name}#2", f"{file.name}#5"]
    assert [document.text for document in documents] == ["a\r\nb", "c"]
    assert rejects.errors[0].line == 6


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (b"2", "the row has 1 cells, the header 3"),
        (b"2,a,b,c", "the row has 4 cells, the header 3"),
        (b'2,"a"b,c', "not CSV"),
        (b"2,a\xffb,c", "byte 0xFF at code point 1 of cell 2 is not utf-8"),
        (b"2,text,\xed\xa0\xbd", "byte 0xED at code point 0 of cell 3"),
        (b"2,a\x00b,c", "U+0000 at code point 1"),
        (b"2,,c", "empty"),
    ],
)
def test_a_bad_row_is_kept_and_the_rest_goes_on(file: Path, row: bytes, says: str) -> None:
    file.write_bytes(b"id,text,more\n1,first,x\n" + row + b"\n3,last,x\n")
    documents, rejects = read_documents(file)
    assert [document.text for document in documents] == ["first", "last"]
    (error,) = rejects.errors
    assert says in error.message
    assert (error.file, error.line) == (str(file), 3)


def test_a_quote_that_is_never_closed_is_refused_not_dropped(file: Path) -> None:
    file.write_bytes(b'text\nfirst\n"second\nthird\n')
    documents, rejects = read_documents(file)
    assert [document.text for document in documents] == ["first"]
    assert rejects.errors[0].line == 3
    assert rejects.contents == [b'"second\nthird\n']


def test_the_bytes_of_an_undecodable_row_are_kept(file: Path) -> None:
    file.write_bytes(b"text\na\xff\n")
    _, rejects = read_documents(file)
    assert rejects.contents == [b"a\xff\n"]


def test_big_cells(file: Path) -> None:
    text = "سلام " * 50_000
    file.write_text(f"text\n{text}\n", "utf-8")
    assert one(file).text == text


def test_a_byte_order_mark_is_no_part_of_the_first_name(file: Path) -> None:
    file.write_bytes("\ufefftext\n\ufeffa\n".encode())
    assert one(file).text == "\ufeffa"


def test_an_arabic_code_page(file: Path) -> None:
    file.write_bytes("text\nوقّعت\n".encode("windows-1256"))
    assert one(file, encoding="windows-1256").text == "وقّعت"


@pytest.mark.parametrize(
    ("data", "options", "says"),
    [
        (b"", {}, "no column 'text'"),
        (b"body,id\na,1\n", {}, "no column 'text' among 'body', 'id'"),
        (b"text\na\n", {"id_field": "key"}, "no column 'key'"),
        (b"text,a,a\nx,1,2\n", {}, "'a' twice"),
        (b'"text\n', {}, "header"),
    ],
)
def test_a_table_without_its_columns_is_refused_once(
    file: Path, data: bytes, options: dict[str, str], says: str
) -> None:
    file.write_bytes(data)
    assert says in refusal(file, **options).message


def test_named_columns(file: Path) -> None:
    file.write_bytes(b"key,body,id,lang\nk1,text one,9,ar\n,text two,,\n")
    documents, rejects = read_documents(file, text_field="body", id_field="key")
    (document,) = documents
    assert (document.id, document.text, document.language) == ("k1", "text one", "ar")
    assert document.meta == {"id": "9"}
    assert "no id in 'key'" in rejects.errors[0].message
    documents, _ = read_documents(file, text_field="body")
    assert ids(documents) == ["9", document_id("text two")]


def test_a_header_that_is_not_utf8_is_refused(file: Path) -> None:
    file.write_bytes(b"text,\xff\nfirst,x\n")
    error = refusal(file)
    assert "byte 0xFF" in error.message
    assert error.line == 1
