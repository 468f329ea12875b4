"""A schema that is not sound does not load, and says why."""

from __future__ import annotations

from typing import Any

import pytest

from curation.errors import SchemaError
from curation.model import EntityType, EventType, RelationType, Role, Schema

PERSON = EntityType("PERSON", "A person", "#112233", hotkey="p")
GPE = EntityType("GPE", "A country", "#112234")
ACTOR = Role("actor", "Who", entities=("PERSON",))
AGREE = EventType("AGREE", "Agree", "#332211", hotkey="a", required=("actor",))


def schema(**parts: Any) -> Schema:
    given: dict[str, Any] = {"entities": (PERSON, GPE), "roles": (ACTOR,), "events": (AGREE,)}
    return Schema("s", "1.0.0", **(given | parts))


def test_a_sound_schema_finds_its_types() -> None:
    sound = schema(relations=(RelationType("leads", "Leads", head=("PERSON",), tail=("GPE",)),))
    assert sound.entity("GPE") is GPE
    assert sound.event("AGREE") is AGREE
    assert sound.entity("AGREE") is None
    assert sound.event("GPE") is None


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"entities": ()}, "no entity type|unknown entity type"),
        ({"entities": (PERSON, GPE, GPE)}, "entity 'GPE' is defined twice"),
        ({"roles": (ACTOR, ACTOR)}, "role 'actor' is defined twice"),
        ({"events": (AGREE, AGREE)}, "event 'AGREE' is defined twice"),
        ({"entities": (PERSON, EntityType("G-PE", "", "#112233"))}, "name 'G-PE' must be"),
        ({"entities": (PERSON, EntityType("GPE\n", "", "#112233"))}, "name 'GPE\\\\n' must be"),
        ({"entities": (PERSON, EntityType("GPE", "", "red"))}, "colour 'red'"),
        ({"events": (EventType("AGREE", "", "#12345"),)}, "colour '#12345'"),
        ({"events": (EventType("AGREE", "", "#332211", hotkey="p"),)}, "hotkey 'p' is given twice"),
        ({"roles": (ACTOR, Role("place", "", entities=("LOC",)))}, "role place: .*'LOC'"),
        ({"relations": (RelationType("in", "", head=("LOC",)),)}, "relation in: .*'LOC'"),
        ({"relations": (RelationType("in", "", tail=("LOC",)),)}, "relation in: .*'LOC'"),
        ({"relations": (RelationType("actor", ""),)}, "both a role and a relation"),
        ({"events": (EventType("AGREE", "", "#332211", roles=("whom",)),)}, "unknown role 'whom'"),
        (
            {"events": (EventType("AGREE", "", "#332211", required=("whom",)),)},
            "unknown role 'whom'",
        ),
        (
            {"events": (EventType("AGREE", "", "#332211", roles=("x",), required=("actor",)),)},
            "unknown role 'x'",
        ),
    ],
)
def test_a_fault_is_named(parts: dict[str, Any], says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        schema(**parts)
