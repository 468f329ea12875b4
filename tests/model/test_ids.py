"""Ids come from content, and content that differs gives ids that differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curation.model import document_id, entity_id, event_id, relation_id
from curation.model.ids import digest
from tests.strategies import texts


def test_ids_are_the_same_on_every_machine() -> None:
    # Written down once: a change here would give every earlier document a new id.
    assert document_id("سلام") == "dd847af449c601c3"
    assert entity_id(0, 6, "GPE") == "e97f5305f7f"
    assert relation_id("part_of", "e1", "e2") == "rb9cd078367"
    assert event_id(0, 6, "AGREE") == "v675b16ac35"


@given(texts(), texts())
def test_texts_that_differ_have_ids_that_differ(one: str, other: str) -> None:
    assert (document_id(one) == document_id(other)) == (one == other)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_parts_are_told_apart(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_a_normal_form_is_another_text() -> None:
    assert document_id("é") != document_id("e\u0301")
