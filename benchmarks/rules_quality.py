"""How good the English and French pipelines' entities are, by exact span and label.

    python -m benchmarks.rules_quality [--errors] [FILE…]

FILE is `data/dev/news-en.txt` or another like it: sentences with their entities marked, the
language at the end of its name. Without one, the development sentences are read; `held-out-*.txt`
were set aside before the rules were tuned.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from benchmarks.exact import Score, Spans, score
from curation.annotate import load_pipeline
from curation.model import Document
from curation.store import load_schema

DEV = Path(__file__).resolve().parent.parent / "data" / "dev"
MARK = re.compile(r"\[|\|([A-Z]+)\]")


def main() -> None:
    """Print gold, ours, precision, recall and F1 of each file, label by label."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[*sorted(DEV.glob("news-*.txt"))])
    parser.add_argument("--errors", action="store_true", help="print what is wrong and missed")
    given = parser.parse_args()
    for path in given.files:
        result = measured(path, errors=given.errors)
        print(f"\n{path.name}\n{'label':10} {'gold':>6} {'ours':>6} {'P':>6} {'R':>6} {'F1':>6}")
        print(result.line())
        for label in sorted(result.gold | result.ours, key=lambda label: -result.gold[label]):
            print(result.line(label))


def measured(path: Path, *, errors: bool = False) -> Score:
    """The scores of the pipeline for a file's language."""
    language = path.stem.rpartition("-")[2]
    pipeline = load_pipeline(f"news-{language}", load_schema())
    lines = path.read_text("utf-8").splitlines()
    marked = [unmarked(line) for line in lines if line and not line.startswith("#")]
    documents = [
        Document(id=str(i), text=text, language=language) for i, (text, _) in enumerate(marked)
    ]
    pairs: list[tuple[Spans, Spans]] = []
    for (text, gold), proposal in zip(marked, pipeline.read(documents), strict=True):
        ours = {(e.start, e.end, e.label) for e in proposal.annotation.entities}
        pairs.append((ours, gold))
        for title, spans in (("wrong ", ours - gold), ("missed", gold - ours)):
            for start, end, label in sorted(spans) if errors else ():
                print(f"{title} {label:8} [{text[start:end]}] in: {text}")
    return score(pairs)


def unmarked(line: str) -> tuple[str, Spans]:
    """The text of a marked line, and its entities.

    >>> unmarked("The [[Polish|NORP] army|ORG] left.") == (
    ...     "The Polish army left.", {(4, 10, "NORP"), (4, 15, "ORG")})
    True
    """
    text, at = "", 0
    opened: list[int] = []
    spans: Spans = set()
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        at = mark.end()
        if mark[1]:
            spans.add((opened.pop(), len(text), mark[1]))
        else:
            opened.append(len(text))
    if opened:
        raise ValueError(f"a bracket is not closed: {line}")
    return text + line[at:], spans


if __name__ == "__main__":
    main()
