"""What a schema does not allow is found, with its place; what it allows is not."""

from __future__ import annotations

from curation.errors import SchemaViolation
from curation.model import (
    Annotation,
    Argument,
    Author,
    EntityType,
    Event,
    EventType,
    Relation,
    RelationType,
    Role,
    Schema,
    Trigger,
    make_entity,
    violations,
)

TEXT = "Ann leads Oz"
SCHEMA = Schema(
    "s",
    "1.0.0",
    entities=(EntityType("PERSON", "", "#112233"), EntityType("GPE", "", "#112233")),
    relations=(RelationType("leads", "", head=("PERSON",), tail=("GPE",)),),
    roles=(Role("actor", "", entities=("PERSON",)), Role("place", ""), Role("date", "")),
    events=(
        EventType("LEAD", "", "#112233", modes=("well",), roles=("actor", "place")),
        EventType("MEET", "", "#112233"),
    ),
)
ANN = make_entity(TEXT, 0, 3, "PERSON")
OZ = make_entity(TEXT, 10, 12, "GPE")
STRANGE = make_entity(TEXT, 10, 12, "PLANET")


def found(
    entities: tuple[object, ...] = (ANN, OZ),
    relations: tuple[Relation, ...] = (),
    events: tuple[Event, ...] = (),
) -> dict[str, str]:
    annotation = Annotation(
        Author("machine", "m@1"),
        "proposed",
        entities=entities,  # type: ignore[arg-type]
        relations=relations,
        events=events,
    )
    result = violations(SCHEMA, annotation)
    assert all(isinstance(one, SchemaViolation) for one in result)
    return {one.field: one.message for one in result}


def lead(*arguments: Argument, type: str = "LEAD", mode: str | None = None) -> Event:
    return Event("v1", type, Trigger(4, 9, "leads"), mode=mode, arguments=arguments)


def test_what_is_allowed_is_no_violation() -> None:
    event = lead(Argument("actor", ANN.id), Argument("place", OZ.id), mode="well")
    assert found(relations=(Relation("r", "leads", ANN.id, OZ.id),), events=(event,)) == {}
    assert found(events=(lead(Argument("date", OZ.id), type="MEET"),)) == {}


def test_unknown_labels() -> None:
    assert found((ANN, STRANGE)) == {
        "entities[1].label": "'PLANET' is no entity type of schema 's'; allowed: PERSON, GPE"
    }
    assert found(relations=(Relation("r", "lead", ANN.id, OZ.id),)) == {
        "relations[0].label": "'lead' is no relation of schema 's'; "
        "did you mean leads? Allowed: leads"
    }
    assert found(events=(lead(type="Meat"),)) == {
        "events[0].type": "'Meat' is no event type of schema 's'; "
        "did you mean MEET? Allowed: LEAD, MEET"
    }
    assert found(events=(lead(mode="badly"),)) == {
        "events[0].mode": "LEAD has no mode 'badly'; allowed: well"
    }


def test_the_ends_of_a_relation() -> None:
    wrong = found(relations=(Relation("r", "leads", OZ.id, ANN.id),))
    assert set(wrong) == {"relations[0].head", "relations[0].tail"}


def test_arguments() -> None:
    assert found(events=(lead(Argument("acter", ANN.id)),)) == {
        "events[0].arguments[0].role": "LEAD has no role 'acter'; "
        "did you mean actor? Allowed: actor, place"
    }
    assert "events[0].arguments[0].role" in found(events=(lead(Argument("date", ANN.id)),))
    wrong = found(events=(lead(Argument("place", OZ.id), Argument("actor", OZ.id)),))
    assert wrong == {"events[0].arguments[1].entity": "actor does not take a GPE; allowed: PERSON"}


def test_every_violation_is_found_not_only_the_first() -> None:
    events = (lead(Argument("boss", ANN.id), mode="badly"), lead(type="SLEEP"))
    twice = (events[0], Event("v2", "SLEEP", Trigger(4, 9, "leads")))
    assert len(found((ANN, STRANGE), events=twice)) == 4
