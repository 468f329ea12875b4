from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from curation.model import Entity, make_entity
from curation.quality import match

TEXT = "وزير الدفاع الإسرائيلي زار الرباط"


def entities() -> st.SearchStrategy[list[Entity]]:
    spans = st.tuples(
        st.integers(0, len(TEXT) - 1), st.integers(1, 8), st.sampled_from(["A", "B"])
    ).map(lambda s: make_entity(TEXT, s[0], min(s[0] + s[1], len(TEXT)), s[2]))
    return st.lists(spans, max_size=8, unique_by=lambda e: e.id)


@given(entities(), entities())
def test_every_item_stands_in_exactly_one_pair(old: Sequence[Entity], new: Sequence[Entity]):
    pairs = match(old, new)
    assert sorted(a.id for a, _ in pairs if a) == sorted(e.id for e in old)
    assert sorted(b.id for _, b in pairs if b) == sorted(e.id for e in new)
    assert all(a or b for a, b in pairs)


@given(entities())
def test_a_reading_matches_itself(reading: Sequence[Entity]):
    assert match(reading, reading) == [(e, e) for e in reading]


def test_the_id_wins_over_a_closer_overlap():
    kept = make_entity(TEXT, 0, 4, "TITLE")
    moved = Entity(kept.id, 12, 22, "TITLE", TEXT[12:22])
    newcomer = Entity("new", 0, 4, "TITLE", TEXT[0:4])
    assert match([kept], [newcomer, moved]) == [(kept, moved), (None, newcomer)]


def test_a_longer_span_of_another_label_is_another_entity():
    nested = make_entity(TEXT, 12, 22, "NORP")
    title = Entity("x", 0, 22, "TITLE", TEXT[0:22])
    assert match([nested], [title]) == [(nested, None), (None, title)]


def test_without_ids_the_same_span_goes_before_the_same_label():
    a = make_entity(TEXT, 0, 4, "A")
    same_span = Entity("x", 0, 4, "B", TEXT[0:4])
    same_label = Entity("y", 0, 11, "A", TEXT[0:11])
    assert match([a], [same_label, same_span]) == [(a, same_span), (None, same_label)]


def test_a_third_shared_under_another_label_is_not_the_same_thing() -> None:
    old, new = make_entity("a" * 12, 0, 8, "X"), make_entity("a" * 12, 4, 12, "Y")
    assert match([old], [new]) == [(old, None), (None, new)]


def test_the_same_label_is_likelier_than_closer_edges_with_another() -> None:
    old = make_entity("a" * 12, 0, 8, "X")
    near, same = make_entity("a" * 12, 0, 7, "Y"), make_entity("a" * 12, 0, 4, "X")
    assert match([old], [near, same]) == [(old, same), (None, near)]
