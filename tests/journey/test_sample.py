"""`data/sample/` is what the demo makes of the seed article: a small sample of every stage."""

from pathlib import Path

import msgspec

from curation.merge import Tally, merge
from curation.model import LedgerEntry, Record
from curation.store import Lookup, Rejects, read

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"


def test_every_stage_is_there_and_tells_of_the_unchanged_seed():
    seed = (ROOT / "seeds" / "documents" / "000_a90ee71e5042d5e6.txt").read_bytes().decode()
    for stage in ("documents", "proposed", "reviewed", "agreed"):
        (record,) = read(SAMPLE / f"{stage}.jsonl", Record)
        assert record.document.text == seed
        assert not Path(record.document.source or "").is_absolute()


def test_merging_the_sample_gives_the_sample(tmp_path: Path):
    before, after = (Lookup(SAMPLE / f"{name}.jsonl") for name in ("proposed", "reviewed"))
    with Rejects(tmp_path / "agreed.jsonl") as rejects:
        (outcome,) = merge(before, after, rejects, Tally())
    before.close()
    after.close()
    assert msgspec.json.encode(outcome.record) + b"\n" == (SAMPLE / "agreed.jsonl").read_bytes()
    assert list(outcome.ledger) == list(read(SAMPLE / "agreed.ledger.jsonl", LedgerEntry))
