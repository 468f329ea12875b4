"""Each view says what the record says, or lists what it can not say."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from curation.model import Annotation, Entity, LedgerEntry, Record, Relation, Said
from curation.publish.making.building import rows_of
from curation.publish.views.features import KEYS, VIEWS, Labels, features
from curation.publish.views.rows import Published, Row
from curation.publish.views.view_rows import CONTEXT
from curation.text import untag_words, words
from tests.publish.builders import ISRAELI, MINISTER, NOON, RABAT, TEXT, VISIT, agreed, reading
from tests.publish.test_round_trip import LABELS, agreed_records


def through_arrow(view: str, item: Published, labels: Labels = LABELS) -> list[Row]:
    table = rows_of(view, [item], labels, features(view, labels).arrow_schema)
    return table.to_pylist()


def last(record: Record) -> Published:
    return Published(record, len(record.annotations) - 1)


@settings(deadline=None)
@given(agreed_records())
def test_layers_hold_every_entity_that_words_can_express(record: Record) -> None:
    (row,) = through_arrow("tokens", last(record))
    text, spans = record.document.text, words(record.document.text)
    found: list[tuple[int, int, str]] = []
    for layer in ([LABELS.ner_tags.index(tag) for tag in row["tags"]], *row["fine"]):
        tags = [LABELS.ner_tags[tag] for tag in layer]
        found += [(one.start, one.end, one.label) for one in untag_words(text, spans, tags)]
    inside = {one["entity"] for one in row["losses"] if one["reason"] == "inside a word"}
    said = [e for e in record.annotations[-1].entities if e.id not in inside]
    assert sorted(found) == sorted((e.start, e.end, e.label) for e in said)


@settings(deadline=None)
@given(agreed_records())
def test_gliner_says_every_entity_or_lists_it(record: Record) -> None:
    (row,) = through_arrow("gliner", last(record))
    text, spans = record.document.text, words(record.document.text)
    assert row["tokenized_text"] == [text[start:end] for start, end in spans]
    found = [(spans[n["start"]][0], spans[n["end"]][1], n["label"]) for n in row["ner"]]
    lost = {one["entity"] for one in row["losses"]}
    said = [e for e in record.annotations[-1].entities if e.id not in lost]
    assert found == [(e.start, e.end, e.label) for e in said]


@settings(deadline=None)
@given(agreed_records())
def test_spans_stand_in_their_text(record: Record) -> None:
    text, last_reading = record.document.text, record.annotations[-1]
    rows = through_arrow("spans", last(record))
    assert [row["id"] for row in rows] == [
        one.id for one in (*last_reading.entities, *last_reading.events)
    ]
    for row in rows:
        assert text[row["start"] : row["end"]] == row["text"]
        around = row["before"] + row["text"] + row["after"]
        assert text[max(0, row["start"] - CONTEXT) : row["end"] + CONTEXT] == around
        if row["kind"] == "entity":
            assert LABELS.entities[row["label_id"]] == row["label"]
            assert row["type_id"] is None
        else:
            assert LABELS.events[row["type_id"]] == row["label"]
            assert row["label_id"] is None


@settings(deadline=None)
@given(agreed_records())
def test_annotations_hold_every_reading(record: Record) -> None:
    rows = through_arrow("annotations", last(record))
    assert [row["published"] for row in rows] == [False] * (len(rows) - 1) + [True]
    for row, said in zip(rows, record.annotations, strict=True):
        assert (row["agent"], row["kind"], row["status"]) == (
            said.by.agent,
            said.by.kind,
            said.status,
        )
        assert row["at"] == said.at
        found = [
            Entity(
                **{k: tuple(v) if k == "proposers" else v for k, v in e.items() if k != "label_id"}
            )
            for e in row["entities"]
        ]
        assert tuple(found) == said.entities
        assert tuple(Relation(**one) for one in row["relations"]) == said.relations
        assert [one["id"] for one in row["events"]] == [one.id for one in said.events]


def test_a_label_that_only_an_unpublished_reading_has_gets_no_id() -> None:
    other: Annotation = structs.replace(reading([structs.replace(RABAT, label="CITY")], []))
    record = Record(agreed().document, (other, *agreed().annotations))
    labels = Labels(("GPE", "NORP", "TITLE"), ("CONSULT",))
    rows = through_arrow("annotations", Published(record, 3), labels)
    assert [row["entities"][0]["label_id"] for row in rows] == [None, 0, 2, 2]
    assert rows[0]["entities"][0]["label"] == "CITY"


said = st.none() | st.builds(
    Said,
    st.sampled_from(["GPE", "ORG"]),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 9),
    st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
    st.none() | st.just("iso3166:MA"),
)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            LedgerEntry,
            st.just("d1"),
            st.sampled_from(["entity", "relation", "event", "argument"]),
            st.sampled_from(["e1", "v1"]),
            st.sampled_from(["accepted", "removed", "moved+relabelled"]),
            st.sampled_from(["amal", ""]),
            st.none() | st.just(NOON),
            st.just(("crf.v1",)),
            said,
            said,
        ),
        max_size=4,
    )
)
def test_the_ledger_is_what_a_merge_wrote(entries: list[LedgerEntry]) -> None:
    rows = through_arrow("ledger", Published(agreed(), 2, tuple(entries)))
    again = [
        LedgerEntry(
            **{
                **row,
                "proposers": tuple(row["proposers"]),
                **{side: row[side] and Said(**row[side]) for side in ("before", "after")},
            }
        )
        for row in rows
    ]
    assert again == entries


def test_what_the_views_say_of_one_sentence() -> None:
    labels = Labels(("TITLE", "NORP", "GPE"), ("CONSULT",), (), ("actor", "location"))
    item = Published(agreed(), 2)
    (row,) = through_arrow("tokens", item, labels)
    tags = [[labels.ner_tags[tag] for tag in layer] for layer in row["fine"]]
    assert tags == [["O", "O", "O", "B-NORP", "O", "O", "O"]]
    (row,) = through_arrow("gliner", item, labels)
    assert row["ner"] == [
        {"start": 1, "end": 3, "label": "TITLE"},
        {"start": 3, "end": 3, "label": "NORP"},
        {"start": 4, "end": 4, "label": "GPE"},
    ]
    spans = through_arrow("spans", item, labels)
    assert [one["text"] for one in spans] == [
        MINISTER.text,
        ISRAELI.text,
        RABAT.text,
        VISIT.trigger.text,
    ]
    assert spans[2]["before"] + spans[2]["text"] + spans[2]["after"] == TEXT
    assert set(KEYS) == set(VIEWS)
