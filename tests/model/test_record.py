"""The invariants of a record hold on construction and on decode, and it survives the disk."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import CurationError, DataError, SpanMismatch
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Relation,
    Trigger,
    make_entity,
    unstorable,
)
from tests.strategies import annotations, records, spans, texts

MACHINE = Author("machine", "m@1")
E1 = Entity("e1", 0, 3, "X", "red")


def reading(**parts: Any) -> Annotation:
    return Annotation(MACHINE, "proposed", **parts)


@given(records())
def test_json_and_back_is_the_same_record(record: Record) -> None:
    assert msgspec.json.decode(msgspec.json.encode(record), type=Record) == record


@given(texts(min_pieces=1).flatmap(lambda text: st.tuples(st.just(text), annotations(text))))
def test_a_moved_text_is_caught(pair: tuple[str, Annotation]) -> None:
    text, annotation = pair
    Record(Document("d", text), (annotation,))
    moved = "\u0001" + text
    drifted = [
        span
        for span in (*annotation.entities, *(event.trigger for event in annotation.events))
        if moved[span.start : span.end] != span.text
    ]
    if not drifted:
        return
    with pytest.raises(SpanMismatch):
        Record(Document("d", moved), (annotation,))


@given(texts(min_pieces=1).flatmap(lambda text: st.tuples(st.just(text), spans(text))))
def test_a_made_entity_repeats_its_text(pair: tuple[str, tuple[int, int]]) -> None:
    text, (start, end) = pair
    entity = make_entity(text, start, end, "X")
    assert text[entity.start : entity.end] == entity.text
    assert entity == make_entity(text, start, end, "X")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"entities": (E1, E1)}, "'e1' is used twice"),
        (
            {"entities": (E1,), "events": (Event("e1", "A", Trigger(0, 1, "r")),)},
            "'e1' is used twice",
        ),
        ({"entities": (E1,), "relations": (Relation("r", "L", "e1", "e9"),)}, "entity 'e9'"),
        ({"entities": (E1,), "relations": (Relation("r", "L", "e9", "e1"),)}, "entity 'e9'"),
        (
            {"events": (Event("v", "A", Trigger(0, 1, "r"), arguments=(Argument("who", "e1"),)),)},
            "entity 'e1' as who",
        ),
    ],
)
def test_ids_are_unique_and_known(parts: dict[str, Any], says: str) -> None:
    with pytest.raises(DataError, match=says):
        reading(**parts)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (-1, 2)])
def test_a_span_covers_something(start: int, end: int) -> None:
    with pytest.raises(DataError, match="empty or reversed"):
        Entity("e", start, end, "X", "ab")
    with pytest.raises(DataError, match="empty or reversed"):
        Trigger(start, end, "ab")


def test_a_spans_text_is_as_long_as_it_says() -> None:
    with pytest.raises(SpanMismatch, match="2 code points"):
        Entity("e", 0, 2, "X", "👍🏽!")


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_score_is_a_probability(score: float) -> None:
    with pytest.raises(DataError, match="between 0 and 1"):
        Entity("e", 0, 1, "X", "a", score=score)


def test_a_span_beyond_the_text_is_caught() -> None:
    entity = Entity("e", 1, 4, "X", "abc")
    with pytest.raises(SpanMismatch, match=r"annotations\[0\]\.entities\[0\]"):
        Record(Document("d", "xab"), (reading(entities=(entity,)),))


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud83d", "\udc00a"])
def test_what_no_one_can_store_is_refused_with_its_place(bad: str) -> None:
    place = unstorable(bad)
    assert place is not None
    with pytest.raises(DataError, match=f"U\\+{ord(bad[place]):04X} at code point {place}"):
        Document("d", bad)
    with pytest.raises(DataError, match="id has"):
        Document(bad, "text")


@given(texts())
def test_every_other_text_can_be_stored(text: str) -> None:
    assert unstorable(text) is None


def test_when_somebody_acted_has_a_time_zone() -> None:
    naive = datetime.datetime(2026, 1, 1)
    with pytest.raises(DataError, match="time zone"):
        reading(at=naive)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('{"document":{"id":"","text":"a"}}', "$.document"),
        ('{"document":{"id":"d"}}', "$.document"),
        ('{"document":{"id":7,"text":"a"}}', "$.document.id"),
        ('{"document":{"id":"d","text":"a","publised":"2020-01-01"}}', "$.document"),
        ('{"document":{"id":"d","text":"a","published":"1/2/2020"}}', "$.document.published"),
        (
            '{"document":{"id":"d","text":"a"},"annotations":[{"by":{"kind":"robot","agent":"x"},'
            '"status":"proposed"}]}',
            "$.annotations[0].by.kind",
        ),
        (
            '{"document":{"id":"d","text":"a"},"annotations":[{"by":{"kind":"machine","agent":"x"},'
            '"status":"proposed","entities":[{"id":"e","start":0.5,"end":1,"label":"X",'
            '"text":"a"}]}]}',
            "$.annotations[0].entities[0].start",
        ),
        (
            '{"document":{"id":"d","text":"a"},"annotations":[{"by":{"kind":"machine","agent":"x"},'
            '"status":"proposed","entities":[{"id":"e","start":0,"end":1,"label":"X",'
            '"text":"a","score":2}]}]}',
            "$.annotations[0].entities[0]",
        ),
    ],
)
def test_a_fault_names_its_place(line: str, place: str) -> None:
    with pytest.raises(msgspec.ValidationError) as fault:
        msgspec.json.decode(line, type=Record)
    assert f"`{place}`" in str(fault.value)


def test_what_is_not_said_is_not_written() -> None:
    record = Record(Document("d", "red"), (reading(entities=(E1,)),))
    assert msgspec.json.encode(record) == (
        b'{"document":{"id":"d","text":"red"},"annotations":[{"by":{"kind":"machine",'
        b'"agent":"m@1"},"status":"proposed","entities":[{"id":"e1","start":0,"end":3,'
        b'"label":"X","text":"red"}]}]}'
    )


def test_one_more_reading_comes_last_and_the_record_itself_does_not_change() -> None:
    record = Record(Document("d", "red"))
    more = record.with_annotation(reading(entities=(E1,)))
    assert record.annotations == ()
    assert more.with_annotation(reading()).annotations == (reading(entities=(E1,)), reading())


def test_a_data_error_is_one_line_with_its_place_and_then_the_hint() -> None:
    error = DataError("bad", file="a", line=2, field="f", hint="do this")
    assert str(error) == "a:2: f: bad\ndo this"
    assert isinstance(error, CurationError)
