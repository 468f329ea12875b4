"""Lines in and out: the same bytes come back, and what is broken is named, kept and passed over."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import CurationError, DataError, MalformedRecord, SpanMismatch
from curation.model import Document, LedgerEntry, Record
from curation.store import Reject, Rejects, read, read_lines, rejects_path, write
from tests.strategies import records, texts

GOOD = b'{"document":{"id":"a","text":"x"}}\n'


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jsonl") / "records.jsonl"


@given(items=st.lists(records(), max_size=4))
def test_what_is_written_is_what_is_read(file: Path, items: list[Record]) -> None:
    assert write(file, items) == len(items)
    first = file.read_bytes()
    assert first.count(b"\n") == len(items)
    assert list(read(file, Record)) == items
    write(file, read(file, Record))
    assert file.read_bytes() == first


@given(text=texts())
def test_only_a_line_feed_ends_a_line(file: Path, text: str) -> None:
    items = [Record(Document("a", text + "\u2028\u2029\x85\r\n")), Record(Document("b", text))]
    write(file, items)
    assert list(read(file, Record)) == items


@given(items=st.lists(records(), min_size=1, max_size=3))
def test_a_place_finds_its_line(file: Path, items: list[Record]) -> None:
    write(file, items)
    data = file.read_bytes()
    for number, line in enumerate(read_lines(file, Record), start=1):
        assert line.number == number
        part = data[line.offset : line.offset + len(line.raw)]
        assert part == line.raw
        assert msgspec.json.decode(part, type=Record) == line.item


def refused(file: Path, data: bytes) -> tuple[list[str], list[Reject]]:
    """Ids read from data in which something is wrong, and what was refused."""
    file.write_bytes(data)
    with pytest.raises(DataError):
        list(read(file, Record))
    with Rejects(file) as rejects:
        ids = [record.document.id for record in read(file, Record, rejects=rejects)]
    kept = list(read(rejects_path(file), Reject))
    assert len(kept) == rejects.count
    return ids, kept


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        (b'{"document":{"id":"b","te', "", "malformed"),
        (b"[]", "", "Expected `object`"),
        (b"not json", "", "malformed"),
        (b"null", "", "Expected `object`"),
        (b'{"document":{"id":"b","text":"x","meta":{"n":NaN}}}', "", "malformed"),
        (b'{"document":{"id":"b","text":"x","meta":{"n":1e999}}}', "$", "out of range"),
        (b'{"document":{"id":"b","text":"\xff"}}', "", "utf-8"),
        (b'{"document":{"id":"b","text":"\xed\xa0\xbd"}}', "", "utf-8"),
        (b'{"document":{"id":"b","text":"\\ud83d"}}', "", r"\ud83d in column 31 is half"),
        (b'{"document":{"id":"b","text":"\\\\\\udc00."}}', "", r"\udc00 in column 33 is half"),
        (b'{"document":{"id":"b","text":"a\\u0000"}}', "$.document", "U+0000 at code point 1"),
        (b'{"document":{"id":"b"}}', "$.document", "`text`"),
        (
            b'{"document":{"id":"b","text":"x","languge":1}}',
            "$.document",
            "unknown field `languge`; did you mean language? Allowed: id, text, language",
        ),
        (
            b'{"document":{"id":"b","text":"x"},"annotations":[{"by":{"kind":"human","agent":"a"},'
            b'"status":"agreed","events":[{"id":"v","type":"T","modality":"assert","trigger":'
            b'{"start":0,"end":1,"text":"x"}}]}]}',
            "$.annotations[0].events[0].modality",
            "did you mean asserted? Allowed: asserted, future, negated, possible",
        ),
        (GOOD[:-3] + b',"meta":' + b'{"a":' * 100_000, "", "recursion"),
    ],
)
def test_a_broken_line_is_kept_with_its_place_and_the_rest_goes_on(
    tmp_path: Path, line: bytes, field: str, says: str
) -> None:
    file = tmp_path / "in.jsonl"
    ids, (reject,) = refused(file, GOOD + line + b"\n" + GOOD.replace(b'"a"', b'"c"'))
    assert ids == ["a", "c"]
    assert (reject.file, reject.line) == (str(file), 2)
    assert reject.field.startswith(field)
    assert says in reject.reason
    assert reject.content.rstrip("\n") == line.decode("utf-8", "backslashreplace")


def test_an_unknown_decision_names_the_known_ones(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(b'{"document":"a","item":"entity","id":"e","decision":"accept"}\n')
    with pytest.raises(DataError, match="did you mean accepted") as caught:
        list(read(file, LedgerEntry))
    assert caught.value.place == f"{file}:1: $.decision"


def test_a_truncated_last_line_is_refused_not_dropped(tmp_path: Path) -> None:
    ids, (reject,) = refused(tmp_path / "in.jsonl", GOOD + GOOD[:20])
    assert ids == ["a"]
    assert reject.line == 2
    assert reject.content == GOOD[:20].decode()


def test_the_kind_of_a_fault_is_kept(tmp_path: Path) -> None:
    line = (
        b'{"document":{"id":"b","text":"x"},"annotations":[{"by":{"kind":"machine","agent":"m"},'
        b'"status":"proposed","entities":[{"id":"e","start":0,"end":1,"label":"X","text":"y"}]}]}'
    )
    file = tmp_path / "in.jsonl"
    _, (reject,) = refused(file, line)
    assert reject.error == "SpanMismatch"
    with pytest.raises(SpanMismatch) as caught:
        list(read(file, Record))
    assert (caught.value.file, caught.value.line) == (str(file), 1)
    file.write_bytes(b"{")
    with pytest.raises(MalformedRecord):
        list(read(file, Record))


def test_marks_and_blank_lines_hold_nothing(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n") + b"\r\n \n" + GOOD.rstrip())
    lines = list(read_lines(file, Record))
    assert [line.number for line in lines] == [1, 4]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match=r"none\.jsonl: No such file"):
        next(read(tmp_path / "none.jsonl", Record))
    with pytest.raises(CurationError, match="directory"):
        next(read(tmp_path, Record))


def test_reading_is_lazy() -> None:
    class Endless(io.RawIOBase):
        def __iter__(self) -> Any:
            while True:
                yield GOOD

    lines: Iterator[Record]
    stdin = sys.stdin
    sys.stdin = io.TextIOWrapper(Endless())  # type: ignore[arg-type]
    try:
        lines = read("-", Record)
        assert [next(lines).document.id for _ in range(3)] == ["a", "a", "a"]
    finally:
        sys.stdin = stdin


def test_streams_in_and_out(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD * 2)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    assert write("-", read("-", Record)) == 2
    assert out.getvalue() == GOOD * 2


def test_the_lines_are_the_file_only_when_all_are_there(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_bytes(b"before")

    def failing() -> Iterator[Record]:
        yield Record(Document("a", "x"))
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        write(file, failing())
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]
