"""A hub for a test: the double on a port, the clients of this process pointed at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from curation.model import Record
from curation.publish import publish
from tests.publish.builders import agreed, save
from tests.publish.hub_double import OWNER, HubDouble, serving

NAME = "owner/news"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubDouble]:
    with serving() as double:
        monkeypatch.setenv("HF_ENDPOINT", double.address)
        monkeypatch.setenv("HF_TOKEN", OWNER)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        yield double
        missing = double.asked("not imitated")
        assert not missing, missing


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset directory, to be copied."""
    return dataset_of(tmp_path_factory.mktemp("two") / "ds", ("a",), ("a", "b"))


def environment(hub: HubDouble, tmp_path: Path, **more: str) -> dict[str, str]:
    """The environment of a process of its own that uses the hub."""
    own = {"HF_ENDPOINT": hub.address, "HF_TOKEN": OWNER, "HF_HUB_DISABLE_XET": "1"}
    return {**os.environ, **own, "HF_HOME": str(tmp_path / "hf-home"), **more}


def dataset_of(folder: Path, *batches: tuple[str, ...]) -> Path:
    """A dataset directory with a version for each batch of ids."""
    for ids in batches:
        add(folder, *(agreed(ident) for ident in ids))
    return folder


def add(folder: Path, *records: Record) -> Path:
    publish(save(folder.parent / f"{folder.name}.jsonl", *records), folder)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a version folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
