"""Relations by their ends and labels, by hand and by counting pairs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curation.model import Annotation, Author, Relation, make_entity
from curation.quality import RelationScores
from curation.quality.counts import Counts

TEXT = "وزارة الدفاع المغربية"
LINKS = st.lists(
    st.tuples(st.sampled_from(["part_of", "employs"]), st.integers(0, 3), st.integers(0, 3)),
    max_size=6,
)


def reading(links: list[tuple[str, int, int]], *labels: str) -> Annotation:
    """Relations between four entities, on two spans with two labels each (or `labels`)."""
    labels = labels or ("ORG", "GPE", "ORG", "GPE")
    spans = [(0, 5), (0, 5), (13, 21), (13, 21)]
    entities = tuple(
        make_entity(TEXT, *span, label) for span, label in zip(spans, labels, strict=True)
    )
    relations = tuple(
        Relation(f"r{at}", label, entities[head].id, entities[tail].id)
        for at, (label, head, tail) in enumerate(links)
    )
    return Annotation(Author("machine", "m@1"), "proposed", entities, relations)


def test_ends_labels_and_direction_count() -> None:
    scores = RelationScores()
    gold = [("part_of", 0, 2), ("part_of", 1, 3), ("employs", 0, 2), ("employs", 0, 2)]
    ours = [
        ("part_of", 0, 3),  # another label of the tail
        ("part_of", 2, 0),  # turned round
        ("employs", 0, 2),
    ]
    scores.add(reading(gold), reading(ours))
    assert scores.boundaries == Counts(gold=4, predicted=3, right=2)
    assert scores.labels.counts("part_of") == Counts(gold=2, predicted=2, right=0)
    assert scores.labels.counts("employs") == Counts(gold=2, predicted=1, right=1)
    scores.add(reading(gold), None)
    assert scores.boundaries == Counts(gold=8, predicted=3, right=2)


@given(LINKS, LINKS)
def test_what_is_right_is_what_can_be_crossed_out(
    gold: list[tuple[str, int, int]], ours: list[tuple[str, int, int]]
) -> None:
    scores = RelationScores()
    scores.add(reading(gold), reading(ours))
    left = list(gold)
    right = [link for link in ours if link in left and (left.remove(link) or True)]
    assert scores.labels.micro() == Counts(len(gold), len(ours), len(right))
    assert len(right) <= scores.boundaries.right <= min(len(gold), len(ours))
