"""`curation demo` from end to end, against the tests' real Label Studio."""

from pathlib import Path

import pytest

import curation
from curation.cli import main
from curation.model import Event, LedgerEntry, Record
from curation.store import read
from tests.conftest import Running

ROOT = Path(__file__).resolve().parents[2]


def test_the_demo_takes_the_seed_article_from_text_to_two_versions(
    label_studio: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "demo"
    with pytest.raises(SystemExit) as stop:
        main(["demo", "--out", str(out), "--data", str(label_studio.folder), "--keep"])
    said = capsys.readouterr()
    assert not stop.value.code, said.err
    made = {path.name for path in out.iterdir()}
    assert made >= {
        "documents.jsonl",
        "proposed.jsonl",
        "reviewed.jsonl",
        "agreed.jsonl",
        "agreed.ledger.jsonl",
        "dataset",
    }
    assert f"the card:  {out}/dataset/README.md" in said.out
    assert "review it: " in said.out
    assert "acceptance: " in said.err

    seed = (ROOT / "seeds" / "documents" / "000_a90ee71e5042d5e6.txt").read_bytes().decode()
    (record,) = read(ROOT / "data" / "demo" / "second-reading.jsonl", Record)
    meant = record.annotations[0]
    (row,) = curation.load(str(out / "dataset"), version="0.2.0")
    assert row["text"] == record.document.text == seed
    assert row["source"] == "000_a90ee71e5042d5e6.txt"
    # The review page has no place for the value of a span that a person adds.
    (proposed,) = read(out / "proposed.jsonl", Record)
    known = {(e.start, e.end, e.label) for e in proposed.annotations[0].entities}
    assert {(e["start"], e["end"], e["label"], e["value"]) for e in row["entities"]} == {
        (e.start, e.end, e.label, e.value if (e.start, e.end, e.label) in known else None)
        for e in meant.entities
    }
    where = {e.id: (e.start, e.end) for e in meant.entities}
    published = {e["id"]: (e["start"], e["end"]) for e in row["entities"]}
    assert {event_of_row(event, published) for event in row["events"]} == {
        event_of(event, where) for event in meant.events
    }
    first = curation.load(str(out / "dataset"), version="0.1.0")[0]
    assert len(first["entities"]) < len(row["entities"])
    ledger = list(read(out / "agreed.ledger.jsonl", LedgerEntry))
    assert {entry.by for entry in ledger} == {"reviewer@example.org"}


def event_of(event: Event, where: dict[str, tuple[int, int]]) -> tuple[object, ...]:
    arguments = frozenset((a.role, where[a.entity]) for a in event.arguments)
    return event.type, event.trigger.start, event.trigger.end, event.modality, arguments


def event_of_row(event, where: dict[str, tuple[int, int]]) -> tuple[object, ...]:
    arguments = frozenset((a["role"], where[a["entity"]]) for a in event["arguments"])
    trigger = event["trigger"]
    return event["type"], trigger["start"], trigger["end"], event["modality"], arguments
