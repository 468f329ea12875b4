"""Datasets in an object store: moto's S3 on loopback, by s3fs, as a user has it."""

import hashlib
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
import s3fs
from moto.server import ThreadedMotoServer

import curation
from curation.errors import Corrupted, Diverged, PublishError, RemoteUnavailable, UsageError
from curation.publish import diff, publish, pull, push, rollback, verify, versions
from curation.publish.shelf.object_store import Store
from tests.publish.builders import RABAT, agreed, reading, save
from tests.publish.hub_double import HubDouble
from tests.publish.hubs import NAME, files_of, hub
from tests.publish.test_cli import run

__all__ = ["hub"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def url(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place in a bucket."""
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "secret-of-the-test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    bucket = f"test-{uuid.uuid4()}"
    fsspec.filesystem("s3").mkdir(bucket)
    return f"s3://{bucket}/sets/news"


def another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache-{uuid.uuid4()}"))


def records(tmp_path: Path, ids: str) -> Path:
    return save(tmp_path / f"{ids}.jsonl", *map(agreed, ids))


def stored(url: str) -> dict[str, bytes]:
    files, root = fsspec.url_to_fs(url, use_listings_cache=False)
    return {path.removeprefix(f"{root}/"): files.cat_file(path) for path in files.find(root)}


def listed(dataset: Path | str) -> list[tuple[str, str]]:
    return [(entry.version, entry.manifest) for entry in versions(dataset)]


def assert_whole(url: str) -> None:
    """Proven, and nothing but the list and objects under their own digests."""
    verify(url)
    for path, data in stored(url).items():
        found = re.fullmatch(r"objects/(..)/(\1[0-9a-f]{62})\.(parquet|json|md|svg)", path)
        assert path == "versions.json" or (found and found[2] == hashlib.sha256(data).hexdigest())


def test_a_store_holds_what_a_folder_holds(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ds"
    for ids in ("a", "ab", "abc"):
        mine, theirs = (publish(records(tmp_path, ids), place) for place in (folder, url))
        assert (mine.new, mine.version, mine.why) == (theirs.new, theirs.version, theirs.why)
        assert files_of(mine.folder) == files_of(theirs.folder)
        another_machine(monkeypatch, tmp_path)
    assert listed(url) == listed(folder)
    assert_whole(url)
    assert diff(url, "0.1.0", "0.3.0", full=True) == diff(folder, "0.1.0", "0.3.0", full=True)
    for version in (None, "0.1.0"):
        for view in ("documents", "tokens"):
            there, here = (
                curation.load(url, version, view),
                curation.load(str(folder), version, view),
            )
            assert there.to_list() == here.to_list()
    outcome = rollback(url, "0.1.0")
    rollback(folder, "0.1.0")
    assert outcome.version == "0.4.0"
    assert listed(url) == listed(folder)
    assert curation.load(url)["id"] == ["a"]
    assert_whole(url)


def test_what_is_there_is_not_sent_again(url: str, tmp_path: Path) -> None:
    publish(records(tmp_path, "ab"), url)
    before = stored(url)
    assert not publish(records(tmp_path, "ab"), url).new
    assert stored(url) == before
    publish(save(tmp_path / "c.jsonl", agreed("a"), agreed("b", reading([RABAT], []))), url)
    rollback(url, "0.1.0")
    assert_whole(url)
    rows = [path for path in stored(url) if path.endswith(".parquet")]
    assert len(rows) == len(set(rows))
    assert before.items() - {("versions.json", before["versions.json"])} <= stored(url).items()


def test_of_two_who_publish_at_once_one_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is through while the first one is about to send."""
    publish(records(tmp_path, "a"), url)
    faster = records(tmp_path, "abz")

    def meanwhile(step: str) -> None:
        if step.endswith("is in the list"):
            with monkeypatch.context() as machine:
                another_machine(machine, tmp_path)
                publish(faster, url)

    with pytest.raises(Diverged, match=r"somebody else .*; 0\.2\.0 was not published"):
        publish(records(tmp_path, "ab"), url, progress=meanwhile)
    assert curation.load(url, "0.2.0")["id"] == ["a", "b", "z"]
    assert_whole(url)
    outcome = publish(records(tmp_path, "ab"), url)
    assert (outcome.version, outcome.parent) == ("0.3.0", "0.2.0")
    assert curation.load(url)["id"] == ["a", "b"]
    assert_whole(url)


def test_of_two_first_publishers_one_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(step: str) -> None:
        if step.endswith("is in the list"):
            with monkeypatch.context() as machine:
                another_machine(machine, tmp_path)
                publish(records(tmp_path, "z"), url)

    with pytest.raises(Diverged):
        publish(records(tmp_path, "a"), url, progress=meanwhile)
    assert curation.load(url)["id"] == ["z"]
    assert_whole(url)


WAITING = """
import sys
from curation.publish import publish
from curation.publish.shelf.object_store import Store

def wait(step):
    print(step, flush=True)
    sys.stdin.readline()

send, write = Store.send, Store.write_entries

def sending(self, path, file):
    if file.path == "README.md":
        wait("sending")
    send(self, path, file)

def writing(self, entries, mark):
    wait("about to list")
    written = write(self, entries, mark)
    wait("listed")
    return written

Store.send, Store.write_entries = sending, writing
publish(sys.argv[1], sys.argv[2], progress=wait)
"""


@pytest.mark.parametrize("step", ["in its place", "sending", "about to list", "listed"])
def test_a_killed_publish_leaves_what_was_there(url: str, tmp_path: Path, step: str) -> None:
    """SIGKILL at each step of a publish, then the same again on the same machine."""
    publish(records(tmp_path, "a"), url)
    more = records(tmp_path, "ab")
    command = [sys.executable, "-c", WAITING, str(more), url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for line in process.stdout:
            if step in line:
                process.kill()
                break
            process.stdin.write("\n")
            process.stdin.flush()
    assert process.returncode < 0

    appeared = step == "listed"
    assert [entry.version for entry in verify(url)] == ["0.1.0"] + ["0.2.0"] * appeared
    assert curation.load(url)["id"] == (["a", "b"] if appeared else ["a"])
    outcome = publish(more, url)
    assert (outcome.version, outcome.new) == ("0.2.0", not appeared)
    assert curation.load(url)["id"] == ["a", "b"]
    assert_whole(url)


@pytest.mark.parametrize("harm", ["other", "gone"])
@pytest.mark.parametrize("kind", ["documents/train", "manifest.json", "index.parquet"])
def test_verify_and_load_name_what_is_broken(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str, kind: str
) -> None:
    outcome = publish(records(tmp_path, "a"), url)
    files = files_of(outcome.folder)
    (data,) = [data for path, data in files.items() if path.startswith(kind)]
    digest = hashlib.sha256(data).hexdigest()
    (path,) = [path for path in stored(url) if digest in path]
    files_there, root = fsspec.url_to_fs(url)
    if harm == "gone":
        files_there.rm(f"{root}/{path}")
    else:
        files_there.pipe_file(f"{root}/{path}", b"x" * len(data))
    expected = rf"{url}/{path}: " + ("missing" if harm == "gone" else "its bytes have changed")
    with pytest.raises(Corrupted, match=re.escape(expected)):
        verify(url)
    another_machine(monkeypatch, tmp_path)
    if not kind.startswith("index"):
        with pytest.raises(Corrupted, match=re.escape(expected)):
            curation.load(url)
    with pytest.raises(Corrupted, match=re.escape(expected)):
        publish(records(tmp_path, "ab"), url)


def test_a_history_whose_versions_do_not_follow_each_other_is_told(
    url: str, tmp_path: Path
) -> None:
    publish(records(tmp_path, "a"), url)
    publish(records(tmp_path, "ab"), url)
    files, root = fsspec.url_to_fs(url)
    said = json.loads(stored(url)["versions.json"])
    del said["versions"][0]
    files.pipe_file(f"{root}/versions.json", json.dumps(said).encode())
    with pytest.raises(Corrupted, match=r"0\.2\.0 of .* says its parent is 0\.1\.0, not None"):
        verify(url)


def test_a_damaged_cache_is_fetched_again(url: str, tmp_path: Path) -> None:
    publish(records(tmp_path, "a"), url)
    curation.load(url)
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file() and path.suffix in (".parquet", ".json", ".md"):
            path.unlink()
            path.write_bytes(b"x")
    assert curation.load(url)["id"] == ["a"]
    assert publish(records(tmp_path, "ab"), url).version == "0.2.0"
    assert_whole(url)


def test_what_is_not_there_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=f"there is no dataset at {url}"):
        verify(url)
    publish(records(tmp_path, "a"), url)
    for ask in (
        lambda: curation.load(url, "9.9.9"),
        lambda: verify(url, "9.9.9"),
        lambda: rollback(url, "9.9.9"),
        lambda: diff(url, "0.1.0", "9.9.9"),
    ):
        with pytest.raises(UsageError) as caught:
            ask()
        assert caught.value.message == f"{url} has no version '9.9.9'"
        assert caught.value.hint == "Known versions: 0.1.0."
    with pytest.raises(UsageError, match="is no folder"):
        pull("owner/name", url)


def test_a_store_that_does_not_answer_or_let_us_in(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RemoteUnavailable, match="s3://no-such-bucket-here/x does not answer"):
        publish(records(tmp_path, "a"), "s3://no-such-bucket-here/x")
    with pytest.raises(UsageError, match="nonsense"):
        curation.load("nonsense://x/y")


def test_other_stores_are_read_and_not_published_to(url: str, tmp_path: Path) -> None:
    """Any file system of fsspec; this one is a local folder, by address."""
    publish(records(tmp_path, "a"), url)
    publish(records(tmp_path, "ab"), url)
    copy = tmp_path / "copy"
    for path, data in stored(url).items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(data)
    there = f"file://{copy}"
    assert listed(there) == listed(url)
    verify(there)
    assert curation.load(there, "0.1.0")["id"] == ["a"]
    assert diff(there, "0.1.0", "0.2.0").documents.added == 1
    with pytest.raises(UsageError, match="not published to"):
        publish(records(tmp_path, "a"), there)


def test_a_dataset_in_a_store_is_pushed_to_the_hub(
    url: str, hub: HubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(records(tmp_path, "a"), url)
    publish(records(tmp_path, "ab"), url)
    another_machine(monkeypatch, tmp_path)
    assert [step.done for step in push(url, NAME).steps] == ["committed", "committed"]
    pull(NAME, tmp_path / "copy")
    assert listed(tmp_path / "copy") == listed(url)
    verify(tmp_path / "copy")


def test_the_commands_take_an_address(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "publish", records(tmp_path, "a"), url)
    assert (code, out.splitlines()[0]) == (0, f"published 0.1.0: {url}")
    code, out, _ = run(capsys, "publish", records(tmp_path, "ab"), url, "--json")
    assert Path(json.loads(out)["card"]).is_file()
    code, out, _ = run(capsys, "versions", url)
    assert [line.split()[0] for line in out.splitlines()] == ["version", "0.1.0", "0.2.0"]
    page = tmp_path / "diff.html"
    code, out, _ = run(capsys, "diff", url, "0.1.0", "0.2.0", "--html", page)
    assert out.startswith("0.1.0 → 0.2.0\ndocuments: 1 added")
    assert "<mark" in page.read_text("utf-8")
    assert run(capsys, "rollback", url, "0.1.0")[0] == 0
    code, out, _ = run(capsys, "verify", url)
    assert out.splitlines()[-1] == f"{url}: 3 proven, nothing is changed, missing or too many"


def test_a_full_disk_here_is_told_as_such(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(records(tmp_path, "a"), url)
    another_machine(monkeypatch, tmp_path)
    limited = (
        "import resource, curation\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        f"    curation.load({url!r})\n"
        "except curation.errors.PublishError as fault:\n"
        "    print(fault.message, fault.hint)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, text=True, check=True
    )
    assert f"no room here for what comes from {url}" in done.stdout
    assert "Make room in your cache folder" in done.stdout


def test_an_object_of_the_same_size_and_other_bytes_is_sent_again(url: str, tmp_path: Path) -> None:
    publish(records(tmp_path, "a"), url)
    files, root = fsspec.url_to_fs(url, use_listings_cache=False)
    spoiled = next(path for path in stored(url) if path.endswith(".parquet"))
    right = files.cat_file(f"{root}/{spoiled}")
    files.pipe_file(f"{root}/{spoiled}", bytes(len(right)))
    store = Store(url)
    (entry,) = versions(url)
    (file,) = (one for one in store.manifest(entry).files if one.sha256 in spoiled)
    (tmp_path / "right").write_bytes(right)
    store.send(tmp_path / "right", file)
    assert_whole(url)


@pytest.fixture
def piping(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Sets what the client's `_pipe_file` does: a double for servers that run nowhere here."""

    def become(pipe: Any) -> None:
        monkeypatch.setattr(s3fs.S3FileSystem, "_pipe_file", pipe)
        s3fs.S3FileSystem.clear_instance_cache()

    yield become
    monkeypatch.undo()
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_store_that_ignores_conditions_is_not_published_to(
    url: str, tmp_path: Path, piping: Callable[[Any], None]
) -> None:
    pipe = s3fs.S3FileSystem._pipe_file

    async def pipe_anyway(self: Any, path: str, data: bytes, **more: Any) -> Any:
        more = {name: value for name, value in more.items() if not name.startswith("If")}
        return await pipe(self, path, data, **more)

    piping(pipe_anyway)
    with pytest.raises(UsageError, match="the store knows no conditional writes"):
        publish(records(tmp_path, "a"), url)
    assert "versions.json" not in stored(url)


def test_what_was_written_is_read_back(
    url: str, tmp_path: Path, piping: Callable[[Any], None]
) -> None:
    """Somebody else's list lies there right after ours was taken."""
    publish(records(tmp_path, "a"), url)
    theirs = stored(url)["versions.json"]
    pipe = s3fs.S3FileSystem._pipe_file

    async def pipe_and_lose(self: Any, path: str, data: bytes, **more: Any) -> Any:
        await pipe(self, path, data, **more)
        if path.endswith("versions.json"):
            await pipe(self, path, theirs)

    piping(pipe_and_lose)
    with pytest.raises(Diverged, match="somebody else"):
        publish(records(tmp_path, "ab"), url)
    assert stored(url)["versions.json"] == theirs
