"""A text file is one document, and its text is what its bytes say: nothing more, nothing less."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from curation.model import document_id
from curation.store import shipped
from tests.ingest.reading import one, read_documents, refusal
from tests.strategies import NASTY, texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


@given(text=texts(min_pieces=1), suffix=st.sampled_from([".txt", ".md"]))
def test_the_text_is_the_bytes_decoded(folder: Path, text: str, suffix: str) -> None:
    assume(text.strip() and not text.startswith("\ufeff"))
    file = folder / f"a{suffix}"
    file.write_bytes(text.encode())
    assert one(file).text == text


@given(text=texts(min_pieces=1), encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le"]))
def test_another_encoding(folder: Path, text: str, encoding: str) -> None:
    assume(text.strip() and not text.startswith("\ufeff"))
    file = folder / "b.txt"
    file.write_bytes(text.encode(encoding))
    assert one(file, encoding=encoding).text == text


def test_arabic_code_pages(folder: Path) -> None:
    file = folder / "c.txt"
    file.write_bytes("وقّعت في الرباط\r\n".encode("windows-1256"))
    assert one(file, encoding="windows-1256").text == "وقّعت في الرباط\r\n"


def test_the_seed_document(folder: Path) -> None:
    (seed,) = shipped("seeds", "documents").glob("*.txt")
    document = one(seed, language="auto")
    assert document.text.encode() == seed.read_bytes()
    assert document.id == "000_a90ee71e5042d5e6"
    assert document.language == "ar"


def test_a_byte_order_mark_is_a_mark_only_at_the_start(folder: Path) -> None:
    file = folder / "d.txt"
    file.write_bytes(b"\xef\xbb\xbf" + "a\ufeffb\ufeff".encode())
    assert one(file).text == "a\ufeffb\ufeff"
    file.write_bytes(b"\xef\xbb\xbf" * 2 + b"a")
    assert one(file).text == "\ufeffa"
    file.write_bytes("a".encode("utf-16"))
    assert one(file, encoding="utf-16").text == "a"


@pytest.mark.parametrize("name", ["windows-1256", "utf-8-sig", "ISO_8859-6"])
def test_python_names_of_encodings_are_known(folder: Path, name: str) -> None:
    file = folder / "e.txt"
    file.write_bytes("a\n".encode(name))
    assert one(file, encoding=name).text == "a\n"


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"ab\ncd\xffe", 2, "byte 0xFF at offset 5 (line 2, column 3) is not utf-8"),
        ("سلام\r\n".encode() + b"\xed\xa0\xbd", 2, "0xED at offset 10 (line 2, column 1)"),
        (b"\xef\xbb\xbfa\xe2\x82", 1, "0xE2 at offset 4 (line 1, column 3)"),
        (b"ab\nc\x00d", 0, "U+0000 at code point 4 (line 2, column 2)"),
        (b"", 0, "empty"),
        (b"\xef\xbb\xbf", 0, "empty"),
        (" \r\n\t\u2028".encode(), 0, "only white space"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(
    folder: Path, data: bytes, line: int, says: str
) -> None:
    file = folder / "bad.txt"
    file.write_bytes(data)
    error = refusal(file)
    assert says in error.message
    assert (error.file, error.line) == (str(file), line)


def test_the_hint_names_the_likely_encoding(folder: Path) -> None:
    file = folder / "wide.txt"
    file.write_bytes("سلام".encode("utf-16"))
    assert "--encoding utf-16" in refusal(file).hint
    file.write_bytes("سلام".encode("windows-1256"))
    assert "--encoding" in refusal(file).hint


def test_a_lone_surrogate_in_utf16_is_refused(folder: Path) -> None:
    file = folder / "half.txt"
    file.write_bytes("a\ud83db".encode("utf-16-le", "surrogatepass"))
    assert "offset 2" in refusal(file, encoding="utf-16-le").message


def test_a_file_that_can_not_be_read_is_refused_and_the_rest_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, good = folder / "gone.txt", folder / "good.txt"
    for file in (gone, good):
        file.write_text("text")
    opened = Path.open

    def failing(self: Path, *args: str) -> object:
        if self == gone:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args)

    monkeypatch.setattr(Path, "open", failing)
    documents, rejects = read_documents(gone, good)
    assert [document.id for document in documents] == ["good"]
    assert "Permission denied" in rejects.errors[0].message


@given(text=texts(min_pieces=1))
def test_stdin_is_one_text(text: str) -> None:
    assume(text.strip() and not text.startswith("\ufeff"))
    stdin = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
    try:
        document = one("-")
    finally:
        sys.stdin = stdin
    assert document.text == text
    assert document.id == document_id(text)
    assert document.source == "-"


@pytest.mark.parametrize("data", [b"a\xff", b"a\x00b"])
def test_what_is_refused_from_stdin_is_kept_whole(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    documents, rejects = read_documents("-")
    assert documents == []
    (content,) = rejects.contents
    assert content in (data, '{"text": "a\\u0000b"}')


def test_every_nasty_piece_survives_in_one_file(folder: Path) -> None:
    text = "x".join(NASTY)
    file = folder / "nasty.md"
    file.write_bytes(text.encode())
    assert one(file).text == text
