"""Prodigy's tasks: by its own rules for tokens and spans, read back, as it exports them, broken."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from msgspec import structs

from curation.convert import FORMATS, Losses, Origin
from curation.model import Annotation, Author, Document, Record, Relation, make_entity
from curation.quality import reading
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prodigy")


def check(task: dict[str, Any]) -> None:
    """What Prodigy asks of a task: tokens that give the text as spaCy does, spans on whole tokens,
    and relations whose head and child are the last tokens of their spans."""
    text, tokens = task["text"], task["tokens"]
    doc = spacy.tokens.Doc(
        spacy.blank("xx").vocab,
        words=[token["text"] for token in tokens],
        spaces=[token["ws"] for token in tokens],
    )
    assert doc.text == text
    for at, (token, theirs) in enumerate(zip(tokens, doc, strict=True)):
        assert (token["id"], token["start"]) == (at, theirs.idx)
        assert token["end"] == theirs.idx + len(theirs)
    ends = [one for r in task.get("relations", ()) for one in (r["head_span"], r["child_span"])]
    for span in [*task.get("spans", ()), *ends]:
        theirs = doc.char_span(span["start"], span["end"])
        assert theirs is not None
        assert (theirs.start, theirs.end - 1) == (span["token_start"], span["token_end"])
    for one in task.get("relations", ()):
        assert one["head"] == one["head_span"]["token_end"]
        assert one["child"] == one["child_span"]["token_end"]


@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(folder: Path, record: Record) -> None:
    (back,), losses = there_and_back(folder, "prodigy", [record])
    check(json.loads((folder / "out.prodigy").read_bytes()))
    assert back.document == record.document
    found = reading(record)
    if found is None:
        assert back.annotations == ()
        return
    (came,) = back.annotations
    skipped = found.status == "skipped"
    assert came.by == Author("human" if skipped else "machine", "back")
    assert came.status == ("skipped" if skipped else "proposed")
    assert came.entities == found.entities
    doubtful = {loss.id for loss in losses if (loss.item, loss.what) == ("relation", "entity")}
    assert [r for r in came.relations if r.id not in doubtful] == [
        r for r in found.relations if r.id not in doubtful
    ]
    assert len(came.relations) == len(found.relations)
    gone = Counter(loss.item for loss in losses if loss.what == "span")
    assert gone["event"] == len(found.events)
    assert gone["argument"] == sum(len(event.arguments) for event in found.events)


TASK: dict[str, Any] = {
    "text": "😀 Latent protein-1 inhibits IL-1beta",
    "spans": [
        {"text": "protein-1", "start": 9, "token_start": 2, "token_end": 2, "end": 18}
        | {"type": "span", "label": "GGP"},
        {"start": 28, "token_start": 4, "token_end": 4, "end": 36, "label": "GGP"},
    ],
    "meta": {"source": "PMID-1"},
    "_input_hash": -400334998,
    "tokens": [{"text": "😀", "start": 0, "end": 1, "id": 0, "ws": True, "disabled": True}],
    "_session_id": "news-alex",
    "_view_id": "relations",
    "relations": [
        {
            "head": 2,
            "child": 4,
            "head_span": {"start": 9, "end": 18, "token_start": 2, "token_end": 2, "label": "GGP"},
            "child_span": {"start": 28, "end": 36, "token_start": 4, "token_end": 4}
            | {"label": "GGP"},
            "color": "#ffd882",
            "label": "Neg-Reg",
        },
        {"head": 0, "child": 4, "label": "X"},
    ],
    "answer": "accept",
}


def lay(folder: Path, *tasks: object) -> Path:
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(task) + "\n" for task in tasks), "utf-8")
    return path


def test_as_prodigy_exports_it(tmp_path: Path) -> None:
    ignored = TASK | {"answer": "ignore"}
    rejected = TASK | {"answer": "reject", "_session_id": None}
    path = lay(tmp_path, TASK, ignored, rejected, {"text": "unread"})
    with Losses(tmp_path / "out") as losses:
        found = list(FORMATS["prodigy"].read(path, Origin("human", "submitted", "x"), losses, None))
    assert [one.document.id for one in found] == ["in-1", "in-2", "in-3", "in-4"]
    (one,) = found[0].annotations
    assert (one.by, one.status) == (Author("human", "news-alex"), "submitted")
    first, second = one.entities
    assert (first.text, second.text) == ("protein-1", "IL-1beta")
    (relation,) = one.relations
    assert (relation.label, relation.head, relation.tail) == ("Neg-Reg", first.id, second.id)
    assert found[1].annotations[0].status == "skipped"
    assert found[2].annotations == found[3].annotations == ()
    assert losses.counts == {
        ("relation", "span", "no entity stands on one of its spans"): 2,
        ("document", "meta", "records have no place for it"): 3,
        ("reading", "span", "it was rejected, and records say what is there"): 1,
    }
    _, lost = come(tmp_path, "prodigy", lay(tmp_path, TASK))
    assert ("reading", "author", "news-alex") in {(one.item, one.what, one.said) for one in lost}


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"spans": [{"start": 0, "end": 99, "label": "X"}]}, "", "no code points 0:99"),
        ({"spans": [{"start": "0", "end": 9, "label": "X"}]}, "$.spans[0].start", "Expected `int`"),
        ({"spans": 3}, "$.spans", "Expected `array | null`"),
        ({"answer": "maybe"}, "$.answer", "Invalid enum value"),
        ({"text": None}, "$.text", "Expected `str`"),
    ],
)
def test_a_broken_task_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, Any], field: str, reason: str
) -> None:
    path = lay(tmp_path, TASK, TASK | change, TASK)
    with Rejects(tmp_path / "out") as rejects:
        found = list(FORMATS["prodigy"].read(path, ORIGIN, Losses("-"), rejects))
    assert [one.document.id for one in found] == ["in-1", "in-3"]
    (reject,) = read(str(rejects.path), Reject)
    assert (reject.file, reject.line, reject.field) == (str(path), 2, field)
    assert reason in reject.reason


def test_a_relation_of_the_second_entity_on_a_span_is_listed(tmp_path: Path) -> None:
    first = make_entity("ab", 0, 2, "X")
    second, other = structs.replace(first, id="e2"), make_entity("ab", 0, 1, "Y")
    links = (Relation("r1", "part_of", other.id, "e2"),)
    found = Annotation(Author("machine", "m@1"), "proposed", (first, second, other), links)
    record = Record(Document("d", "ab"), (found,))
    (back,), losses = there_and_back(tmp_path, "prodigy", [record])
    (relation,) = back.annotations[0].relations
    assert (relation.id, relation.tail) == ("r1", first.id)
    assert [(loss.id, loss.said) for loss in losses if loss.what == "entity"] == [("r1", "e2")]
