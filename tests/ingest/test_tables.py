"""Parquet files and Hugging Face datasets: real ones, made here."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import UsageError
from curation.ingest import Options
from curation.ingest.columns import read_parquet, rows
from curation.ingest.row import Place, Source
from curation.model import document_id
from tests.ingest.reading import ids, one, read_documents, refusal
from tests.strategies import texts

DAY = datetime.date(2022, 10, 1)


@pytest.fixture(autouse=True)
def quiet() -> Any:
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables") / "in.parquet"


@given(found=st.lists(texts(min_pieces=1).filter(str.strip), min_size=1, max_size=4))
def test_the_text_is_exactly_that_of_the_column(shared: Path, found: list[str]) -> None:
    table = {"id": list(range(len(found))), "text": found}
    pq.write_table(pa.table(table), shared)
    documents, rejects = read_documents(shared)
    assert rejects.count == 0
    assert [document.text for document in documents] == found
    assert ids(documents) == [str(at) for at in range(len(found))]


def test_columns_become_metadata(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    table = pa.table(
        {
            "text": pa.array(["a"], pa.large_string()),
            "published": pa.array([DAY]),
            "seen": pa.array([datetime.datetime(2022, 10, 1, 12)], pa.timestamp("ns")),
            "score": pa.array([float("nan")]),
            "tags": pa.array([["x", "y"]]),
            "place": pa.array([{"name": "الرباط", "since": DAY}]),
            "nothing": pa.array([None], pa.string()),
        }
    )
    pq.write_table(table, file)
    document = one(file)
    assert document.published == DAY
    assert document.id == document_id("a")
    assert document.source == f"{file.name}#1"
    assert document.meta == {
        "seen": "2022-10-01T12:00:00",
        "score": None,
        "tags": ["x", "y"],
        "place": {"name": "الرباط", "since": "2022-10-01"},
        "nothing": None,
    }


def test_bad_rows_are_kept_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    wrong = pa.array([b"first", b"a\xff", b"last", None], pa.binary()).view(pa.string())
    blobs = pa.array([None, None, None, b"x"], pa.binary())
    pq.write_table(pa.table({"text": wrong, "blob": blobs}), file)
    documents, rejects = read_documents(file)
    assert [document.text for document in documents] == ["first", "last"]
    assert [error.line for error in rejects.errors] == [2, 4]
    assert "utf-8" in rejects.errors[0].message

    pq.write_table(pa.table({"text": ["a"], "blob": [b"x"]}), file)
    assert "'blob' holds what JSON can not: bytes" in refusal(file).message


def test_ids_that_became_numbers_with_a_point_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": ["a"], "id": [1.0]}), file)
    assert "neither text nor a whole number" in refusal(file).message


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    file.write_bytes(b"PAR1 and then nothing")
    assert "Parquet" in refusal(file).message
    pq.write_table(pa.table({"body": ["a"]}), file)
    assert "no column 'text' among 'body'" in refusal(file).message
    assert "stream" in refusal("-", format="parquet").message


def test_batches_are_taken_one_by_one(tmp_path: Path) -> None:
    taken = itertools.count()

    def batches() -> Any:
        while True:
            next(taken)
            yield pa.table({"text": ["a", "b"]})

    found = rows(batches(), Options(), None, Place("x"))
    assert [row.place.line for row in itertools.islice(found, 5)] == [1, 2, 3, 4, 5]
    assert next(taken) == 3

    file = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": ["a"] * 5000}), file)
    lazy = read_parquet(Source(str(file), "parquet"), Options(), None)
    assert next(lazy).text == "a"


def make(count: int = 3) -> datasets.Dataset:
    features = datasets.Features(
        {
            "id": datasets.Value("int64"),
            "text": datasets.Value("large_string"),
            "topic": datasets.ClassLabel(names=["sport", "politics"]),
            "parts": datasets.List({"n": datasets.Value("int32")}),
        }
    )
    return datasets.Dataset.from_list(
        [
            {"id": at, "text": f"نص {at}\r\n👍🏽", "topic": at % 2, "parts": [{"n": at}]}
            for at in range(count)
        ],
        features=features,
    )


def test_a_saved_dataset(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    make().save_to_disk(folder)
    documents, rejects = read_documents(folder)
    assert rejects.count == 0
    assert ids(documents) == ["0", "1", "2"]
    assert documents[1].text == "نص 1\r\n👍🏽"
    assert documents[1].meta == {"topic": "politics", "parts": [{"n": 1}]}
    assert documents[1].source == "saved#2"
    with pytest.raises(UsageError, match="no split 'test'"):
        read_documents(folder, split="test")


def test_a_saved_dataset_of_several_splits(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    whole = make(5)
    splits = {"train": whole.select(range(3)), "test": whole.select(range(3, 5))}
    datasets.DatasetDict(splits).save_to_disk(folder)
    documents, _ = read_documents(folder)
    assert [document.source for document in documents] == [
        f"saved#{part}" for part in ("train/1", "train/2", "train/3", "test/1", "test/2")
    ]
    documents, _ = read_documents(folder, split="test")
    assert ids(documents) == ["3", "4"]
    with pytest.raises(UsageError, match="no split 'dev'") as caught:
        read_documents(folder, split="dev")
    assert "train, test" in caught.value.hint


CARD = """---
configs:
- config_name: {name}
  data_files:
  - split: train
    path: data/train-*.parquet
---
# A dataset
"""


def test_a_dataset_folder_is_loaded_not_read_file_by_file(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    (folder / "data").mkdir(parents=True)
    make().to_parquet(folder / "data" / "train-00000.parquet")
    (folder / "README.md").write_text(CARD.format(name="default"))
    documents, rejects = read_documents(folder)
    assert rejects.count == 0
    assert [document.source for document in documents] == [f"hub#train/{at}" for at in (1, 2, 3)]
    assert documents[0].meta["topic"] == "sport"

    # What was replaced in place is read anew, not served from a cache.
    make(1).to_parquet(folder / "data" / "train-00000.parquet")
    assert len(read_documents(folder)[0]) == 1


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    (folder / "data").mkdir(parents=True)
    make().to_parquet(folder / "data" / "train-00000.parquet")
    (folder / "README.md").write_text(CARD.format(name="documents"))
    assert len(read_documents(folder, config="documents")[0]) == 3
    with pytest.raises(UsageError, match="nope"):
        read_documents(folder, config="nope")


def test_a_dataset_without_the_column_is_refused_once_a_split(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    make().rename_column("text", "body").save_to_disk(folder)
    assert "no column 'text'" in refusal(folder).message
    assert len(read_documents(folder, text_field="body")[0]) == 3


def test_a_readme_alone_makes_no_dataset(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\ntitle: x\n---\nconfigs: are described below\n")
    assert ids(read_documents(tmp_path)[0]) == ["README"]


def test_an_id_on_the_hub_that_can_not_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(path: str, config: str | None, *, streaming: bool) -> Any:
        assert (path, config, streaming) == ("owner/name", None, True)
        raise ConnectionError("Couldn't reach the Hub")

    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    with pytest.raises(UsageError, match="no file or folder 'owner/name'") as caught:
        read_documents("owner/name")
    assert caught.value.exit_code == 3


def test_an_id_on_the_hub_is_read_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: str, config: str | None, *, streaming: bool) -> Any:
        return datasets.IterableDatasetDict({"train": make().to_iterable_dataset()})

    monkeypatch.setattr(datasets, "load_dataset", load)
    documents, _ = read_documents("owner/name", limit=2)
    assert [document.source for document in documents] == [
        "owner/name#train/1",
        "owner/name#train/2",
    ]


def test_a_class_that_has_no_name_keeps_its_number(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    pq.write_table(pa.table({"text": ["a", "b", "c"], "topic": [1, 7, -1]}), folder / "a.parquet")
    names = "        names: {'0': sport, '1': politics}\n"
    (folder / "README.md").write_text(
        "---\nconfigs:\n- config_name: default\n  data_files: a.parquet\ndataset_info:\n"
        "  features:\n  - {name: text, dtype: string}\n  - name: topic\n    dtype:\n"
        f"      class_label:\n{names}---\n"
    )
    documents, _ = read_documents(folder)
    assert [document.meta["topic"] for document in documents] == ["politics", 7, -1]
