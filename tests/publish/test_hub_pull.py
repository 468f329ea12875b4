"""`hub pull` with the real client against a double of the Hub (see there what it leaves out)."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import curation
from curation.errors import Corrupted, Diverged, PublishError, RemoteUnavailable, UsageError
from curation.publish import publish, pull, push, verify, versions
from curation.publish.hub.client import Hub
from curation.publish.shelf.versions import LIST
from tests.publish.builders import agreed, save
from tests.publish.hub_double import STRANGER, HubDouble
from tests.publish.hubs import NAME, add, dataset_of, environment, files_of, hub, two_versions
from tests.publish.test_cli import run

__all__ = ["hub", "two_versions"]


@pytest.fixture
def source(hub: HubDouble, two_versions: Path, tmp_path: Path) -> Path:
    """A dataset directory with two versions, which are on the hub."""
    folder = shutil.copytree(two_versions, tmp_path / "source")
    push(folder, NAME)
    hub.log.clear()
    return folder


def assert_same(one: Path, other: Path, *, upto: int | None = None) -> None:
    """The same versions and list; every byte of the other is proven."""
    assert versions(one)[:upto] == versions(other) == verify(other)
    for entry in versions(other):
        folders = [folder / "versions" / entry.version for folder in (one, other)]
        assert files_of(folders[0]) == files_of(folders[1])
    known = {".publish.lock", ".lines", "README.md", "objects", "versions", LIST}
    assert {path.name for path in other.iterdir()} <= known


def test_what_is_pulled_is_what_was_pushed(hub: HubDouble, source: Path, tmp_path: Path) -> None:
    done = pull(NAME, tmp_path / "copy")
    assert (done.came, done.there) == (("0.1.0", "0.2.0"), ())
    assert_same(source, tmp_path / "copy")
    assert (source / "README.md").read_bytes() == (tmp_path / "copy" / "README.md").read_bytes()
    assert curation.load(str(tmp_path / "copy"))["id"] == ["a", "b"]


def test_a_folder_goes_on_with_what_is_new_and_fetches_no_rows_twice(
    hub: HubDouble, source: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    pull(NAME, copy, version="0.1.0")
    assert_same(source, copy, upto=1)
    done = pull(NAME, copy)
    assert (done.came, done.there) == (("0.2.0",), ("0.1.0",))
    assert pull(NAME, copy).came == ()
    assert_same(source, copy)
    curation.publish.rollback(source, "0.1.0")
    push(source, NAME)
    hub.log.clear()
    assert pull(NAME, copy).came == ("0.3.0",)
    assert not [line for line in hub.asked("^GET .*parquet") if "/documents/" in line]
    assert_same(source, copy)


def test_two_people_take_turns(hub: HubDouble, source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    pull(NAME, copy)
    add(copy, agreed("a"), agreed("b"), agreed("c"))
    push(copy, NAME)
    with pytest.raises(Diverged):
        push(source, NAME)
    pull(NAME, source)
    assert_same(copy, source)
    assert push(source, NAME).steps == ()


def test_the_same_content_published_at_two_times_is_one_history(
    hub: HubDouble, source: Path, tmp_path: Path
) -> None:
    """Who published, and when, stands only in the list: the Hub's list stays as it is."""
    twin = tmp_path / "twin"
    for ids in ("a", "ab", "abc"):
        publish(save(tmp_path / "t.jsonl", *map(agreed, ids)), twin, by="twin")
    assert pull(NAME, twin).came == ()
    push(twin, NAME)
    listed = json.loads(hub.tree(NAME)[LIST])["versions"]
    assert [one.get("by") for one in listed] == ["", "", "twin"]
    pull(NAME, source)
    assert [entry.by for entry in versions(source)] == ["", "", "twin"]
    verify(source)


def test_another_history_is_refused_and_left_alone(
    hub: HubDouble, source: Path, tmp_path: Path
) -> None:
    other = dataset_of(tmp_path / "other", ("x",))
    before = files_of(other)
    with pytest.raises(Diverged, match="hold different datasets"):
        pull(NAME, other)
    assert files_of(other) == before
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "notes.txt").write_text("mine")
    with pytest.raises(PublishError, match="is no dataset directory"):
        pull(NAME, foreign)


def test_a_version_that_is_not_there_is_told_with_those_that_are(
    hub: HubDouble, source: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        pull(NAME, tmp_path / "copy", version="9.9.9")
    assert "Known versions: 0.1.0, 0.2.0." in caught.value.hint
    assert not (tmp_path / "copy").exists()
    Hub("owner/empty").create(private=True)
    with pytest.raises(PublishError, match="holds no version"):
        pull("owner/empty", tmp_path / "copy")
    del hub.repos[NAME].tags["v0.1.0"]
    with pytest.raises(Diverged, match=r"lost its tag v0\.1\.0"):
        pull(NAME, tmp_path / "copy")


@pytest.mark.parametrize("name", ["tokens", "manifest.json", "CHANGELOG.md", "index.parquet"])
@pytest.mark.parametrize("harm", ["other", "gone"])
def test_what_is_not_what_was_published_never_appears(
    hub: HubDouble, source: Path, tmp_path: Path, name: str, harm: str
) -> None:
    repo = hub.repos[NAME]
    tree = repo.commits[repo.tags["v0.2.0"]].tree
    path = next(path for path in tree if path.startswith(name))
    if harm == "gone":
        del tree[path]
    else:
        hub.blobs[tree[path].key] = b"x" * tree[path].size
    with pytest.raises(Corrupted, match=name):
        pull(NAME, tmp_path / "copy")
    assert [entry.version for entry in verify(tmp_path / "copy")] == ["0.1.0"]


def test_rows_that_are_damaged_here_are_not_blamed_on_the_hub_alone(
    hub: HubDouble, source: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    curation.publish.rollback(source, "0.1.0")
    push(source, NAME)
    pull(NAME, copy, version="0.2.0")
    for path in copy.glob("versions/0.1.0/tokens/*"):
        path.chmod(0o644)
        path.write_bytes(bytes(path.stat().st_size))  # the one file under all its names
    with pytest.raises(Corrupted, match="did not come whole") as caught:
        pull(NAME, copy)
    assert f"curation verify {copy}" in caught.value.hint


@pytest.mark.parametrize("at", ["0.1.0", "0.2.0"])
def test_a_killed_pull_goes_on_and_fetches_nothing_twice(
    hub: HubDouble, source: Path, tmp_path: Path, at: str
) -> None:
    copy = tmp_path / "copy"
    commit = hub.repos[NAME].tags[f"v{at}"]
    held = threading.Event()
    fault = hub.fail(f"HEAD .*/resolve/{commit}/index.parquet", 0, hold=held)
    command = [sys.executable, "-m", "curation", "hub", "pull", NAME, str(copy)]
    with subprocess.Popen(command, env=environment(hub, tmp_path)) as process:
        while not fault.reached.wait(0.1):
            assert process.poll() is None
        while not list(copy.glob(".hub-pull/*/documents/*.parquet")):
            assert process.poll() is None
        process.kill()
    held.set()
    came = {
        str(path.relative_to(copy / ".hub-pull" / commit))
        for path in copy.glob(f".hub-pull/{commit}/*/*.parquet")
    }
    if at == "0.1.0":
        assert not (copy / LIST).exists()
    else:
        assert [entry.version for entry in verify(copy)] == ["0.1.0"]
    hub.log.clear()
    pull(NAME, copy)
    assert_same(source, copy)
    fetched = {line.partition("/cdn/")[2] for line in hub.asked("^GET /cdn/")}
    tree = hub.repos[NAME].commits[commit].tree
    assert came
    assert not fetched & {tree[path].key for path in came}


def test_a_private_one_needs_a_token(
    hub: HubDouble, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(UsageError, match="private and no token was given") as caught:
        pull(NAME, tmp_path / "copy")
    assert "HF_TOKEN" in caught.value.hint
    with pytest.raises(UsageError, match="the token that was given may not see it"):
        pull(NAME, tmp_path / "copy", token=STRANGER)
    hub.repos[NAME].private = False
    pull(NAME, tmp_path / "copy")
    assert_same(source, tmp_path / "copy")


def test_a_fault_that_passes_is_waited_for(hub: HubDouble, source: Path, tmp_path: Path) -> None:
    hub.fail("^GET .*/refs", 503)
    hub.fail("^GET .*/resolve/.*parquet", 429)
    hub.fail("^GET /cdn/", 500)
    pull(NAME, tmp_path / "copy")
    assert_same(source, tmp_path / "copy")


def test_offline_it_says_so(
    hub: HubDouble, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(RemoteUnavailable, match="HF_HUB_OFFLINE"):
        pull(NAME, tmp_path / "copy")


def test_the_command_says_what_came(
    hub: HubDouble, source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    code, out, err = run(capfd, "hub", "pull", NAME, copy, "--version", "0.1.0")
    assert (code, out) == (
        0,
        f"0.1.0 of {NAME} in {copy}, every byte checked\nnext: curation versions {copy}\n",
    )
    assert err == "0.1.0 is in its place\n"
    code, out, err = run(capfd, "hub", "pull", NAME, copy, "--json")
    said = json.loads(out)
    assert (said["came"], said["there"]) == (["0.2.0"], ["0.1.0"])
    code, out, err = run(capfd, "hub", "pull", NAME, copy)
    assert out.startswith(f"nothing new: {copy} has 0.2.0 of {NAME} already\n")
