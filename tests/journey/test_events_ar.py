"""`data/dev/events-ar/`: it loads, fits the schema, and its README counts what it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from curation.model import Annotation, Event, Record, violations
from curation.model.ids import digest, document_id, entity_id, event_id
from curation.quality import chosen
from curation.store import load_schema, read
from curation.text import words

FOLDER = Path(__file__).resolve().parents[2] / "data" / "dev" / "events-ar"
FILES = ("dev", "test", "news", "news-test", "press", "press-test")
SCHEMA = load_schema("news")
RECORDS = {name: list(read(FOLDER / f"{name}.jsonl", Record)) for name in FILES}


def gold(name: str) -> list[Annotation]:
    return [record.annotations[0] for record in RECORDS[name]]


def events(name: str) -> list[Event]:
    return [event for annotation in gold(name) for event in annotation.events]


@pytest.mark.parametrize("name", FILES)
def test_each_line_is_one_settled_reading_that_the_schema_allows(name: str):
    for record in RECORDS[name]:
        assert len(record.annotations) == 1
        assert chosen(record) == 0
        assert record.document.language == "ar"
        assert violations(SCHEMA, record.annotations[0]) == []


@pytest.mark.parametrize("name", FILES)
def test_spans_are_whole_words_and_ids_are_made_from_content(name: str):
    for record in RECORDS[name]:
        text, (reading,) = record.document.text, record.annotations
        places = words(text)
        starts, ends = {start for start, _ in places}, {end for _, end in places}
        for span in (*reading.entities, *(event.trigger for event in reading.events)):
            assert text[span.start : span.end] == span.text
            assert span.start in starts and span.end in ends
        for entity in reading.entities:
            assert entity.id == entity_id(entity.start, entity.end, entity.label)
        for event in reading.events:
            trigger = event.trigger
            assert event.id == event_id(trigger.start, trigger.end, event.type)
            assert len(set(event.arguments)) == len(event.arguments)


def test_what_is_kept_apart_is_told_by_a_hash_and_no_sentence_is_in_two_files():
    ids = {name: {record.document.id for record in RECORDS[name]} for name in FILES}
    texts = [record.document.text for name in FILES for record in RECORDS[name]]
    assert len(set(texts)) == len(texts)
    assert ids["test"] == {
        i for i in ids["dev"] | ids["test"] if int(digest("split", i), 16) % 3 == 0
    }

    composed = [*RECORDS["news"], *RECORDS["news-test"]]
    assert all(record.document.id == document_id(record.document.text) for record in composed)
    apart: set[str] = set()
    for plain in (True, False):
        alike = [record.document.id for record in composed if is_plain(record) == plain]
        apart |= set(sorted(alike, key=lambda i: digest("split", i))[: round(len(alike) / 3)])
    assert ids["news-test"] == apart
    assert ids["press-test"] == {
        i for i in ids["press"] | ids["press-test"] if int(digest("split", i), 16) % 2
    }


def is_plain(record: Record) -> bool:
    found = record.annotations[0].events
    return bool(found) and all(event.modality == "asserted" for event in found)


def test_the_readme_counts_what_the_files_hold():
    told: dict[tuple[str, str, str], int] = {}
    for head, rows in tables((FOLDER / "README.md").read_text("utf-8")):
        told |= {
            (head, row, name): int(n)
            for row, *ns in rows
            for name, n in zip(FILES, ns, strict=True)
        }
    held: Counter[tuple[str, str, str]] = Counter()
    for name in FILES:
        held["what", "sentences", name] += len(RECORDS[name])
        for annotation in gold(name):
            held["what", "sentences without an event", name] += not annotation.events
            held["what", "entities", name] += len(annotation.entities)
        for event in events(name):
            held["what", "events", name] += 1
            held["what", "arguments", name] += len(event.arguments)
            held["type", event.type, name] += 1
            held["mode", f"{event.type} {event.mode}" if event.mode else "none", name] += 1
            held["modality", event.modality, name] += 1
            for argument in event.arguments:
                held["role", argument.role, name] += 1
    assert {key: n for key, n in told.items() if n} == {key: n for key, n in held.items() if n}


def tables(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The first heading and the rows of each Markdown table with a column for each file."""
    for block in re.findall(r"(?m)(?:^\|.*\n)+", text):
        head, _, *rows = (
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        )
        if tuple(head[1:]) == FILES:
            yield head[0], rows
