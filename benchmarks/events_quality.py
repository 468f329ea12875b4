"""How good the events of a pipeline are, by exact span.

    python -m benchmarks.events_quality [--data data/dev/events-ar] [--pipeline news-ar-fast]
                                        [--files dev news press] [--errors]

Twice: with the entities of the gold reading, which measures the event rules alone, and with those
of the pipeline. A trigger is identified if its span is right, classified if its type is too. An
argument is identified if it names the right entity (span) for an event of the right type, and
classified if its role is right too; mode and modality are of triggers that are classified. But for
`press`, the gold readings take no group without a name for an argument (متظاهرون), which the
pipelines do: the line "without groups" leaves ours out. Entities of the pipeline may have other
edges than gold ones (مدينة الفاشر): the line "one in the other" takes an argument for right whose
entity lies in the gold one or holds it. The files that are kept apart (`test`, `news-test`,
`press-test`) are for measuring once: never look at their errors.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from curation.annotate import load_pipeline
from curation.annotate.pipelines import shipped_plans
from curation.annotate.registry import make
from curation.model import Annotation, Document, Entity, Event, Record
from curation.store import load_schema, read

APART = ("test", "news-test", "press-test")
#: Who proposes the groups without a name.
GROUPS = ("events.v1",)


class Tally:
    """Right, proposed and gold items, by kind."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.ours: Counter[str] = Counter()
        self.gold: Counter[str] = Counter()

    def add(self, kind: str, gold: Iterable[object], ours: Iterable[object]) -> None:
        """Count two multisets of items."""
        theirs, mine = Counter(gold), Counter(ours)
        self.gold[kind] += theirs.total()
        self.ours[kind] += mine.total()
        self.right[kind] += (theirs & mine).total()

    def line(self, kind: str) -> str:
        """Precision, recall, F1 and the numbers."""
        right, ours, gold = self.right[kind], self.ours[kind], self.gold[kind]
        p, r = right / ours if ours else 0.0, right / gold if gold else 0.0
        f = 2 * p * r / (p + r) if p + r else 0.0
        return f"{kind:28} {p:6.3f} {r:6.3f} {f:6.3f} {gold:6} {ours:6} {right:6}"


def main() -> None:
    """Score the files and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/dev/events-ar"))
    parser.add_argument("--pipeline", default="news-ar-fast")
    parser.add_argument("--files", nargs="+", default=["dev", "news", "press"])
    parser.add_argument("--errors", action="store_true", help="print wrong and missed events")
    given = parser.parse_args()
    records = [r for name in given.files for r in read(given.data / f"{name}.jsonl", Record)]
    show = given.errors and not set(given.files) & set(APART)
    print(f"{', '.join(given.files)}: {len(records)} sentences")
    for title, readings in (
        ("entities of the gold reading", with_gold(given.pipeline, records)),
        (f"entities of {given.pipeline}", with_pipeline(given.pipeline, records)),
    ):
        print(
            f"\n{title}\n{'':28} {'P':>6} {'R':>6} {'F1':>6} {'gold':>6} {'ours':>6} {'right':>6}"
        )
        pairs = list(zip(records, readings, strict=True))
        for line in report(pairs):
            print(line)
        if show:
            for line in errors(pairs):
                print(line)


def with_gold(name: str, records: list[Record]) -> Iterator[Annotation]:
    """What the pipeline's event annotator reads from the gold entities."""
    (plan,) = (plan for plan in shipped_plans() if plan.name == name)
    (step,) = (step for step in plan.annotators if step.name.startswith("events."))
    annotator = make(step.name, step.options, load_schema())
    drafts = [
        Record(r.document, (msgspec.structs.replace(r.annotations[0], events=()),)) for r in records
    ]
    for draft, found in zip(drafts, annotator.annotate_drafts(iter(drafts)), strict=True):
        gold = draft.annotations[0].entities
        known = {e.id for e in gold}
        groups = [
            msgspec.structs.replace(e, proposers=GROUPS)
            for e in found.entities
            if e.id not in known
        ]
        yield msgspec.structs.replace(found, entities=(*gold, *groups))


def with_pipeline(name: str, records: list[Record]) -> Iterator[Annotation]:
    """What the whole pipeline reads from the text."""
    pipeline = load_pipeline(name, load_schema())
    documents = [Document(id=r.document.id, text=r.document.text, language="ar") for r in records]
    return (proposal.annotation for proposal in pipeline.read(documents))


def report(pairs: list[tuple[Record, Annotation]]) -> Iterator[str]:
    """The figures, a line each."""
    tally = Tally()
    alike: Counter[str] = Counter()
    for record, ours in pairs:
        gold = record.annotations[0]
        mine, theirs = ours.events, gold.events
        tally.add("trigger identified", map(span, theirs), map(span, mine))
        tally.add("trigger classified", map(kind, theirs), map(kind, mine))
        tally.add("  asserted only", map(kind, told(theirs)), map(kind, told(mine)))
        found = {kind(event): event for event in mine}
        for event in theirs:
            if other := found.get(kind(event)):
                alike["classified"] += 1
                alike["mode"] += event.mode == other.mode
                alike["modality"] += event.modality == other.modality
        a, b = list(arguments(gold)), list(arguments(ours))
        tally.add("argument identified", {x[:3] for x in a}, {x[:3] for x in b})
        tally.add("argument classified", a, b)
        named = {e.id: e for e in ours.entities if e.proposers != GROUPS}
        tally.add("  without groups", a, arguments(ours, named))
        tally.add("  one in the other", a, aligned(a, b))
        for role in sorted({x[3] for x in (*a, *b)}):
            tally.add(f"  {role}", (x for x in a if x[3] == role), (x for x in b if x[3] == role))
        for type in sorted({e.type for e in (*theirs, *mine)}):
            tally.add(
                type,
                (kind(e) for e in theirs if e.type == type),
                (kind(e) for e in mine if e.type == type),
            )
    yield from map(tally.line, sorted(tally.gold | tally.ours, key=lambda k: (k[:1].isupper(), 0)))
    yield f"of {alike['classified']} triggers: mode {alike['mode']}, modality {alike['modality']}"


def span(event: Event) -> tuple[int, int]:
    """Where its trigger stands."""
    return event.trigger.start, event.trigger.end


def kind(event: Event) -> tuple[int, int, str]:
    """Its trigger's span and its type."""
    return *span(event), event.type


def told(events: Iterable[Event]) -> list[Event]:
    """Those that are asserted."""
    return [event for event in events if event.modality == "asserted"]


def arguments(
    reading: Annotation, entities: dict[str, Entity] | None = None
) -> Iterator[tuple[str, int, int, str]]:
    """(event's type, entity's span, role) of every argument that names one of some entities."""
    known = entities if entities is not None else {e.id: e for e in reading.entities}
    for event in reading.events:
        for argument in event.arguments:
            if entity := known.get(argument.entity):
                yield event.type, entity.start, entity.end, argument.role


Told = tuple[str, int, int, str]


def aligned(gold: list[Told], ours: list[Told]) -> list[Told]:
    """Our arguments, each as the gold one of the same type and role that it lies in or holds."""
    left = list(gold)
    found: list[Told] = []
    for type, start, end, role in ours:
        same = (x for x in left if (x[0], x[3]) == (type, role))
        alike = (
            x for x in same if (x[1] <= start and end <= x[2]) or (start <= x[1] and x[2] <= end)
        )
        one = next(alike, None)
        if one is not None:
            left.remove(one)
        found.append(one or (type, start, end, role))
    return found


def errors(pairs: list[tuple[Record, Annotation]]) -> Iterator[str]:
    """Every sentence whose events are not all right, with what is right and what we say."""
    for record, ours in pairs:
        gold = record.annotations[0]
        a, b = set(written(gold)), set(written(ours))
        if a != b:
            yield f"\n{record.document.id} {record.document.text}"
            yield from (f"  {'=' if line in b else '-'} {line}" for line in sorted(a))
            yield from (f"  + {line}" for line in sorted(b - a))


def written(reading: Annotation) -> Iterator[str]:
    """Each event in a line."""
    names = {entity.id: entity.text for entity in reading.entities}
    for event in reading.events:
        told = sorted(f"{x.role}={names[x.entity]}" for x in event.arguments)
        yield " ".join((event.type, event.mode or "-", event.modality, event.trigger.text, *told))


if __name__ == "__main__":
    main()
