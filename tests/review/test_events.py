"""What people do to events on a real server, shape by shape, down to the ledger. That the page
makes these shapes is shown in `browser/test_events_in_browser.py`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from curation.merge import Merged, merge_record
from curation.model import Annotation, Event, EventType, Record, Trigger
from curation.review import Home, LabelStudio, post_readings
from curation.wire.results import link
from tests.conftest import Running
from tests.review.arabic import (
    EVENTS,
    KILLED,
    LAW,
    MET,
    NEWS,
    NORP,
    PERSON,
    READING,
    RECORD,
    SHELLED,
    SIGNED,
    TEXT,
    TITLE,
    at,
)
from tests.review.bench import Bench
from tests.review.samples import read_by

ANN, BOB = "ann@x.test", "bob@x.test"
GONE = "a span that is gone"

Result = list[dict[str, Any]]


class Desk:
    """The document at a real server, and its reviewers."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        (prediction,) = bench.server.predictions(bench.task(0))
        self.prediction: dict[str, Any] = prediction

    def submit(self, edit: Callable[[Result], None]) -> None:
        """The proposals, as the page gives them back, with an edit."""
        result: Result = copy.deepcopy(self.prediction["result"])
        for item in result:
            if item["type"] != "relation":
                item["origin"] = "prediction"
        edit(result)
        self.bench.submit(0, result, parent_prediction=self.prediction["id"])
        self.bench.pull()

    def reading(self) -> Annotation:
        (made,) = self.bench.human(0)
        return made

    def merged(self) -> Merged:
        return merge_record(RECORD, self.bench.records()["doc-0"])

    def changes(self) -> list[tuple[str, str, str]]:
        """Item, decision and id of what is not accepted."""
        ledger = self.merged().ledger
        assert {entry.by for entry in ledger} == {self.bench.studio.local.user}
        return [(e.item, e.decision, e.id) for e in ledger if e.decision != "accepted"]


@pytest.fixture
def desk(
    label_studio: Running, server: LabelStudio, home: Home, title: str, tmp_path: Path
) -> Desk:
    return Desk(Bench(label_studio, server, home, title, tmp_path, [RECORD], NEWS))


def part(result: Result, of: Event, control: str) -> dict[str, Any]:
    return next(i for i in result if i.get("id") == of.id and i["from_name"] == control)


def drawn(result: Result, of: Event, to: str) -> dict[str, Any]:
    return next(i for i in result if i.get("from_id") == of.id and i["to_id"] == to)


def encoded(reading: Annotation) -> bytes:
    return msgspec.json.encode((reading.entities, reading.relations, reading.events))


def test_what_nobody_changed_comes_back_byte_for_byte(desk: Desk) -> None:
    desk.submit(lambda result: None)
    assert encoded(desk.reading()) == encoded(READING)
    assert (desk.changes(), desk.bench.rejected()) == ([], [])


def moved(result: Result) -> None:
    for item in result:
        if item.get("id") == MET.id:
            item["value"] |= {"start": 0, "end": 10, "text": TEXT[0:10]}
            item["origin"] = "prediction-changed"


def retyped(result: Result) -> None:
    part(result, MET, "events")["value"]["labels"] = ["SUPPORT"]
    result.remove(part(result, MET, "mode-CONSULT"))  # the page hides it, and sends it no more


def other_mode(result: Result) -> None:
    part(result, MET, "mode-CONSULT")["value"]["choices"] = ["visit"]


def no_mode(result: Result) -> None:
    result.remove(part(result, SHELLED, "mode-ASSAULT"))


def other_modality(result: Result) -> None:
    part(result, SIGNED, "modality")["value"]["choices"] = ["asserted"]


def no_modality(result: Result) -> None:
    result.remove(part(result, SIGNED, "modality"))


def other_role(result: Result) -> None:
    drawn(result, SIGNED, LAW.id)["labels"] = ["instrument"]


def other_participant(result: Result) -> None:
    drawn(result, SIGNED, NORP.id)["to_id"] = PERSON.id


def no_participant(result: Result) -> None:
    result.remove(drawn(result, MET, TITLE.id))


def no_event(result: Result) -> None:
    gone = [i for i in result if SIGNED.id in (i.get("id"), i.get("from_id"))]
    for item in gone:
        result.remove(item)


def new_event(result: Result) -> None:
    start, end = at("قصف")
    region = {"id": "new1", "to_name": "text", "origin": "manual"}
    place = {"start": start, "end": end, "text": "قصف"}
    result += [
        {
            **region,
            "from_name": "events",
            "type": "labels",
            "value": place | {"labels": ["COERCE"]},
        },
        {
            **region,
            "from_name": "mode-COERCE",
            "type": "choices",
            "value": place | {"choices": ["ban"]},
        },
        link("new1", NORP.id, "actor"),
    ]


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (moved, [("event", "moved", MET.id)]),
        (retyped, [("event", "relabelled", MET.id)]),
        (other_mode, [("event", "revalued", MET.id)]),
        (no_mode, [("event", "revalued", SHELLED.id)]),
        (other_modality, [("event", "revalued", SIGNED.id)]),
        (no_modality, [("event", "revalued", SIGNED.id)]),
        (other_role, [("argument", "relabelled", SIGNED.id)]),
        (other_participant, [("argument", "moved", SIGNED.id)]),
        (no_participant, [("argument", "removed", MET.id)]),
        (
            no_event,
            [("event", "removed", SIGNED.id), *[("argument", "removed", SIGNED.id)] * 2],
        ),
        (new_event, [("event", "added", "new1"), ("argument", "added", "new1")]),
    ],
)
def test_one_action_is_one_decision(
    desk: Desk, edit: Callable[[Result], None], wanted: list[tuple[str, str, str]]
) -> None:
    desk.submit(edit)
    assert desk.changes() == wanted
    assert desk.bench.rejected() == []
    of = {e.id for e in EVENTS} - {ident for _, _, ident in wanted}
    kept = [e for e in desk.reading().events if e.id in of]
    assert kept == [e for e in EVENTS if e.id in of], "and nothing else"


def turned(result: Result) -> None:
    drawn(result, SIGNED, LAW.id)["direction"] = "left"


def reversed(result: Result) -> None:
    item = drawn(result, SIGNED, LAW.id)
    item["from_id"], item["to_id"] = item["to_id"], item["from_id"]


def twice(result: Result) -> None:
    result.append(link(SIGNED.id, LAW.id, "object"))


def between_triggers(result: Result) -> None:
    result.append(link(SIGNED.id, MET.id, "object"))


def unnamed(result: Result) -> None:
    result.append({**link(SIGNED.id, PERSON.id, ""), "labels": []})


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (turned, "'object' between AGREE 'يوقعا' and LAW 'اتفاقا' points at the trigger"),
        (reversed, "'object' between LAW 'اتفاقا' and AGREE 'يوقعا' points at the trigger"),
        (twice, "the relation object is twice between AGREE 'يوقعا' and LAW 'اتفاقا'"),
        (between_triggers, "no 'object' can be between AGREE 'يوقعا' and CONSULT 'التقى'"),
        (unnamed, "a relation without a label is between AGREE 'يوقعا' and PERSON 'بيني جانتس'"),
    ],
)
def test_what_is_drawn_wrong_is_found_and_takes_nothing_with_it(
    desk: Desk, edit: Callable[[Result], None], reason: str
) -> None:
    desk.submit(edit)
    assert encoded(desk.reading()) == encoded(READING)
    assert desk.changes() == []
    (found,) = desk.bench.rejected()
    me, task = desk.bench.studio.local.user, desk.bench.task(0)
    assert found.reason.startswith(f"document 'doc-0', {me}: {reason}")
    page = f"{desk.bench.server.url}/projects/{desk.bench.desk.project.id}/data?task={task}"
    assert (found.file, found.field.startswith(f"task {task}: $.result[")) == (page, True)
    assert found.hint
    assert '"type":"relation"' in found.content


def no_entity(result: Result) -> None:
    result.remove(next(i for i in result if i.get("id") == NORP.id))


def no_trigger(result: Result) -> None:
    result.remove(part(result, SIGNED, "events"))


@pytest.mark.parametrize(
    ("edit", "reasons", "changed"),
    [
        (
            no_entity,
            [
                f"the relation actor is between {event} and {GONE} ({NORP.id})"
                for event in ("AGREE 'يوقعا'", "CRIME 'مقتل'")
            ],
            [
                ("entity", "removed", NORP.id),
                ("argument", "removed", SIGNED.id),
                ("argument", "removed", KILLED.id),
            ],
        ),
        (
            no_trigger,
            [
                "'negated' is chosen of a span that is gone",
                f"the relation actor is between {GONE} ({SIGNED.id}) and NORP 'الإسرائيلي'",
                f"the relation object is between {GONE} ({SIGNED.id}) and LAW 'اتفاقا'",
            ],
            [("event", "removed", SIGNED.id), *[("argument", "removed", SIGNED.id)] * 2],
        ),
    ],
)
def test_what_dangles_is_found_and_the_rest_is_kept(
    desk: Desk,
    edit: Callable[[Result], None],
    reasons: list[str],
    changed: list[tuple[str, str, str]],
) -> None:
    """The page takes relations away with their spans; drafts, scripts and other tools do not."""
    desk.submit(edit)
    found = [reject.reason.partition(": ")[2] for reject in desk.bench.rejected()]
    assert found == reasons
    assert desk.changes() == changed


def test_two_reviewers_who_differ_in_an_event_are_told_which(desk: Desk) -> None:
    future = msgspec.structs.replace(SIGNED, modality="future")
    fewer = msgspec.structs.replace(MET, arguments=MET.arguments[1:])
    other = (fewer, future, *EVENTS[2:])
    bench = desk.bench
    post_readings(bench.desk, [read_by(ANN, RECORD), read_by(BOB, RECORD, events=other)], NEWS)
    bench.pull()
    merged = desk.merged()
    ledger = {(e.by, e.item, e.id, e.decision) for e in merged.ledger if e.decision != "accepted"}
    assert ledger == {
        (BOB, "argument", MET.id, "removed"),
        (BOB, "event", SIGNED.id, "revalued"),
    }
    said = [(c.item, c.said.label, c.said.text, c.by, c.not_by) for c in merged.conflicts]
    pair = ((ANN,), (BOB,)), ((BOB,), (ANN,))
    assert sorted(said) == sorted(
        ("event", kind, words, *who)
        for kind, words in (("CONSULT", "التقى"), ("AGREE", "يوقعا"))
        for who in pair
    )
    assert {c.said.value for c in merged.conflicts if c.said.label == "AGREE"} == {
        f"{modality}; actor=NORP@{NORP.start}:{NORP.end}; object=LAW@{LAW.start}:{LAW.end}"
        for modality in ("negated", "future")
    }
    assert all(a.status != "agreed" for a in merged.record.annotations)


def test_every_mode_of_a_schema_with_many_comes_back(
    label_studio: Running, server: LabelStudio, home: Home, title: str, tmp_path: Path
) -> None:
    """Also names that need care in XML, and one that the schema does not have."""
    modes = ("a b", "c & d", "<e>", 'f "g"', "h,i", "لقاء", *(f"mode-{n}" for n in range(40)))
    kinds = tuple(EventType(f"KIND{n}", "a kind", "#2CA25F", modes=modes) for n in range(12))
    schema = msgspec.structs.replace(NEWS, events=kinds)
    start, end = at("التقى")
    events = tuple(
        Event(f"v{n}", kinds[n % 12].name, Trigger(start, end, TEXT[start:end]), mode, score=0.5)
        for n, mode in enumerate((*modes, "unheard-of", None))
    )
    record = Record(RECORD.document, (msgspec.structs.replace(READING, events=events),))
    desk = Desk(Bench(label_studio, server, home, title, tmp_path, [record], schema))
    desk.submit(lambda result: None)
    assert desk.reading().events == events
    (unknown,) = desk.bench.reasons()
    assert "has no mode 'unheard-of'; allowed: a b, " in unknown
    assert unknown.endswith(" (kept)")
