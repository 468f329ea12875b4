"""How good the shipped Arabic pipeline's entities are, by exact span and label.

    python benchmarks/annotate_quality.py --corpora PATH [--errors LABEL]

Two sets, neither of which follows our conventions: the tables are there to compare one version of
the rules with another.
- `wojood_sample/val.txt`, public sample of Wojood (MIT, https://github.com/SinaLab), 21 nested
  types. `NORP` is groups of people, hardly ever adjectives; `GPE` and `DATE` take in words like
  مدينة and بتاريخ; ORDINAL holds the numbers of documents.
- the last tenth of `news_ar/train.jsonl`, ANERcorp's training part (CC BY-SA 4.0), newswire with
  the types of NewsFANE. Only PERSON, ORG, GPE, LOC and FAC are compared, the labels it has for
  what we mean by them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from curation.annotate import Pipelines
from curation.model import Document
from curation.store import load_schema

LABELS = {"PERS": "PERSON", "PER": "PERSON", "OCC": "TITLE"}
NEWS_LABELS = frozenset(("PERSON", "ORG", "GPE", "LOC", "FAC"))
Spans = set[tuple[int, int, str]]


def sentences(path: Path) -> Iterator[tuple[str, Spans]]:
    """Each sentence's text, words joined by blanks, and its spans (code points)."""
    rows: list[list[str]] = []
    for line in [*path.read_text("utf-8").splitlines(), "$#$ O"]:
        if line.startswith("$#$"):
            if rows:
                yield spans_of(rows)
            rows = []
        elif line.strip():
            rows.append(line.split())


def spans_of(rows: list[list[str]]) -> tuple[str, Spans]:
    """The text and spans of one sentence; every column is a level of its own."""
    text, places = "", []
    for row in rows:
        text += " " if text else ""
        places.append((len(text), len(text) + len(row[0])))
        text += row[0]
    found: Spans = set()
    open_spans: dict[str, int] = {}
    for i, row in enumerate([*rows, [""]]):
        inside = {tag[2:] for tag in row[1:] if tag.startswith("I-")}
        for label in sorted(open_spans.keys() - inside):
            first = open_spans.pop(label)
            found.add((places[first][0], places[i - 1][1], LABELS.get(label, label)))
        for tag in row[1:]:
            if tag.startswith("B-"):
                open_spans[tag[2:]] = i
    return text, found


def news(path: Path) -> Iterator[tuple[str, Spans]]:
    """The sentences of the newswire set."""
    lines = path.read_text("utf-8").splitlines()
    for line in lines[len(lines) * 9 // 10 :]:
        row = json.loads(line)
        spans = {(s["start"], s["end"], LABELS.get(s["label"], s["label"])) for s in row["spans"]}
        yield row["text"], {span for span in spans if span[2] in NEWS_LABELS}


def main() -> None:
    """Annotate the sentences and print precision, recall and F1 a label."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--errors", help="print the wrong and missed spans of this label")
    given = parser.parse_args()
    print("Wojood sample, val")
    measure(sentences(given.corpora / "wojood_sample" / "val.txt"), None, given.errors)
    print("ANERcorp train, last tenth")
    measure(news(given.corpora / "news_ar" / "train.jsonl"), NEWS_LABELS, given.errors)


def measure(
    pairs: Iterator[tuple[str, Spans]], labels: frozenset[str] | None, errors: str | None
) -> None:
    """One table; `labels` restricts what is compared."""
    pipelines = Pipelines(load_schema(), "news-ar")
    right: Counter[str] = Counter()
    proposed: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for number, (text, spans) in enumerate(pairs):
        document = Document(id=str(number), text=text, language="ar")
        pipeline = pipelines.choose(document)
        assert pipeline is not None
        (proposal,) = pipeline.read([document])
        own = {(e.start, e.end, e.label) for e in proposal.annotation.entities}
        own = {span for span in own if labels is None or span[2] in labels}
        right.update(label for _, _, label in own & spans)
        proposed.update(label for _, _, label in own)
        gold.update(label for _, _, label in spans)
        for title, wrong in (("wrong ", own - spans), ("missed", spans - own)):
            for start, end, label in sorted(wrong):
                if label == errors:
                    before, after = text[max(0, start - 30) : start], text[end : end + 20]
                    print(title, before, "[", text[start:end], "]", after)
    print(f"{'label':10} {'gold':>6} {'ours':>6} {'P':>6} {'R':>6} {'F1':>6}")
    for label in sorted(gold | proposed, key=lambda label: (-gold[label], label)):
        hits, ours, theirs = right[label], proposed[label], gold[label]
        precision, recall = hits / max(ours, 1), hits / max(theirs, 1)
        f1 = 2 * hits / max(ours + theirs, 1)
        print(f"{label:10} {theirs:6} {ours:6} {precision:6.2f} {recall:6.2f} {f1:6.2f}")


if __name__ == "__main__":
    main()
