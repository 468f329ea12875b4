"""doccano's lines: offsets as its page counts them, read back, as it exports them, and broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from curation.convert import FORMATS, Losses
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.quality import reading
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records

NAMES = ("doccano", "doccano-relations")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doccano")


def units(text: str) -> list[bytes]:
    """The UTF-16 code units of a text, as JavaScript has them."""
    data = text.encode("utf-16-le")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


@pytest.mark.parametrize("name", NAMES)
@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(
    folder: Path, name: str, record: Record
) -> None:
    (back,), losses = there_and_back(folder, name, [record])
    assert back.document == record.document
    found = reading(record)
    if found is None:
        assert back.annotations == ()
        return
    (came,) = back.annotations
    assert [(e.start, e.end, e.label) for e in came.entities] == [
        (e.start, e.end, e.label) for e in found.entities
    ]
    lost = {(loss.item, loss.id, loss.what) for loss in losses}
    for mine, theirs in zip(came.entities, found.entities, strict=True):
        assert (mine.id == theirs.id) == (("entity", theirs.id, "id") not in lost)
        assert (theirs.score is not None) == (("entity", theirs.id, "score") in lost)
    gone = {one.id for one in found.relations if ("relation", one.id, "span") in lost}
    assert gone == (set() if name.endswith("relations") else {r.id for r in found.relations})
    kept = [r for r in found.relations if r.id not in gone]
    at = {e.id: number for number, e in enumerate(found.entities)}
    back_at = {e.id: number for number, e in enumerate(came.entities)}
    assert [(r.label, back_at[r.head], back_at[r.tail]) for r in came.relations] == [
        (r.label, at[r.head], at[r.tail]) for r in kept
    ]
    line = json.loads((folder / f"out.{name}").read_bytes())
    text = units(line["text"])
    spans = line.get("label") or [
        (one["start_offset"], one["end_offset"], one["label"]) for one in line.get("entities", ())
    ]
    assert [b"".join(text[start:end]).decode("utf-16-le") for start, end, _ in spans] == [
        one.text for one in found.entities
    ]


def test_ids_are_numbered_through_the_file(tmp_path: Path) -> None:
    text = "😀 a b"
    entities = tuple(make_entity(text, at, at + 1, "X") for at in (2, 4))
    found = Annotation(Author("human", "x"), "submitted", entities)
    made = [Record(Document(name, text), (found,)) for name in "de"]
    there_and_back(tmp_path, "doccano-relations", made)
    lines = (tmp_path / "out.doccano-relations").read_text("utf-8").splitlines()
    assert [[e["id"] for e in json.loads(line)["entities"]] for line in lines] == [[0, 1], [2, 3]]


# The emoji of doccano's issue 2290, with the offsets that are given there.
FIRE: dict[str, Any] = {
    "id": 7,
    "text": "👨🏻‍🚒 firemen drive firetrucks",
    "label": [[22, 32, "VEHICLE"]],
    "Comments": [],
}
GOOGLE: dict[str, Any] = {
    "id": 8,
    "text": "Google was founded on September 4, 1998, by Larry Page.",
    "entities": [
        {"id": 0, "start_offset": 0, "end_offset": 6, "label": "ORG"},
        {"id": 2, "start_offset": 44, "end_offset": 54, "label": "PERSON"},
    ],
    "relations": [{"id": 5, "from_id": 0, "to_id": 2, "type": "foundedBy"}],
    "Comments": ["check"],
}


def lay(folder: Path, *lines: object) -> Path:
    path = folder / "all.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_as_doccano_exports_it(tmp_path: Path, name: str) -> None:
    older = {"text": "a b", "labels": [[2, 3, "X"]], "source": "web"}
    path = lay(tmp_path, FIRE, GOOGLE, older, {"text": "unread"})
    (fire, google, old, unread), losses = come(tmp_path, name, path)
    assert [e.text for e in fire.annotations[0].entities] == ["firetrucks"]
    (one,) = google.annotations
    assert [(e.text, e.label) for e in one.entities] == [
        ("Google", "ORG"),
        ("Larry Page", "PERSON"),
    ]
    (relation,) = one.relations
    assert (relation.label, relation.head) == ("foundedBy", one.entities[0].id)
    assert [e.text for e in old.annotations[0].entities] == ["b"]
    assert unread.annotations == ()
    assert [r.document.id for r in (fire, google, old, unread)] == [
        "all-7",
        "all-8",
        "all-3",
        "all-4",
    ]
    assert [(loss.document, loss.what, loss.said) for loss in losses] == [
        ("all-8", "Comments", '["check"]'),
        ("all-3", "source", "web"),
    ]


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (FIRE | {"label": [[1, 4, "X"]]}, "$.label[0]", "1 is no place between characters"),
        (FIRE | {"label": [[0, 99, "X"]]}, "$.label[0]", "99 is no place"),
        (FIRE | {"label": [[4, 4, "X"]]}, "", "no code points"),
        (FIRE | {"label": ["X"]}, "$.label[0]", "Expected `array`"),
        (FIRE | {"label": [[0, 4]]}, "$.label[0]", "length 3"),
        (GOOGLE | {"relations": [{"from_id": 0, "to_id": 1, "type": "x"}]}, "$.relations[0]", "no"),
        (GOOGLE | {"entities": GOOGLE["entities"] * 2}, "$.entities[2]", "0 is used twice"),
        (GOOGLE | {"text": 3}, "$.text", "Expected `str`"),
    ],
)
def test_a_broken_line_is_refused_with_its_place(
    tmp_path: Path, line: dict[str, Any], field: str, reason: str
) -> None:
    path = lay(tmp_path, FIRE | {"id": 1}, line, GOOGLE | {"id": 2})
    with Rejects(tmp_path / "out") as rejects:
        found = list(FORMATS["doccano"].read(path, ORIGIN, Losses("-"), rejects))
    assert [one.document.id for one in found] == ["all-1", "all-2"]
    (reject,) = read(str(rejects.path), Reject)
    assert (reject.file, reject.line, reject.field) == (str(path), 2, field)
    assert reason in reject.reason
