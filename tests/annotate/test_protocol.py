"""The annotator protocol: what breaks it is an error that names the annotator, never a silent
shift; annotators of other packages are found by name."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from curation.annotate import Pipeline, Plan, Proposal, Step, known, make, reading
from curation.errors import AnnotatorError, UnknownAnnotator
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Relation,
    Trigger,
    make_entity,
)
from curation.store import load_schema

TEXT = "زار وزير الدفاع الرباط"
DOCUMENTS = [Document(id=f"d{number}", text=TEXT) for number in range(3)]
RABAT = make_entity(TEXT, 16, 22, "GPE")


class Fixed:
    """Gives these readings, whatever it is given."""

    name = "fixed.v1"

    def __init__(self, *readings: Annotation) -> None:
        self.readings = readings

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        yield from self.readings


class Drafted:
    """Hangs an event on every place of the draft."""

    name = "drafted.v1"

    def annotate_drafts(self, drafts: Iterable[Record]) -> Iterator[Annotation]:
        for draft in drafts:
            entities = draft.annotations[-1].entities
            events = [
                Event(
                    "any", "CONSULT", Trigger(0, 3, "زار"), arguments=(Argument("location", e.id),)
                )
                for e in entities
            ]
            yield reading(self.name, entities, events)


def pipeline(*annotators: object) -> Pipeline:
    plan = Plan("test", "1", ())
    return Pipeline(plan, annotators, load_schema())  # type: ignore[arg-type]


def one(*entities: Entity) -> Annotation:
    return reading("fixed.v1", entities)


@pytest.mark.parametrize("count", [0, 2, 4])
def test_another_number_of_readings_is_an_error_that_names_the_annotator(count: int) -> None:
    with pytest.raises(AnnotatorError, match=r"fixed\.v1 gave .* for 3 documents"):
        pipeline(Fixed(*[one()] * count)).read(DOCUMENTS)


def test_an_endless_annotator_is_stopped() -> None:
    class Endless(Fixed):
        def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
            while True:
                yield one()

    with pytest.raises(AnnotatorError, match="more than 3 readings"):
        pipeline(Endless()).read(DOCUMENTS)


def test_a_reading_of_another_text_is_an_error_that_names_both() -> None:
    other = one(make_entity("زار وزير الدفاع مراكش", 16, 21, "GPE"))
    with pytest.raises(AnnotatorError, match=r"fixed\.v1 read another text than document 'd1'"):
        pipeline(Fixed(one(RABAT), other, one())).read(DOCUMENTS)


def test_what_an_annotator_raises_is_told_with_its_name() -> None:
    class Broken(Fixed):
        def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
            yield one()
            raise KeyError("weights")

    with pytest.raises(AnnotatorError, match=r"fixed\.v1 failed .* KeyError: 'weights'"):
        pipeline(Broken()).read(DOCUMENTS)


def test_a_reading_that_is_none_is_an_error() -> None:
    with pytest.raises(AnnotatorError, match="gave a str"):
        pipeline(Fixed(*["GPE"] * 3)).read(DOCUMENTS)  # type: ignore[arg-type]


def test_proposers_are_the_annotators_and_a_draft_keeps_them() -> None:
    (proposal,) = pipeline(Fixed(one(RABAT)), Drafted()).read(DOCUMENTS[:1])
    (entity,), (event,) = proposal.annotation.entities, proposal.annotation.events
    assert entity.proposers == ("fixed.v1",)
    assert event.proposers == ("drafted.v1",)
    assert event.arguments == (Argument("location", entity.id),)
    assert proposal.annotation.by == Author("machine", "test@1")


def test_what_the_schema_has_no_place_for_is_left_out_and_named() -> None:
    planet = make_entity(TEXT, 4, 8, "PLANET")
    wrong = Annotation(
        Author("machine", "fixed.v1"),
        "proposed",
        entities=(RABAT, planet),
        relations=(Relation("r", "orbits", planet.id, RABAT.id),),
        events=(
            Event("v1", "DANCE", Trigger(0, 3, "زار")),
            Event(
                "v2",
                "CONSULT",
                Trigger(0, 3, "زار"),
                mode="waltz",
                arguments=(
                    Argument("date", RABAT.id),
                    Argument("location", RABAT.id),
                    Argument("actor", planet.id),
                ),
            ),
        ),
    )
    (proposal,) = pipeline(Fixed(wrong)).read(DOCUMENTS[:1])
    (event,) = proposal.annotation.events
    assert [e.label for e in proposal.annotation.entities] == ["GPE"]
    assert (event.type, event.mode, [a.role for a in event.arguments]) == (
        "CONSULT",
        None,
        ["location"],
    )
    assert proposal.left_out == (
        "entity label PLANET, from fixed.v1",
        "relation orbits, from fixed.v1",
        "event type DANCE, from fixed.v1",
        "argument date of CONSULT (GPE), from fixed.v1",
        "argument actor of CONSULT (PLANET), from fixed.v1",
        "mode waltz of CONSULT, from fixed.v1",
    )


def test_what_an_annotator_leaves_out_itself_is_named_with_it() -> None:
    class Quoting(Fixed):
        def __call__(self, documents: Iterable[Document]) -> Iterator[Proposal]:  # type: ignore[override]
            return (Proposal(one(RABAT), ("quote 'Fez': not in the text",)) for _ in documents)

    for proposal in pipeline(Quoting()).read(DOCUMENTS):
        assert [e.label for e in proposal.annotation.entities] == ["GPE"]
        assert proposal.left_out == ("quote 'Fez': not in the text, from fixed.v1",)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownAnnotator, match=r"no annotator 'crystal-ball\.v9'") as caught:
        make("crystal-ball.v9", {}, load_schema())
    for name in known():
        assert name in caught.value.hint


def test_ours_are_declared_like_anybody_elses() -> None:
    assert {"gazetteer.v1", "dates.v1", "numbers.v1", "spacy.v1", "triggers.v1"} <= set(known())
    assert {"transformers.v1", "gliner.v1", "llm.v1"} <= set(known())


def test_another_package_adds_an_annotator_by_an_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "moon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: moon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[curation.annotators]\nmoon.v1 = moon_annotator:moon\nbad.v1 = moon_annotator:bad\n"
        "broken.v1 = moon_annotator:missing\n"
    )
    (tmp_path / "moon_annotator.py").write_text(
        "from curation.annotate import reading\n"
        "class Moon:\n"
        "    name = 'moon.v1'\n"
        "    def __init__(self, options): self.options = options\n"
        "    def __call__(self, documents): return (reading(self.name) for _ in documents)\n"
        "def moon(options, schema): return Moon(options)\n"
        "def bad(options, schema): return 'no annotator'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    annotator = make("moon.v1", {"phase": "full"}, load_schema())
    assert annotator.name == "moon.v1"
    assert annotator.options == {"phase": "full"}  # type: ignore[union-attr]
    with pytest.raises(AnnotatorError, match=r"bad\.v1 names, gave a str"):
        make("bad.v1", {}, load_schema())
    with pytest.raises(AnnotatorError, match=r"broken\.v1 could not be made"):
        make("broken.v1", {}, load_schema())


def test_an_annotator_for_other_languages_than_its_pipeline_is_refused() -> None:
    class French(Fixed):
        languages = ("fr",)

    plan = Plan("test", "1", (Step("fixed.v1"),), languages=("ar",))
    with pytest.raises(AnnotatorError, match=r"fixed\.v1 is for fr, pipeline test for ar"):
        Pipeline(plan, [French()], load_schema())
