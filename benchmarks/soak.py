"""A long run of what must not lose anything: `python -m benchmarks.soak [--documents N --kills K]`.

Pushes N documents to a real Label Studio, killing the push K times with SIGKILL at random moments;
then lets it finish, and compares what is on the server with what was sent, span by span, and
whether the most uncertain come first.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from curation.model import Annotation, Author, Document, Record, make_entity
from curation.review import connect, pull, serve, stop_server
from curation.review.desk import find_desk
from curation.store import Rejects, load_schema, read, write

WORDS = (
    "زار",
    "وزير",
    "الدفاع",
    "المغربي",
    "الرباط",
    "أمس",
    "ووقّع",
    "مذكرة",
    "👩‍👩‍👧",
    "مع",
    "إسرائيل",
)
PROJECT = "soak"


def record(number: int, chance: random.Random) -> Record:
    """A document of 200 words with 20 entities."""
    pieces, entities, at = [], [], 0
    for place in range(200):
        word = chance.choice(WORDS)
        if place % 10 == 0:
            entities.append((at, at + len(word)))
        pieces.append(word)
        at += len(word) + 1
    text = " ".join(pieces)
    made = tuple(
        make_entity(text, a, b, "GPE", score=0.5, proposers=("soak.v1",)) for a, b in entities
    )
    doubt = round(chance.random(), 4)
    reading = Annotation(Author("machine", "soak@1"), "proposed", made, uncertainty=doubt)
    return Record(Document(id=f"soak-{number:06}", text=text, language="ar"), (reading,))


def main() -> None:
    """Run it and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        base, studio = Path(folder), Path(folder) / "label-studio"
        proposed = base / "proposed.jsonl"
        write(proposed, (record(i, chance) for i in range(asked.documents)))
        serve(studio)
        try:
            kills, seconds = push_with_kills(proposed, studio, asked.kills, chance)
            lost, first = compare(proposed, studio, base / "reviewed.jsonl")
        finally:
            stop_server(studio)
    print(f"{os.cpu_count()} cores; {asked.documents} documents, {kills} kills, {seconds:.0f} s")
    print(f"documents that are not there exactly as sent: {lost}")
    print(f"the most uncertain come first: {'yes' if first else 'no'}")
    sys.exit(bool(lost) or not first)


def push_with_kills(
    proposed: Path, studio: Path, kills: int, chance: random.Random
) -> tuple[int, float]:
    """Push until it ends by itself after `kills` kills; how many struck, and the seconds."""
    command = [sys.executable, "-m", "curation", "review", "push", str(proposed)]
    command += ["--project", PROJECT, "--data", str(studio)]
    struck, began = 0, time.monotonic()
    while True:
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            child.wait(chance.uniform(1.5, 5) if struck < kills else None)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            struck += 1
            continue
        if child.returncode:
            sys.exit(f"push failed with {child.returncode}")
        return struck, time.monotonic() - began


def compare(proposed: Path, studio: Path, output: Path) -> tuple[int, bool]:
    """How many documents are not on the server once, with all their spans; and whether the most
    uncertain come first."""
    # Without our own copy of what was pushed, so that the server itself is asked.
    server, home = connect(data=studio, memory=output.parent / "elsewhere")
    with server, Rejects(output) as rejects:
        desk = find_desk(server, home, PROJECT)
        tasks = list(server.tasks(desk.project.id))
        there = {task.data["doc_id"] for task in tasks if task.predictions == 1}
        pull(desk, load_schema(), output, rejects, full=True)
    back = {r.document.id: r for r in read(output, Record)}
    sent = list(read(proposed, Record))
    lost = sum(r.document.id not in there or back.get(r.document.id) != r for r in sent)
    doubts = [task.data["uncertainty"] for task in tasks]
    return lost + abs(len(tasks) - len(sent)), doubts == sorted(doubts, reverse=True)


if __name__ == "__main__":
    main()
