"""What a sentence says of its words."""

from __future__ import annotations

from curation.annotate.event_sentence import MARKS, Sentence
from curation.annotate.page import Page


def test_the_edge_is_after_the_last_mark_before_a_word_in_its_sentence() -> None:
    page = Page("( غزة - رام الله : قال ( إن ) هجوما وقع")
    for first, last in ((0, len(page)), (3, len(page)), (3, 8)):
        here = Sentence(page, first, last, (), lambda key: frozenset({key}))
        for start in range(first, last):
            before = (k + 1 for k in range(first, start) if page.key(k) in MARKS)
            assert here.edge(start) == max(before, default=first)
