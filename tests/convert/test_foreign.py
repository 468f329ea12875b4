"""Files as other tools write them, and files that are broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curation.convert import FORMATS, Losses
from curation.errors import DataError
from curation.model import Annotation, Argument, Author, Relation
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come


def lay(folder: Path, *lines: object) -> Path:
    path = folder / "in.jsonl"
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(line + "\n" for line in written))
    return path


def refused(folder: Path, name: str, path: Path) -> tuple[list[str], list[Reject]]:
    """The ids that came through, and what was refused."""
    output = folder / "back.jsonl"
    with Losses(output) as losses, Rejects(output) as rejects:
        ids = [one.document.id for one in FORMATS[name].read(path, ORIGIN, losses, rejects)]
    return ids, list(read(rejects.path, Reject)) if rejects.count and rejects.path else []


def places(one: Annotation) -> list[tuple[str, str]]:
    return [(entity.text, entity.label) for entity in one.entities]


# The example of DyGIE++'s own description.
SEATTLE: dict[str, Any] = {
    "doc_key": "seattle",
    "dataset": "example",
    "sentences": [
        ["Seattle", "is", "a", "rainy", "city", "."],
        ["Jenny", "Durkan", "is", "the", "city's", "mayor", "."],
        ["She", "was", "elected", "in", "2017", "."],
    ],
    "ner": [
        [[0, 0, "City"]],
        [[6, 7, "Person"], [9, 10, "City"]],
        [[13, 13, "Person"], [17, 17, "Year"]],
    ],
    "relations": [[], [[6, 7, 9, 10, "Mayor-Of"]], [[13, 13, 17, 17, "Elected-In"]]],
    "clusters": [[[0, 0], [9, 10]], [[6, 7], [13, 13]]],
    "events": [[], [], [[[15, "Election"], [13, 13, "Person"], [17, 17, "Date"]]]],
}


def test_dygie_as_its_authors_describe_it(tmp_path: Path) -> None:
    (record,), losses = come(tmp_path, "dygie", lay(tmp_path, SEATTLE))
    assert record.document.text.split("\n")[1] == "Jenny Durkan is the city's mayor ."
    (one,) = record.annotations
    assert places(one) == [
        ("Seattle", "City"),
        ("Jenny Durkan", "Person"),
        ("the city's", "City"),
        ("She", "Person"),
        ("2017", "Year"),
    ]
    ids = [entity.id for entity in one.entities]
    assert [(r.label, r.head, r.tail) for r in one.relations] == [
        ("Mayor-Of", ids[1], ids[2]),
        ("Elected-In", ids[3], ids[4]),
    ]
    (event,) = one.events
    assert (event.trigger.text, event.type) == ("elected", "Election")
    assert event.arguments == (Argument("Person", ids[3]), Argument("Date", ids[4]))
    assert {(loss.item, loss.what) for loss in losses} == {
        ("document", "clusters"),
        ("document", "dataset"),
    }


def test_dygie_predictions_are_a_second_reading_with_scores(tmp_path: Path) -> None:
    line = {
        **SEATTLE,
        "clusters": [],
        "predicted_ner": [[[0, 0, "City", 7.1, 0.9]], [], []],
        "predicted_relations": [[], [], []],
        "predicted_events": [
            [],
            [],
            [[[15, 15, "Election", 3.0, 0.8], [0, 0, "Place", 1.0, 0.6], [1, 1, "Date", 1, 0.5]]],
        ],
    }
    (record,), losses = come(tmp_path, "dygie", lay(tmp_path, line))
    _, predicted = record.annotations
    assert predicted.by == Author("machine", "back.predicted")
    (entity,), (event,) = predicted.entities, predicted.events
    assert (entity.score, event.score, event.trigger.text) == (0.9, 0.8, "elected")
    assert event.arguments == (Argument("Place", entity.id),)
    assert [(one.item, one.what, one.said) for one in losses if one.item == "argument"] == [
        ("argument", "score", "0.6"),
        ("argument", "span", '[1,1,"Date",1,0.5]'),
    ]


def test_a_document_that_nobody_read_has_no_reading(tmp_path: Path) -> None:
    line = {name: SEATTLE[name] for name in ("doc_key", "sentences")}
    (record,), _ = come(tmp_path, "dygie", lay(tmp_path, line))
    assert record.annotations == ()
    empty = {**line, "ner": [[], [], []]}
    (record,), _ = come(tmp_path, "dygie", lay(tmp_path, empty))
    assert record.annotations == (Annotation(Author("machine", "back"), "proposed"),)


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        ({"ner": [[[0, 99, "City"]], [], []]}, "", "there are no tokens 0:100 among 19"),
        ({"ner": [[[0, "City"]], [], []]}, "$.ner[0][0]", "not of the form [first, last, label]"),
        ({"ner": [[]]}, "$.ner", "1 lists for 3 sentences"),
        ({"ner": [[], 3, []]}, "$.ner[1]", "Expected `array`"),
        ({"predicted_ner": 3}, "", "Expected `array`"),
        ({"predicted_ner": [[[0, 0, "City", "sure"]], [], []]}, "", "'sure' is no score"),
        ({"relations": [[[0, 0, "x"]], [], []]}, "$.relations[0][0]", "not of the form"),
        ({"events": [[["x"]], [], []]}, "$.events[0][0]", "not of the form [[trigger, type]"),
        ({"events": [[[[0, "x"], [1]]], [], []]}, "$.events[0][0][1]", "[first, last, role]"),
        ({"sentences": [["a"], "b"]}, "$.sentences[1]", "Expected `array`"),
        ({"_text": ["Seattle", "", ""]}, "", "token 1, 'is', does not stand at 7"),
        ({"doc_key": ""}, "", "must not be empty"),
    ],
)
def test_a_broken_dygie_line_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, Any], place: str, reason: str
) -> None:
    path = lay(tmp_path, SEATTLE | {"doc_key": "first"}, SEATTLE | change, SEATTLE)
    ids, (reject,) = refused(tmp_path, "dygie", path)
    assert ids == ["first", "seattle"]
    assert (reject.line, reject.field) == (2, place)
    assert reason in reject.reason
    with pytest.raises(DataError, match=r"in\.jsonl:2"):
        list(FORMATS["dygie"].read(path, ORIGIN, Losses("-"), None))


ONEIE: list[dict[str, Any]] = [
    {
        "doc_id": "ace",
        "sent_id": "ace-0",
        "tokens": ["U", ".", "S", ".", "troops", "attacked", "Basra", "."],
        "sentence": "U.S. troops attacked Basra.",
        "pieces": ["U", ".", "S", ".", "troops", "attacked", "Bas", "##ra", "."],
        "token_lens": [1, 1, 1, 1, 1, 1, 2, 1],
        "entity_mentions": [
            {
                "id": "ace-E1-1",
                "start": 0,
                "end": 4,
                "entity_type": "GPE",
                "entity_subtype": "Nation",
                "mention_type": "NAM",
                "text": "U.S.",
            },
            {"id": "ace-E2-1", "start": 6, "end": 7, "entity_type": "GPE", "text": "Bassorah"},
        ],
        "relation_mentions": [],
        "event_mentions": [
            {
                "id": "ace-EV1-1",
                "event_type": "Conflict:Attack",
                "trigger": {"start": 5, "end": 6, "text": "attacked"},
                "arguments": [
                    {"entity_id": "ace-E1-1", "role": "Attacker", "text": "U.S."},
                    {"entity_id": "ace-E2-1", "role": "Place", "text": "Basra"},
                ],
            }
        ],
    },
    {
        "sent_id": "ace-1",
        "tokens": ["Rice", "met", "Bush"],
        "entity_mentions": [
            {"id": "ace-E3-1", "start": 0, "end": 1, "entity_type": "PER", "mention_type": "UNK"},
            {"id": "ace-E4-1", "start": 2, "end": 3, "entity_type": "PER"},
        ],
        "relation_mentions": [
            {
                "id": "ace-R1",
                "relation_type": "PER-SOC",
                "arguments": [
                    {"entity_id": "ace-E4-1", "role": "Arg-2"},
                    {"entity_id": "ace-E3-1", "role": "Arg-1"},
                ],
            }
        ],
        "event_mentions": [],
    },
]


def test_oneie_as_it_comes_from_ace(tmp_path: Path) -> None:
    (record,), losses = come(tmp_path, "oneie", lay(tmp_path, *ONEIE))
    assert record.document.id == "ace"
    assert record.document.text == "U.S. troops attacked Basra.\nRice met Bush"
    (one,) = record.annotations
    assert places(one) == [("U.S.", "GPE"), ("Basra", "GPE"), ("Rice", "PER"), ("Bush", "PER")]
    assert one.relations == (Relation("ace-R1", "PER-SOC", "ace-E3-1", "ace-E4-1"),)
    (event,) = one.events
    assert event.arguments == (Argument("Attacker", "ace-E1-1"), Argument("Place", "ace-E2-1"))
    assert [(loss.item, loss.id, loss.what, loss.said) for loss in losses] == [
        ("entity", "ace-E2-1", "text", "Bassorah"),
        ("entity", "ace-E1-1", "entity_subtype", "Nation"),
        ("entity", "ace-E1-1", "mention_type", "NAM"),
    ]


def test_a_oneie_document_is_refused_whole(tmp_path: Path) -> None:
    first, second = ONEIE
    other = {**second, "doc_id": "other"}
    wrong = {**second, "tokens": "Rice"}
    ids, (reject,) = refused(tmp_path, "oneie", lay(tmp_path, first, wrong, other))
    assert ids == ["other"]
    assert (reject.line, reject.field) == (1, "$[1].tokens")
    assert reject.content.count("sent_id") == 2

    far = {**second, "doc_id": "far"}
    ids, rejects = refused(tmp_path, "oneie", lay(tmp_path, first, "broken", second, other, far))
    assert ids == ["other", "far"]
    assert [one.line for one in rejects] == [2, 1]
    ids, rejects = refused(tmp_path, "oneie", lay(tmp_path, first, second, "broken", other, far))
    assert ids == ["far"]
    assert sorted(one.line for one in rejects) == [1, 3, 4]
    ids, rejects = refused(tmp_path, "oneie", lay(tmp_path, other, first, second, "broken"))
    assert ids == ["other"]

    ids, (reject,) = refused(tmp_path, "oneie", lay(tmp_path, first, other, second))
    assert ids == ["ace", "other"]
    assert "document 'ace' stands in line 1 already" in reject.reason


def test_a_oneie_link_to_nothing_or_a_relation_with_one_end_is_refused(tmp_path: Path) -> None:
    first, second = ONEIE
    nobody = json.loads(json.dumps(first).replace('"entity_id": "ace-E2-1"', '"entity_id": "x"'))
    (reject,) = refused(tmp_path, "oneie", lay(tmp_path, nobody))[1]
    assert "names the unknown entity 'x' as Place" in reject.reason
    half = json.loads(json.dumps(second).replace("Arg-2", "Arg-1"))
    (reject,) = refused(tmp_path, "oneie", lay(tmp_path, half))[1]
    assert "has not one Arg-1 and one Arg-2" in reject.reason


# As the corpus has it: no blank between sentences in the text, and characters that do not fit it.
WIKIEVENTS: dict[str, Any] = {
    "doc_id": "wiki",
    "tokens": ["He", "fled", ".", "Police", "arrested", "him", "."],
    "text": "He fled.Police arrested him.",
    "sentences": [
        [[["He", 0, 2], ["fled", 3, 7], [".", 7, 8]], "He fled."],
        [
            [["Police", 12, 18], ["arrested", 19, 27], ["him", 28, 31], [".", 31, 32]],
            "Police arrested him.",
        ],
    ],
    "entity_mentions": [
        {
            "id": "wiki-T1",
            "sent_idx": 0,
            "start": 0,
            "end": 1,
            "entity_type": "PER",
            "mention_type": "UNK",
            "text": "He",
        }
    ],
    "relation_mentions": [],
    "event_mentions": [
        {
            "id": "wiki-E1",
            "event_type": "Justice.ArrestJailDetain.Unspecified",
            "trigger": {"start": 4, "end": 5, "text": "arrested", "sent_idx": 1},
            "arguments": [{"entity_id": "wiki-T1", "role": "Detainee", "text": "He"}],
        }
    ],
}


def test_wikievents_as_the_corpus_has_it(tmp_path: Path) -> None:
    (record,), losses = come(tmp_path, "wikievents", lay(tmp_path, WIKIEVENTS))
    assert losses == []
    assert record.document.text == WIKIEVENTS["text"]
    (event,) = record.annotations[0].events
    assert (event.trigger.start, event.trigger.text) == (15, "arrested")
    assert event.arguments == (Argument("Detainee", "wiki-T1"),)


def test_wikievents_without_a_text_gets_one(tmp_path: Path) -> None:
    bare = {name: value for name, value in WIKIEVENTS.items() if name != "text"}
    (record,), _ = come(tmp_path, "wikievents", lay(tmp_path, bare))
    assert record.document.text == "He fled .\nPolice arrested him ."
    del bare["sentences"]
    (record,), _ = come(tmp_path, "wikievents", lay(tmp_path, bare))
    assert record.document.text == "He fled . Police arrested him ."
    torn = bare | {"sentences": WIKIEVENTS["sentences"][:1]}
    (reject,) = refused(tmp_path, "wikievents", lay(tmp_path, torn))[1]
    assert (reject.field, reject.line) == ("$.sentences", 1)
    moved = WIKIEVENTS | {"text": "She fled. Police arrested him."}
    (reject,) = refused(tmp_path, "wikievents", lay(tmp_path, moved))[1]
    assert "token 0, 'He', does not stand at 0" in reject.reason
