"""How good an Arabic pipeline's entities are, by exact span and label, and how fast it is.

    python -m benchmarks.annotate_quality --corpora PATH [--pipeline news-ar] [--errors LABEL]

On development sentences. The encoder of `news-ar` was not trained on them; the shipped CRF of
`news-ar-fast` was, after its settings were chosen, so for that pipeline these figures are too high:
`python -m benchmarks.train_news_ar_fast` measures a model that has not seen them.

- coarse and fine: the last tenth of `news_ar/train.jsonl`, ANERcorp's training part (CC BY-SA 4.0),
  newswire, with ANERcorp's types (PERSON; GPE and LOC as one; ORG) and with those of NewsFANE
  (PERSON, GPE, LOC, ORG, FAC). NewsFANE has a third more ORG than ANERcorp: what is right for the
  one is wrong for the other.
- nested: `wojood_sample/val.txt`, public sample of Wojood (MIT, https://github.com/SinaLab), all
  layers. Its `NORP` is groups of people, hardly ever adjectives, which we do mark.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.news_ar import scoring
from benchmarks.news_ar.calibration import curve
from benchmarks.news_ar.corpora import Sentence, split
from curation.annotate import load_pipeline
from curation.model import Annotation, Document, Record
from curation.store import load_schema, write

Read = list[tuple[Sentence, Annotation]]


def main() -> None:
    """Annotate the sentences and print what is right, what is wrong, how sure and how fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--pipeline", default="news-ar")
    parser.add_argument("--errors", help="print the wrong and missed spans of this label")
    given = parser.parse_args()
    _, _, news, wojood = split(given.corpora)
    read_news, read_wojood = read(given.pipeline, news), read(given.pipeline, wojood)
    result = scoring.summary(
        [(one, spans(annotation)) for one, annotation in read_news],
        [(one, spans(annotation)) for one, annotation in read_wojood],
    )
    for name, score in result.items():
        print(f"\n{name}\n{'label':10} {'gold':>6} {'ours':>6} {'P':>6} {'R':>6} {'F1':>6}")
        print(score.line())
        for label in sorted(score.gold | score.ours, key=lambda label: -score.gold[label]):
            print(score.line(label))
    for title, pairs in (("fine", read_news), ("nested", read_wojood)):
        print(f"\nworst confusions, {title} (gold > ours)")
        for (theirs, ours), count in confusions(pairs).most_common(12):
            print(f"{count:5} {theirs} > {ours}")
    print("\nreliability: mean score, part right, spans")
    for score, right, count in curve(judged([*read_news, *read_wojood])):
        print(f"{score:6.2f} {right:6.2f} {count:6}")
    if given.errors:
        errors([*read_news, *read_wojood], given.errors)
    speed(given.pipeline, [*news, *wojood])


def read(name: str, sentences: Sequence[Sentence]) -> Read:
    """What the pipeline proposes for each sentence."""
    pipeline = load_pipeline(name, load_schema())
    documents = [
        Document(id=str(i), text=one.text, language="ar") for i, one in enumerate(sentences)
    ]
    proposals = pipeline.read(documents)
    return [(one, proposal.annotation) for one, proposal in zip(sentences, proposals, strict=True)]


def spans(annotation: Annotation) -> scoring.Spans:
    """Its entities as (start, end, label)."""
    return {(entity.start, entity.end, entity.label) for entity in annotation.entities}


def judged(pairs: Read) -> list[tuple[float, bool]]:
    """(score, whether right) of each entity whose label the corpus annotates as we do: all but
    NORP."""
    return [
        (entity.score or 0.0, (entity.start, entity.end, entity.label) in one.gold)
        for one, annotation in pairs
        for entity in annotation.entities
        if entity.label in one.annotated and entity.label != "NORP"
    ]


def confusions(pairs: Read) -> Counter[tuple[str, str]]:
    """(gold label, our label) of spans that meet but are not the same; `-` where nothing meets.
    The same label twice is a wrong edge."""
    found: Counter[tuple[str, str]] = Counter()
    for one, annotation in pairs:
        gold = {span for span in one.gold if span[2] in one.annotated}
        ours = {span for span in spans(annotation) if span[2] in one.annotated}
        missed = gold - ours
        for start, end, label in ours - gold:
            met = sorted(g for g in missed if g[0] < end and start < g[1])
            exact = [g for g in met if g[:2] == (start, end)]
            if met:
                missed.discard((exact or met)[0])
            found[((exact or met)[0][2] if met else "-", label)] += 1
        found.update((label, "-") for *_, label in missed)
    return found


def errors(pairs: Read, wanted: str) -> None:
    """Print the wrong and missed spans of a label with what stands around them."""
    for one, annotation in pairs:
        own, text = spans(annotation), one.text
        for title, wrong in (("wrong ", own - one.gold), ("missed", one.gold - own)):
            for start, end, label in sorted(wrong):
                if label == wanted and wanted in one.annotated:
                    before, after = text[max(0, start - 30) : start], text[end : end + 20]
                    print(title, before, "[", text[start:end], "]", after)


def speed(name: str, sentences: Sequence[Sentence], times: int = 4) -> None:
    """Print words a second of CPU from JSONL to JSONL, start included, and the peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "documents.jsonl"), Path(folder, "proposed.jsonl")
        records = [
            Record(Document(id=f"{turn}-{i}", text=one.text, language="ar"))
            for turn in range(times)
            for i, one in enumerate(sentences)
        ]
        write(source, records)
        command = [sys.executable, "-m", "curation", "annotate", str(source), "-o", str(target)]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([*command, "--pipeline", name], check=True, capture_output=True)
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    count = times * sum(len(one.words) for one in sentences)
    print(
        f"\n{count} words from JSONL to JSONL: {count / cpu:.0f} words a second of CPU "
        f"({count / wall:.0f} by the clock), peak {after.ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
