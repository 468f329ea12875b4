"""Splits never move: whoever was in one stays there, whatever comes, goes and returns."""

import itertools
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from datasets import load_dataset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import curation
from curation.errors import UsageError
from curation.model import Document, Record
from curation.publish import Splits, parse_shares, publish, rollback, verify
from curation.publish.making.nearness import NEAR, near_pairs, nearness, sketch
from curation.publish.shelf.index import read_index
from curation.publish.shelf.manifest import read_manifest
from curation.publish.shelf.splits import SplitBy
from tests.publish.builders import reading, save
from tests.publish.test_cli import run

HALVES = {"train": 50, "validation": 25, "test": 25}
WORDS = [f"كلمة{at}" for at in range(500)]


def story(name: str, edits: int = 0, length: int = 120) -> str:
    """A text of its own for each name; edits replace words at the end."""
    words = random.Random(name).choices(WORDS, k=length)
    return " ".join([*words[: length - edits], *(f"{name}{at}" for at in range(edits))])


def record(ident: str, text: str | None = None, source: str | None = None) -> Record:
    document = Document(ident, story(ident) if text is None else text, source=source)
    return Record(document, (reading([], []),))


def homes(folder: Path) -> dict[str, str]:
    return {ident: where.split for ident, where in read_index(folder).items()}


def make(tmp_path: Path, *records: Record, by: SplitBy = "near-duplicates") -> dict[str, str]:
    path = save(tmp_path / "a.jsonl", *records)
    splits = None if (tmp_path / "ds").exists() else Splits(by, HALVES)
    return homes(publish(path, tmp_path / "ds", splits=splits).folder)


def test_shares_are_those_that_were_asked_for(tmp_path: Path) -> None:
    records = [record(f"d{at}") for at in range(400)]
    found = make(tmp_path, *records, by="document")
    shares = Counter(found.values())
    assert abs(shares["train"] - 200) < 40
    assert abs(shares["validation"] - 100) < 40
    assert read_manifest(tmp_path / "ds" / "versions" / "0.1.0").splits == Splits(
        "document", HALVES
    )


def test_each_split_loads_by_itself_in_every_view(tmp_path: Path) -> None:
    found = make(tmp_path, *(record(f"d{at}") for at in range(30)), by="document")
    for split in HALVES:
        expected = sorted(ident for ident, where in found.items() if where == split)
        assert expected
        for view in ("documents", "tokens"):
            assert sorted(curation.load(str(tmp_path / "ds"), None, view, split)["id"]) == expected
            assert load_dataset(str(tmp_path / "ds"), view, split=split)["id"] == expected
    assert set(curation.load(str(tmp_path / "ds"))["id"]) == {
        ident for ident, where in found.items() if where == "train"
    }
    with pytest.raises(UsageError) as caught:
        curation.load(str(tmp_path / "ds"), split="dev")
    assert caught.value.hint == "It has: train, validation, test."


def test_documents_of_one_source_stay_together(tmp_path: Path) -> None:
    records = [record(f"d{at}", source=f"s{at % 10}") for at in range(40)]
    found = make(tmp_path, *records, by="source")
    by_source = {
        r.document.source: {
            found[f"d{at}"] for at in range(40) if f"s{at % 10}" == r.document.source
        }
        for r in records
    }
    assert all(len(splits) == 1 for splits in by_source.values())
    assert len(set(itertools.chain(*by_source.values()))) > 1
    more = make(tmp_path, *records, record("new", source="s3"))
    assert {more["new"]} == by_source["s3"]


def test_rows_of_one_file_are_of_one_source(tmp_path: Path) -> None:
    files = [f"raw-{at % 10}.jsonl" for at in range(40)]
    rows = [record(f"d{at}", source=f"{file}#{at}") for at, file in enumerate(files)]
    found = make(tmp_path, *rows, by="source")
    by_file = {file: {found[f"d{at}"] for at in range(40) if files[at] == file} for file in files}
    assert all(len(splits) == 1 for splits in by_file.values())
    assert len(set(itertools.chain(*by_file.values()))) > 1
    more = make(tmp_path, *rows, record("new", source="raw-3.jsonl#900"))
    assert {more["new"]} == by_file["raw-3.jsonl"]


def test_near_duplicates_stay_together_across_versions(tmp_path: Path) -> None:
    first = [record(f"d{at}") for at in range(20)]
    found = make(tmp_path, *first, *(record(f"copy{at}", story(f"d{at}", 9)) for at in range(20)))
    assert all(found[f"copy{at}"] == found[f"d{at}"] for at in range(20))
    assert len(set(found.values())) == 3
    later = make(tmp_path, *first, *(record(f"later{at}", story(f"d{at}", 5)) for at in range(20)))
    assert all(later[f"later{at}"] == found[f"d{at}"] for at in range(20))
    assert read_manifest(tmp_path / "ds" / "versions" / "0.2.0").leaks == 0


def test_who_leaves_and_returns_is_where_it_was(tmp_path: Path) -> None:
    """Its group went by a document that is no longer there."""
    first = [record(f"b{at}") for at in range(10)]
    founders = [record(f"a{at}", story(f"b{at}", 5)) for at in range(10)]
    found = make(tmp_path, *first, *founders)
    make(tmp_path, record("other"))
    assert {k: v for k, v in make(tmp_path, *first).items() if k[0] == "b"} == {
        k: v for k, v in found.items() if k[0] == "b"
    }


def test_near_duplicates_in_two_splits_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only a text that changes, or splits by document, can bring that about: nobody moves."""
    records = {f"d{at}": record(f"d{at}") for at in range(12)}
    found = make(tmp_path, *records.values())
    other = next(ident for ident in sorted(found) if found[ident] != found["d0"])
    records[other] = record(other, story("d0"))
    path = save(tmp_path / "b.jsonl", *records.values())
    outcome = publish(path, tmp_path / "ds")
    assert homes(outcome.folder) == found
    assert outcome.leaks == (("d0", other),)
    assert read_manifest(outcome.folder).leaks == 1
    assert "lie in different splits: 1." in (outcome.folder / "README.md").read_text()
    _, out, _ = run(capsys, "publish", path, tmp_path / "ds")
    assert f"1 pair of near-duplicates in different splits, such as d0 and {other}" in out
    # A new one that is near to both goes to one of them, and is near to the other all the same.
    joined = publish(
        save(tmp_path / "c.jsonl", *records.values(), record("new", story("d0"))), tmp_path / "ds"
    )
    assert homes(joined.folder) == {**found, "new": found["d0"]}
    assert ("d0", other) in joined.leaks


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["document", "source", "near-duplicates"]),
    st.lists(st.sets(st.integers(0, 25), min_size=1), min_size=2, max_size=4),
)
def test_nobody_ever_moves(by: SplitBy, steps: list[set[int]]) -> None:
    """Every document is near to some others: they come and go in any order."""
    with tempfile.TemporaryDirectory() as name:
        seen: dict[str, str] = {}
        for numbers in steps:
            records = [
                record(f"d{at}", story(str(at % 6), at // 6 * 8), f"s{at % 4}") for at in numbers
            ]
            for ident, split in make(Path(name), *records, by=by).items():
                assert seen.setdefault(ident, split) == split
        verify(Path(name) / "ds")


def test_a_rollback_keeps_splits_and_sketches(tmp_path: Path) -> None:
    found = make(tmp_path, *(record(f"d{at}") for at in range(12)))
    make(tmp_path, record("d0"))
    outcome = rollback(tmp_path / "ds", "0.1.0")
    assert homes(outcome.folder) == found
    assert (outcome.folder / "sketches.parquet").read_bytes() == (
        tmp_path / "ds" / "versions" / "0.1.0" / "sketches.parquet"
    ).read_bytes()


def test_a_dataset_keeps_the_splits_it_began_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "a.jsonl", *(record(f"d{at}") for at in range(9)))
    assert run(capsys, "publish", path, tmp_path / "ds", "--split", "50/25/25")[0] == 0
    more = save(tmp_path / "b.jsonl", record("d0"))
    code, _, err = run(capsys, "publish", more, tmp_path / "ds", "--split", "80/10/10")
    assert (code, "never change sides" in err) == (2, True)
    assert run(capsys, "publish", more, tmp_path / "ds", "--split", "50/25/25")[0] == 0


@pytest.mark.parametrize("text", ["", "100/0/1", "80/10", "0/50/50", "a/b", "-10/110", "1/1/1/97"])
def test_shares_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no way to split"):
        parse_shares(text)


def test_a_sketch_estimates_what_two_texts_share() -> None:
    for edits in (0, 10, 40, 80, 120):
        one, other = story("a", length=400), story("a", edits, length=400)
        runs = [
            {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
            for words in (one.split(), other.split())
        ]
        exact = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
        assert abs(nearness(sketch(one), sketch(other)) - exact) < 0.25
    assert nearness(sketch(""), sketch("")) == 0
    assert nearness(sketch("كلمة"), sketch(" كلمة ")) == 1
    assert len(sketch(story("a"))) == 128


def test_all_near_pairs_hang_together_and_nothing_else_does() -> None:
    texts = {f"{at}-{n}": story(str(at), n * 3) for at in range(40) for n in range(4)}
    groups = {ident: {ident} for ident in texts}
    for one, other, near in near_pairs({ident: sketch(text) for ident, text in texts.items()}):
        assert near >= NEAR
        assert one.partition("-")[0] == other.partition("-")[0]
        joined = groups[one] | groups[other]
        for ident in joined:
            groups[ident] = joined
    assert all(len(group) == 4 for group in groups.values())


def test_sketches_are_what_they_were() -> None:
    """If this fails, other documents are near-duplicates than in versions that are there."""
    assert sketch("زار وزير الدفاع الرباط أمس ووقّع")[:8].hex() == "074561ca6a4a2bf6"
