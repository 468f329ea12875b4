"""GLiNER's training data: read back, in the shape that GLiNER asks for, and broken."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from curation.convert import FORMATS, Losses
from curation.errors import DataError
from curation.model import Record
from curation.quality import reading
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records

#: As GLiNER's documentation has it, and its processors read it.
SHAPE = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["tokenized_text"],
        "properties": {
            "tokenized_text": {"type": "array", "items": {"type": "string", "minLength": 1}},
            "ner": {
                "type": "array",
                "items": {
                    "type": "array",
                    "prefixItems": [{"type": "integer"}, {"type": "integer"}, {"type": "string"}],
                    "minItems": 3,
                    "maxItems": 3,
                },
            },
        },
    },
}
APPLE: dict[str, Any] = {
    "tokenized_text": ["Apple", "Inc.", "is", "headquartered", "in", "Cupertino"],
    "ner": [[0, 1, "organization"], [5, 5, "location"]],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gliner")


@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(folder: Path, record: Record) -> None:
    (back,), losses = there_and_back(folder, "gliner", [record])
    assert back.document == record.document
    items = json.loads((folder / "out.gliner").read_bytes())
    jsonschema.validate(items, SHAPE)
    found = reading(record)
    if found is None:
        assert back.annotations == ()
        assert not any("ner" in item for item in items)
        return
    (came,) = back.annotations
    gone = {loss.id for loss in losses if (loss.item, loss.what) == ("entity", "span")}
    kept = [e for e in found.entities if e.id not in gone]
    assert Counter((e.start, e.end, e.label) for e in came.entities) == Counter(
        (e.start, e.end, e.label) for e in kept
    )
    said = [
        ("".join("".join(item["tokenized_text"][first : last + 1]).split()), label)
        for item in items
        for first, last, label in item["ner"]
    ]
    assert Counter(said) == Counter(("".join(e.text.split()), e.label) for e in kept)


def test_as_its_authors_describe_it(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    path.write_text(json.dumps([APPLE, {**APPLE, "negatives": ["date"]}]))
    (first, second), losses = come(tmp_path, "gliner", path)
    assert (first.document.id, second.document.id) == ("train-1", "train-2")
    assert [(e.text, e.label) for e in first.annotations[0].entities] == [
        ("Apple Inc.", "organization"),
        ("Cupertino", "location"),
    ]
    assert [(loss.document, loss.what) for loss in losses] == [("train-2", "negatives")]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"ner": [[0, 6, "x"]]}, "$[1].ner[0]", "no words 0 to 6 among 6"),
        ({"ner": [[2, 1, "x"]]}, "$[1].ner[0]", "no words 2 to 1"),
        ({"ner": [[0, 1]]}, "$[1].ner[0]", "length 3"),
        ({"ner": [["0", 1, "x"]]}, "$[1].ner[0][0]", "Expected `int`"),
        ({"tokenized_text": "Apple"}, "$[1].tokenized_text", "Expected `array`"),
        ({"doc_id": "a", "_text": "Pear"}, "", "does not stand"),
    ],
)
def test_a_broken_item_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, Any], field: str, reason: str
) -> None:
    path = tmp_path / "train.json"
    path.write_text(json.dumps([APPLE, APPLE | change, APPLE]))
    with Rejects(tmp_path / "out.jsonl") as rejects:
        found = FORMATS["gliner"].read(path, ORIGIN, Losses("-"), rejects)
        ids = [one.document.id for one in found]
    assert ids == ["train-1", "train-3"]
    (reject,) = read(str(rejects.path), Reject)
    assert (reject.file, reject.field) == (str(path), field)
    assert reason in reject.reason
    assert json.loads(reject.content) == [APPLE | change]


def test_a_document_in_two_places_and_a_file_that_is_no_array(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    a, b = APPLE | {"doc_id": "a"}, APPLE | {"doc_id": "b"}
    path.write_text(json.dumps([a, b, a]))
    with pytest.raises(DataError, match="document 'a' stands in item 1 already"):
        list(FORMATS["gliner"].read(path, ORIGIN, Losses("-"), None))
    path.write_text(json.dumps(APPLE))
    with pytest.raises(DataError, match=r"train\.json: this is no JSON array"):
        list(FORMATS["gliner"].read(path, ORIGIN, Losses("-"), None))
    assert there_and_back(tmp_path, "gliner", []) == ([], [])
