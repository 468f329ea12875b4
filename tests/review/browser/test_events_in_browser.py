"""Events as a person reviews them in a real browser, down to the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    LedgerEntry,
    Modality,
    Record,
    Said,
    Trigger,
    event_id,
    make_entity,
)
from curation.review import LabelStudio
from curation.store import Reject, read
from tests.conftest import Running
from tests.review import arabic
from tests.review.browser.page import ARTIFACTS, Reviewer
from tests.review.browser.project import Project, run

TEXT = (
    "وقّع المغرب أمس\nزار محمد الرباط ثم فاس\nستشارك إسرائيل في التدريب\nهدد خالد طنجة\n"
    "أدان عمر مكناس\nقصف سعد أكادير\nنشر كريم قواته في وجدة\nطالب بشدة ياسين"
)


def entity(words: str, label: str) -> Entity:
    at = TEXT.index(words)
    return make_entity(TEXT, at, at + len(words), label, score=0.9, proposers=("crf.v1",))


PLACES = "المغرب", "الرباط", "فاس", "إسرائيل", "طنجة", "مكناس", "أكادير"
PEOPLE = "محمد", "خالد", "عمر", "سعد", "كريم", "ياسين"
ENTITIES = {w: entity(w, "GPE") for w in PLACES} | {w: entity(w, "PERSON") for w in PEOPLE}


def event(
    words: str,
    kind: str,
    mode: str | None = None,
    modality: Modality = "asserted",
    /,
    **roles: str,
) -> Event:
    at = TEXT.index(words)
    trigger = Trigger(at, at + len(words), words)
    arguments = tuple(Argument(role, ENTITIES[of].id) for role, of in roles.items())
    ident = event_id(at, at + len(words), kind)
    return Event(ident, kind, trigger, mode, modality, 0.7, ("triggers.v1",), arguments)


EVENTS = (
    event("وقّع", "AGREE", actor="المغرب"),
    event("زار", "CONSULT", "visit", actor="محمد", location="الرباط"),
    event("ستشارك", "AID", "military", "future", actor="إسرائيل"),
    event("هدد", "THREATEN", "violence", actor="خالد", recipient="طنجة"),
    event("أدان", "DISAPPROVE", actor="عمر", recipient="مكناس"),
    event("قصف", "ASSAULT", "aerial", actor="سعد", location="أكادير"),
    event("طالب", "DEMAND", None, "possible", actor="ياسين"),
)
READING = Annotation(
    Author("machine", "m@1"), "proposed", entities=tuple(ENTITIES.values()), events=EVENTS
)
REGIONS = len(ENTITIES) + len(EVENTS)


class Decided(NamedTuple):
    """What the ledger says of one item, in words; ids are told by the text they stand for."""

    item: str
    decision: str
    before: str
    after: str


def decided(entry: LedgerEntry, named: dict[str, str]) -> Decided:
    def told(said: Said | None) -> str:
        if said is None:
            return ""
        more = (said.mode, said.modality if said.modality != "asserted" else None)
        ends = (named[end] for end in (said.head, said.tail) if end)
        return " ".join(filter(None, (said.label, said.text, *more, *ends)))

    return Decided(entry.item, entry.decision, told(entry.before), told(entry.after))


def test_every_correction_of_an_event_is_one_entry_of_the_ledger(
    label_studio: Running, server: LabelStudio, reviewer: Reviewer, tmp_path: Path
):
    names = ("touched", "accepted")
    records = [Record(Document(name, TEXT, language="ar"), (READING,)) for name in names]
    project = Project(label_studio, server, tmp_path, records)
    reviewer.open(project.number, project.tasks["accepted"], regions=REGIONS)
    reviewer.submit()

    reviewer.open(project.number, project.tasks["touched"], regions=REGIONS)
    reviewer.relabel("وقّع", "SUPPORT")
    reviewer.choose("زار", "meeting")
    reviewer.turn("CONSULT", "GPE")
    reviewer.choose("ستشارك", "military", "negated")  # military is unticked
    reviewer.rename_role("THREATEN", "GPE", "object")
    reviewer.unrelate("DISAPPROVE", "GPE")
    reviewer.relate("أدان", "فاس", "recipient")
    reviewer.delete("قصف")
    reviewer.stretch("طالب", shown("طالب بشدة") + len("طالب بشدة"))
    reviewer.delete("ياسين")
    for label, words in (("MOBILIZE", "نشر"), ("LOC", "وجدة")):
        reviewer.add(label, shown(words), shown(words) + len(words))
    reviewer.choose("نشر", "troops", "future")
    reviewer.relate("نشر", "كريم", "actor")
    reviewer.relate("نشر", "وجدة", "location")
    reviewer.submit()

    project.pull()
    back = {r.document.id: r for r in read(project.reviewed, Record)}
    accepted = back["accepted"].annotations[-1]
    assert (accepted.entities, accepted.events) == (READING.entities, READING.events)

    agreed = tmp_path / "agreed.jsonl"
    run("merge", project.file, project.reviewed, "-o", agreed)
    ledger = list(read(tmp_path / "agreed.ledger.jsonl", LedgerEntry))
    touched = back["touched"].annotations[-1]
    named = {e.id: e.text for e in (*READING.entities, *touched.entities)}
    named |= {e.id: e.trigger.text for e in (*touched.events, *READING.events)}
    changes = {
        decided(entry, named)
        for entry in ledger
        if entry.document == "touched" and entry.decision != "accepted"
    }
    assert changes == {
        Decided("event", "relabelled", "AGREE وقّع", "SUPPORT وقّع"),
        Decided("event", "revalued", "CONSULT زار visit", "CONSULT زار meeting"),
        Decided("event", "revalued", "AID ستشارك military future", "AID ستشارك negated"),
        Decided("argument", "relabelled", "recipient هدد طنجة", "object هدد طنجة"),
        Decided("argument", "moved", "recipient أدان مكناس", "recipient أدان فاس"),
        Decided("event", "removed", "ASSAULT قصف aerial", ""),
        Decided("argument", "removed", "actor قصف سعد", ""),
        Decided("argument", "removed", "location قصف أكادير", ""),
        Decided("event", "moved", "DEMAND طالب possible", "DEMAND طالب بشدة possible"),
        Decided("entity", "removed", "PERSON ياسين", ""),
        Decided("argument", "removed", "actor طالب ياسين", ""),
        Decided("event", "added", "", "MOBILIZE نشر troops future"),
        Decided("entity", "added", "", "LOC وجدة"),
        Decided("argument", "added", "", "actor نشر كريم"),
        Decided("argument", "added", "", "location نشر وجدة"),
    }
    assert len(ledger) == 2 * (REGIONS + sum(len(v.arguments) for v in EVENTS)) + 4
    (turned,) = read(tmp_path / "reviewed.jsonl.rejects.jsonl", Reject)
    assert (
        "'location' between CONSULT 'زار' and GPE 'الرباط' points at the trigger" in turned.reason
    )
    assert turned.file.endswith(f"/data?task={project.tasks['touched']}")
    assert {entry.by for entry in ledger} == {label_studio.local.user}
    by_item = {(e.item, e.decision): e.proposers for e in ledger if e.document == "touched"}
    assert by_item["argument", "moved"] == by_item["event", "removed"] == ("triggers.v1",)
    assert by_item["entity", "removed"] == ("crf.v1",)
    assert by_item["event", "added"] == by_item["argument", "added"] == ()


def shown(words: str) -> int:
    """Where these words begin in what the page shows: line breaks are not counted."""
    return TEXT.replace("\n", "").index(words)


def test_the_page_shows_who_does_what_in_a_right_to_left_text(
    label_studio: Running, server: LabelStudio, reviewer: Reviewer, tmp_path: Path
):
    """Keeps the screen in tests/artifacts/review-events.png: the picture in docs/."""
    project = Project(label_studio, server, tmp_path, [arabic.RECORD])
    reviewer.page.set_viewport_size({"width": 1500, "height": 1000})
    count = len(arabic.ENTITIES) + len(arabic.EVENTS)
    reviewer.open(project.number, project.tasks["doc-0"], regions=count)
    reviewer.select("التقى")

    def touches(point: list[float], rectangles: list[list[float]]) -> bool:
        x, y = point
        near = 10  # an arrow ends above the word, or beside it
        return any(r[0] - 5 <= x <= r[2] + 5 and r[1] - near <= y <= r[3] + 5 for r in rectangles)

    arrows = reviewer.arrows()
    for one in arabic.EVENTS:
        trigger = reviewer.boxes(one.id)
        for argument in one.arguments:
            found = [a for a in arrows if a[0] == argument.role and touches(a[1], trigger)]
            participant = reviewer.boxes(argument.entity)
            assert any(touches(head, participant) for _, _, head in found), argument
    assert len(arrows) == sum(len(one.arguments) for one in arabic.EVENTS)
    first, second, third = (reviewer.boxes(i.id)[0] for i in (arabic.MET, *arabic.ENTITIES[2:4]))
    assert first[0] > second[0] > third[0], "right to left"

    for label, weight in (("CONSULT", "700"), ("ASSAULT", "700"), ("CRIME", "700"), ("GPE", "400")):
        words = reviewer.page.locator(f".htx-highlight[data-label$=':{label}']").first
        assert words.evaluate("e => getComputedStyle(e).fontWeight") == weight
    ticked = reviewer.page.locator(".curation-choices input:checked").locator("visible=true")
    assert [box.get_attribute("name") for box in ticked.all()] == ["asserted", "meeting"]

    reviewer.keep_screen("review-events")
    assert (ARTIFACTS / "review-events.png").stat().st_size < 300_000
