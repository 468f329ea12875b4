import json
from pathlib import Path

import pytest

import curation
from curation.errors import Corrupted, PublishError, UsageError
from curation.publish import diff, publish, rollback, verify, versions
from curation.publish.making import rolling_back
from curation.publish.shelf.manifest import read_manifest
from tests.publish.builders import RABAT, agreed, reading, save, schema
from tests.publish.test_cli import run


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    publish(save(tmp_path / "a.jsonl", agreed("a"), agreed("b")), tmp_path / "ds")
    publish(save(tmp_path / "b.jsonl", agreed("a", reading([RABAT], []))), tmp_path / "ds")
    return tmp_path / "ds"


def test_a_rolled_back_version_is_new_and_holds_the_old(dataset: Path, tmp_path: Path) -> None:
    outcome = rollback(dataset, "0.1.0", by="amal")
    assert (outcome.new, outcome.version, outcome.parent) == (True, "0.3.0", "0.2.0")
    assert [entry.version for entry in verify(dataset)] == ["0.1.0", "0.2.0", "0.3.0"]
    assert versions(dataset)[-1].by == "amal"
    assert diff(dataset, "0.1.0", "0.3.0").documents.same == 2
    assert curation.load(str(dataset)).to_list() == curation.load(str(dataset), "0.1.0").to_list()
    inodes = [
        {path.stat().st_ino for path in (dataset / "versions" / name).glob("*/*.parquet")}
        for name in ("0.1.0", "0.3.0")
    ]
    assert inodes[0] == inodes[1], "not a byte is stored twice"
    assert not publish(tmp_path / "a.jsonl", dataset).new


def test_a_rollback_is_told_in_list_card_and_changelog(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rollback(dataset, "0.1.0")
    publish(save(tmp_path / "c.jsonl", agreed("c")), dataset)
    told = "rolled back to 0.1.0"
    lines = run(capsys, "versions", dataset)[1].splitlines()
    assert [line.startswith("0.3.0 ") for line in lines if told in line] == [True]
    known = json.loads(run(capsys, "versions", dataset, "--json")[1])
    assert [row["rolled_back_to"] for row in known] == [None, None, "0.1.0", None]
    folder = dataset / "versions"
    assert f"0.3.0, from 0.2.0, {told} |" in (folder / "0.3.0" / "README.md").read_text()
    assert "olled back" not in (dataset / "README.md").read_text()
    for version, times in (("0.2.0", 0), ("0.3.0", 1)):
        text = (folder / version / "CHANGELOG.md").read_text()
        assert text.count("Rolled back to 0.1.0: it holds what 0.1.0 holds.") == times
    assert "rolled_back_to" not in (folder / "0.2.0" / "manifest.json").read_text()


def test_going_back_to_what_is_there_is_nothing_new(dataset: Path) -> None:
    assert not rollback(dataset, "0.2.0").new
    assert len(versions(dataset)) == 2


def test_labels_that_came_since_keep_their_ids(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed("a", reading([RABAT], [])))
    for labels in (["GPE"], ["GPE", "LOC"]):
        publish(path, tmp_path / "ds", schema=str(schema(tmp_path / "s.toml", labels, [])))
    outcome = rollback(tmp_path / "ds", "0.1.0")
    assert (outcome.version, outcome.why) == ("1.0.0", "labels removed or renamed: entity LOC")
    manifest = read_manifest(outcome.folder)
    assert [kind.name for kind in manifest.schema.entities] == ["GPE"]
    assert manifest.labels.entities == ("GPE", "LOC")
    names = curation.load(str(tmp_path / "ds")).features["entities"].feature["label_id"].names
    assert names == ["GPE", "LOC"]
    verify(tmp_path / "ds")


def test_a_broken_or_unknown_version_is_not_gone_back_to(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        rollback(dataset, "9.9.9")
    assert "Known versions: 0.1.0, 0.2.0." in caught.value.hint
    with pytest.raises(PublishError, match="there is no dataset at"):
        rollback(tmp_path / "none", "0.1.0")
    assert not (tmp_path / "none").exists()
    (path,) = dataset.glob("versions/0.1.0/tokens/*")
    path.unlink()
    with pytest.raises(Corrupted, match="missing"):
        rollback(dataset, "0.1.0")
    assert len(versions(dataset)) == 2


def test_rows_of_another_format_are_not_carried(
    dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling_back, "base_of", lambda folder, manifest: None)
    with pytest.raises(PublishError, match="earlier format"):
        rollback(dataset, "0.1.0")


def test_the_command(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rollback", dataset, "0.1.0")
    assert code == 0
    assert "published 0.3.0" in out
    assert "0.3.0 holds what 0.1.0 holds" in out
    code, out, _ = run(capsys, "rollback", dataset, "0.1.0", "--json")
    assert (code, '"new": false' in out) == (0, True)
    code, out, _ = run(capsys, "rollback", dataset, "0.3.0")
    assert code == 0
    assert "0.3.0 is the newest already; every byte of it is proven" in out
    assert run(capsys, "rollback", dataset, "7.0.0")[0] == 2
