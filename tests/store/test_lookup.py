"""Records by document id, read from the place where they stand."""

from pathlib import Path

import pytest

from curation.errors import DataError
from curation.model import Document, Record
from curation.store import Lookup, Rejects, write

RECORDS = [Record(Document(id=f"d{i}", text="نص 👍🏽 " * (i + 1))) for i in range(4)]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\x1e"])
@pytest.mark.parametrize("between", [b"", b"\n", b"not JSON\r\n"])
def test_every_record_is_found_where_it_stands(
    tmp_path: Path, before: bytes, between: bytes
) -> None:
    path = tmp_path / "records.jsonl"
    write(path, RECORDS)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(between + before + line for line in lines))
    with Rejects(tmp_path / "out") as rejects:
        lookup = Lookup(path, rejects)
    assert list(lookup) == ["d0", "d1", "d2", "d3"]
    assert [lookup.get(record.document.id) for record in reversed(RECORDS)] == RECORDS[::-1]
    assert lookup.get("d4") is None
    assert rejects.count == (4 if between.strip() else 0)
    lookup.close()


def test_a_document_that_stands_there_twice_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    write(path, [*RECORDS, RECORDS[1]])
    with pytest.raises(DataError, match="line 2 already") as caught:
        Lookup(path)
    assert caught.value.line == 5
    with Rejects(tmp_path / "out") as rejects:
        lookup = Lookup(path, rejects)
    assert (len(lookup), rejects.count) == (4, 1)
    lookup.close()
