"""What others made is data: no path, number or digest in it leads out of its place."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import curation
from curation.errors import Corrupted
from curation.publish import diff, pull, push, verify, versions
from tests.publish.hub_double import HubDouble
from tests.publish.hubs import NAME, dataset_of, hub

__all__ = ["hub"]

Edit = Callable[[dict[str, Any]], None]


def add_file(path: str) -> Edit:
    def edit(manifest: dict[str, Any]) -> None:
        log = next(file for file in manifest["files"] if file["path"] == "CHANGELOG.md")
        manifest["files"].append({**log, "path": path})

    return edit


def elsewhere(manifest: dict[str, Any]) -> None:
    manifest["views"]["documents"]["train"]["files"] = ["../../../outside.parquet"]


def not_a_digest(manifest: dict[str, Any]) -> None:
    manifest["files"][0]["sha256"] = "../../../outside"


def rename(manifest: dict[str, Any]) -> None:
    manifest["version"] = "../../outside"


PATHS = ("../../../outside", "/tmp/outside-of-the-test", "..\\..\\outside", "C:outside", "a/../b")
EDITS = [*map(add_file, PATHS), elsewhere, not_a_digest, rename]


def forge(dataset: Path, edit: Edit) -> None:
    """Change the newest manifest, and the list so that it names it."""
    listed = json.loads((dataset / "versions.json").read_bytes())
    path = dataset / "versions" / listed["versions"][-1]["version"] / "manifest.json"
    manifest = json.loads(path.read_bytes())
    edit(manifest)
    data = json.dumps(manifest).encode()
    path.write_bytes(data)
    listed["versions"][-1]["manifest"] = hashlib.sha256(data).hexdigest()
    listed["versions"][-1]["version"] = manifest["version"]
    (dataset / "versions.json").write_text(json.dumps(listed))


def as_store(dataset: Path, place: Path) -> str:
    """The same dataset as it lies in a store."""
    for path in dataset.glob("versions/*/**/*.*"):
        if path.is_file():
            data = path.read_bytes()
            name = hashlib.sha256(data).hexdigest()
            target = place / "objects" / name[:2] / f"{name}{path.suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    (place / "versions.json").write_bytes((dataset / "versions.json").read_bytes())
    return f"file://{place}"


@pytest.mark.parametrize("edit", EDITS)
def test_a_forged_dataset_is_refused_wherever_it_lies(
    edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    dataset = dataset_of(tmp_path / "a" / "ds", ("a",), ("a", "b"))
    forge(dataset, edit)
    url = as_store(dataset, tmp_path / "store")
    for place in (dataset, url):
        with pytest.raises(Corrupted):
            verify(place)
        with pytest.raises(Corrupted):
            curation.load(str(place))
        with pytest.raises(Corrupted):
            diff(place, "0.1.0", "0.2.0")
    assert not [path for path in tmp_path.rglob("outside*")]
    assert not Path("/tmp/outside-of-the-test").exists()


def test_a_version_made_from_another_history_is_not_pulled(hub: HubDouble, tmp_path: Path) -> None:
    """Each is whole in itself, and the list names both."""
    mine = dataset_of(tmp_path / "mine", ("a",), ("a", "b"))
    other = dataset_of(tmp_path / "other", ("x",))
    for name in ("versions/0.1.0", "versions.json"):
        target = mine / name
        if target.is_dir():
            shutil.rmtree(target)
            shutil.copytree(other / name, target)
        else:
            listed = json.loads(target.read_bytes())["versions"]
            first = json.loads((other / name).read_bytes())["versions"][0]
            target.write_text(json.dumps({"versions": [first, *listed[1:]]}))
    push(mine, NAME)
    with pytest.raises(Corrupted, match=r"0\.2\.0 of owner/news was not made from 0\.1\.0"):
        pull(NAME, tmp_path / "copy")
    assert [entry.version for entry in versions(tmp_path / "copy")] == ["0.1.0"]
    verify(tmp_path / "copy")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("split", "../../outside", "is no split"),
        ("split", None, "is not string throughout"),
        ("id", "", "has no id"),
        ("id", "b", "stands in it twice"),
        ("shard", -1, "below 0"),
        ("shard", 2.5, "is not int32 throughout"),
    ],
)
def test_an_index_of_others_is_checked(
    tmp_path: Path, column: str, value: object, says: str
) -> None:
    dataset = dataset_of(tmp_path / "ds", ("a", "b"), ("a", "b", "c"))
    path = dataset / "versions" / "0.2.0" / "index.parquet"
    table = pq.read_table(path)
    rows = table.to_pydict()
    rows[column][0] = value
    kinds = None if isinstance(value, float) else table.schema
    path.unlink()  # it is linked to others
    pq.write_table(pa.table(rows, schema=kinds), path)
    data = path.read_bytes()

    def edit(manifest: dict[str, Any]) -> None:
        entry = next(file for file in manifest["files"] if file["path"] == path.name)
        entry.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())

    forge(dataset, edit)
    verify(dataset, "0.2.0")
    for ask in (
        lambda: diff(dataset, "0.1.0", "0.2.0"),
        lambda: dataset_of(dataset, ("a", "x")),
    ):
        with pytest.raises(Corrupted, match=says) as caught:
            ask()
        assert str(path) in caught.value.message
    assert not [*tmp_path.rglob("outside*")]
