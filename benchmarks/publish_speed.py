"""Publishing, editing, comparing and loading, against the bare libraries, in one run.

    python -m benchmarks.publish_speed [--documents 20000]

Documents are synthetic Arabic of 290 words (about 1,700 characters) with 21 entities and an event,
each with a proposal and an agreed reading. Every step is a process of its own; seconds are of the
clock, and of the processor (of all threads, and of the processes it starts), memory is the most
that all of them held at once, looked at ten times a second. Compared are:

- `pyarrow alone`: the same rows of the same views, as dicts in memory, to Arrow and to one Parquet
  file a view (zstd), on one core. Reading the records and making the rows is not counted, nor is
  any check. `ready tables`: only the writing of it, from Arrow to Parquet.
- `first`: `curation publish` of all of it. `again`: the same once more.
- `strewn`: every hundredth document relabelled, all over the dataset: the worst case of 1 %.
- `batch`: 1 % new documents. `corrected`: that batch corrected, also 1 %.
- `diff`: of the strewn 1 %. `load`: `curation.load`; `load_dataset`: the same rows, both cold.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Event,
    Record,
    Trigger,
    make_entity,
)
from curation.store import load_schema, read, write

TEXT = (
    "زار وزير الدفاع المغربي الرباط أمس ووقّع مذكرة تفاهم مع إسرائيل حول التعاون الأمني بين البلدين "
    "خلال اجتماع عقد في العاصمة بحضور مسؤولين كبار من الجانبين وأكد الناطق باسم الحكومة أن الاتفاق "
    "يشمل مجالات عدة منها الصناعة والبحث العلمي"
)
LABELS = ("PERSON", "GPE", "ORG", "NORP", "TITLE")
NOON = datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC)


def record(number: int, *, corrected: bool = False) -> Record:
    """A document; corrected, its first entity has another label."""
    chance = random.Random(number)
    words = chance.choices(TEXT.split(), k=290)
    text = " ".join(words)
    entities, at = [], 0
    for place, word in enumerate(words):
        if place % 14 == 0:
            shift = corrected and place == 0
            label = LABELS[(chance.randrange(len(LABELS)) + shift) % len(LABELS)]
            entities.append(make_entity(text, at, at + len(word), label, score=0.9))
        at += len(word) + 1
    trigger = Trigger(0, len(words[0]), words[0])
    event = Event("v1", "AGREE", trigger, arguments=(Argument("actor", entities[1].id),))
    readings = (
        Annotation(Author("machine", "m@1"), "proposed", tuple(entities), (), (event,)),
        Annotation(Author("merge", "u@1"), "agreed", tuple(entities), (), (event,), NOON),
    )
    source = f"https://news{number % 20}.example/{number}"
    document = Document(f"d{number:07d}", text, "ar", source, datetime.date(2022, 1, 1))
    return Record(document, readings)


def files(folder: Path, count: int) -> None:
    """The input of every step."""
    more = count // 100
    write(folder / "first.jsonl", (record(n) for n in range(count)))
    strewn = (record(n, corrected=n % 100 == 7) for n in range(count))
    write(folder / "strewn.jsonl", strewn)
    for name, fixed in (("batch", False), ("corrected", True)):
        everything = (
            record(n, corrected=fixed if n >= count else n % 100 == 7) for n in range(count + more)
        )
        write(folder / f"{name}.jsonl", everything)


def bare(folder: Path) -> dict[str, float]:
    """The rows written by pyarrow, 256 documents at a time; what the making took is not counted."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from curation.publish.making.building import rows_of
    from curation.publish.views.features import VIEWS, features, grown
    from curation.publish.views.rows import Published

    labels = grown(None, load_schema())
    schemas = {view: features(view, labels).arrow_schema for view in VIEWS}
    writers: dict[str, Any] = {
        view: pq.ParquetWriter(folder / f"bare-{view}.parquet", schema, compression="zstd")
        for view, schema in schemas.items()
    }
    tables, writes = Clock(), Clock()
    for part in _parts(read(folder / "first.jsonl", Record)):
        items = [Published(one, 1) for one in part]
        for view, schema in schemas.items():
            rows = rows_of(view, items, labels, schema).to_pylist()
            with tables:
                table = pa.Table.from_pylist(rows, schema)
            with writes:
                writers[view].write_table(table)
    with writes:
        for writer in writers.values():
            writer.close()
    return {
        "alone wall": tables.wall + writes.wall,
        "alone cpu": tables.cpu + writes.cpu,
        "only wall": writes.wall,
        "only cpu": writes.cpu,
    }


class Clock:
    """Adds up what `with` blocks take, in seconds, those of ended child processes included."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def __enter__(self) -> None:
        self._began, self._spent = time.perf_counter(), self._processor()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._began
        self.cpu += self._processor() - self._spent

    @staticmethod
    def _processor() -> float:
        took = os.times()
        return time.process_time() + took.children_user + took.children_system


def _parts(records: Iterator[Record], size: int = 256) -> Iterator[list[Record]]:
    part: list[Record] = []
    for one in records:
        part.append(one)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def publish_step(name: str) -> Callable[[Path], dict[str, float]]:
    """A publish of the file of this name."""

    def step(folder: Path) -> dict[str, float]:
        from curation.publish import publish

        outcome = publish(folder / f"{name}.jsonl", folder / "dataset")
        (folder / f"{name}.version").write_text(outcome.version)
        return {}

    return step


def diff_step(folder: Path) -> dict[str, float]:
    """What the strewn edits changed."""
    from curation.publish import diff

    found = diff(folder / "dataset", "0.1.0", (folder / "strewn.version").read_text())
    return {"changed": found.documents.changed}


def load_step(folder: Path) -> dict[str, float]:
    """Our load, with an empty cache."""
    from curation.publish import load

    return {"rows": len(load(folder / "dataset", "0.1.0"))}


def load_dataset_step(folder: Path) -> dict[str, float]:
    """The bare load, with an empty cache."""
    from datasets import load_dataset

    place = str(folder / "dataset" / "versions" / "0.1.0")
    return {"rows": len(load_dataset(place, "documents", split="train"))}


STEPS: dict[str, Callable[[Path], dict[str, float]]] = {
    "pyarrow": bare,
    "first": publish_step("first"),
    "strewn": publish_step("strewn"),
    "again": publish_step("strewn"),
    "batch": publish_step("batch"),
    "corrected": publish_step("corrected"),
    "diff": diff_step,
    "load": load_step,
    "load_dataset": load_dataset_step,
}


def run(name: str, folder: Path) -> dict[str, float]:
    """One step in a process of its own, with a cache of its own."""
    command = [sys.executable, "-m", "benchmarks.publish_speed", "--step", name, str(folder)]
    env = {**os.environ, "HF_HOME": str(folder / f"cache {name}"), "HF_DATASETS_OFFLINE": "1"}
    memory = 0.0
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            memory = max(memory, held(process.pid))
            time.sleep(0.1)
        assert process.stdout is not None
        said = process.stdout.read()
    if process.returncode:
        sys.exit(f"step {name} failed")
    return {**json.loads(said.splitlines()[-1]), "memory": memory}


def held(process: int) -> float:
    """MB of memory that a process and those that it started hold (what they share counts twice)."""
    command = ["ps", "-A", "-o", "pid=,ppid=,rss="]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    rows = [line.split() for line in told.splitlines()]
    return sum(int(size) for pid, by, size in rows if str(process) in (pid, by)) / 1024


def measured(name: str, folder: Path) -> dict[str, float]:
    """What a step took in seconds, imports of the libraries apart."""
    import datasets
    import pyarrow.parquet  # noqa: F401

    datasets.disable_progress_bars()
    clock = Clock()
    with clock:
        more = STEPS[name](folder)
    return {"wall": clock.wall, "cpu": clock.cpu, **more}


def shared(folder: Path, name: str) -> float:
    """The share of a version's bytes of rows that an older version has too."""
    version = (folder / f"{name}.version").read_text()
    older: set[int] = set()
    own: dict[int, int] = {}
    for path in folder.glob("dataset/versions/*/*/*.parquet"):
        at, found = path.parts[-3], path.stat()
        if at == version:
            own[found.st_ino] = found.st_size
        elif at < version:
            older.add(found.st_ino)
    return sum(size for inode, size in own.items() if inode in older) / sum(own.values())


def main() -> None:
    """Run every step and print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        name, folder = asked.step
        print(json.dumps(measured(name, Path(folder))))
        return
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        files(base, asked.documents)
        took = {name: run(name, base) for name in STEPS}
        alone = took.pop("pyarrow")
        for name, part in (("pyarrow alone", "alone"), ("ready tables", "only")):
            times = {kind: alone[f"{part} {kind}"] for kind in ("wall", "cpu")}
            took[name] = {**times, "memory": alone["memory"]}
        print(f"{asked.documents} documents, {os.cpu_count()} cores")
        print("| step | seconds (clock) | seconds (processor) | memory, MB |\n|---|---|---|---|")
        for name, one in took.items():
            print(f"| {name} | {one['wall']:.2f} | {one['cpu']:.2f} | {one['memory']:.0f} |")
        print("\n| ratio | clock | processor | aim |\n|---|---|---|---|")
        for one, other, aim in (
            ("first", "pyarrow alone", "1.5"),
            ("first", "ready tables", ""),
            ("again", "first", ""),
            ("strewn", "first", "0.2"),
            ("batch", "first", "0.2"),
            ("corrected", "first", "0.2"),
            ("diff", "first", "0.1"),
            ("load", "load_dataset", "1.2"),
        ):
            ratios = (took[one][kind] / took[other][kind] for kind in ("wall", "cpu"))
            shown = " | ".join(f"{ratio:.2f}" for ratio in ratios)
            print(f"| {one} / {other} | {shown} | {aim} |")
        print("\n| version | bytes of rows shared with an older one |\n|---|---|")
        for name in ("strewn", "batch", "corrected"):
            print(f"| {name} | {shared(base, name):.0%} |")


if __name__ == "__main__":
    main()
