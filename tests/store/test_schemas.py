"""Schemas are found by name and by path; the shipped one is sound and as the project says."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.errors import CurationError, SchemaError
from curation.store import load_schema, schema_names, shipped

ENTITIES = (
    "PERSON NORP ORG GPE LOC FAC TITLE WEAPON PRODUCT EVENT LAW DATE TIME MONEY PERCENT QUANTITY "
    "ORDINAL CARDINAL"
)
EVENTS = (
    "AGREE CONSULT SUPPORT COOPERATE AID CONCEDE RETREAT DEMAND DISAPPROVE REJECT THREATEN PROTEST "
    "MOBILIZE SANCTION COERCE ASSAULT INVESTIGATE CRIME"
)


def test_the_news_schema_has_the_labels_in_the_order_of_their_ids() -> None:
    news = load_schema()
    assert news.name == "news"
    assert " ".join(kind.name for kind in news.entities).startswith(ENTITIES)
    assert " ".join(kind.name for kind in news.events).startswith(EVENTS)
    roles = [role.name for role in news.roles]
    assert roles[:6] == ["actor", "recipient", "object", "instrument", "location", "date"]


def test_a_reviewer_is_told_what_every_label_means() -> None:
    news = load_schema("news")
    assert news.guidelines
    assert all(kind.description for kind in (*news.entities, *news.events, *news.roles))
    assert all(kind.example for kind in (*news.entities, *news.events))
    colours = [kind.color for kind in (*news.entities, *news.events)]
    assert len(set(colours)) == len(colours)
    assert all(kind.hotkey for kind in news.entities)


def test_a_schema_by_path(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'name = "own"\nversion = "1"\n[[entities]]\nname="X"\ndescription="x"\ncolor="#112233"\n'
    )
    assert load_schema(str(file)).entities[0].name == "X"
    assert "news" in schema_names()


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("name = ", "Invalid"),
        ('name = "own"', "version"),
        ('name = "own"\nversion = "1"', "no entity type"),
        ('name = "own"\nversion = "1"\ncolour = "red"', "colour"),
    ],
)
def test_a_faulty_file_is_named_with_its_fault(tmp_path: Path, toml: str, says: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(toml)
    with pytest.raises(SchemaError, match=says):
        load_schema(str(file))


HEAD = 'name = "own"\nversion = "1"\n'
X = '[[entities]]\nname = "X"\ndescription = "x"\ncolor = "#112233"\n'


@pytest.mark.parametrize(
    ("toml", "place", "says"),
    [
        (HEAD + X + X.replace("X", "Y").replace("#112233", "red"), "10: entities[1].color", "red"),
        (HEAD + X + '[[entities]]\nname = "Y"\n', "7: entities[1]", "`description`"),
        (HEAD + X + "colour = 1\n", "3: entities[0]", "did you mean color?"),
        (HEAD + 'direction = "up"\n' + X, "3: direction", "allowed: auto, ltr, rtl"),
        (
            HEAD + X + '[[roles]]\nname = "r"\ndescription = ""\nentities = ["x"]\n',
            "10: roles[0].entities",
            "did you mean X?",
        ),
        (HEAD + "entities = [1]\n", "3: entities[0]", "Expected `object`"),
        (HEAD + "version = 2\n", "3", "overwrite"),
        (HEAD + X + '[[events]]\nname="x\n', "8", "Illegal character"),
    ],
)
def test_a_fault_is_told_with_its_line_and_field(
    tmp_path: Path, toml: str, place: str, says: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(toml)
    with pytest.raises(SchemaError) as caught:
        load_schema(str(file))
    assert caught.value.place == f"{file}:{place}"
    assert says in caught.value.message


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(SchemaError, match="news") as caught:
        load_schema("new")
    assert "'new'" in caught.value.message


def test_what_ships_is_found_and_what_does_not_is_an_error() -> None:
    assert shipped("schemas", "news.toml").is_file()
    with pytest.raises(CurationError, match=r"no schemas/none\.toml"):
        shipped("schemas", "none.toml")
