"""The wheel works by itself: built, installed in a clean environment, run from another folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


def run(*command: object, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--wheel", "--out-dir", out, ROOT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


def test_it_carries_schemas_seeds_and_the_demos_readings(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "curation/shipped/schemas/news.toml",
        "curation/shipped/seeds/documents/000_a90ee71e5042d5e6.txt",
        "curation/shipped/seeds/knowledge/LICENSES.md",
        "curation/shipped/data/demo/second-reading.jsonl",
    ):
        assert needed in names
    assert not [name for name in names if "tests/" in name or "runs/" in name]


def test_it_runs_from_another_folder_in_a_clean_environment(wheel: Path, tmp_path: Path):
    env, work = tmp_path / "env", tmp_path / "elsewhere"
    work.mkdir()
    run(UV, "venv", "-q", "--python", sys.executable, env, cwd=tmp_path)
    python = env / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    run(UV, "pip", "install", "-q", "--python", python, "-c", constraints, wheel, cwd=tmp_path)
    curation = env / "bin" / "curation"
    assert "news" in run(curation, "schema", "list", cwd=work)
    shutil.copytree(ROOT / "seeds" / "documents", work / "in")
    run(curation, "ingest", "in", "-o", "documents.jsonl", cwd=work)
    run(curation, "annotate", "documents.jsonl", "-o", "proposed.jsonl", cwd=work)
    assert '"label":"GPE"' in (work / "proposed.jsonl").read_text()
    run(curation, "review", "push", "proposed.jsonl", "--to", "tasks.json", cwd=work)
    assert (work / "tasks.json").stat().st_size > 1000
