"""A publish that is killed (SIGKILL) at any step leaves a dataset that loads, and the next publish
works."""

import subprocess
import sys
from pathlib import Path

import pytest
from datasets import load_dataset

import curation
from curation.publish import publish, verify, versions
from tests.publish.builders import agreed, save

# Waits at every step, and at the row of the second document, until it is told to go on.
WAITING = """
import sys
from curation.publish import publish
from curation.publish.making import building

def wait(step):
    print(step, flush=True)
    sys.stdin.readline()

made = building.token_row

def token_row(item, labels):
    if item.document.id == "b":
        wait("writing")
    return made(item, labels)

building.token_row = token_row
publish(sys.argv[1], sys.argv[2], progress=wait)
"""
STEPS = ["looked", "writing", "wrote", "compared", "in its place", "in the list"]


def kill_at(step: str, records: Path, dataset: Path) -> None:
    command = [sys.executable, "-c", WAITING, str(records), str(dataset)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            if step in line:
                process.kill()
                return
            process.stdin.write("\n")
            process.stdin.flush()
    raise AssertionError(f"it never came to {step!r}")


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_publish_leaves_what_was_there(tmp_path: Path, step: str) -> None:
    dataset = tmp_path / "ds"
    publish(save(tmp_path / "a.jsonl", agreed("a")), dataset)
    more = save(tmp_path / "b.jsonl", agreed("a"), agreed("b"))
    kill_at(step, more, dataset)

    listed = ["0.1.0", "0.2.0"] if step == "in the list" else ["0.1.0"]
    assert [entry.version for entry in versions(dataset)] == listed
    for entry in versions(dataset):
        verify(dataset, entry.version)
    assert curation.load(str(dataset))["id"] == (["a", "b"] if len(listed) == 2 else ["a"])
    assert load_dataset(str(dataset), split="train")["id"] == ["a"]

    outcome = publish(more, dataset)
    appeared = step in ("in its place", "in the list")
    assert (outcome.version, outcome.new) == ("0.2.0", not appeared)
    assert [entry.version for entry in verify(dataset)] == ["0.1.0", "0.2.0"]
    assert curation.load(str(dataset))["id"] == ["a", "b"]
    assert load_dataset(str(dataset), split="train")["id"] == ["a", "b"]
    assert not list(dataset.glob(".staging*"))


@pytest.mark.parametrize("step", ["writing", "in its place"])
def test_a_killed_first_publish_can_be_repeated(tmp_path: Path, step: str) -> None:
    records = save(tmp_path / "a.jsonl", agreed("a"), agreed("b"))
    kill_at(step, records, tmp_path / "ds")
    assert publish(records, tmp_path / "ds").version == "0.1.0"
    assert [entry.version for entry in verify(tmp_path / "ds")] == ["0.1.0"]
