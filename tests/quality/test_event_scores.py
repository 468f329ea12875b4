"""Events, the ACE way: what each measure asks for, and what holds for every two readings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from curation.model import Annotation, Argument, Author, Event, Trigger
from curation.quality import Counts, EventScores
from tests.quality.scoring import TEXT, Place, entities
from tests.strategies import annotations

Link = tuple[str, Place]


def event(
    at: int, start: int, end: int, type: str, *, mode: str | None = None, modality: str = "asserted"
) -> Event:
    trigger = Trigger(start, end, TEXT[start:end])
    return Event(f"v{at}", type, trigger, mode=mode, modality=modality)  # pyright: ignore[reportArgumentType]


def reading(*events: tuple[Event, list[Link]]) -> Annotation:
    """A reading with these events and the entities that take part."""
    places = sorted({place for _, links in events for _, place in links})
    found = entities(places)
    names = {place: one.id for place, one in zip(places, found, strict=True)}
    return Annotation(
        Author("machine", "m@1"),
        "proposed",
        tuple(found),
        events=tuple(
            structs.replace(
                one, arguments=tuple(Argument(role, names[place]) for role, place in links)
            )
            for one, links in events
        ),
    )


def scores(gold: Annotation, predicted: Annotation | None, asserted: bool = False) -> EventScores:
    result = EventScores(asserted)
    result.add(gold, predicted)
    return result


ACTOR: Link = ("actor", (10, 14, "A"))
PLACE: Link = ("location", (20, 29, "A"))


def test_each_measure_asks_for_what_it_says():
    gold = reading((event(0, 0, 4, "AGREE", mode="x"), [ACTOR, PLACE]))
    ours = reading(
        (
            event(0, 0, 4, "AGREE", modality="negated"),
            [ACTOR, ("actor", PLACE[1]), ("actor", (15, 19, "A"))],
        ),
    )
    found = scores(gold, ours)
    assert found.trigger_identification == found.types.micro() == Counts(1, 1, 1)
    assert found.with_mode == found.with_modality == found.with_both == Counts(1, 1, 0)
    assert found.argument_identification == Counts(2, 3, 2)
    assert found.roles.micro() == Counts(2, 3, 1)
    assert (found.roles.counts("actor"), found.roles.counts("location")) == (
        Counts(1, 3, 1),
        Counts(1, 0, 0),
    )


def test_an_argument_needs_the_type_of_its_event_and_only_attached_needs_the_trigger():
    gold = reading((event(0, 0, 4, "AGREE"), [ACTOR]))
    moved = scores(gold, reading((event(0, 5, 9, "AGREE"), [ACTOR])))
    assert moved.trigger_identification.right == moved.attached.right == 0
    assert moved.roles.micro().right == moved.argument_identification.right == 1
    retyped = scores(gold, reading((event(0, 0, 4, "COERCE"), [ACTOR])))
    assert retyped.trigger_identification.right == 1
    assert retyped.types.micro().right == retyped.argument_identification.right == 0
    assert retyped.overlap_identification.right == 0


def test_two_events_on_one_trigger_are_two():
    gold = reading((event(0, 0, 4, "AGREE"), [ACTOR]), (event(1, 0, 4, "CONSULT"), [ACTOR]))
    found = scores(gold, reading((event(0, 0, 4, "CONSULT"), [ACTOR])))
    assert found.trigger_identification == found.types.micro() == Counts(2, 1, 1)
    assert found.roles.micro() == Counts(2, 1, 1)


def test_by_overlap_one_argument_is_right_once_and_the_pairing_is_the_best():
    gold = reading(
        (event(0, 0, 4, "AGREE"), [("actor", (10, 14, "A")), ("actor", (15, 19, "A"))]),
    )
    wide = reading((event(0, 0, 4, "AGREE"), [("actor", (10, 19, "A"))]))
    assert scores(gold, wide).overlap_classification == Counts(2, 1, 1)
    both = reading(
        (event(0, 0, 4, "AGREE"), [("actor", (10, 19, "A")), ("actor", (8, 11, "A"))]),
    )
    assert scores(gold, both).overlap_classification == Counts(2, 2, 2)
    other = reading((event(0, 0, 4, "AGREE"), [("location", (10, 13, "A"))]))
    assert scores(gold, other).overlap_classification == Counts(2, 1, 0)
    assert scores(gold, other).overlap_identification == Counts(2, 1, 1)
    assert scores(gold, other).roles.micro().right == 0


def test_asserted_looks_at_asserted_events_on_both_sides():
    gold = reading((event(0, 0, 4, "AGREE"), []), (event(1, 5, 9, "AGREE", modality="future"), []))
    ours = reading((event(0, 0, 4, "AGREE", modality="possible"), [ACTOR]))
    assert scores(gold, ours).types.micro() == Counts(2, 1, 1)
    found = scores(gold, ours, asserted=True)
    assert found.types.micro() == Counts(1, 0, 0)
    assert found.roles.micro() == Counts(0, 0, 0)


def test_without_a_prediction_everything_is_missed():
    gold = reading((event(0, 0, 4, "AGREE"), [ACTOR]))
    found = scores(gold, None)
    assert found.types.micro() == found.roles.micro() == Counts(1, 0, 0)


ANY = annotations(TEXT)
MEASURES = (
    "trigger_identification",
    "with_mode",
    "with_modality",
    "with_both",
    "argument_identification",
    "attached",
    "overlap_identification",
    "overlap_classification",
)


@given(ANY)
def test_a_reading_against_itself_is_right_in_everything(one: Annotation):
    found = scores(one, one)
    tables = (found.types.micro(), found.roles.micro())
    for counts in (*(getattr(found, name) for name in MEASURES), *tables):
        assert counts.right == counts.gold == counts.predicted


@given(ANY, ANY)
def test_turned_around_what_is_right_stays(a: Annotation, b: Annotation):
    one, other = scores(a, b), scores(b, a)
    for x, y in (
        *((getattr(one, name), getattr(other, name)) for name in MEASURES),
        (one.types.micro(), other.types.micro()),
        (one.roles.micro(), other.roles.micro()),
    ):
        assert (x.gold, x.predicted, x.right) == (y.predicted, y.gold, y.right)


@given(st.data(), ANY, ANY)
def test_no_order_changes_anything(data: st.DataObject, a: Annotation, b: Annotation):
    shuffled = [
        structs.replace(
            one,
            entities=tuple(data.draw(st.permutations(one.entities))),
            events=tuple(data.draw(st.permutations(one.events))),
        )
        for one in (a, b)
    ]
    assert scores(*shuffled) == scores(a, b)


@given(ANY, ANY)
def test_what_asks_for_more_finds_less(a: Annotation, b: Annotation):
    found = scores(a, b)
    assert found.trigger_identification.right >= found.types.micro().right
    assert found.types.micro().right >= found.with_mode.right >= found.with_both.right
    assert found.types.micro().right >= found.with_modality.right >= found.with_both.right
    assert found.argument_identification.right >= found.roles.micro().right >= found.attached.right
    assert found.overlap_classification.right >= found.roles.micro().right
    assert found.overlap_identification.right >= found.overlap_classification.right
