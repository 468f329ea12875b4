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


@given(entities(), entities())
def test_looking_only_nearby_finds_what_looking_everywhere_finds(
    old: Sequence[Entity], new: Sequence[Entity]
):
    renamed = [Entity(f"n{i}", e.start, e.end, e.label, e.text) for i, e in enumerate(new)]
    paired = {(a.id, b.id) for a, b in match(old, renamed) if a and b}
    alone_old = [a for a, b in match(old, renamed) if a and not b]
    alone_new = [b for a, b in match(old, renamed) if b and not a]
    assert len(paired) + len(alone_old) == len(old)
    for a in alone_old:
        for b in alone_new:
            shared = min(a.end, b.end) - max(a.start, b.start)
            covered = max(a.end, b.end) - min(a.start, b.start)
            assert not (shared > 0 and (a.label == b.label or 2 * shared >= covered))
