"""How often each kind of evidence for an event was right: the scores of `events.v1`.

    python -m benchmarks.fit_events [--data data/dev/events-ar] [--write seeds/knowledge/ar]

An event of `dev.jsonl` is right if its trigger's span and its type are; the composed sentences of
`news.jsonl` would flatter, for nearly all of what is found in them is right. It is read twice, with
the entities of the gold reading and with those of `news-ar-fast`. The rules were made with these
sentences in view, so the scores are a little high. A kind with n events, r of them right, gets
(r + K * p) / (n + K), where p is the share of all kinds: what was seen a few times stays near the
others.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from msgspec.structs import replace

from benchmarks.events_quality import with_pipeline
from curation.annotate.event_evidence import evidence
from curation.annotate.events import Finder
from curation.annotate.page import page_of
from curation.model import Record
from curation.store import load_schema, read

#: How many events the share of all kinds counts as.
K = 8.0
PIPELINE = "news-ar-fast"
HEAD = (
    "# How often an event with such evidence was right, by benchmarks.fit_events on {n} proposals."
)
SOURCE = "# source: data/dev/events-ar/dev.jsonl. licence: Apache-2.0"


def main() -> None:
    """Count, print and, if asked to, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/dev/events-ar"))
    parser.add_argument("--write", type=Path, help="the folder of the language")
    given = parser.parse_args()
    records = list(read(given.data / "dev.jsonl", Record))
    finder = Finder(Path("seeds/knowledge/ar").absolute(), load_schema())
    count, right = Counter[str](), Counter[str]()
    for readings in ((r.annotations[0] for r in records), with_pipeline(PIPELINE, records)):
        for record, reading in zip(records, readings, strict=True):
            gold = record.annotations[0].events
            known = {(e.trigger.start, e.trigger.end, e.type) for e in gold}
            page = page_of(record.document.text)
            drafts = [e for e in reading.entities if e.proposers != ("events.v1",)]
            for one in finder.find(replace(record.document, published=None), drafts):
                event = finder.event(page, one)
                kind = evidence(one.trigger.reading, one.named())
                count[kind] += 1
                right[kind] += (event.trigger.start, event.trigger.end, event.type) in known
    overall = right.total() / count.total()
    lines = [HEAD.format(n=count.total()), SOURCE, "[right]"]
    for kind in sorted(count):
        share = (right[kind] + K * overall) / (count[kind] + K)
        print(f"{kind:22} {right[kind]:4} of {count[kind]:4}  {share:.2f}")
        lines.append(f'"{kind}" = {share:.2f}')
    if given.write:
        (given.write / "event_scores.toml").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
