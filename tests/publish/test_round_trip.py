"""Records → rows → Parquet → rows → records: the same entities, events, relations, meta."""

import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

import curation
from curation.model import Record
from curation.publish import publish, record_of
from curation.publish.making.building import rows_of
from curation.publish.views.features import VIEWS, Labels, features
from curation.publish.views.plain import plain
from curation.publish.views.rows import Published
from curation.text import tag_words, untag_words, words
from tests import strategies
from tests.publish.builders import save, schema

LABELS = Labels(strategies.LABELS, strategies.EVENT_TYPES, strategies.RELATIONS, strategies.ROLES)


@st.composite
def agreed_records(draw: st.DrawFn) -> Record:
    document = draw(strategies.documents(strategies.texts()))
    readings = [draw(strategies.annotations(document.text)) for _ in range(draw(st.integers(1, 2)))]
    last = structs.replace(readings[-1], status="agreed")
    return Record(document, (*readings[:-1], last))


def table(view: str, *records: Record) -> pa.Table:
    items = [Published(one, len(one.annotations) - 1) for one in records]
    return rows_of(view, items, LABELS, features(view, LABELS).arrow_schema)


@settings(deadline=None)
@given(agreed_records())
def test_a_row_that_went_through_arrow_gives_the_record_back(record: Record) -> None:
    (again,) = table("documents", record).to_pylist()
    assert record_of(again) == Record(record.document, record.annotations[-1:])
    names = [LABELS.entities[one["label_id"]] for one in again["entities"]]
    assert names == [one["label"] for one in again["entities"]]


@settings(deadline=None)
@given(st.lists(agreed_records(), max_size=3), st.integers(0, 3))
def test_plain_values_are_those_of_pyarrow(records: list[Record], start: int) -> None:
    for view in VIEWS:
        array = table(view, *records).to_struct_array().combine_chunks().slice(start)
        assert plain(array) == array.to_pylist()


@settings(deadline=None)
@given(st.lists(agreed_records(), max_size=3))
def test_columns_are_those_that_pyarrow_makes_of_the_rows(records: list[Record]) -> None:
    for view in VIEWS:
        made = table(view, *records)
        made.validate(full=True)
        assert made.equals(pa.Table.from_pylist(made.to_pylist(), made.schema))


def test_plain_keeps_what_is_null() -> None:
    values = [None, {"a": None, "b": 1}, {"a": [None, "x"], "b": None}, {"a": [], "b": 2}]
    kind = pa.struct({"a": pa.list_(pa.string()), "b": pa.int32()})
    for start in range(5):
        assert plain(pa.array(values, kind).slice(start)) == values[start:]


@settings(deadline=None)
@given(agreed_records())
def test_tags_and_losses_together_hold_every_entity(record: Record) -> None:
    text, entities = record.document.text, record.annotations[-1].entities
    (again,) = table("tokens", record).to_pylist()
    spans = list(zip(again["starts"], again["ends"], strict=True))
    assert spans == words(text)
    tagged = tag_words(spans, entities)
    assert tuple(again["tags"]) == tagged.tags
    assert [LABELS.ner_tags[tag] for tag in again["ner_tags"]] == again["tags"]
    back = {(one.start, one.end, one.label) for one in untag_words(text, spans, again["tags"])}
    lost = {loss["entity"] for loss in again["losses"]}
    assert back == {(e.start, e.end, e.label) for e in entities if e.id not in lost}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(agreed_records(), min_size=1, max_size=4, unique_by=lambda one: one.document.id))
def test_what_is_loaded_is_what_was_published(records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = save(folder / "agreed.jsonl", *records)
        kinds = str(schema(folder / "small.toml"))
        publish(path, folder / "ds", schema=kinds)
        loaded = curation.load(str(folder / "ds"))
        expected = {one.document.id: Record(one.document, one.annotations[-1:]) for one in records}
        assert [row["id"] for row in loaded] == sorted(expected)
        assert {row["id"]: record_of(row) for row in loaded} == expected
        tokens = curation.load(str(folder / "ds"), view="tokens")
        for row in tokens:
            text = expected[row["id"]].document.text
            assert row["tokens"] == [text[start:end] for start, end in words(text)]
        assert not publish(path, folder / "ds", schema=kinds).new
