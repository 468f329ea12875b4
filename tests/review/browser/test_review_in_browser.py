"""A person reviews in a real browser, and exactly those decisions come back."""

from __future__ import annotations

from pathlib import Path

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Trigger,
    make_entity,
)
from curation.review import LabelStudio
from curation.store import read
from tests.conftest import Running
from tests.review.browser.page import Reviewer
from tests.review.browser.project import Project, Said, said

# Each text with the words to mark in it; what lies around and inside them breaks tools.
HARD = {
    "emoji": ("زار 😀 محمد 👍🏽 الرباط", ["محمد", "الرباط"]),
    "zwj": ("عائلة 👩‍👩‍👧 في الرباط، می‌خواهم طهران", ["👩‍👩‍👧", "الرباط", "می‌خواهم"]),
    "flags": ("🇲🇦🇮🇱 المغرب وإسرائيل 🇲🇦", ["المغرب", "وإسرائيل", "🇲🇦🇮🇱"]),
    "diacritics": ("زَارَ مُحَمَّدٌ الرِّبَاطَ", ["مُحَمَّدٌ", "الرِّبَاطَ"]),
    "tatweel": ("قال محـــمد في الربـــاط", ["محـــمد", "الربـــاط"]),
    "bidi marks": ("شركة \u200fABC\u200e في \u202bالرباط\u202c غدا", ["ABC", "الرباط"]),
    "crlf": ("زار محمد\r\nالرباط\r\n\r\nثم طنجة", ["محمد", "الرباط", "طنجة"]),
    "nfd": (
        "Le pre\u0301sident a visite\u0301 Que\u0301bec hier",
        ["pre\u0301sident", "Que\u0301bec"],
    ),
    "html": ("<b>محمد</b> &amp; الرباط <script>x</script> \"a\" 'b'", ["محمد", "&amp;", "الرباط"]),
    "edges": ("   \t محمد في الرباط  ", ["محمد", "الرباط"]),
    "separators": ("محمد\u2028الرباط\u00a0طنجة\ufefffin", ["محمد", "الرباط", "طنجة"]),
}


def entities(text: str, words: list[str], label: str = "GPE") -> tuple[Entity, ...]:
    return tuple(
        make_entity(text, text.index(word), text.index(word) + len(word), label, score=0.9)
        for word in words
    )


def proposed(ident: str, text: str, *entities: Entity, events: tuple[Event, ...] = ()) -> Record:
    reading = Annotation(
        Author("machine", "m@1"), "proposed", entities=tuple(entities), events=events
    )
    return Record(Document(id=ident, text=text, language="ar"), (reading,))


VISIT = "زار محمد الرباط ثم طنجة"
MOHAMED, RABAT, TANGIER = entities(VISIT, ["محمد", "الرباط", "طنجة"])
VISITED = Event("v1", "CONSULT", Trigger(0, 3, "زار"), arguments=(Argument("location", RABAT.id),))


def test_the_page_shows_exactly_the_entities_and_accepting_changes_nothing(
    label_studio: Running, server: LabelStudio, reviewer: Reviewer, tmp_path: Path
):
    records = [proposed(i, text, *entities(text, words)) for i, (text, words) in HARD.items()]
    project = Project(label_studio, server, tmp_path, records)
    for record in records:
        pushed = record.annotations[0].entities
        reviewer.open(project.number, project.tasks[record.document.id], regions=len(pushed))
        shown = {(r.label, r.text, r.start, r.end) for r in reviewer.regions()}
        assert shown == {(e.label, e.text, e.start, e.end) for e in pushed}, record.document.id
        reviewer.submit()
    assert project.pull() == {
        r.document.id: Said("submitted", said(r.annotations[0]).entities, set()) for r in records
    }
    accepted = [r.annotations[-1].entities for r in read(project.reviewed, Record)]
    assert accepted == [r.annotations[0].entities for r in records], "ids and scores are kept"


def test_every_kind_of_correction_comes_back_and_nothing_else(
    label_studio: Running, server: LabelStudio, reviewer: Reviewer, tmp_path: Path
):
    names = ["relabel", "delete", "add", "relate", "empty", "blank", "untouched"]
    project = Project(
        label_studio,
        server,
        tmp_path,
        [proposed(n, VISIT, MOHAMED, RABAT, events=(VISITED,)) for n in names],
    )

    def open(name: str) -> None:
        reviewer.open(project.number, project.tasks[name], regions=3)

    open("relabel")
    reviewer.relabel("محمد", "PERSON")
    reviewer.submit()
    open("delete")
    reviewer.delete("الرباط")
    reviewer.submit()
    open("add")
    reviewer.add("LOC", TANGIER.start, TANGIER.end)
    reviewer.submit()
    open("relate")
    reviewer.relabel("محمد", "PERSON")
    reviewer.relate("زار", "محمد", "actor")
    reviewer.submit()
    open("empty")
    for text in ("محمد", "الرباط", "زار"):
        reviewer.delete(text)
    reviewer.say_nothing_to_mark()
    reviewer.submit()

    person, mohamed = ("PERSON", "محمد", 4, 8), ("GPE", "محمد", 4, 8)
    rabat, tangier = ("GPE", "الرباط", 9, 15), ("LOC", "طنجة", 19, 23)
    to_rabat = ("CONSULT", "زار", frozenset({("location", "الرباط")}))
    by_mohamed = ("CONSULT", "زار", frozenset({("location", "الرباط"), ("actor", "محمد")}))
    alone = ("CONSULT", "زار", frozenset[tuple[str, str]]())
    assert project.pull() == {
        "relabel": Said("submitted", {person, rabat}, {to_rabat}),
        "delete": Said("submitted", {mohamed}, {alone}),
        "add": Said("submitted", {mohamed, rabat, tangier}, {to_rabat}),
        "relate": Said("submitted", {person, rabat}, {by_mohamed}),
        "empty": Said("submitted", set(), set()),
    }
    relabelled = next(r for r in read(project.reviewed, Record) if r.document.id == "relabel")
    assert {e.id for e in relabelled.annotations[-1].entities} == {MOHAMED.id, RABAT.id}


def test_a_skipped_document_is_told_apart(
    label_studio: Running, server: LabelStudio, reviewer: Reviewer, tmp_path: Path
):
    project = Project(label_studio, server, tmp_path, [proposed("skip", VISIT, MOHAMED)])
    reviewer.open_stream(project.number, regions=1)
    reviewer.skip()
    assert project.pull()["skip"].status == "skipped"


def test_the_most_uncertain_document_comes_first(
    label_studio: Running, server: LabelStudio, reviewer: Reviewer, tmp_path: Path
):
    def doubted(ident: str, entity: Entity, doubt: float) -> Record:
        reading = Annotation(Author("machine", "m@1"), "proposed", (entity,), uncertainty=doubt)
        return Record(Document(ident, VISIT, language="ar"), (reading,))

    records = [doubted("sure", MOHAMED, 0.01), doubted("unsure", RABAT, 0.2)]
    project = Project(label_studio, server, tmp_path, records)
    reviewer.open_stream(project.number, regions=1)
    assert [region.text for region in reviewer.regions()] == ["الرباط"]
    reviewer.submit()
    assert list(project.pull()) == ["unsure"]
