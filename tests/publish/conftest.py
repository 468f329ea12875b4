from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a cache of its own; within a test it is shared, as on a user's machine."""
    from datasets import config

    folder = tmp_path / "hf-cache"
    monkeypatch.setattr(config, "HF_DATASETS_CACHE", folder)
    return folder
