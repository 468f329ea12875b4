from __future__ import annotations

import msgspec
import pytest

from curation.errors import MalformedRecord, SchemaViolation
from curation.model import Annotation, Argument, Author, Document, Record, Trigger, make_entity
from curation.review.tasks import proposal, proposed
from curation.store import load_schema
from curation.wire.names import MODEL_VERSION
from tests.review.samples import SCHEMA, read_by, record


def test_a_record_becomes_a_task() -> None:
    made = proposal(record(1), SCHEMA)
    data, (prediction,) = made.task["data"], made.task["predictions"]
    assert data["text"] == record(1).document.text
    assert (data["doc_id"], data["language"], data["source"]) == ("doc-1", "ar", "test")
    assert prediction["model_version"] == MODEL_VERSION
    kinds = [(item["type"], item.get("from_name")) for item in prediction["result"]]
    assert kinds == [
        *[("labels", "entities")] * 3,
        ("labels", "events"),
        ("choices", "modality"),
        ("choices", "mode-AGREE"),
        *[("relation", None)] * 2,
    ]
    assert prediction["result"][0]["meta"]["text"] == ["name:المغرب"]
    ids = {item["id"] for item in prediction["result"] if "id" in item}
    reading = record(1).annotations[0]
    assert ids == {e.id for e in reading.entities} | {v.id for v in reading.events}


def test_the_same_record_gives_the_same_task() -> None:
    assert proposal(record(1), SCHEMA).task == proposal(record(1), SCHEMA).task


def test_a_document_without_proposals_has_no_prediction() -> None:
    made = proposal(Record(Document("d", "text")), SCHEMA)
    assert made.task == {"data": {"text": "text", "doc_id": "d"}, "predictions": []}


def test_an_empty_proposal_is_a_prediction() -> None:
    empty = Annotation(Author("machine", "m@1"), "proposed")
    made = proposal(Record(Document("d", "text"), (empty,)), SCHEMA)
    assert made.task["predictions"] == [{"model_version": MODEL_VERSION, "result": []}]


def test_reviewers_start_from_the_newest_reading_that_no_person_made() -> None:
    both = record(1).with_annotation(read_by("a@x", record(1)).annotations[0])
    assert proposed(both) == record(1).annotations[0]


def test_labels_that_the_page_has_not_are_refused() -> None:
    weapon = make_entity("F-16", 0, 4, "WEAPON")
    reading = Annotation(Author("machine", "m@1"), "proposed", (weapon,))
    with pytest.raises(SchemaViolation, match="WEAPON"):
        proposal(Record(Document("d", "F-16"), (reading,)), SCHEMA)


def test_what_a_reviewer_can_mend_is_sent() -> None:
    news = load_schema("news")
    date = make_entity("signed today", 7, 12, "DATE")
    text = Document("d", "signed today")
    event = msgspec.structs.replace(
        record(1).annotations[0].events[0],
        mode=None,
        trigger=Trigger(0, 6, "signed"),
        arguments=(Argument("actor", date.id),),
    )
    reading = Annotation(Author("machine", "m@1"), "proposed", (date,), events=(event,))
    assert proposal(Record(text, (reading,)), news).prediction


@pytest.mark.parametrize("bad", ["\ud800", "\x00"])
def test_what_poisons_a_project_is_refused(bad: str) -> None:
    for meta in ({"a": bad}, {bad: 1}, {"a": [{"b": bad}]}):
        with pytest.raises(MalformedRecord, match="U\\+"):
            proposal(Record(Document("d", "text", meta=meta)), SCHEMA)
