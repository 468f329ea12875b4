"""Several readings brought together by the stated rule."""

from hypothesis import given
from hypothesis import strategies as st

from curation.annotate.combine import combine
from curation.annotate.nesting import Nesting
from curation.annotate.protocol import reading
from curation.model import (
    Annotation,
    Argument,
    Author,
    Entity,
    Event,
    Relation,
    Trigger,
    make_entity,
)
from curation.store import load_schema
from tests.strategies import texts

TEXT = "وزير الدفاع الإسرائيلي 2022"
SCHEMA = load_schema()
NESTING = Nesting.of(SCHEMA)


def e(start: int, end: int, label: str, score: float | None = None, **more: object) -> Entity:
    return make_entity(TEXT, start, end, label, score=score, **more)  # type: ignore[arg-type]


def together(
    *readings: list[Entity], priority: tuple[str, ...] = (), **absorbs: list[str]
) -> list[tuple[int, int, str]]:
    sources = [(f"a{i}.v1", reading(f"a{i}.v1", found)) for i, found in enumerate(readings)]
    made = combine(sources, Nesting.of(SCHEMA, absorbs), priority)
    return [(entity.start, entity.end, entity.label) for entity in made.entities]


def test_the_same_span_and_label_is_one_entity_with_all_proposers_and_the_best_score() -> None:
    sources = [
        ("a.v1", reading("a.v1", [e(12, 22, "NORP", 0.5)])),
        ("b.v1", reading("b.v1", [e(12, 22, "NORP", 0.9, value="iso3166:IL")])),
        ("c.v1", reading("c.v1", [e(12, 22, "NORP")])),
    ]
    (entity,) = combine(sources, NESTING).entities
    assert entity.proposers == ("a.v1", "b.v1", "c.v1")
    assert (entity.score, entity.value) == (0.9, "iso3166:IL")


def test_of_two_labels_on_one_span_the_first_in_priority_stays() -> None:
    found = [[e(12, 22, "NORP", 0.9)], [e(12, 22, "GPE", 0.1)]]
    assert together(*found, priority=("GPE", "NORP")) == [(12, 22, "GPE")]
    assert together(*found, priority=("NORP", "GPE")) == [(12, 22, "NORP")]


def test_of_one_label_the_longest_stays_and_others_nest() -> None:
    found = [e(0, 11, "TITLE"), e(0, 22, "TITLE"), e(12, 22, "NORP")]
    assert together(found) == [(0, 22, "TITLE"), (12, 22, "NORP")]


def test_what_crosses_a_longer_one_goes() -> None:
    assert together([e(0, 11, "ORG")], [e(5, 22, "TITLE")]) == [(5, 22, "TITLE")]


def test_inside_a_label_that_may_not_nest_nothing_stays() -> None:
    assert together([e(0, 22, "PERSON"), e(12, 22, "NORP")]) == [(0, 22, "PERSON")]


def test_a_label_absorbs_what_the_pipeline_says() -> None:
    found = [e(12, 27, "EVENT"), e(23, 27, "CARDINAL"), e(12, 22, "NORP")]
    assert together(found, EVENT=["CARDINAL"]) == [(12, 27, "EVENT"), (12, 22, "NORP")]


def event(ident: str, *arguments: Argument) -> Event:
    return Event(ident, "CONSULT", Trigger(0, 4, "وزير"), arguments=arguments)


def annotation(entities: list[Entity], *events: Event) -> Annotation:
    return Annotation(Author("machine", "x"), "proposed", tuple(entities), (), events)


def test_events_of_two_annotators_join_and_two_of_one_stay_two() -> None:
    org, norp = e(5, 11, "ORG"), e(12, 22, "NORP")
    first = annotation([org], event("x", Argument("actor", org.id)), event("y"))
    second = annotation([norp], event("z", Argument("actor", norp.id)))
    events = combine([("a.v1", first), ("b.v1", second)], NESTING).events
    assert [len(made.arguments) for made in events] == [2, 0]
    assert [made.proposers for made in events] == [("a.v1", "b.v1"), ("a.v1",)]
    assert len({made.id for made in events}) == 2


def test_an_argument_follows_its_span_and_goes_with_it() -> None:
    as_org, as_gpe = e(12, 22, "ORG"), e(12, 22, "GPE")
    inner = e(5, 11, "NORP")
    outer = e(5, 11, "PERSON")
    made = annotation(
        [as_org, inner], event("x", Argument("actor", as_org.id), Argument("recipient", inner.id))
    )
    sources = [("a.v1", made), ("b.v1", reading("b.v1", [as_gpe, outer, e(0, 11, "PERSON")]))]
    combined = combine(sources, NESTING, ("GPE", "ORG"))
    (joined,) = combined.events
    assert [entity.label for entity in combined.entities] == ["PERSON", "GPE"]
    assert joined.arguments == (Argument("actor", as_gpe.id),)


def test_an_argument_follows_to_the_longer_entity_of_its_label() -> None:
    short, long = e(5, 11, "ORG"), e(0, 11, "ORG")
    made = annotation([short], event("x", Argument("actor", short.id)))
    (joined,) = combine([("a.v1", made), ("b.v1", reading("b.v1", [long]))], NESTING).events
    assert joined.arguments == (Argument("actor", long.id),)


def test_relations_join_and_follow_their_spans() -> None:
    a, b, other = e(0, 4, "TITLE"), e(12, 22, "ORG"), e(12, 22, "GPE")
    first = Annotation(
        Author("machine", "a.v1"), "proposed", (a, b), (Relation("x", "part_of", a.id, b.id),)
    )
    sources = [("a.v1", first), ("b.v1", first), ("c.v1", reading("c.v1", [other]))]
    (relation,) = combine(sources, NESTING, ("GPE",)).relations
    assert (relation.label, relation.head, relation.tail) == ("part_of", a.id, other.id)


LABELS = tuple(kind.name for kind in SCHEMA.entities)


@given(st.data())
def test_whatever_is_proposed_the_rule_holds(data: st.DataObject) -> None:
    text = data.draw(texts(min_pieces=1).filter(bool))
    edges = st.integers(0, len(text))
    spans = st.tuples(edges, edges).map(sorted).filter(lambda pair: pair[0] < pair[1])
    proposals = [
        make_entity(text, start, end, label)
        for (start, end), label in data.draw(
            st.lists(st.tuples(spans, st.sampled_from(LABELS)), max_size=12)
        )
    ]
    sources = [
        ("a.v1", reading("a.v1", proposals[::2])),
        ("b.v1", reading("b.v1", proposals[1::2])),
    ]
    nesting = Nesting.of(SCHEMA, {"ORG": ["DATE"]})
    kept = combine(sources, nesting, ("GPE",)).entities
    assert {(k.start, k.end, k.label) for k in kept} <= {
        (p.start, p.end, p.label) for p in proposals
    }
    assert bool(kept) == bool(proposals)
    assert list(kept) == sorted(kept, key=lambda k: (k.start, -k.end, k.label))
    turned = combine(sources[::-1], nesting, ("GPE",)).entities
    assert [k.id for k in turned] == [k.id for k in kept]
    for i, a in enumerate(kept):
        for b in kept[i + 1 :]:
            if a.end <= b.start:
                continue
            assert b.end <= a.end and (a.start, a.end) != (b.start, b.end)
            assert a.label != b.label
            kind = SCHEMA.entity(a.label)
            assert kind is not None and kind.nests
            assert (a.label, b.label) != ("ORG", "DATE")
