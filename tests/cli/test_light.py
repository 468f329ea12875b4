"""Importing does nothing heavy: what costs CPU is which modules are loaded, and that is certain,
where a time is not (`python -m benchmarks.startup` measures it)."""

import subprocess
import sys

HEAVY = {
    "ahocorasick_rs",
    "datasets",
    "httpx",
    "label_studio_sdk",
    "numpy",
    "pandas",
    "py3langid",
    "pyarrow",
    "ray",
    "rich",
    "spacy",
    "torch",
    "trafilatura",
    "transformers",
}


def loaded_by(code: str) -> set[str]:
    script = (
        f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\n"
        "finally:\n    print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


def test_the_package_and_its_rooms_load_nothing_heavy():
    rooms = [
        "ingest",
        "annotate",
        "review",
        "merge",
        "publish",
        "convert",
        "quality",
        "text",
        "store",
        "model",
    ]
    modules = ", ".join(f"curation.{room}" for room in rooms)
    assert loaded_by(f"import {modules}") & HEAVY == set()


def test_every_command_is_defined_without_loading_anything_heavy():
    assert loaded_by("from curation.cli import main; main(['--help'])") & HEAVY == set()
