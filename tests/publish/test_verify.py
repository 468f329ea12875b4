import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import curation
from curation.errors import Corrupted
from curation.publish import diff, publish, verify, versions
from tests.publish.builders import agreed, save


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "ds"
    publish(save(tmp_path / "a.jsonl", agreed("a")), folder)
    publish(save(tmp_path / "b.jsonl", agreed("a"), agreed("b")), folder)
    return folder


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # it may be one file under several names
    path.write_bytes(data)


def one(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


HARM: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of the rows": (lambda v: flip(one(v, "documents/*")), "its bytes have changed"),
    "a byte of the card": (lambda v: flip(v / "README.md"), "README.md: its bytes have changed"),
    "a longer file": (
        lambda v: (v / "CHANGELOG.md").write_bytes((v / "CHANGELOG.md").read_bytes() + b"x"),
        "bytes, published were",
    ),
    "a lost file": (lambda v: one(v, "tokens/*").unlink(), "missing"),
    "a file too many": (lambda v: (v / "documents" / "x.parquet").touch(), "not part of"),
    "a hidden file": (lambda v: (v / ".hidden").touch(), "not part of the version"),
    "a link to a folder": (
        lambda v: (v / "more").symlink_to(v.parent, target_is_directory=True),
        "more: not part of the version",
    ),
    "another name": (
        lambda v: one(v, "tokens/*").rename(v / "tokens" / "train.parquet"),
        "train.parquet: not part of the version",
    ),
    "the manifest": (lambda v: flip(v / "manifest.json"), "not the manifest of 0.1.0"),
    "no manifest": (lambda v: (v / "manifest.json").unlink(), "manifest.json: missing"),
}


@pytest.mark.parametrize("name", HARM)
def test_every_harm_is_named_and_refused(dataset: Path, name: str) -> None:
    harm, message = HARM[name]
    verify(dataset)
    harm(dataset / "versions" / "0.1.0")
    for attempt in (
        lambda: verify(dataset),
        lambda: verify(dataset, "0.1.0"),
        lambda: curation.load(str(dataset), "0.1.0"),
        lambda: diff(dataset, "0.1.0", "0.2.0"),
    ):
        with pytest.raises(Corrupted, match=r"0\.1\.0") as caught:
            attempt()
        assert message in caught.value.message
    assert [entry.version for entry in verify(dataset, "0.2.0")] == ["0.2.0"]
    assert len(curation.load(str(dataset))) == 2


def test_all_that_is_broken_is_named_at_once(dataset: Path) -> None:
    flip(one(dataset, "versions/0.1.0/documents/*"))
    one(dataset, "versions/0.2.0/tokens/*").unlink()
    (dataset / "README.md").write_text("mine")
    (dataset / "versions" / "0.9.0").mkdir()
    with pytest.raises(Corrupted, match="4 broken") as caught:
        verify(dataset)
    lines = caught.value.message.splitlines()[1:]
    assert [line.rpartition(": ")[2] for line in lines] == [
        "its bytes have changed",
        "missing",
        "not in the list of versions; the next publish adds it",
        "not the card of 0.2.0; the next publish writes it again",
    ]


def test_a_list_that_was_edited_is_noticed(dataset: Path) -> None:
    path = dataset / "versions.json"
    text = path.read_text()
    path.write_text(text.replace('"parent": "0.1.0"', '"parent": null'))
    with pytest.raises(Corrupted, match=r"says 0\.2\.0 from 0\.1\.0, unlike the list"):
        verify(dataset)
    path.write_text("{")
    with pytest.raises(Corrupted, match="can not be read"):
        verify(dataset)


def test_nothing_is_built_on_a_broken_version(dataset: Path, tmp_path: Path) -> None:
    flip(one(dataset, "versions/0.2.0/tokens/*"))
    with pytest.raises(Corrupted, match=r"0\.2\.0"):
        publish(save(tmp_path / "c.jsonl", agreed("c")), dataset)
    assert sorted(path.name for path in (dataset / "versions").iterdir()) == ["0.1.0", "0.2.0"]


def test_a_root_card_that_was_edited_is_written_again(dataset: Path, tmp_path: Path) -> None:
    card = (dataset / "README.md").read_bytes()
    (dataset / "README.md").write_text("mine")
    assert not publish(tmp_path / "b.jsonl", dataset).new
    assert (dataset / "README.md").read_bytes() == card
    verify(dataset)


def test_an_unlisted_version_under_another_name_is_not_taken_in(
    dataset: Path, tmp_path: Path
) -> None:
    listed = (dataset / "versions.json").read_bytes()
    path = save(tmp_path / "c.jsonl", agreed("c"))
    folder = publish(path, dataset).folder
    (dataset / "versions.json").write_bytes(listed)
    folder.rename(folder.with_name("0.4.0"))
    with pytest.raises(Corrupted, match=r"its manifest says 0\.3\.0"):
        publish(path, dataset)
    assert (dataset / "versions.json").read_bytes() == listed


def test_an_unlisted_version_is_taken_in_only_if_it_is_whole(dataset: Path, tmp_path: Path) -> None:
    listed = (dataset / "versions.json").read_bytes()
    path = save(tmp_path / "c.jsonl", agreed("c"))
    folder = publish(path, dataset).folder
    (dataset / "versions.json").write_bytes(listed)  # as if killed right after the rename
    flip(one(folder, "documents/*"))
    with pytest.raises(Corrupted, match="not in the list of versions and is broken") as caught:
        publish(path, dataset)
    assert "Move that folder away" in caught.value.hint
    flip(one(folder, "documents/*"))
    assert not publish(path, dataset).new
    assert [entry.version for entry in verify(dataset)] == ["0.1.0", "0.2.0", "0.3.0"]


def test_a_version_exchanged_for_another_whole_one_is_found(tmp_path: Path) -> None:
    """An edited list of versions does not help: the next manifest names its parent's digest."""
    for name, texts in (("real", ["a", "b"]), ("forged", ["c"])):
        path = save(tmp_path / f"{name}.jsonl", *(agreed(text) for text in texts))
        publish(path, tmp_path / name)
    publish(save(tmp_path / "second.jsonl", agreed("a")), tmp_path / "real")
    shutil.rmtree(tmp_path / "real" / "versions" / "0.1.0")
    shutil.copytree(
        tmp_path / "forged" / "versions" / "0.1.0", tmp_path / "real" / "versions" / "0.1.0"
    )
    (forged,) = versions(tmp_path / "forged")
    listed = tmp_path / "real" / "versions.json"
    first = versions(tmp_path / "real")[0]
    listed.write_text(listed.read_text().replace(first.manifest, forged.manifest))
    with pytest.raises(Corrupted, match=r"0\.2\.0.*was not made from 0\.1\.0 as it is here"):
        verify(tmp_path / "real")
