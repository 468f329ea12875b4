"""`curation evaluate`, as it is typed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from curation.cli import main
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Event,
    Record,
    Relation,
    Trigger,
)
from curation.model.ids import make_entity
from curation.publish import publish, versions
from curation.store import write

TEXT = "زار وزير الدفاع الرباط"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", *(str(argument) for argument in arguments)])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


def reading(label: str, agent: str, modality: str = "asserted") -> Annotation:
    title = make_entity(TEXT, 4, 15, "TITLE")
    place = make_entity(TEXT, 16, 22, label, score=0.75, value="iso3166:MA#RB")
    visit = Event(
        "v1",
        "CONSULT",
        Trigger(0, 3, TEXT[:3]),
        modality=modality,  # pyright: ignore[reportArgumentType]
        arguments=(Argument("actor", title.id), Argument("location", place.id)),
    )
    return Annotation(Author("machine", agent), "proposed", (title, place), events=(visit,))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"
    write(paths[0], [Record(Document(name, TEXT), (reading("GPE", "gold"),)) for name in "abc"])
    write(
        paths[1],
        [
            Record(Document("a", TEXT), (reading("GPE", "m@1"),)),
            Record(Document("b", TEXT), (reading("XYZ", "m@1", "future"),)),
            Record(Document("z", TEXT), (reading("GPE", "m@1"),)),
        ],
    )
    return paths


def test_what_people_read(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]):
    code, out, err = run(capsys, *files, "--schema", "news")
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "measured on 3 documents",
        "gold proposed, machine gold: 3",
        "predicted proposed, machine m@1: 2",
        "GPE 3 1 1 1.000 0.333 0.500",
        "TITLE 3 2 2 1.000 0.667 0.800",
        "all (micro) 6 4 3 0.750 0.500 0.600",
        "type 3 1 0 2 0 0.750 0.500 0.600",
        "GPE XYZ 1",
        "values: 1 of 1 right, where span and label are",
        "trigger classification 3 2 2 1.000 0.667 0.800",
        "trigger type modality 3 2 1 0.500 0.333 0.400",
        "actor 3 2 2 1.000 0.667 0.800",
    ):
        assert line in lines
    assert lines.index("GPE 3 1 1 1.000 0.333 0.500") < lines.index("XYZ 0 1 0 0.000 – 0.000")
    assert "not in schema news: entity type XYZ" in err
    assert "1 document not among the predictions, so all of it counts as missed: c" in err
    assert "1 document not in the gold, so left out: z" in err


def test_what_programs_read(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]):
    found: dict[str, Any] = json.loads(run(capsys, *files, "--json")[1])
    assert found["documents"] == {
        "scored": 3,
        "same_reading": 0,
        "missing": ["c"],
        "unread": [],
        "other_text": [],
        "extra": ["z"],
        "no_gold": [],
    }
    entities, events = found["entities"], found["events"]
    micro = {"gold": 6, "predicted": 4, "right": 3, "precision": 0.75, "recall": 0.5, "f1": 0.6}
    assert entities["micro"] == micro
    assert entities["labels"]["XYZ"]["recall"] is None
    assert entities["schemes"]["exact"]["correct"] == entities["spans"]["right"] == 4
    assert {"gold": "GPE", "predicted": "XYZ", "count": 1} in entities["confusion"]
    assert {"gold": "TITLE", "predicted": None, "count": 1} in entities["confusion"]
    assert entities["values"] == {"GPE": {"judged": 1, "right": 1}}
    assert entities["calibration"]["error"] == 0.25
    assert events["trigger_type_modality"]["right"] == 1
    assert events["roles"]["location"]["right"] == 2
    asserted = json.loads(run(capsys, *files, "--json", "--asserted")[1])["events"]
    assert (asserted["asserted_only"], asserted["trigger_classification"]["predicted"]) == (True, 1)


def test_measuring_a_reading_on_itself_is_said(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
):
    code, out, err = run(capsys, files[0], files[0])
    assert code == 0
    assert "1.000" in out
    assert "careful: 3 documents measured on the very reading that is measured" in err


def test_a_broken_line_a_stranger_and_an_empty_gold_are_said_with_their_place(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert run(capsys, *files, "--gold-by", "nobody")[0] == 2
    with files[1].open("a") as stream:
        stream.write("broken\n")
    code, out, err = run(capsys, *files)
    assert (code, out) == (1, "")
    assert f"error: {files[1]}:4: JSON is malformed" in err
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    code, _, err = run(capsys, empty, files[0])
    assert code == 1
    assert "no document has a reading to measure on" in err


def test_on_a_terminal_the_tables_are_drawn(files: tuple[Path, Path]):
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "curation", "evaluate", *map(str, files)]
    with subprocess.Popen(
        command, stdout=slave, stderr=subprocess.DEVNULL, env=os.environ | {"TERM": "xterm"}
    ) as child:
        os.close(slave)
        drawn = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # how Linux says that the other end is closed
                break
            if not piece:
                break
            drawn += piece
    os.close(master)
    assert child.returncode == 0
    assert "┃" in drawn.decode() and "0.600" in drawn.decode()


def test_a_published_version_is_either_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    dataset, schema = tmp_path / "ds", tmp_path / "small.toml"
    entities = "".join(
        f'[[entities]]\nname = "{name}"\ndescription = ""\ncolor = "#252525"\n'
        for name in ("TITLE", "GPE", "XYZ")
    )
    links = "".join(f'[[roles]]\nname = "{n}"\ndescription = ""\n' for n in ("actor", "location"))
    schema.write_text(
        f'name = "small"\nversion = "1"\n{entities}{links}'
        '[[relations]]\nname = "located_in"\ndescription = ""\n'
        '[[events]]\nname = "CONSULT"\ndescription = ""\ncolor = "#252525"\n'
    )
    for number, label in enumerate(("XYZ", "GPE")):
        found = structs.replace(reading(label, "merge"), status="agreed", by=Author("merge", "m"))
        ends = [entity.id for entity in found.entities]
        found = structs.replace(found, relations=(Relation("r1", "located_in", *ends),))
        write(tmp_path / "agreed.jsonl", [Record(Document("a", TEXT), (found,))])
        publish(tmp_path / "agreed.jsonl", dataset, schema=str(schema), by=str(number))
    old, new = (entry.version for entry in versions(dataset))
    code, out, _ = run(capsys, dataset, f"{dataset}@{old}", "--json")
    found = json.loads(out)
    assert code == 0 and found["documents"]["scored"] == 1
    assert found["predicted"]["file"] == f"{dataset}@{old}"
    assert (found["entities"]["micro"]["right"], found["relations"]["micro"]["right"]) == (1, 0)
    assert found["relations"]["boundaries"]["right"] == 1
    code, out, _ = run(capsys, f"{dataset}@{new}", tmp_path / "agreed.jsonl")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0 and "located_in 1 1 1 1.000 1.000 1.000" in lines
    assert "label and both spans 1 1 1 1.000 1.000 1.000" in lines
    code, _, err = run(capsys, f"{dataset}@9.9.9", tmp_path / "agreed.jsonl")
    assert code == 2 and "9.9.9" in err and old in err
    code, _, err = run(capsys, tmp_path, tmp_path / "agreed.jsonl")
    assert code == 1 and "is no dataset directory" in err


def test_where_no_document_is_on_both_sides_nothing_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    sides = [tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"]
    for side, ids in zip(sides, ("abcdefg", "xy"), strict=True):
        found = (reading("GPE", side.stem),)
        write(side, [Record(Document(name, TEXT), found) for name in ids])
    code, out, err = run(capsys, *sides, "--json")
    assert (code, out) == (1, "")
    assert "only in the gold: a, b, c, d, e and 2 more; only in the predictions: x, y" in err
    assert "paired by id and exact text" in err
    write(sides[1], [Record(Document("a", TEXT + "."), (reading("GPE", "m"),))])
    assert "in both, with other texts: a" in run(capsys, *sides)[2]
