"""There and back: what comes back and what is listed as lost make the whole, on texts that break
tools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from msgspec import structs

from curation.convert import Loss
from curation.convert.layout import layout
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Trigger,
    make_entity,
)
from curation.quality import reading
from curation.text import words
from tests.convert.trips import there_and_back
from tests.strategies import records

WITH_IDS = ("oneie", "wikievents")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trips")


def of(losses: Sequence[Loss], item: str, what: str = "span") -> list[Loss]:
    return [loss for loss in losses if (loss.item, loss.what) == (item, what)]


def whole(one: Annotation, losses: Sequence[Loss]) -> tuple[dict[str, Entity], dict[str, Event]]:
    """The fields that are listed as lost, put back."""
    said = {(loss.item, loss.id, loss.what): loss.said for loss in losses}

    def fields(item: str, ident: str) -> dict[str, object]:
        score = said.get((item, ident, "score"))
        proposers = said.get((item, ident, "proposers"), "")
        return {
            "score": None if score is None else float(score),
            "proposers": tuple(proposers.split()),
        }

    entities = {
        e.id: structs.replace(
            e, value=said.get(("entity", e.id, "value")), **fields("entity", e.id)
        )
        for e in one.entities
    }
    events = {
        e.id: structs.replace(
            e,
            mode=said.get(("event", e.id, "mode")),
            modality=said.get(("event", e.id, "modality"), "asserted"),
            **fields("event", e.id),
        )
        for e in one.events
    }
    return entities, events


@pytest.mark.parametrize("name", WITH_IDS)
@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(
    folder: Path, name: str, record: Record
) -> None:
    (back,), losses = there_and_back(folder, name, [record])
    assert back.document == record.document
    found = reading(record)
    if found is None:
        assert back.annotations == ()
        return
    (came,) = back.annotations
    assert came.by == Author("machine", "back")
    entities, events = whole(came, losses)
    gone = {item: {loss.id for loss in of(losses, item)} for item in ("entity", "event")}
    relations = {loss.id for loss in of(losses, "relation")}
    assert entities == {e.id: e for e in found.entities if e.id not in gone["entity"]}
    assert {r.id: r for r in came.relations} == {
        r.id: r for r in found.relations if r.id not in relations
    }
    left = Counter((loss.id, loss.said) for loss in of(losses, "argument"))
    for event in found.events:
        arguments = Counter((event.id, f"{a.role} {a.entity}") for a in event.arguments)
        if event.id in gone["event"]:
            assert event.id not in events
        else:
            mine = events[event.id]
            assert structs.replace(mine, arguments=event.arguments) == event
            arguments -= Counter((event.id, f"{a.role} {a.entity}") for a in mine.arguments)
        left -= arguments
        assert all(left[key] == 0 for key in arguments)
    assert not left
    assert len(of(losses, "reading")) == len(record.annotations) - 1
    assert [loss.said for loss in of(losses, "reading", "author")] != []


@given(record=records())
def test_dygie_brings_back_spans_labels_and_roles(folder: Path, record: Record) -> None:
    (back,), losses = there_and_back(folder, "dygie", [record])
    assert back.document == record.document
    found = reading(record)
    if found is None:
        assert back.annotations == ()
        return
    (came,) = back.annotations
    lost = {item: {loss.id for loss in of(losses, item)} for item in ("entity", "event")}
    assert Counter((e.start, e.end, e.label) for e in came.entities) == Counter(
        (e.start, e.end, e.label) for e in found.entities if e.id not in lost["entity"]
    )
    assert Counter((e.trigger, e.type) for e in came.events) == Counter(
        (e.trigger, e.type) for e in found.events if e.id not in lost["event"]
    )
    linked = sum(len(event.arguments) for event in found.events) + len(found.relations)
    gone = len(of(losses, "argument")) + len(of(losses, "relation"))
    assert linked - gone == sum(len(e.arguments) for e in came.events) + len(came.relations)
    assert links(came) <= links(found)
    doubtful = of(losses, "argument", "entity") + of(losses, "relation", "entity")
    assert doubtful or labelled(came) <= labelled(found)


def links(one: Annotation) -> Counter[tuple[object, ...]]:
    """Arguments and relations by the spans they link."""
    spans = {e.id: (e.start, e.end) for e in one.entities}
    return Counter(
        [
            *(
                (v.trigger, v.type, a.role, spans[a.entity])
                for v in one.events
                for a in v.arguments
            ),
            *((r.label, spans[r.head], spans[r.tail]) for r in one.relations),
        ]
    )


def labelled(one: Annotation) -> Counter[tuple[object, ...]]:
    """Arguments by the spans and labels they link."""
    spans = {e.id: (e.start, e.end, e.label) for e in one.entities}
    return Counter(
        (v.trigger, v.type, a.role, spans[a.entity]) for v in one.events for a in v.arguments
    )


@pytest.mark.parametrize("name", (*WITH_IDS, "dygie"))
@given(record=records())
def test_every_reason_for_a_lost_entity_is_true(folder: Path, name: str, record: Record) -> None:
    _, losses = there_and_back(folder, name, [record])
    found = reading(record)
    by_id = {e.id: e for e in found.entities} if found else {}
    starts = {start for start, _ in words(record.document.text)}
    ends = {end for _, end in words(record.document.text)}
    sentences = layout(record.document.text).sentences
    for loss in of(losses, "entity"):
        entity = by_id[loss.id]
        on_words = entity.start in starts and entity.end in ends
        assert (loss.reason == "inside a word") == (not on_words)
        if loss.reason == "in two sentences":
            assert not any(
                one and one[0][0] <= entity.start and entity.end <= one[-1][1] for one in sentences
            )


TEXT = "زار وزير الدفاع الرباط. وقّع بيني غانتس اتفاقية تعاون."


def visit(*, modality: str = "asserted") -> Record:
    """Two sentences, an argument across them, a nested entity, one inside a word."""
    title, person = make_entity(TEXT, 4, 15, "TITLE"), make_entity(TEXT, 29, 39, "PERSON")
    org, city = make_entity(TEXT, 9, 15, "ORG"), make_entity(TEXT, 18, 22, "GPE")
    events = (
        Event(
            "v1",
            "CONSULT",
            Trigger(0, 3, "زار"),
            modality=modality,  # pyright: ignore[reportArgumentType]
            arguments=(
                Argument("actor", title.id),
                Argument("actor", person.id),
                Argument("location", city.id),
            ),
        ),
        Event(
            "v2", "AGREE", Trigger(40, 53, TEXT[40:53]), arguments=(Argument("actor", person.id),)
        ),
    )
    found = Annotation(
        Author("human", "amal"), "submitted", (title, org, person, city), events=events
    )
    return Record(Document("d", TEXT, language="ar"), (found,))


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        (
            "oneie",
            {
                ("entity", "span", "inside a word"),
                ("argument", "span", "its entity is lost"),
                ("argument", "span", "in another sentence"),
            },
        ),
        (
            "wikievents",
            {("entity", "span", "inside a word"), ("argument", "span", "its entity is lost")},
        ),
        (
            "dygie",
            {
                ("entity", "span", "inside a word"),
                ("argument", "span", "its entity is lost"),
                ("argument", "span", "in another sentence"),
                ("event", "span", "its trigger has several words"),
                ("argument", "span", "its event is lost"),
                ("event", "id", "the format has no ids"),
            },
        ),
    ],
)
def test_what_each_format_loses(folder: Path, name: str, lost: set[tuple[str, str, str]]) -> None:
    _, losses = there_and_back(folder, name, [visit()])
    author = ("reading", "author", "the format names no author")
    assert {(one.item, one.what, one.reason) for one in losses} == {*lost, author}
    _, losses = there_and_back(folder, name, [visit(modality="negated")])
    (modality,) = of(losses, "event", "modality")
    assert (modality.document, modality.id, modality.said) == ("d", "v1", "negated")


def test_a_named_reading_is_taken_and_the_others_are_listed(folder: Path) -> None:
    record = visit().with_annotation(Annotation(Author("machine", "m@1"), "proposed"))
    (back,), losses = there_and_back(folder, "oneie", [record], by="m@1")
    assert back.annotations == (Annotation(Author("machine", "back"), "proposed"),)
    assert [one.said for one in losses if one.item == "reading"] == [
        "human amal, submitted",
        "machine m@1, proposed",
    ]


def test_in_dygie_an_argument_on_a_shared_span_is_listed_with_what_it_reads_as(
    folder: Path,
) -> None:
    first, second = make_entity(TEXT, 4, 15, "TITLE"), make_entity(TEXT, 4, 15, "PERSON")
    event = Event("v1", "CONSULT", Trigger(0, 3, "زار"), arguments=(Argument("actor", second.id),))
    found = Annotation(Author("machine", "m@1"), "proposed", (first, second), events=(event,))
    (back,), losses = there_and_back(folder, "dygie", [Record(Document("d", TEXT), (found,))])
    assert back.annotations[0].events[0].arguments == (Argument("actor", first.id),)
    (doubtful,) = of(losses, "argument", "entity")
    assert (doubtful.id, doubtful.said) == ("v1", second.id)
