"""Several processes make the same version as one, say the same of what is wrong, and end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec import structs

from curation.errors import ChecksFailed, DataError, PublishError
from curation.model import LedgerEntry, Said
from curation.publish import publish, verify
from curation.publish.making import workers
from curation.publish.making.building import Builder
from curation.publish.shelf.shards import SHARD_DOCUMENTS
from curation.store import write
from tests.publish.builders import RABAT, agreed, reading, save

COUNT = 3 * SHARD_DOCUMENTS

# Publishes with two processes, by a script that has no `if __name__ == "__main__"`.
SCRIPT = """
import sys
from curation.publish import publish
publish(sys.argv[1], sys.argv[2], workers=2, progress=lambda step: print(step, flush=True))
"""


def many(path: Path, *, edited: int = 0) -> Path:
    """More documents than a shard holds, with their ledger; every so many of them relabelled."""
    other = reading([structs.replace(RABAT, label="LOC")], [])
    idents = [f"d{n:04d}" for n in range(COUNT)]
    write(
        path,
        (
            agreed(ident, other if edited and n % edited == 0 else None)
            for n, ident in enumerate(idents)
        ),
    )
    said = Said("GPE", RABAT.start, RABAT.end, RABAT.text)
    entries = [LedgerEntry(i, "entity", RABAT.id, "accepted", "amal", before=said) for i in idents]
    write(path.with_name(f"{path.stem}.ledger.jsonl"), entries)
    return path


def children_of(parent: int) -> set[str]:
    """The processes that were started by one and have not ended."""
    command = ["ps", "-A", "-o", "pid=,ppid=,stat="]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return {pid for pid, by, state in rows if by == str(parent) and not state.startswith("Z")}


def alive(process: str) -> bool:
    told = subprocess.run(
        ["ps", "-o", "stat=", "-p", process], capture_output=True, text=True, check=False
    ).stdout
    return bool(told.strip()) and not told.strip().startswith("Z")


def files(folder: Path) -> dict[str, bytes]:
    found = (folder / "versions").rglob("*")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.is_file()}


def test_any_number_of_processes_makes_the_same_bytes(tmp_path: Path) -> None:
    first = many(tmp_path / "first.jsonl")
    second = many(tmp_path / "second.jsonl", edited=100)
    made: list[dict[str, bytes]] = []
    for count in (1, 2, 3):
        folder = tmp_path / f"with {count}"
        publish(first, folder, workers=count)
        outcome = publish(second, folder, workers=count)
        assert outcome.difference is not None
        assert outcome.difference.documents.changed == -(-COUNT // 100)
        assert len(verify(folder)) == 2
        made.append(files(folder))
    assert len(made[0]) > 40
    assert made[0] == made[1] == made[2]


def test_faults_of_every_process_name_their_lines(tmp_path: Path) -> None:
    records = many(tmp_path / "a.jsonl")
    lines = records.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b'"GPE"', b'"CITY"')
    lines[COUNT - 4] = lines[COUNT - 4].replace('"الرباط"'.encode(), '"الربااط"'.encode())
    records.write_bytes(b"".join(lines))
    told: list[str] = []
    for count in (1, 2):
        with pytest.raises(ChecksFailed) as caught:
            publish(records, tmp_path / "ds", workers=count)
        told.append(caught.value.message.replace("\n", " "))
    assert told[0] == told[1]
    assert f"{records}:4: $.annotations[2].entities[2].label: 'CITY' is no entity" in told[0]
    assert f"{records}:{COUNT - 3}:" in told[0]
    assert not (tmp_path / "ds" / "versions").exists()


def test_nothing_is_written_once_a_fault_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that is damaged is seen first, what drifted from its text is found all the same."""
    written: list[object] = []
    monkeypatch.setattr(Builder, "build", lambda *args: written.append(args))
    records = save(tmp_path / "a.jsonl", agreed("a"), agreed("b"))
    drifted = records.read_bytes().replace('"الرباط"'.encode(), '"الربااط"'.encode())
    records.write_bytes(drifted + b"{\n")
    with pytest.raises(ChecksFailed, match=r"(?s)3 faults.*:1: .*:2: .*:3: "):
        publish(records, tmp_path / "ds")
    assert not written


def test_a_line_of_the_ledger_that_is_none_is_named(tmp_path: Path) -> None:
    records = many(tmp_path / "a.jsonl")
    ledger = tmp_path / "a.ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    lines[600] = lines[600].replace(b"accepted", b"believed")
    ledger.write_bytes(b"".join(lines))
    with pytest.raises(DataError, match=rf"{ledger}:601: \$\.decision"):
        publish(records, tmp_path / "ds", workers=2)


def test_a_process_that_dies_ends_the_publish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel ends one where memory is short."""
    monkeypatch.setattr(workers, "_SERVE", "import os, sys; sys.stdin.buffer.read(9); os._exit(3)")
    with pytest.raises(PublishError, match=r"exit code 3\); nothing was published"):
        publish(many(tmp_path / "a.jsonl"), tmp_path / "ds", workers=2)
    assert not list((tmp_path / "ds").glob(".staging*"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_a_publish_that_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    records, dataset = many(tmp_path / "a.jsonl"), tmp_path / "ds"
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(records), str(dataset)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert "looked" in process.stdout.readline()
        children: set[str] = set()
        while len(children) < 2:
            assert process.poll() is None, "it ended before its processes were seen"
            children = children_of(process.pid)
        os.kill(process.pid, how)
        process.wait()
    while any(map(alive, children)):  # pytest-timeout ends it if they never do
        time.sleep(0.05)
    assert not (dataset / "versions").exists()
    assert publish(records, dataset, workers=2).version == "0.1.0"
    assert not list(dataset.glob(".staging*"))


def test_a_script_without_a_main_guard_may_publish(tmp_path: Path) -> None:
    records = many(tmp_path / "a.jsonl")
    command = [sys.executable, "-", str(records), str(tmp_path / "ds")]
    done = subprocess.run(command, input=SCRIPT, capture_output=True, text=True, check=True)
    assert done.stdout.count("looked at") == 1
    assert done.stderr == ""


def test_few_shards_are_made_without_processes() -> None:
    assert workers.workers_for(0) == workers.workers_for(2 * workers.SHARDS_EACH - 1) == 1
    assert workers.workers_for(10**6) == workers._cores()
