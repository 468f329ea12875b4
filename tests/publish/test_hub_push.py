"""`hub push` with the real client against a double of the Hub (see there what it leaves out)."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from curation.errors import Corrupted, Diverged, RemoteUnavailable, UsageError
from curation.publish import push, rollback, versions
from curation.publish.shelf.versions import LIST
from tests.publish.builders import agreed, save
from tests.publish.hub_double import OWNER, READER, STRANGER, HubDouble
from tests.publish.hubs import (
    NAME,
    add,
    dataset_of,
    environment,
    files_of,
    hub,
    two_versions,
)
from tests.publish.test_cli import run

__all__ = ["hub", "two_versions"]


@pytest.fixture
def dataset(tmp_path: Path, two_versions: Path) -> Path:
    return shutil.copytree(two_versions, tmp_path / "ds")


@pytest.fixture
def four(tmp_path: Path, dataset: Path) -> Path:
    """The same with two versions more."""
    return add(
        add(shutil.copytree(dataset, tmp_path / "four"), agreed("a"), agreed("b"), agreed("c")),
        *map(agreed, "abcd"),
    )


def assert_holds(hub: HubDouble, dataset: Path) -> None:
    """Every version is a tagged commit of exactly its files and the list up to it; the head is the
    newest one."""
    entries = versions(dataset)
    repo = hub.repos[NAME]
    assert list(repo.tags) == [f"v{entry.version}" for entry in entries]
    for at, entry in enumerate(entries, 1):
        tree = hub.tree(NAME, f"v{entry.version}")
        listed = json.loads(tree.pop(LIST))["versions"]
        assert [one["manifest"] for one in listed] == [one.manifest for one in entries[:at]]
        assert tree.pop(".gitattributes")
        assert tree == files_of(dataset / "versions" / entry.version)
    assert hub.tree(NAME) == hub.tree(NAME, f"v{entries[-1].version}")


def commits(hub: HubDouble) -> list[str]:
    return [commit.title for commit in hub.repos[NAME].commits.values()]


def test_each_version_is_a_commit_and_a_tag_and_private(hub: HubDouble, dataset: Path) -> None:
    done = push(dataset, NAME)
    assert_holds(hub, dataset)
    assert hub.repos[NAME].private
    assert (done.created, done.private, done.there) == (True, True, ())
    assert [(step.version, step.done) for step in done.steps] == [
        ("0.1.0", "committed"),
        ("0.2.0", "committed"),
    ]
    assert commits(hub) == ["initial commit", "Version 0.1.0", "Version 0.2.0"]
    # In 0.2.0 the shard that grew has another name: what it was called before is gone.
    old, new = (hub.tree(NAME, tag) for tag in ("v0.1.0", "v0.2.0"))
    assert done.steps[1].stale == len(old.keys() - new.keys()) > 0


def test_pushing_again_does_nothing_and_a_new_version_adds_one_commit(
    hub: HubDouble, dataset: Path
) -> None:
    push(dataset, NAME)
    hub.log.clear()
    done = push(dataset, NAME)
    assert (done.steps, done.there, done.created) == ((), ("0.1.0", "0.2.0"), False)
    assert not hub.asked("^(POST|PUT)")
    rollback(dataset, "0.1.0")
    done = push(dataset, NAME)
    assert [step.version for step in done.steps] == ["0.3.0"]
    # Nothing to upload: the rows are those of 0.1.0.
    assert not hub.asked("^PUT /lfs")
    assert_holds(hub, dataset)


def test_public_is_said(hub: HubDouble, dataset: Path) -> None:
    assert not push(dataset, NAME, public=True).private
    assert not hub.repos[NAME].private
    push(dataset, "owner/other")
    assert hub.repos["owner/other"].private
    assert not push(dataset, "owner/other", public=True).private
    assert not hub.repos["owner/other"].private
    assert not push(dataset, "owner/other").private


def test_a_public_repository_gets_its_first_version_only_if_that_is_said(
    hub: HubDouble, dataset: Path
) -> None:
    HfApi(endpoint=hub.address).create_repo(NAME, repo_type="dataset", private=False)
    with pytest.raises(Diverged) as caught:
        push(dataset, NAME)
    assert "--public" in caught.value.hint
    assert commits(hub) == ["initial commit"]
    push(dataset, NAME, public=True)
    assert_holds(hub, dataset)


def test_dry_run_says_it_and_changes_nothing(hub: HubDouble, dataset: Path) -> None:
    planned = push(dataset, NAME, dry_run=True)
    assert not hub.repos
    assert not hub.asked("^(POST|PUT)")
    done = push(dataset, NAME)
    assert [(s.version, s.done, s.files, s.bytes, s.stale) for s in planned.steps] == [
        (s.version, s.done, s.files, s.bytes, s.stale) for s in done.steps
    ]
    add(dataset, agreed("c"))
    hub.log.clear()
    (step,) = push(dataset, NAME, public=True, dry_run=True).steps
    assert (step.version, step.commit) == ("0.3.0", None)
    assert not hub.asked("^(POST|PUT)")


@pytest.mark.parametrize(
    ("at", "after"),
    [(" /lfs/", False), ("/commit/", False), ("/commit/", True), ("/tag/", False), ("/tag/", True)],
)
def test_a_killed_push_goes_on_where_it_was(
    hub: HubDouble, four: Path, tmp_path: Path, at: str, after: bool
) -> None:
    """SIGKILL when the hub has got a request, before or after it carries it out."""
    if at == " /lfs/":
        hub.fail("^PUT /lfs/", 200, after=True)  # the first file gets through
    held = threading.Event()
    fault = hub.fail(f"^P.*{at}", 0, hold=held, after=after, times=99)
    command = [sys.executable, "-m", "curation", "hub", "push", str(four), NAME]
    with subprocess.Popen(command, env=environment(hub, tmp_path)) as process:
        while not fault.reached.wait(0.1):
            assert process.poll() is None
        process.kill()
    fault.times = 0
    held.set()

    made, stored = commits(hub), set(hub.blobs)
    assert any(len(key) == 64 for key in stored)
    assert made == ["initial commit"] + ["Version 0.1.0"] * (at == "/tag/" or after)
    hub.log.clear()
    done = push(four, NAME)
    assert_holds(hub, four)
    assert commits(hub) == ["initial commit", *(f"Version 0.{n}.0" for n in (1, 2, 3, 4))]
    assert not [line for line in hub.asked("^PUT /lfs/") if line.rpartition("/")[2] in stored]
    first = {" /lfs/": "committed", "/commit/": "tagged" if after else "committed"}
    if (at, after) == ("/tag/", True):
        assert done.there == ("0.1.0",)
    else:
        assert done.steps[0].done == first.get(at, "tagged")


def test_a_moved_head_is_refused_and_can_be_gone_over(hub: HubDouble, dataset: Path) -> None:
    push(dataset, NAME)
    head = hub.put(NAME, README__md=b"# mine", notes__txt=b"x")
    told = push(dataset, NAME)
    assert (told.steps, told.strange_head) == ((), head)
    add(dataset, agreed("c"))
    for _ in range(2):
        with pytest.raises(Diverged, match=r"the head of .* has moved") as caught:
            push(dataset, NAME)
    assert f"--over {head[:12]}" in caught.value.hint
    with pytest.raises(Diverged):
        push(dataset, NAME, over="0123456789ab")
    (step,) = push(dataset, NAME, over=head[:12]).steps
    assert (step.version, step.done) == ("0.3.0", "committed")
    assert_holds(hub, dataset)
    assert hub.repos[NAME].commits[hub.repos[NAME].branches["main"]].parent == head


def test_a_head_that_somebody_changed_can_be_made_the_newest_version_again(
    hub: HubDouble, dataset: Path
) -> None:
    push(dataset, NAME)
    head = hub.put(NAME, notes__txt=b"x")
    (step,) = push(dataset, NAME, over=head).steps
    assert (step.version, step.done, step.stale) == ("0.2.0", "again", 1)
    assert_holds(hub, dataset)
    assert push(dataset, NAME).steps == ()


def test_a_head_that_moves_during_the_push_is_refused(hub: HubDouble, dataset: Path) -> None:
    held = threading.Event()
    fault = hub.fail("^POST .*/preupload/", 503, hold=held)
    moved = threading.Thread(
        target=lambda: (fault.reached.wait(), hub.put(NAME, mine__txt=b"x"), held.set())
    )
    moved.start()
    with pytest.raises(Diverged, match="has moved"):
        push(dataset, NAME)
    moved.join()
    assert not hub.repos[NAME].tags


def test_other_things_in_a_repository_are_not_removed(hub: HubDouble, dataset: Path) -> None:
    HfApi(endpoint=hub.address).create_repo(NAME, repo_type="dataset", private=True)
    head = hub.put(NAME, data__csv=b"a,b")
    with pytest.raises(Diverged, match="something else was committed"):
        push(dataset, NAME)
    assert hub.tree(NAME).keys() == {".gitattributes", "data.csv"}
    push(dataset, NAME, over=head)
    assert_holds(hub, dataset)


def test_another_history_or_a_longer_one_is_refused(
    hub: HubDouble, dataset: Path, four: Path, tmp_path: Path
) -> None:
    push(four, NAME)
    with pytest.raises(Diverged, match=r"has 0\.4\.0, which .* does not have") as caught:
        push(dataset, NAME)
    assert f"curation hub pull {NAME} {dataset}" in caught.value.hint
    other = dataset_of(tmp_path / "other", ("x",))
    with pytest.raises(Diverged, match="hold different datasets"):
        push(other, NAME)
    assert_holds(hub, four)


def test_a_tag_that_was_deleted_is_put_back(hub: HubDouble, dataset: Path) -> None:
    push(dataset, NAME)
    was = dict(hub.repos[NAME].tags)
    del hub.repos[NAME].tags["v0.1.0"]
    (step,) = push(dataset, NAME).steps
    assert (step.version, step.done) == ("0.1.0", "tagged")
    assert hub.repos[NAME].tags == was


def test_a_tag_of_somebody_else_is_not_taken_for_ours(hub: HubDouble, dataset: Path) -> None:
    HfApi(endpoint=hub.address).create_repo(NAME, repo_type="dataset", private=True)
    repo = hub.repos[NAME]
    repo.tags["v0.2.0"] = repo.branches["main"]
    with pytest.raises(Diverged, match=r"tag v0\.2\.0 .* was not made by this program"):
        push(dataset, NAME)
    assert commits(hub) == ["initial commit"]
    repo.tags = {"latest": repo.branches["main"], "v1": repo.branches["main"]}
    push(dataset, NAME)
    assert [name for name in repo.tags if name not in ("latest", "v1")] == ["v0.1.0", "v0.2.0"]


def test_a_broken_version_is_not_pushed(hub: HubDouble, dataset: Path) -> None:
    (path,) = dataset.glob("versions/0.2.0/tokens/*.parquet")
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:-1] + b"x")
    with pytest.raises(Corrupted, match="tokens"):
        push(dataset, NAME)
    assert list(hub.repos[NAME].tags) == ["v0.1.0"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("^GET .*/refs", 503),
        ("^GET .*/tree/", 429),
        ("^POST /api/repos/create", 502),
        ("^POST .*/preupload/", 500),
        ("^POST .*/objects/batch", 429),
        ("^PUT /lfs/", 500),
        ("^POST .*/commit/", 503),
        ("^POST .*/tag/", 429),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_fault_that_passes_is_waited_for(
    hub: HubDouble, dataset: Path, asked: str, status: int, after: bool
) -> None:
    """With `after` the hub has done it, and only its answer was lost: nothing is done twice."""
    hub.fail(asked, status, after=after, headers={"Retry-After": "0"})
    push(dataset, NAME)
    assert_holds(hub, dataset)
    assert commits(hub) == ["initial commit", "Version 0.1.0", "Version 0.2.0"]


def test_a_hub_that_hangs_up_is_asked_again(hub: HubDouble, dataset: Path) -> None:
    hub.fail("^POST .*/commit/", 0, after=True)
    push(dataset, NAME)
    assert_holds(hub, dataset)


def test_a_fault_that_stays_names_the_hub(
    hub: HubDouble, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.fail("^POST .*/commit/", 413)
    with pytest.raises(RemoteUnavailable, match="answers 413"):
        push(dataset, NAME)
    monkeypatch.setattr("curation.publish.hub.client._TRIES", 1)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(RemoteUnavailable, match="does not answer"):
        push(dataset, NAME)
    with pytest.raises(UsageError, match="names no owner"):
        push(dataset, "news")
    with pytest.raises(UsageError):
        push(dataset, "a/b--c")


def test_without_the_right_to_write_it_says_so_and_never_the_token(
    hub: HubDouble,
    dataset: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for token, expected in ((READER, "(403)"), ("hf_expired", "(401)")):
        code, out, err = run(capsys, "hub", "push", dataset, NAME, "--token", token)
        assert (code, out) == (3, "")
        assert expected in err
        assert token not in err
    monkeypatch.delenv("HF_TOKEN")
    code, out, err = run(capsys, "hub", "push", dataset, NAME)
    assert code == 3
    assert "HF_TOKEN" in err
    assert run(capsys, "hub", "push", dataset, NAME, "--token", OWNER)[0] == 0
    code, out, err = run(capsys, "hub", "push", dataset, NAME, "--token", STRANGER)
    assert code == 3
    assert not hub.asked("hf_")


def test_the_command_says_what_it_does(
    hub: HubDouble, dataset: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capfd, "hub", "push", dataset, NAME, "--dry-run")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == f"{NAME} is not there; it would be made"
    assert lines[1].startswith("0.1.0  would be committed and tagged: ")
    assert "published by, as the list of versions there says: nobody by name" in out
    assert lines[-1] == f"nothing was changed; next: curation hub push {dataset} {NAME}"
    assert err == ""
    code, out, err = run(capfd, "hub", "push", dataset, NAME, "--json")
    said = json.loads(out)
    assert [step["version"] for step in said["steps"]] == ["0.1.0", "0.2.0"]
    assert (said["private"], said["dry_run"]) == (True, False)
    assert err.splitlines()[-1] == "0.2.0 is tagged v0.2.0"
    assert "%" not in err
    code, out, _ = run(capfd, "hub", "push", dataset, NAME)
    assert out.splitlines()[0] == f"nothing to do: {hub.address}/datasets/{NAME} has 0.1.0, 0.2.0"
    more = save(dataset.parent / "more.jsonl", *map(agreed, "abc"))
    run(capfd, "publish", more, dataset, "--by", "amal")
    out = run(capfd, "hub", "push", dataset, NAME)[1]
    assert "published by, as the list of versions there says: amal" in out
