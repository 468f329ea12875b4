import datetime
import json
import os
from pathlib import Path

import pytest
from msgspec import structs

from curation.cli import main
from curation.merge import Tally, merge_record
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    LedgerEntry,
    Record,
    Relation,
    Trigger,
    make_entity,
)
from curation.store import read, write

TEXT = "وقّعت إسرائيل والمغرب مذكرة تفاهم في الرباط"
DOCUMENT = Document(id="d1", text=TEXT, language="ar")
NOON = datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC)


def entity(part: str, label: str, ident: str = "", **more: object) -> Entity:
    start = TEXT.index(part)
    made = make_entity(TEXT, start, start + len(part), label, proposers=("gazetteer.v1",))
    return structs.replace(made, id=ident or made.id, **more)


ISRAEL = entity("إسرائيل", "GPE", "e1", value="iso3166:IL")
MOROCCO = entity("والمغرب", "GPE", "e2", value="iso3166:MA")
MEMO = entity("مذكرة تفاهم", "LAW", "e3")
RABAT = entity("الرباط", "LOC", "e4")
SIGNING = Event(
    "v1",
    "AGREE",
    Trigger(0, 5, TEXT[0:5]),
    arguments=(Argument("actor", "e1"), Argument("actor", "e2")),
)
PROPOSAL = Annotation(
    Author("machine", "news-ar@1"),
    "proposed",
    entities=(ISRAEL, MOROCCO, MEMO, RABAT),
    events=(SIGNING,),
)


def reading(agent: str, *entities: Entity, **more: object) -> Annotation:
    made = Annotation(Author("human", agent), "submitted", entities=entities, at=NOON)
    return structs.replace(made, **more)


def merged(*readings: Annotation):
    return merge_record(Record(DOCUMENT, (PROPOSAL,)), Record(DOCUMENT, (PROPOSAL, *readings)))


def decided(ledger: tuple[LedgerEntry, ...]) -> dict[tuple[str, str], str]:
    return {(e.item, e.id): e.decision for e in ledger if e.item != "argument"}


def test_every_proposed_and_every_final_span_has_its_decision():
    rabat = structs.replace(RABAT, label="GPE")
    memo = entity("مذكرة", "LAW", "e3")
    added = entity("وقّعت", "EVENT", "random1")
    signing = structs.replace(
        SIGNING, arguments=(Argument("actor", "e1"), Argument("object", "e3"))
    )
    outcome = merged(reading("amal@x", ISRAEL, memo, rabat, added, events=(signing,)))
    assert decided(outcome.ledger) == {
        ("entity", "e1"): "accepted",
        ("entity", "e2"): "removed",
        ("entity", "e3"): "moved",
        ("entity", "e4"): "relabelled",
        ("entity", "random1"): "added",
        ("event", "v1"): "accepted",
    }
    arguments = [e for e in outcome.ledger if e.item == "argument"]
    assert [((e.before or e.after).tail, e.decision) for e in arguments] == [
        ("e1", "accepted"),
        ("e2", "removed"),
        ("e3", "added"),
    ]
    moved = next(e for e in outcome.ledger if e.id == "e3")
    assert (moved.by, moved.at, moved.proposers) == ("amal@x", NOON, ("gazetteer.v1",))
    assert (moved.before.text, moved.after.text) == ("مذكرة تفاهم", "مذكرة")


def test_one_reading_is_the_agreed_one_and_history_stays():
    outcome = merged(reading("amal@x", ISRAEL))
    *history, agreed = outcome.record.annotations
    assert history == [PROPOSAL, reading("amal@x", ISRAEL)]
    assert (agreed.by, agreed.status, agreed.at) == (
        Author("merge", "unanimous@1"),
        "agreed",
        NOON,
    )
    assert agreed.entities == (ISRAEL,)


def test_readings_that_agree_under_other_ids_are_one_and_keep_the_proposals_ids():
    redrawn = structs.replace(ISRAEL, id="zzz", proposers=("basma@x",))
    later = NOON + datetime.timedelta(hours=1)
    outcome = merged(reading("amal@x", redrawn, at=later), reading("basma@x", ISRAEL))
    assert outcome.conflicts == ()
    agreed = outcome.record.annotations[-1]
    assert (agreed.entities, agreed.at) == ((ISRAEL,), later)


def test_readings_that_differ_give_conflicts_and_no_agreed_reading():
    relabelled = structs.replace(RABAT, label="GPE")
    outcome = merged(reading("amal@x", ISRAEL, RABAT), reading("basma@x", ISRAEL, relabelled))
    assert [a.status for a in outcome.record.annotations] == ["proposed", "submitted", "submitted"]
    assert {(c.said.label, c.by, c.not_by) for c in outcome.conflicts} == {
        ("LOC", ("amal@x",), ("basma@x",)),
        ("GPE", ("basma@x",), ("amal@x",)),
    }


def test_submitted_and_empty_is_gold_and_skipped_is_not():
    empty = merged(reading("amal@x"))
    assert empty.record.annotations[-1].status == "agreed"
    assert {e.decision for e in empty.ledger} == {"removed"}
    skipped = merged(reading("amal@x", ISRAEL, status="skipped"))
    assert [a.status for a in skipped.record.annotations] == ["proposed", "skipped"]
    assert {e.decision for e in skipped.ledger} == {"unreviewed"}
    assert len(skipped.ledger) == 4 + 1 + 2


def test_a_relation_follows_its_entities_and_may_change_its_label():
    base = structs.replace(
        PROPOSAL,
        relations=(Relation("r1", "near", "e1", "e2"), Relation("r2", "part_of", "e3", "e4")),
    )
    redrawn = structs.replace(ISRAEL, id="new")
    human = reading("amal@x", redrawn, MOROCCO, relations=(Relation("r9", "ally", "new", "e2"),))
    outcome = merge_record(Record(DOCUMENT, (base,)), Record(DOCUMENT, (base, human)))
    relations = [e for e in outcome.ledger if e.item == "relation"]
    relations = {e.id: (e.decision, e.after and e.after.label) for e in relations}
    assert relations == {"r1": ("relabelled", "ally"), "r2": ("removed", None)}


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    return stop.value.code or 0


def test_the_command_writes_records_ledger_and_conflicts(tmp_path: Path, capsys):
    proposed, reviewed = tmp_path / "proposed.jsonl", tmp_path / "reviewed.jsonl"
    proposed_only = Annotation(Author("machine", "m"), "proposed")
    other = Record(Document(id="d2", text="نص آخر"), (proposed_only,))
    foreign = Record(Document(id="d3", text="نص"), (reading("amal@x"),))
    write(proposed, [Record(DOCUMENT, (PROPOSAL,)), other])
    write(reviewed, [foreign, Record(DOCUMENT, (PROPOSAL, reading("amal@x", ISRAEL)))])
    agreed = tmp_path / "agreed.jsonl"
    assert run("merge", proposed, reviewed, "-o", agreed, "--json") == 0
    records = list(read(agreed, Record))
    assert [r.document.id for r in records] == ["d1", "d2", "d3"]
    counts = json.loads(capsys.readouterr().out)
    assert (counts["documents"], counts["agreed"], counts["unreviewed"]) == (3, 2, 1)
    assert counts["acceptance"] == 1 / 5  # of four entities and an event
    assert len(list(read(tmp_path / "agreed.ledger.jsonl", LedgerEntry))) == 4 + 1 + 2
    first = agreed.read_bytes()
    assert run("merge", proposed, reviewed, "-o", agreed) == 0
    assert agreed.read_bytes() == first


def test_a_changed_text_and_a_broken_line_are_refused_and_the_rest_goes_on(tmp_path: Path, capsys):
    proposed, reviewed = tmp_path / "proposed.jsonl", tmp_path / "reviewed.jsonl"
    write(proposed, [Record(DOCUMENT, (PROPOSAL,)), Record(Document(id="d2", text="b"))])
    write(
        reviewed, [Record(Document(id="d1", text="changed")), Record(Document(id="d2", text="b"))]
    )
    with reviewed.open("ab") as stream:
        stream.write(b'{"document": {"id": "d4", "te')
    agreed = tmp_path / "agreed.jsonl"
    assert run("merge", proposed, reviewed, "-o", agreed, "--strict") == 1
    assert [r.document.id for r in read(agreed, Record)] == ["d2"]
    kept = (tmp_path / "agreed.jsonl.rejects.jsonl").read_text().splitlines()
    refused = [json.loads(line) for line in kept]
    assert [r["line"] for r in refused] == [3, 0]
    assert "another text" in refused[1]["reason"]
    assert "2 refused" in capsys.readouterr().err


def test_a_proposal_made_anew_since_the_push_is_counted(tmp_path: Path, capsys):
    proposed, reviewed = tmp_path / "p.jsonl", tmp_path / "r.jsonl"
    author = Author("machine", "news-ar@2")
    anew = structs.replace(PROPOSAL, by=author, entities=(ISRAEL, MOROCCO), events=())
    write(proposed, [Record(DOCUMENT, (PROPOSAL, anew))])
    write(reviewed, [Record(DOCUMENT, (PROPOSAL, reading("amal@x", ISRAEL)))])
    assert run("merge", proposed, reviewed, "-o", tmp_path / "a.jsonl") == 0
    assert "proposed anew since they were pushed: 1 document;" in capsys.readouterr().err
    ledger = list(read(tmp_path / "a.ledger.jsonl", LedgerEntry))
    assert sum(e.item == "entity" for e in ledger) == 4


def test_a_stream_is_refused_where_merge_needs_files(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "p.jsonl", [Record(DOCUMENT, (PROPOSAL,))])
    assert run("merge", "p.jsonl", "p.jsonl", "-o", "-") == 2
    assert run("merge", "-", "p.jsonl", "-o", "a.jsonl") == 1
    os.mkfifo(tmp_path / "pipe")
    assert run("merge", "p.jsonl", "pipe", "-o", "a.jsonl") == 1
    assert "Give -o FILE" in (said := capsys.readouterr().err)
    assert said.count("Write it to a file first") == 2
    assert {path.name for path in tmp_path.iterdir()} == {"p.jsonl", "pipe"}


def test_the_counts_come_before_the_refusals_also_where_these_make_it_fail(tmp_path, capsys):
    proposed, reviewed = tmp_path / "p.jsonl", tmp_path / "r.jsonl"
    write(proposed, [Record(DOCUMENT, (PROPOSAL,))])
    reviewed.write_text("not JSON\n")
    arguments = ("merge", proposed, reviewed, "-o", tmp_path / "a.jsonl", "--strict")
    assert run(*arguments, "--json") == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["unreviewed"] == 1
    assert run(*arguments) == 1
    talk = capsys.readouterr().err
    assert talk.index("1 document, 0 agreed") < talk.index("1 refused")


def test_what_a_person_changed_of_an_items_value_mode_or_modality_is_no_acceptance():
    denied = structs.replace(SIGNING, modality="negated")
    valued = structs.replace(MEMO, value="Q1")
    outcome = merged(reading("amal@x", ISRAEL, MOROCCO, valued, RABAT, events=(denied,)))
    assert {e.id: e.decision for e in outcome.ledger if e.item != "argument"} == {
        **dict.fromkeys(("e1", "e2", "e4"), "accepted"),
        **dict.fromkeys(("e3", "v1"), "revalued"),
    }
    (event,) = (e for e in outcome.ledger if e.item == "event")
    assert (event.before.modality, event.after.modality) == ("asserted", "negated")
    tally = Tally()
    tally.add(outcome)
    assert tally.acceptance == 3 / 5


def test_two_of_a_thing_are_not_one_of_it():
    twin = structs.replace(SIGNING, id="v2")
    one = reading("amal@x", ISRAEL, MOROCCO, events=(SIGNING,))
    two = reading("basma@x", ISRAEL, MOROCCO, events=(SIGNING, twin))
    outcome = merged(one, two)
    (conflict,) = outcome.conflicts
    assert (conflict.item, conflict.by, conflict.not_by) == ("event", ("basma@x",), ("amal@x",))
    assert all(a.status != "agreed" for a in outcome.record.annotations)


def test_what_was_reviewed_before_counts_and_an_old_agreement_does_not_outlive_a_dispute():
    before = merged(reading("amal@x", ISRAEL)).record
    second = Record(DOCUMENT, (PROPOSAL, reading("basma@x", ISRAEL, MOROCCO)))
    outcome = merge_record(before, second)
    assert [a.by.agent for a in outcome.record.annotations] == ["news-ar@1", "amal@x", "basma@x"]
    assert [c.by for c in outcome.conflicts] == [("basma@x",)]
    assert {e.by for e in outcome.ledger} == {"amal@x", "basma@x"}
    tally = Tally()
    tally.add(outcome)
    assert (tally.agreed, tally.disputed, tally.unreviewed) == (0, 1, 0)
    changed_mind = Record(DOCUMENT, (PROPOSAL, reading("amal@x", ISRAEL, MOROCCO)))
    assert merge_record(outcome.record, changed_mind).conflicts == ()


def test_merging_a_merge_again_changes_nothing():
    once = merged(reading("amal@x", ISRAEL))
    assert merge_record(once.record, None) == once
    assert merge_record(once.record, once.record) == once


def test_every_reading_is_measured_against_the_proposal_before_it():
    anew = structs.replace(
        PROPOSAL, by=Author("machine", "news-ar@2"), entities=(ISRAEL,), events=()
    )
    first = merged(reading("amal@x", ISRAEL)).record
    second = Record(DOCUMENT, (*first.annotations, anew, reading("basma@x", ISRAEL)))
    outcome = merge_record(second, second)
    assert [sum(e.by == who for e in outcome.ledger) for who in ("amal@x", "basma@x")] == [7, 1]


def test_who_skips_a_document_takes_back_what_they_submitted_before():
    before = merged(reading("amal@x", ISRAEL)).record
    skipped = Record(DOCUMENT, (PROPOSAL, reading("amal@x", status="skipped")))
    outcome = merge_record(before, skipped)
    assert {e.decision for e in outcome.ledger} == {"unreviewed"}
    assert "agreed" not in [a.status for a in outcome.record.annotations]
    again = merge_record(outcome.record, None)  # what is taken back stays so
    assert again == outcome


def test_several_roles_of_one_entity_are_told_apart():
    def signing(*roles: str) -> Event:
        return structs.replace(SIGNING, arguments=tuple(Argument(role, "e1") for role in roles))

    base = structs.replace(PROPOSAL, events=(signing("actor", "recipient"),))
    human = reading("amal@x", ISRAEL, events=(signing("recipient", "object", "location"),))
    outcome = merge_record(Record(DOCUMENT, (base,)), Record(DOCUMENT, (base, human)))
    arguments = [e for e in outcome.ledger if e.item == "argument"]
    assert [
        (e.decision, e.before and e.before.label, e.after and e.after.label) for e in arguments
    ] == [
        ("relabelled", "actor", "object"),
        ("accepted", "recipient", "recipient"),
        ("added", None, "location"),
    ]


def test_links_name_the_event_and_the_annotators_that_proposed_them():
    signing = structs.replace(SIGNING, proposers=("events.v1",))
    links = (Relation("r1", "near", "e1", "e2"),)
    base = structs.replace(PROPOSAL, relations=links, events=(signing,))
    human = reading("amal@x", ISRAEL, MOROCCO, relations=links, events=(signing,))
    outcome = merge_record(Record(DOCUMENT, (base,)), Record(DOCUMENT, (base, human)))
    by = {(e.item, e.id): e.proposers for e in outcome.ledger if e.item != "entity"}
    assert by == {
        ("relation", "r1"): ("news-ar@1",),
        ("event", "v1"): ("events.v1",),
        ("argument", "v1"): ("events.v1",),
    }


@pytest.mark.parametrize(
    ("one", "other", "item"),
    [
        ({"events": (SIGNING,)}, {"events": (structs.replace(SIGNING, arguments=()),)}, "event"),
        (
            {"relations": (Relation("r", "near", "e1", "e2"),)},
            {"relations": (Relation("r", "near", "e1", "e4"),)},
            "relation",
        ),
        (
            {"entities": (ISRAEL, MOROCCO, RABAT)},
            {"entities": (structs.replace(ISRAEL, value=None), MOROCCO, RABAT)},
            "entity",
        ),
    ],
)
def test_readings_that_differ_in_a_part_of_an_item_do_not_agree(one, other, item: str):
    whole = reading("amal@x", ISRAEL, MOROCCO, RABAT)
    other = structs.replace(whole, by=Author("human", "basma@x"), **other)
    outcome = merged(structs.replace(whole, **one), other)
    assert {c.item for c in outcome.conflicts} == {item}
    assert sorted(c.by for c in outcome.conflicts) == [("amal@x",), ("basma@x",)]


def test_a_document_without_a_review_was_not_proposed_anew(tmp_path: Path, capsys):
    proposed, reviewed = tmp_path / "p.jsonl", tmp_path / "r.jsonl"
    write(proposed, [Record(DOCUMENT, (PROPOSAL,))])
    write(reviewed, [])
    assert run("merge", proposed, reviewed, "-o", tmp_path / "a.jsonl", "--json") == 0
    assert json.loads(capsys.readouterr().out)["changed_since_push"] == 0


def test_a_draft_takes_nothing_back():
    before = merged(reading("amal@x", ISRAEL)).record
    draft = Record(DOCUMENT, (PROPOSAL, reading("amal@x", MOROCCO, status="draft")))
    assert merge_record(before, draft).record.annotations[-1].entities == (ISRAEL,)


def test_a_wrong_second_file_is_told(tmp_path: Path, capsys):
    proposed, reviewed = tmp_path / "p.jsonl", tmp_path / "r.jsonl"
    write(proposed, [Record(DOCUMENT, (PROPOSAL,))])
    assert run("merge", proposed, proposed, "-o", tmp_path / "a.jsonl") == 2
    assert f"{proposed} is given twice" in capsys.readouterr().err
    write(reviewed, [Record(structs.replace(DOCUMENT, id="other"), (PROPOSAL,))])
    assert run("merge", proposed, reviewed, "-o", tmp_path / "a.jsonl") == 1
    assert f"no document of {reviewed} is in {proposed} (other, …" in capsys.readouterr().err
    assert not (tmp_path / "a.jsonl").exists()
    write(reviewed, [Record(DOCUMENT)])
    assert run("merge", proposed, reviewed, "-o", tmp_path / "a.jsonl") == 0
    assert f"nobody has reviewed anything in {reviewed}" in capsys.readouterr().err
