"""Every trap of loading versioned data from a local folder, with the real `load_dataset`."""

import os
import shutil
from pathlib import Path

import datasets
import duckdb
import pandas
import polars
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, DatasetInfo, Features, List, get_dataset_config_names, load_dataset
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard

import curation
from curation.errors import Corrupted, PublishError, UsageError
from curation.model import Document, LedgerEntry, Record, Said, make_entity
from curation.publish import publish, verify
from curation.publish.views.features import KEYS, VIEWS
from curation.store import write
from tests.publish.builders import RABAT, TEXT, agreed, reading, save, schema


def make(folder: Path, *records: Record, **more: object) -> Path:
    """A dataset directory with these records as its next version."""
    publish(save(folder.parent / f"{folder.name}.jsonl", *records), folder, **more)
    return folder


def full(folder: Path, *idents: str) -> Path:
    """A dataset directory in which every view has a row for each of these documents."""
    entries = [
        LedgerEntry(ident, "entity", "e1", "accepted", "amal", before=Said("GPE", 0, 3, "زار"))
        for ident in idents
    ]
    write(folder.parent / f"{folder.name}.ledger.jsonl", entries)
    return make(folder, *(agreed(ident) for ident in idents))


def documents_of(rows: datasets.Dataset, view: str) -> list[str]:
    return sorted({row[KEYS[view]] for row in rows})


def labels(rows: datasets.Dataset) -> list[list[str]]:
    return [[entity["label"] for entity in row["entities"]] for row in rows]


def relabelled(label: str) -> Record:
    return agreed("d1", reading([make_entity(TEXT, 0, 3, label)], []))


def test_load_gives_any_version_of_any_view(tmp_path: Path) -> None:
    folder = str(make(tmp_path / "ds", agreed("a")))
    make(tmp_path / "ds", agreed("a"), agreed("b"))
    assert curation.load(folder)["id"] == ["a", "b"]
    assert curation.load(folder, "0.1.0")["id"] == ["a"]
    tokens = curation.load(folder, version="0.2.0", view="tokens")
    assert tokens.features["ner_tags"].feature.names[:3] == ["O", "B-PERSON", "I-PERSON"]
    assert tokens[0]["tags"] == [
        tokens.features["ner_tags"].feature.int2str(tag) for tag in tokens[0]["ner_tags"]
    ]


def test_an_unknown_version_or_view_lists_the_known(tmp_path: Path) -> None:
    folder = str(make(tmp_path / "ds", agreed()))
    with pytest.raises(UsageError) as caught:
        curation.load(folder, "9.9.9")
    assert "Known versions: 0.1.0." in caught.value.hint
    with pytest.raises(UsageError) as caught:
        curation.load(folder, view="sentences")
    assert (
        "Known views: documents, tokens, spans, annotations, ledger, gliner." in caught.value.hint
    )
    with pytest.raises(PublishError, match="no dataset directory"):
        curation.load(str(tmp_path))


@pytest.mark.parametrize("nothing", ["", None])
def test_no_name_is_no_dataset(nothing: str) -> None:
    with pytest.raises(UsageError, match="no dataset was named"):
        curation.load(nothing)


def test_load_dataset_reads_the_root_and_every_version_folder(tmp_path: Path) -> None:
    folder = full(tmp_path / "ds", "a")
    full(folder, "a", "b")
    old = str(folder / "versions" / "0.1.0")
    assert get_dataset_config_names(str(folder)) == list(VIEWS)
    for place, expected in ((str(folder), ["a", "b"]), (old, ["a"])):
        for view in VIEWS:
            rows = load_dataset(place, view, split="train")
            assert documents_of(rows, view) == expected
            stream = load_dataset(place, view, split="train", streaming=True)
            assert list(stream) == rows.to_list()
            checked = curation.load(str(folder), Path(old).name if place == old else None, view)
            assert rows.features == checked.features
            assert rows.to_list() == checked.to_list()
    assert load_dataset(str(folder), split="train").column_names[:2] == ["id", "text"]


@pytest.mark.parametrize("view", VIEWS)
def test_other_readers_see_the_same_rows(tmp_path: Path, view: str) -> None:
    folder = full(tmp_path / "ds", "a", "b")
    rows = curation.load(str(folder), view=view)
    pattern = str(folder / "versions" / "0.1.0" / view / "*.parquet")
    (path,) = Path(folder).glob(f"versions/0.1.0/{view}/*.parquet")
    columns = [
        name for name, kind in rows.features.items() if getattr(kind, "dtype", "") == "string"
    ]
    expected = [[row[name] for name in columns] for row in rows]
    quoted = ", ".join(f'"{name}"' for name in columns)
    frames = (
        pandas.read_parquet(path)[columns].to_numpy().tolist(),
        [list(row) for row in polars.read_parquet(pattern).select(columns).rows()],
        [list(row) for row in duckdb.sql(f"SELECT {quoted} FROM '{pattern}'").fetchall()],
    )
    for found in frames:
        assert found == expected
    assert len(expected) > 1


def test_a_view_without_a_row_is_not_on_the_card_and_loads_as_nothing(tmp_path: Path) -> None:
    folder = make(tmp_path / "ds", agreed("a", reading([], [])))
    names = get_dataset_config_names(str(folder))
    assert names == ["documents", "tokens", "annotations", "gliner"]
    for view in ("spans", "ledger"):
        rows = curation.load(str(folder), view=view)
        assert len(rows) == 0
        assert rows.column_names[0] == "document"


def test_the_root_serves_the_new_version_after_a_publish(tmp_path: Path) -> None:
    folder = make(tmp_path / "ds", relabelled("GPE"))
    assert labels(load_dataset(str(folder), split="train")) == [["GPE"]]
    make(folder, relabelled("LOC"))
    assert labels(load_dataset(str(folder), split="train")) == [["LOC"]]
    assert labels(curation.load(str(folder))) == [["LOC"]]
    assert labels(curation.load(str(folder), "0.1.0")) == [["GPE"]]


def test_two_folders_of_the_same_name_never_mix(tmp_path: Path) -> None:
    one = make(tmp_path / "one" / "ds", relabelled("GPE"))
    two = make(tmp_path / "two" / "ds", relabelled("LOC"))
    for read in (
        lambda path: load_dataset(str(path), split="train"),
        lambda path: load_dataset(str(path / "versions" / "0.1.0"), "documents", split="train"),
        lambda path: curation.load(str(path)),
    ):
        assert [labels(read(path)) for path in (one, two, one)] == [[["GPE"]], [["LOC"]], [["GPE"]]]


def test_a_folder_put_in_the_place_of_another_is_seen(tmp_path: Path) -> None:
    folder = make(tmp_path / "ds", relabelled("GPE"))
    other = make(tmp_path / "other", relabelled("LOC"))
    assert labels(curation.load(str(folder))) == [["GPE"]]
    assert labels(load_dataset(str(folder), split="train")) == [["GPE"]]
    shutil.rmtree(folder)
    other.rename(folder)
    assert labels(curation.load(str(folder))) == [["LOC"]]
    assert labels(load_dataset(str(folder), split="train")) == [["LOC"]]


def test_only_empty_lists_do_not_become_null(tmp_path: Path) -> None:
    empty = agreed("d1", reading([], []))
    folder = make(tmp_path / "ds", empty)
    make(folder, empty, agreed("d2"))
    bare = Record(Document("d3", ""), (reading([], [], at=None),))
    make(folder, bare)
    for version in ("0.1.0", "0.2.0", "0.3.0"):
        rows = load_dataset(str(folder / "versions" / version), "documents", split="train")
        assert isinstance(rows.features["entities"], List)
        assert rows.features["entities"].feature["start"].dtype == "int32"
        load_dataset(str(folder / "versions" / version), "tokens", split="train")
    assert rows[0]["entities"] == rows[0]["events"] == []
    assert rows[0]["language"] is rows[0]["published"] is rows[0]["provenance"]["at"] is None
    parts = [curation.load(str(folder), version) for version in ("0.1.0", "0.2.0", "0.3.0")]
    assert len(datasets.concatenate_datasets(parts)) == 4


@pytest.mark.parametrize("place", ["", "versions/0.1.0"])
def test_card_and_arrow_metadata_state_the_same_features(tmp_path: Path, place: str) -> None:
    folder = full(tmp_path / "ds", "d1") / place
    card = DatasetCard.load(folder / "README.md").data
    infos: dict[str, DatasetInfo] = DatasetInfosDict.from_dataset_card_data(card)
    assert set(infos) == set(VIEWS)
    for config in card["configs"]:
        view, (files,) = config["config_name"], config["data_files"]
        (path,) = files["path"]
        arrow = Features.from_arrow_schema(pq.read_schema(folder / path))
        assert infos[view].features == arrow
        assert str(config["version"]) == "0.1.0"
        rows = pq.read_metadata(folder / path).num_rows
        assert infos[view].splits["train"].num_examples == rows > 0
        assert curation.load(str(tmp_path / "ds"), view=view).features == arrow
    entity = infos["documents"].features["entities"].feature
    assert isinstance(entity["label_id"], ClassLabel)


def test_a_schema_without_events_loads(tmp_path: Path) -> None:
    kinds = schema(tmp_path / "s.toml", ["GPE"], [])
    folder = make(tmp_path / "ds", agreed("a", reading([RABAT], [])), schema=str(kinds))
    for view in ("documents", "tokens", "spans", "gliner"):
        assert len(curation.load(str(folder), view=view)) == 1
        assert len(load_dataset(str(folder), view, split="train")) == 1


def test_labels_that_yaml_would_take_for_something_else_stay_names(tmp_path: Path) -> None:
    names = ["NO", "on", "null", "Y", "e1", "True"]
    kinds = schema(tmp_path / "s.toml", names, [])
    record = agreed("a", reading([make_entity(TEXT, 0, 3, "null")], []))
    folder = make(tmp_path / "ds", record, schema=str(kinds))
    rows = load_dataset(str(folder), "documents", split="train")
    assert rows.features["entities"].feature["label_id"].names == names
    assert rows[0]["entities"][0]["label_id"] == 2


def test_load_refuses_bytes_that_changed(tmp_path: Path) -> None:
    folder = make(tmp_path / "ds", agreed())
    curation.load(str(folder))
    (path,) = folder.glob("versions/*/documents/*")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()
    path.write_bytes(data)
    with pytest.raises(Corrupted, match="its bytes have changed"):
        curation.load(str(folder))


def test_load_reads_the_view_it_gives_and_verify_reads_them_all(tmp_path: Path) -> None:
    folder = make(tmp_path / "ds", agreed())
    (path,) = folder.glob("versions/*/tokens/*")
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    assert curation.load(str(folder))["id"] == ["d1"]
    for read in (lambda: curation.load(str(folder), view="tokens"), lambda: verify(folder)):
        with pytest.raises(Corrupted, match=rf"{path.name}: its bytes have changed"):
            read()
    path.write_bytes(data[:-1])
    with pytest.raises(Corrupted, match=rf"{path.name}: {len(data) - 1} bytes, published were"):
        curation.load(str(folder))
    path.unlink()
    with pytest.raises(Corrupted, match=rf"{path.name}: missing"):
        curation.load(str(folder))


def test_a_revision_that_load_dataset_ignores_is_a_version_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a local folder `load_dataset(revision=)` gives the newest rows, whatever the name."""
    folder = str(make(tmp_path / "ds", relabelled("GPE")))
    make(tmp_path / "ds", relabelled("LOC"))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    assert labels(curation.load(folder, "0.1.0")) == [["GPE"]]
    assert labels(curation.load(folder, "0.1.1")) == [["LOC"]]
    for wrong in ("v0.1.2", "main", "0.1", "0.1.2", ""):
        with pytest.raises(UsageError, match="no version"):
            curation.load(folder, wrong)


def test_a_card_that_renames_labels_is_not_believed(tmp_path: Path) -> None:
    """`load_dataset` takes the names of classes from the card, whatever the files say."""
    folder = make(tmp_path / "ds", relabelled("GPE"))
    card = folder / "versions" / "0.1.0" / "README.md"
    honest = card.read_text()
    names = curation.load(str(folder)).features["entities"].feature["label_id"].names
    for root in (folder / "README.md", card):
        root.write_text(root.read_text().replace("GPE", "XXX").replace("LOC", "GPE"))
    assert honest != card.read_text()
    with pytest.raises(Corrupted, match=r"README\.md"):
        curation.load(str(folder))
    card.write_text(honest)
    # Only the card at the root is wrong now, and ours is not read from there.
    rows = curation.load(str(folder))
    assert rows.features["entities"].feature["label_id"].names == names
    assert [names[one["label_id"]] for one in rows[0]["entities"]] == ["GPE"]


def test_a_file_alone_still_names_its_classes(tmp_path: Path) -> None:
    """Without the card the names come from the file; without both they would be bare numbers."""
    folder = full(tmp_path / "ds", "a")
    for view in VIEWS:
        (path,) = folder.glob(f"versions/0.1.0/{view}/*.parquet")
        alone = load_dataset("parquet", data_files=str(path), split="train")
        assert alone.features == curation.load(str(folder), view=view).features


def test_a_version_made_again_in_place_is_not_the_cached_one(tmp_path: Path) -> None:
    """As a checkout of another branch does it: the same paths, other files, an old clock."""
    folder = make(tmp_path / "ds", relabelled("GPE"))
    other = make(tmp_path / "other", relabelled("LOC"))
    assert labels(curation.load(str(folder))) == [["GPE"]]
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            path.unlink()
    shutil.copytree(other, folder, dirs_exist_ok=True)
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    assert labels(curation.load(str(folder))) == [["LOC"]]
    assert labels(load_dataset(str(folder), split="train")) == [["LOC"]]


def test_labels_added_in_any_order_keep_the_ids_of_rows(tmp_path: Path) -> None:
    def step(names: list[str]) -> datasets.Dataset:
        kinds = schema(tmp_path / "s.toml", names, [])
        return curation.load(str(make(tmp_path / "ds", relabelled("GPE"), schema=str(kinds))))

    first, second = step(["GPE", "ORG"]), step(["AAA", "ORG", "GPE"])
    ids = [[entity["label_id"] for entity in rows[0]["entities"]] for rows in (first, second)]
    assert ids == [[0], [0]]
    assert second.features["entities"].feature["label_id"].names == ["GPE", "ORG", "AAA"]


@pytest.mark.parametrize("harm", [b"", b"half", b"other"])
def test_a_damaged_cache_is_never_served(tmp_path: Path, harm: bytes) -> None:
    folder = str(make(tmp_path / "ds", agreed()))
    rows = curation.load(folder)
    (text,) = rows["text"]
    cached = Path(rows.cache_files[0]["filename"])
    data, word = cached.read_bytes(), "الرباط".encode()
    assert word in data
    other = data.replace(word, "ضلرباط".encode())
    cached.unlink()
    cached.write_bytes({b"": b"", b"half": data[: len(data) // 2], b"other": other}[harm])
    assert curation.load(folder)["text"] == [text]
    assert cached.read_bytes() == data


def test_load_is_quiet_and_leaves_the_users_settings_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(make(tmp_path / "ds", agreed()))
    datasets.enable_progress_bars()
    curation.load(folder)
    assert not datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        curation.load(folder, view="tokens")
        assert datasets.are_progress_bars_disabled()
    finally:
        datasets.enable_progress_bars()
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_moved_or_copied_dataset_loads(tmp_path: Path) -> None:
    folder = make(tmp_path / "ds", agreed("a"))
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    shutil.rmtree(folder)
    assert curation.load(str(copy))["id"] == ["a"]
    assert load_dataset(str(copy), "tokens", split="train")["id"] == ["a"]


@pytest.mark.parametrize("name", ["a [old] copy", "any*thing?", "{a,b}", "100%20#1", "::عربي\n"])
def test_load_takes_a_path_as_it_is(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path / name / "ds", agreed("a"))
    assert curation.load(str(folder))["id"] == ["a"]
    assert curation.load(str(folder), view="tokens")["id"] == ["a"]


def test_a_shard_without_a_row_in_a_view_and_a_view_without_any(tmp_path: Path) -> None:
    """`datasets` stops at a file with an empty row group, and at a view that is empty."""
    bare = [agreed(f"b{number}", reading([], [])) for number in range(256)]
    folder = make(tmp_path / "ds", agreed("a"))
    make(folder, agreed("a"), *bare)
    files = sorted((folder / "versions" / "0.2.0" / "spans").iterdir())
    assert sorted(pq.read_metadata(file).num_row_groups for file in files) == [0, 1]
    rows = load_dataset(str(folder), "spans", split="train")
    assert set(rows["document"]) == {"a"} and len(rows) == len(curation.load(folder, view="spans"))
    assert "ledger" not in get_dataset_config_names(str(folder))
    assert "Without a row in this version: `ledger`." in (folder / "README.md").read_text()
    empty = curation.load(folder, view="ledger")
    assert len(empty) == 0 and "decision" in empty.features
    assert "Without a row" not in (full(tmp_path / "full", "a") / "README.md").read_text()
