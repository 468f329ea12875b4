"""Entities to tags and back: each is recovered, or listed as lost with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.model import Entity, make_entity
from curation.text import Span, tag_words, untag_words, words
from tests.strategies import entities, texts

BOTH = texts(min_pieces=1).flatmap(lambda text: st.tuples(st.just(text), entities(text)))


def place(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.label


@given(BOTH)
def test_every_entity_is_recovered_or_listed(pair: tuple[str, tuple[Entity, ...]]) -> None:
    text, given_entities = pair
    spans = words(text)
    tagged = tag_words(spans, given_entities)
    assert len(tagged.tags) == len(spans)
    back = {place(entity) for entity in untag_words(text, spans, tagged.tags)}
    lost = {loss.entity for loss in tagged.losses}
    assert len(lost) == len(tagged.losses)
    assert back.isdisjoint(place(entity) for entity in given_entities if entity.id in lost)
    assert back == {place(entity) for entity in given_entities if entity.id not in lost}
    assert tag_words(spans, tuple(reversed(given_entities))) == tagged


@given(BOTH)
def test_every_reason_is_true(pair: tuple[str, tuple[Entity, ...]]) -> None:
    text, given_entities = pair
    spans = words(text)
    tagged = tag_words(spans, given_entities)
    lost = {loss.entity for loss in tagged.losses}
    kept = [entity for entity in given_entities if entity.id not in lost]
    by_id = {entity.id: entity for entity in given_entities}
    for loss in tagged.losses:
        entity = by_id[loss.entity]
        assert (loss.label, loss.text) == (entity.label, entity.text)
        on_words = entity.start in {a for a, _ in spans} and entity.end in {b for _, b in spans}
        assert (loss.reason == "inside a word") == (not on_words)
        over = [k for k in kept if k.start < entity.end and entity.start < k.end]
        if loss.reason == "same span":
            assert any((k.start, k.end) == (entity.start, entity.end) for k in over)
        elif loss.reason == "nested":
            assert any(k.start <= entity.start and entity.end <= k.end for k in over)
        elif loss.reason == "overlaps":
            assert any(k.start < entity.start < k.end < entity.end for k in over)


TEXT = "زار وزير الدفاع والرباط"
WORDS: list[Span] = words(TEXT)


def test_each_reason_for_a_loss() -> None:
    title = make_entity(TEXT, 4, 15, "TITLE")
    given_entities = (
        title,
        make_entity(TEXT, 9, 15, "ORG"),
        make_entity(TEXT, 4, 15, "PERSON"),
        make_entity(TEXT, 9, 23, "LOC"),
        make_entity(TEXT, 17, 23, "GPE"),
    )
    tagged = tag_words(WORDS, given_entities)
    # PERSON sorts before TITLE on the same span, so PERSON is the one that is shown.
    assert tagged.tags == ("O", "B-PERSON", "I-PERSON", "O")
    assert [(loss.label, loss.reason) for loss in tagged.losses] == [
        ("TITLE", "same span"),
        ("LOC", "overlaps"),
        ("ORG", "nested"),
        ("GPE", "inside a word"),
    ]


def test_neighbours_with_one_label_stay_two() -> None:
    text = "باراك ميراج"
    two = [make_entity(text, 0, 5, "WEAPON"), make_entity(text, 6, 11, "WEAPON")]
    tagged = tag_words(words(text), two)
    assert tagged.tags == ("B-WEAPON", "B-WEAPON")
    assert untag_words(text, words(text), tagged.tags) == two


@pytest.mark.parametrize(
    "tags",
    [
        ("O", "I-GPE", "O", "O"),
        ("O", "B-GPE", "I-ORG", "O"),
        ("I-GPE", "O", "O", "O"),
        ("O", "O", "O"),
        ("O", "O", "O", "O", "O"),
        ("X", "O", "O", "O"),
        ("O", "S-GPE", "O", "O"),
    ],
)
def test_tags_that_say_nothing_sound_are_refused(tags: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="tag"):
        untag_words(TEXT, WORDS, tags)


@pytest.mark.parametrize("tag", ["B", "B-", "Ox", "O-GPE"])
def test_a_tag_without_a_label_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="tag"):
        untag_words(TEXT, WORDS, ("O", tag, "O", "O"))
