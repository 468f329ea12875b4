"""Datasets of many languages, sources, dates, readers and decisions, made from a seed."""

from __future__ import annotations

import datetime
from itertools import pairwise
from pathlib import Path
from random import Random

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Event,
    LedgerEntry,
    Record,
    Relation,
    Said,
    Trigger,
    make_entity,
)
from curation.store import write
from tests import strategies
from tests.publish.builders import MACHINE, MERGE, NOON

SAID = "الرباط وزير|x Paris *زار* 😀 12 f-16 <b> تحالف, la ville [a](b) 'قال' #1 e\u0301té"
WORDS = SAID.split()
PEOPLE = ("amal", "omar@example.org", "ليلى", "d|e *f*", "x & y")
LANGUAGES = ("ar", "ar", "ar-EG", "fr", "en", "qqq", None)
SOURCES = (
    "https://example.org/a/1",
    "http://أخبار.example/2",
    "seeds/ملفات/a.txt",
    "seeds/b.txt",
    "alone.txt",
    None,
)
PROPOSERS = ("gazetteer.v1", "crf.v1", "قواعد.v1")
DECISIONS = ("accepted", "accepted", "relabelled", "moved", "removed", "added", "unreviewed")


def corpus(path: Path, seed: int, documents: int = 40, *, bare: bool = False) -> Path:
    """A file of records and the ledger beside it. With `bare` nothing but texts with one machine
    reading: no dates, languages, sources, people, decisions."""
    random = Random(seed)
    years = random.choice((1, 3, 15, 400))
    records = [_record(random, f"d{at:03}", years, bare) for at in range(documents)]
    write(path, records)
    if not bare:
        entries = [one for record in records for one in _decisions(random, record)]
        write(path.with_name(f"{path.stem}.ledger.jsonl"), entries)
    return path


def _record(random: Random, ident: str, years: int, bare: bool) -> Record:
    size = random.choice((3, 30, 49, 50, 120, 600))
    text = " ".join(random.choice(WORDS) for _ in range(size))
    if bare:
        return Record(Document(ident, text), (_reading(random, text, MACHINE, "proposed"),))
    day = datetime.date(2026, 1, 1) - datetime.timedelta(random.randrange(366 * years))
    document = Document(
        id=ident,
        text=text,
        language=random.choice(LANGUAGES),
        source=random.choice(SOURCES),
        published=random.choice((day, day, None)),
    )
    readings = [_reading(random, text, MACHINE, "proposed")]
    first = _reading(random, text, Author("human", random.choice(PEOPLE)), "submitted")
    for who in random.sample(PEOPLE, random.randrange(4)):
        # A second look changes little, and the same person may come back.
        kept = tuple(e for e in first.entities if random.random() < 0.8)
        ids = {entity.id for entity in kept}
        for _ in range(random.choice((1, 1, 2))):
            at = random.choice((None, NOON + datetime.timedelta(hours=random.randrange(9))))
            events = tuple(
                event
                for event in first.events
                if all(argument.entity in ids for argument in event.arguments)
            )
            readings.append(Annotation(Author("human", who), "submitted", kept, (), events, at))
            kept = kept[: random.randrange(1, 9)]
            ids = {entity.id for entity in kept}
    stage = random.choice(("agreed", "agreed", "agreed", "submitted", "proposed", "draft"))
    by = {"agreed": MERGE, "proposed": MACHINE}.get(stage, Author("human", PEOPLE[0]))
    readings.append(_reading(random, text, by, stage))
    return Record(document, tuple(readings))


def _reading(random: Random, text: str, by: Author, status: str) -> Annotation:
    entities = {}
    for _ in range(random.choice((0, 1, 5, 12))):
        start = random.randrange(len(text) - 1)
        end = min(len(text), start + random.randrange(1, 12))
        value = random.choice((None, "iso3166:MA"))
        label = random.choice(strategies.LABELS[:4])
        entity = make_entity(text, start, end, label, value=value)
        entities[entity.id] = entity
    found = tuple(entities.values())
    events = {}
    for _ in range(random.choice((0, 0, 1, 3))):
        start = random.randrange(len(text) - 1)
        sides = random.sample(found, min(len(found), random.randrange(3)))
        events[start] = Event(
            id=f"v{start}",
            type=random.choice(strategies.EVENT_TYPES[:2]),
            modality=random.choice(("asserted", "negated")),
            trigger=Trigger(start, start + 1, text[start]),
            arguments=tuple(
                Argument(role, one.id) for role, one in zip(strategies.ROLES, sides, strict=False)
            ),
        )
    pairs = pairwise(found[:2])
    relations = [Relation("r1", strategies.RELATIONS[0], one.id, two.id) for one, two in pairs]
    at = None if by.kind == "machine" else NOON
    said = (found, tuple(relations), tuple(events.values()))
    return Annotation(by, status, *said, at)  # type: ignore[arg-type]


def _decisions(random: Random, record: Record) -> list[LedgerEntry]:
    entries = []
    for at in range(random.randrange(6)):
        decision, item = random.choice(DECISIONS), random.choice(("entity", "entity", "event"))
        said = Said(random.choice(strategies.LABELS[:3]), 0, 1, record.document.text[:1])
        before, after = (None, said) if decision == "added" else (said, None)
        by = random.sample(PROPOSERS, random.randrange(1, 3)) if before else ()
        who = "" if decision == "unreviewed" else random.choice(PEOPLE)
        entries.append(
            LedgerEntry(
                record.document.id, item, f"i{at}", decision, who, NOON, tuple(by), before, after
            )  # type: ignore[arg-type]
        )
    return entries
