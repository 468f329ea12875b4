"""`curation convert`, as it is typed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from curation.cli import main
from curation.cli.convert import KEEPS
from curation.convert import FORMATS, Loss, find_format
from curation.errors import UsageError
from curation.model import Entity, Record
from curation.store import read, shipped

SAMPLE = shipped("data", "sample", "agreed.jsonl")
#: The formats that bring the document back whole, and those that bring its words.
WHOLE = (
    *("oneie", "wikievents", "dygie", "conllup", "spacy", "gliner", "prodigy"),
    *("doccano", "doccano-relations"),
)
#: And those that hold every reading with its author.
WITH_AUTHORS = ("records", "labelstudio")
WORDS = ("conll2003", "iob2", "bioes")


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["convert", *(str(argument) for argument in arguments)])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WITH_AUTHORS])
def test_the_sample_goes_there_and_comes_back(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    there, back = tmp_path / "there.jsonl", tmp_path / "back.jsonl"
    code, out, err = run(capsys, SAMPLE, "-o", there, "--to", name)
    assert (code, out) == (0, "")
    losses = list(read(f"{there}.losses.jsonl", Loss))
    assert f"{there}: 1 document, {len(losses)} losses, listed in {there}.losses.jsonl" in err
    code, _, err = run(
        capsys, there, "-o", back, "--from", name, "--status", "agreed", "--agent", "me"
    )
    assert code == 0
    assert f"{back}: 1 document, nothing lost" in err
    (before,), (after,) = read(SAMPLE, Record), read(back, Record)
    if name in WHOLE:
        assert after.document == before.document
    elif name not in WORDS:
        assert after.document.text == before.document.text
    (one,) = after.annotations
    assert (one.by.kind, one.by.agent, one.status) == ("merge", "me", "agreed")
    lost = {loss.id for loss in losses if (loss.item, loss.what) == ("entity", "span")}
    agreed = before.annotations[-1]
    left = [e for e in agreed.entities if e.id not in lost]
    assert said(one.entities) == said(left)
    if name not in WORDS:
        assert {(e.start, e.end) for e in one.entities} == {(e.start, e.end) for e in left}


def test_label_studio_brings_every_reading_of_the_sample(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    there, back = tmp_path / "there.json", tmp_path / "back.jsonl"
    assert run(capsys, SAMPLE, "-o", there, "--to", "labelstudio")[0] == 0
    code, _, err = run(capsys, there, "-o", back, "--from", "labelstudio")
    assert code == 0
    assert f"{back}: 1 document, nothing lost" in err and "refused" not in err
    (before,), (after,) = read(SAMPLE, Record), read(back, Record)
    assert after.document == before.document
    ours = {a.by.agent: (a.entities, a.events) for a in before.annotations}
    assert {a.by.agent: (a.entities, a.events) for a in after.annotations} == ours


def said(entities: Iterable[Entity]) -> Counter[tuple[str, str]]:
    """Words and labels, whatever stands between the words."""
    return Counter(("".join(e.text.split()), e.label) for e in entities)


def test_counts_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    there = tmp_path / "there.jsonl"
    _, out, _ = run(capsys, SAMPLE, "-o", there, "--to", "oneie", "--json")
    found = json.loads(out)
    losses = list(read(f"{there}.losses.jsonl", Loss))
    assert (found["documents"], found["refused"], found["lost"]) == (1, 0, len(losses))
    assert sum(one["count"] for one in found["losses"]) == len(losses)


def test_to_a_stream_the_losses_are_counted(capfdbinary: pytest.CaptureFixture[bytes]):
    with pytest.raises(SystemExit) as stop:
        main(["convert", str(SAMPLE), "-o", "-", "--to", "dygie"])
    out, err = capfdbinary.readouterr()
    assert (stop.value.code or 0) == 0
    assert json.loads(out)["dataset"] == "curation"
    assert b"losses\n" in err


def test_a_later_run_that_loses_nothing_leaves_no_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    there = tmp_path / "there.jsonl"
    run(capsys, SAMPLE, "-o", there, "--to", "oneie")
    assert Path(f"{there}.losses.jsonl").exists()
    run(capsys, SAMPLE, "-o", there, "--to", "records")
    assert not Path(f"{there}.losses.jsonl").exists()
    assert list(read(there, Record)) == list(read(SAMPLE, Record))


def test_a_folder_that_a_killed_run_left_half_is_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    left = tmp_path / ".there.ab1_cd2e.part"
    left.mkdir()
    (left / "a.txt").touch()
    code, _, _ = run(capsys, SAMPLE, "-o", tmp_path / "there", "--to", "brat")
    assert code == 0
    assert not left.exists()


def test_what_is_refused_is_kept_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"doc_key": "a", "sentences": [["b"]]}\n{"doc_key": "c"}\n')
    code, _, err = run(capsys, source, "-o", target, "--from", "dygie")
    assert code == 0
    assert f"1 refused, kept with the reason in {target}.rejects.jsonl" in err
    assert f"{source}:2: Object missing required field `sentences`" in err
    assert run(capsys, source, "-o", target, "--from", "dygie", "--strict")[0] == 1


def test_a_wrong_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    there = tmp_path / "there.jsonl"
    code, _, err = run(capsys, SAMPLE, "-o", there, "--to", "conll-x")
    assert code == 2
    assert "there is no format 'conll-x'" in err and "oneie (OneIE, a sentence a line)" in err
    assert run(capsys, SAMPLE, "-o", "-", "--json")[0] == 2
    assert run(capsys, SAMPLE, "-o", there, "--by", "somebody")[0] == 2
    assert not there.exists()
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(SAMPLE.read_bytes())
    assert run(capsys, copy, "-o", copy, "--to", "oneie")[0] == 2
    with pytest.raises(UsageError):
        find_format("")


def test_the_help_and_the_readme_say_what_every_format_keeps(capsys: pytest.CaptureFixture[str]):
    help = run(capsys, "--help")[1]
    readme = Path("README.md").read_text()
    assert set(KEEPS) == set(FORMATS)
    for name, keeps in KEEPS.items():
        assert f"  {name:<17} {keeps}\n" in help
        assert name == "records" or f"`{name}`" in readme
