"""Words a second, JSONL to JSONL on one core, and memory: both Arabic pipelines, and spaCy's CNN.

    python -m benchmarks.annotate_speed --corpora PATH [--documents N ...] [--only NAME ...]

They are compared on the middle one of the sizes; the fast pipeline reads all of them. The corpora
have 160,000 words, so that larger files hold them again. Every run is the command `curation
annotate`, start included, on documents of eight lines of `text/` (about 175 words), on the same
core, one after the other. Words are what white space parts. The spaCy pipeline is `blank("ar")`
with the small CNN (HashEmbedCNN 96 wide, 4 deep) and its NER, initialised with our five labels: its
speed does not depend on what it has learnt.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from msgspec import Struct

LINES = 8
LABELS = ("PERSON", "GPE", "LOC", "ORG", "FAC")


class Run(Struct, frozen=True):
    """What one run took: seconds of the clock and of the processor, and the most memory in MB."""

    wall: float
    cpu: float
    memory: float


def texts(corpora: Path) -> list[str]:
    """Pieces of the unlabelled corpora."""
    found: list[str] = []
    for path in sorted((corpora / "text").glob("*.txt")):
        lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
        found += ["\n".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
    return found


def documents(given: list[str], count: int) -> Iterator[str]:
    """So many lines of JSONL; the texts come again, each under an id of its own."""
    for number, text in enumerate(islice(cycle(given), count)):
        line = {"id": f"d{number}", "text": text, "language": "ar"}
        yield json.dumps(line, ensure_ascii=False) + "\n"


def spacy_model(folder: Path) -> str:
    """A small CNN pipeline in a folder."""
    import spacy
    from spacy.training import Example

    language = spacy.blank("ar")
    language.add_pipe("tok2vec")
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    parser = {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner"}
    parser |= {"extra_state_tokens": False, "hidden_width": 64, "maxout_pieces": 2}
    language.add_pipe("ner", config={"model": {**parser, "use_upper": True, "tok2vec": listener}})
    examples = [
        Example.from_dict(language.make_doc("زار بيروت أمس"), {"entities": [(4, 9, label)]})
        for label in LABELS
    ]
    language.initialize(lambda: examples)
    path = folder / "spacy-cnn"
    language.to_disk(path)
    return str(path)


def run(source: Path, pipeline: str) -> Run:
    """Annotate a file on the first core we may use."""
    core = min(os.sched_getaffinity(0))
    command = [sys.executable, "-m", "curation", "annotate", str(source)]
    command += ["-o", str(source.with_suffix(".out")), "--pipeline", pipeline]
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    began = time.monotonic()
    child = subprocess.Popen(
        command,
        env=env,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    wall = time.monotonic() - began
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Run each and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--only", nargs="+", default=["news-ar-fast", "news-ar", "spacy-cnn"])
    asked = parser.parse_args()
    given = texts(asked.corpora)
    compared = sorted(asked.documents)[len(asked.documents) // 2]
    print("| pipeline | documents | words | words/s (clock) | words/s (processor) | memory, MB |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        speeds: dict[str, float] = {}
        for name in asked.only:
            pipeline = spacy_model(base) if name == "spacy-cnn" else name
            # What is slow is asked about one file only.
            for count in asked.documents if name == "news-ar-fast" else [compared]:
                source = base / f"{count}.jsonl"
                source.write_text("".join(documents(given, count)), "utf-8")
                words = sum(len(text.split()) for text in islice(cycle(given), count))
                took = run(source, pipeline)
                if count == compared:
                    speeds[name] = words / took.cpu
                print(
                    f"| {name} | {count} | {words} | {words / took.wall:,.0f} "
                    f"| {words / took.cpu:,.0f} | {took.memory:.0f} |",
                    flush=True,
                )
    if {"spacy-cnn", "news-ar-fast"} <= speeds.keys():
        ratio = speeds["news-ar-fast"] / speeds["spacy-cnn"]
        print(f"\nnews-ar-fast is {ratio:.1f} times as fast as spaCy's CNN in this run.")


if __name__ == "__main__":
    main()
