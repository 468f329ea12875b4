"""Versions loaded from a double of the Hub: by `curation.load`, and by plain `load_dataset`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import datasets
import pytest
from huggingface_hub import constants

import curation
from curation.errors import Corrupted, PublishError, RemoteUnavailable, UsageError
from curation.publish import Splits, publish, push
from curation.publish.views.features import VIEWS
from tests.publish.builders import RABAT, agreed, reading, save
from tests.publish.hub_double import READER, HubDouble
from tests.publish.hubs import NAME, add, environment, hub, two_versions

__all__ = ["hub", "two_versions"]


@pytest.fixture
def source(hub: HubDouble, two_versions: Path, tmp_path: Path) -> Path:
    """A dataset directory with two versions, which are on the hub."""
    folder = shutil.copytree(two_versions, tmp_path / "source")
    push(folder, NAME)
    hub.log.clear()
    return folder


def go_offline(hub: HubDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    hub.log.clear()


def forget_rows(cache: Path) -> None:
    """So that the Parquet files are needed again."""
    shutil.rmtree(cache / "curation")


def test_load_gives_exactly_the_version(hub: HubDouble, source: Path) -> None:
    assert curation.load(NAME)["id"] == ["a", "b"]
    assert curation.load(NAME, "0.1.0")["id"] == ["a"]
    assert curation.load(NAME, version="0.2.0")["id"] == ["a", "b"]
    for view in VIEWS:
        there, here = curation.load(NAME, "0.2.0", view), curation.load(str(source), "0.2.0", view)
        assert there.to_list() == here.to_list()
        assert there.features == here.features


def test_only_the_files_of_the_view_and_split_are_fetched(
    hub: HubDouble, tmp_path: Path, cache: Path
) -> None:
    records = [agreed(f"d{at}") for at in range(12)]
    splits = Splits("document", {"train": 50, "validation": 0, "test": 50})
    publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds", splits=splits)
    push(tmp_path / "ds", NAME)
    hub.log.clear()
    test = curation.load(NAME, view="tokens", split="test")
    assert test["id"] == curation.load(str(tmp_path / "ds"), view="tokens", split="test")["id"]
    heads = hub.asked("^HEAD .*parquet")
    assert heads
    assert all("/tokens/test-" in line for line in heads)
    with pytest.raises(UsageError) as caught:
        curation.load(NAME, split="dev")
    assert "It has: train, test." in caught.value.hint


def test_a_later_version_is_seen_at_once(hub: HubDouble, source: Path) -> None:
    assert len(curation.load(NAME)) == 2
    push(add(source, *map(agreed, "abc")), NAME)
    assert len(curation.load(NAME)) == 3
    assert len(curation.load(NAME, "0.2.0")) == 2


def test_offline_it_is_exactly_the_version_that_was_loaded(
    hub: HubDouble, source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`load_dataset` gives the newest cached rows for any `revision=` then."""
    for version in ("0.1.0", "0.2.0"):
        curation.load(NAME, version)
    push(add(source, *map(agreed, "abc")), NAME)
    go_offline(hub, monkeypatch)
    for _ in range(2):
        assert curation.load(NAME, "0.1.0")["id"] == ["a"]
        assert curation.load(NAME, "0.2.0")["id"] == ["a", "b"]
        assert curation.load(NAME)["id"] == ["a", "b"]
        forget_rows(cache)
    assert hub.log == []
    for wanted in ("0.3.0", "9.9.9"):
        with pytest.raises(RemoteUnavailable, match="HF_HUB_OFFLINE is set") as caught:
            curation.load(NAME, wanted)
        assert f"{NAME} {wanted} is not in the cache" in caught.value.message
        assert "the cache has 0.1.0, 0.2.0." in caught.value.hint
    with pytest.raises(RemoteUnavailable, match=r"0\.1\.0 is not in the cache"):
        curation.load(NAME, "0.1.0", view="tokens")
    with pytest.raises(RemoteUnavailable, match="no version of owner/other is in the cache"):
        curation.load("owner/other")


def test_a_hub_that_is_gone_gives_a_named_version_from_the_cache_and_no_other(
    hub: HubDouble, source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curation.publish.hub.client._TRIES", 1)
    curation.load(NAME, "0.1.0")
    forget_rows(cache)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert curation.load(NAME, "v0.1.0")["id"] == ["a"]
    with pytest.raises(RemoteUnavailable, match="the newest version of owner/news can not be told"):
        curation.load(NAME)
    with pytest.raises(RemoteUnavailable) as caught:
        curation.load("owner/nwes")
    assert "There is no folder owner/nwes here." in caught.value.hint
    assert "Of owner/nwes the cache has no version." in caught.value.hint


def test_a_version_or_view_that_is_not_there(hub: HubDouble, source: Path) -> None:
    for wrong in ("9.9.9", "v9.9.9", "main", "", "0.1"):
        with pytest.raises(UsageError) as caught:
            curation.load(NAME, wrong)
        assert "Known versions: 0.1.0, 0.2.0." in caught.value.hint
    with pytest.raises(UsageError, match="no view"):
        curation.load(NAME, view="sentences")
    with pytest.raises(UsageError, match="there is no dataset owner/nothing"):
        curation.load("owner/nothing")
    hub.repos[NAME].tags.clear()
    with pytest.raises(PublishError, match="holds no version"):
        curation.load(NAME)


def test_a_private_one_needs_a_token(
    hub: HubDouble, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    for version in (None, "0.1.0"):
        with pytest.raises(UsageError, match="private and no token was given") as caught:
            curation.load(NAME, version)
        assert "HF_TOKEN" in caught.value.hint
    monkeypatch.setenv("HF_TOKEN", READER)
    assert len(curation.load(NAME)) == 2


def test_bytes_that_changed_on_the_hub_are_refused(hub: HubDouble, source: Path) -> None:
    tree = hub.repos[NAME].commits[hub.repos[NAME].tags["v0.1.0"]].tree
    (path,) = [path for path in tree if path.startswith("documents/")]
    hub.blobs[tree[path].key] = b"x" * tree[path].size
    with pytest.raises(Corrupted, match=r"documents/.* not what was published"):
        curation.load(NAME, "0.1.0")
    assert len(curation.load(NAME, "0.2.0")) == 2


def test_a_damaged_file_in_the_cache_is_fetched_again(
    hub: HubDouble, source: Path, cache: Path
) -> None:
    rows = curation.load(NAME, "0.1.0").to_list()
    (cached,) = Path(constants.HF_HUB_CACHE).rglob("documents/*.parquet")
    cached.resolve().write_bytes(b"x" * cached.stat().st_size)
    forget_rows(cache)
    assert curation.load(NAME, "0.1.0").to_list() == rows
    manifest = next(Path(constants.HF_HUB_CACHE).rglob("manifest.json"))
    manifest.resolve().write_bytes(b"{}")
    assert curation.load(NAME, "0.1.0").to_list() == rows


def test_a_folder_here_comes_first(
    hub: HubDouble, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "owner" / "news").mkdir(parents=True)
    with pytest.raises(PublishError, match="is no dataset directory") as caught:
        curation.load(NAME)
    assert "A folder owner/news here hides the repository" in caught.value.hint
    add(tmp_path / "owner" / "news", agreed("mine"))
    assert curation.load(NAME)["id"] == ["mine"]


def test_a_tag_of_somebody_else_is_no_version(hub: HubDouble, source: Path) -> None:
    repo = hub.repos[NAME]
    repo.tags["v9.0.0"] = repo.tags["v0.1.0"]
    with pytest.raises(Corrupted, match=r"tag v9\.0\.0 .* was not made by this program"):
        curation.load(NAME, "9.0.0")


PLAIN = """
import json, sys
from datasets import get_dataset_config_names, load_dataset

name, = sys.argv[1:]
seen = {"configs": get_dataset_config_names(name)}
for revision in (None, "v0.1.0", "v0.2.0", "v0.3.0"):
    for view in ("documents", "tokens", "ledger"):
        if view == "ledger" and revision != "v0.2.0":
            continue
        for stream in (False, True):
            try:
                rows = load_dataset(name, view, revision=revision, split="train", streaming=stream)
            except ValueError as fault:
                seen[f"{revision} {view} {stream}"] = str(fault)
                continue
            seen[f"{revision} {view} {stream}"] = [list(rows), str(rows.features)]
print(json.dumps(seen, default=str))
"""


def test_plain_load_dataset_gets_every_version_by_its_tag(
    hub: HubDouble, two_versions: Path, tmp_path: Path
) -> None:
    """In a process of its own, as a user has it; the head is the newest version."""
    folder = add(shutil.copytree(two_versions, tmp_path / "ds"), agreed("a", reading([RABAT], [])))
    push(folder, NAME)
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, NAME],
        env=environment(hub, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["configs"] == ["documents", "tokens", "spans", "annotations", "gliner"]
    for stream in (False, True):
        for revision, version in (
            ("v0.1.0", "0.1.0"),
            ("v0.2.0", "0.2.0"),
            ("v0.3.0", "0.3.0"),
            ("None", "0.3.0"),
        ):
            for view in ("documents", "tokens"):
                rows, features = seen[f"{revision} {view} {stream}"]
                expected = curation.load(str(folder), version, view)
                assert rows == json.loads(json.dumps(expected.to_list(), default=str))
                assert features == str(expected.features)
        assert "ledger" in seen[f"v0.2.0 ledger {stream}"]


def test_load_leaves_progress_bars_as_they_were(
    hub: HubDouble, source: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub.utils import are_progress_bars_disabled, enable_progress_bars

    enable_progress_bars()
    datasets.enable_progress_bars()
    curation.load(NAME)
    assert not are_progress_bars_disabled()
    assert not datasets.are_progress_bars_disabled()
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
