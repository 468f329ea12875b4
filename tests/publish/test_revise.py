"""A version is made from its parent and what changed: the rest is not read, not made anew, and not
stored twice; and yet it is what publishing everything anew would give."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import curation
from curation.errors import Corrupted, PublishError
from curation.model import LedgerEntry, Record, Said
from curation.model.ids import digest
from curation.publish import diff, publish, verify
from curation.publish.making import building
from curation.publish.making.checks import Records
from curation.publish.making.scan import Place
from curation.publish.making.shard_making import Line
from curation.publish.shelf import objects as objects_module
from curation.publish.shelf import shards as shards_module
from curation.publish.shelf.index import read_index
from curation.publish.shelf.manifest import read_manifest
from curation.publish.shelf.shards import read_shards
from curation.publish.views.features import FORMAT, KEYS, VIEWS
from curation.publish.views.tables import read_rows
from curation.store import write
from tests.publish.builders import RABAT, agreed, reading, save, schema
from tests.publish.test_round_trip import agreed_records


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards_module, "SHARD_DOCUMENTS", 4)


def batch(name: str, count: int) -> list[Record]:
    return [agreed(f"{name}{at:02d}") for at in range(count)]


def files(dataset: Path, version: str) -> dict[str, int]:
    """Path → inode of every file of rows."""
    folder = dataset / "versions" / version
    found = sorted(folder.glob("*/*.parquet"))
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in found}


def changed(record: Record) -> Record:
    return agreed(record.document.id, reading([RABAT], []))


def test_shards_hold_documents_sorted_by_id(tmp_path: Path) -> None:
    records = batch("d", 15)
    folder = publish(save(tmp_path / "a.jsonl", *reversed(records)), tmp_path / "ds").folder
    shards = read_shards(folder)
    assert len(shards) > 2
    for view in VIEWS:
        rows = [read_rows(folder / shard.parts[view].path) for shard in shards]
        ids = [[row[KEYS[view]] for row in found] for found in rows]
        assert all(found == sorted(found) for found in ids)
        held = {ident for found in ids for ident in found}
        assert held == (set() if view == "ledger" else {one.document.id for one in records})
    index = read_index(folder)
    assert [*index] == sorted(index)
    assert {ident: where.shard for ident, where in index.items()} == {
        row["id"]: shard.number
        for shard in shards
        for row in read_rows(folder / shard.parts["documents"].path)
    }


def test_an_edit_rewrites_one_shard_and_shares_the_rest(tmp_path: Path) -> None:
    records = batch("d", 15)
    publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds")
    records[3] = changed(records[3])
    folder = publish(save(tmp_path / "b.jsonl", *records), tmp_path / "ds").folder
    before, after = files(tmp_path / "ds", "0.1.0"), files(tmp_path / "ds", "0.1.1")
    new = {path for path, inode in after.items() if before.get(path) != inode}
    touched = read_index(folder)["d03"].shard
    assert {path.partition("-")[2][:5] for path in new} == {f"{touched:05d}"}
    assert {path.partition("/")[0] for path in new} == {*VIEWS} - {"ledger"}, "it has no row"
    stored = {path.stat().st_ino for path in (tmp_path / "ds" / "objects").glob("*/*.parquet")}
    assert stored == {*before.values(), *after.values()}
    verify(tmp_path / "ds")


def test_a_new_batch_touches_no_old_shard_and_stays_together(tmp_path: Path) -> None:
    publish(save(tmp_path / "a.jsonl", *batch("d", 15)), tmp_path / "ds")
    publish(save(tmp_path / "b.jsonl", *batch("d", 15), *batch("new", 9)), tmp_path / "ds")
    before, after = files(tmp_path / "ds", "0.1.0"), files(tmp_path / "ds", "0.2.0")
    assert before.items() < after.items()
    corrected = [changed(record) for record in batch("new", 9)]
    publish(save(tmp_path / "c.jsonl", *batch("d", 15), *corrected), tmp_path / "ds")
    assert before.items() < files(tmp_path / "ds", "0.2.1").items()


def test_few_new_documents_fill_up_the_newest_shard(tmp_path: Path) -> None:
    for count in range(1, 6):
        publish(save(tmp_path / "a.jsonl", *batch("d", count)), tmp_path / "ds")
    shards = read_shards(tmp_path / "ds" / "versions" / "0.5.0")
    assert [shard.documents for shard in shards] == [4, 1]


def test_a_shard_whose_documents_left_is_gone(tmp_path: Path) -> None:
    records = batch("d", 15)
    first = publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds").folder
    gone = read_index(first)["d00"].shard
    left = [r for r in records if read_index(first)[r.document.id].shard != gone]
    folder = publish(save(tmp_path / "b.jsonl", *left), tmp_path / "ds").folder
    assert gone not in {shard.number for shard in read_shards(folder)}
    assert files(tmp_path / "ds", "0.2.0").items() < files(tmp_path / "ds", "0.1.0").items()


def test_lines_that_did_not_change_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    line = Records.line

    def noted(self: Records, ident: str, place: Place, old: str = "") -> Line:
        read.append(place.line)
        return line(self, ident, place, old)

    monkeypatch.setattr(Records, "line", noted)
    records = [*batch("d", 6), Record(agreed("left out").document)]
    publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds")
    assert sorted(read) == [1, 2, 3, 4, 5, 6, 7]
    records[3] = changed(records[3])
    path = save(tmp_path / "b.jsonl", *records)
    for expected, harm in (([4], None), ([], None), ([1, 2, 3, 4, 5, 6, 7], b"x")):
        read.clear()
        if harm:
            (tmp_path / "ds" / ".lines").write_bytes(harm)
        assert publish(path, tmp_path / "ds").version == "0.1.1"
        assert sorted(read) == expected
    other = schema(tmp_path / "s.toml", ["TITLE", "NORP", "GPE"], [])
    read.clear()
    with pytest.raises(PublishError, match="no event type"):
        publish(path, tmp_path / "ds", schema=str(other))
    assert len(read) == 7, "against another schema every line is checked again"


def test_an_unread_line_still_counts_as_a_duplicate(tmp_path: Path) -> None:
    publish(save(tmp_path / "a.jsonl", *batch("d", 2)), tmp_path / "ds")
    with pytest.raises(PublishError, match="'d00' stands in line 1 already"):
        publish(save(tmp_path / "b.jsonl", *batch("d", 2), agreed("d00")), tmp_path / "ds")


def test_a_decision_that_changed_makes_a_new_version(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", *batch("d", 6))

    def decide(decision: str) -> None:
        entry = LedgerEntry(
            "d01", "entity", "e1", decision, "amal", before=Said("GPE", 0, 3, "زار")
        )
        write(tmp_path / "a.ledger.jsonl", [entry])  # type: ignore[arg-type]

    decide("accepted")
    publish(path, tmp_path / "ds")
    assert not publish(path, tmp_path / "ds").new
    decide("removed")
    assert publish(path, tmp_path / "ds").new
    found = diff(tmp_path / "ds", "0.1.0", "0.1.1")
    assert (found.documents.changed, found.documents.same) == (1, 5)
    assert found.examples[0].after == {"fields": ["history"]}


def test_new_labels_are_named_in_every_file(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", *batch("d", 9))
    labels = ["TITLE", "NORP", "GPE"]
    kinds = schema(tmp_path / "s.toml", labels, ["CONSULT"])
    kinds.write_text(kinds.read_text().replace('"about CONSULT"', '"about"\nmodes = ["visit"]'))
    publish(path, tmp_path / "ds", schema=str(kinds))
    more = kinds.read_text().replace(
        "[[events]]",
        '[[entities]]\nname = "LOC"\ndescription = "x"\ncolor = "#112233"\n[[events]]',
        1,
    )
    kinds.write_text(more)
    publish(path, tmp_path / "ds", schema=str(kinds))
    rows = curation.load(str(tmp_path / "ds"))
    assert rows.features["entities"].feature["label_id"].names == [*labels, "LOC"]
    assert sorted(rows["id"]) == [record.document.id for record in batch("d", 9)]


def test_without_hard_links_versions_hold_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(source: object, target: object) -> None:
        """A double: no file system without hard links is at hand."""
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(objects_module.os, "link", no_link)
    records = batch("d", 9)
    publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds")
    publish(save(tmp_path / "b.jsonl", *records[1:]), tmp_path / "ds")
    verify(tmp_path / "ds")
    before, after = files(tmp_path / "ds", "0.1.0"), files(tmp_path / "ds", "0.2.0")
    assert before.keys() & after.keys()
    assert not {*before.values()} & {*after.values()}


def test_what_a_killed_publish_stored_is_swept_away(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", *batch("d", 5))
    publish(path, tmp_path / "ds")
    used = set((tmp_path / "ds" / "objects").glob("*/*"))
    (tmp_path / "ds" / ".staging-x").mkdir()
    for name in ("f" * 64 + ".parquet", "f" * 64 + ".part"):
        (tmp_path / "ds" / "objects" / "ff").mkdir(exist_ok=True)
        (tmp_path / "ds" / "objects" / "ff" / name).touch()
    publish(path, tmp_path / "ds")
    assert set((tmp_path / "ds" / "objects").glob("*/*")) == used
    verify(tmp_path / "ds")


def test_a_stored_file_that_changed_is_found_and_not_handed_on(tmp_path: Path) -> None:
    records = batch("d", 3)
    path = save(tmp_path / "a.jsonl", *records)
    publish(path, tmp_path / "ds")
    publish(save(tmp_path / "b.jsonl", *records[1:]), tmp_path / "ds")
    broken = []
    for stored in (tmp_path / "ds" / "objects").glob("*/*"):
        data = stored.read_bytes()
        stored.unlink()
        stored.write_bytes(data[:-1] + b"x")
        broken.append(stored)
    with pytest.raises(Corrupted, match="11 broken") as caught:
        verify(tmp_path / "ds")
    assert all(str(stored) in caught.value.message for stored in broken)
    assert publish(path, tmp_path / "ds").version == "0.3.0"
    verify(tmp_path / "ds", "0.3.0")


FULL = """
import resource, signal, sys
from curation.publish import publish
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
publish(sys.argv[1], sys.argv[2])
"""


@pytest.mark.parametrize("limit", [10, 3_000, 12_000])
def test_a_disk_that_takes_no_more_leaves_what_was_there(tmp_path: Path, limit: int) -> None:
    """A limit on the size of files stands in for a full disk: the same system calls fail."""
    dataset = tmp_path / "ds"
    publish(save(tmp_path / "a.jsonl", *batch("d", 3)), dataset)
    more = save(tmp_path / "b.jsonl", *batch("d", 20))
    command = [sys.executable, "-c", FULL, str(more), str(dataset), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "PublishError: nothing was published" in done.stderr
    assert "Make room there" in done.stderr
    assert [entry.version for entry in verify(dataset)] == ["0.1.0"]
    assert not list(dataset.glob(".staging*"))
    assert publish(more, dataset).version == "0.2.0"
    verify(dataset)


def test_what_a_publish_says_changed_is_what_a_diff_reads(tmp_path: Path) -> None:
    """Documents come, change and go, one of them with all of its shard."""
    records = batch("d", 15)
    where = read_index(publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds").folder)
    emptied = where["d03"].shard
    first, second, *rest = (one for one in records if where[one.document.id].shard != emptied)
    new = save(tmp_path / "b.jsonl", changed(first), *rest, *batch("a", 9))
    outcome = publish(new, tmp_path / "ds")
    assert outcome.difference is not None
    assert outcome.difference == diff(tmp_path / "ds", "0.1.0", outcome.version)
    documents = outcome.difference.documents
    assert (documents.added, documents.changed, documents.same) == (9, 1, len(rest))
    assert documents.removed == 15 - 1 - len(rest) > 1
    left = {shard.number for shard in read_shards(outcome.folder)}
    assert emptied not in left
    assert where[second.document.id].shard in left


def test_what_is_read_back_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A double: a disk that gives back other rows than it was given."""
    read = building.read_table
    monkeypatch.setattr(building, "read_table", lambda path: read(path).slice(1))
    with pytest.raises(Corrupted, match="what was read back is not what was written"):
        publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds")
    assert not list((tmp_path / "ds").glob("versions/*"))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(agreed_records(), min_size=1, max_size=6, unique_by=lambda one: one.document.id),
        min_size=2,
        max_size=3,
    )
)
def test_step_by_step_is_the_same_as_at_once(steps: list[list[Record]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        kinds = str(schema(Path(name) / "s.toml"))
        held: dict[str, Record] = {}
        for records in steps:
            held |= {one.document.id: one for one in records}
            path = save(Path(name) / "a.jsonl", *held.values())
            grown = publish(path, Path(name) / "grown", schema=kinds).folder
        anew = publish(path, Path(name) / "anew", schema=kinds).folder
        assert read_manifest(grown).documents == read_manifest(anew).documents
        assert read_manifest(grown).counts == read_manifest(anew).counts
        for view in VIEWS:
            rows = [
                sorted(
                    (row for path in (folder / view).iterdir() for row in read_rows(path)),
                    key=lambda row: row[KEYS[view]],
                )
                for folder in (grown, anew)
            ]
            assert rows[0] == rows[1]
        verify(Path(name) / "grown")


def test_rows_of_this_format_are_what_they_were(tmp_path: Path) -> None:
    """If this fails, the same record gives other rows than before: raise FORMAT in `features`, so
    that no rows of the earlier format are carried into new versions, then write the new digest
    here."""
    folder = publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds").folder
    (shard,) = read_shards(folder)
    said = [repr(read_rows(folder / shard.parts[view].path)) for view in sorted(shard.parts)]
    assert (FORMAT, digest(*said)) == (3, "d790ad091868dff2")
