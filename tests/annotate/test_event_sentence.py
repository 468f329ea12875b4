"""What a sentence says of its words."""

from __future__ import annotations

from curation.annotate.event_sentence import MARKS, Sentence
from curation.annotate.page import Page


def test_the_edge_is_after_the_last_mark_before_a_word_in_its_sentence() -> None:
    page = Page("( غزة - رام الله : قال ( إن هجوما وقع")
    for first, last in ((0, len(page)), (3, len(page)), (3, 8)):
        here = Sentence(page, first, last, (), lambda key: frozenset({key}))
        for start in range(first, last):
            before = (k + 1 for k in range(first, start) if page.key(k) in MARKS)
            assert here.edge(start) == max(before, default=first)


def test_a_short_bracket_is_no_edge_unless_it_may_be_a_datelines() -> None:
    page = Page("مقاتلات إسرائيلية من طراز ( اف16 ) قصفت منزلا ( أمس")
    here = Sentence(page, 0, len(page), (), lambda key: frozenset({key}))
    assert [here.edge(page.keys.index(word)) for word in ("قصفت", "امس")] == [0, len(page) - 1]
    dateline = Page("بغداد ( رويترز ) قصفت طائرات موقعا")
    assert Sentence(dateline, 0, len(dateline), (), lambda key: frozenset({key})).edge(4) == 4
