"""UIMA CAS: as dkpro-cassis reads it and as the bytes say, as INCEpTION exports it, and broken."""

from __future__ import annotations

import tempfile
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import cassis
import pytest
from hypothesis import given
from lxml import etree
from msgspec import structs

from curation.convert import FORMATS, Losses
from curation.convert.cas_items import (
    DEPENDENT,
    EVENT,
    GOVERNOR,
    RELATION,
    SENTENCE,
    TOKEN,
)
from curation.convert.layout import layout
from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Event,
    Record,
    Relation,
    Trigger,
    event_id,
    make_entity,
    relation_id,
)
from curation.quality import reading
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cas")


@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(folder: Path, record: Record) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        (back,), losses = there_and_back(Path(place), "cas", [record])
    lost = {(loss.item, loss.id, loss.what) for loss in losses}
    if ("document", "", "text") not in lost:
        assert back.document.text == record.document.text
    assert len(back.document.text) == len(record.document.text)
    assert back.document.language == record.document.language
    if ("document", "", "id") not in lost:
        assert back.document.id == record.document.id
    found = reading(record) or Annotation(Author("machine", "nobody"), "proposed")
    (came,) = back.annotations
    names = {ours.id: theirs.id for ours, theirs in zip(found.entities, came.entities, strict=True)}
    for ours, theirs in zip(found.entities, came.entities, strict=True):
        assert (ours.start, ours.end, ours.label, ours.value) == (
            (theirs.start, theirs.end, theirs.label, theirs.value)
        )
        assert ours.id == theirs.id or ("entity", ours.id, "id") in lost
    for ours, theirs in zip(found.events, came.events, strict=True):
        at = (theirs.trigger.start, theirs.trigger.end)
        assert at == (ours.trigger.start, ours.trigger.end)
        assert (ours.type, ours.mode, ours.modality) == (theirs.type, theirs.mode, theirs.modality)
        assert [(a.role, names[a.entity]) for a in ours.arguments] == [
            (a.role, a.entity) for a in theirs.arguments
        ]
    assert [(r.label, names[r.head], names[r.tail]) for r in found.relations] == [
        (r.label, r.head, r.tail) for r in came.relations
    ]
    said = {(loss.item, loss.id, loss.what): loss.said for loss in losses}
    for one in (*found.entities, *found.events):
        kind = "event" if isinstance(one, Event) else "entity"
        assert said.get((kind, one.id, "proposers"), "") == " ".join(one.proposers)
        assert ((kind, one.id, "score") in said) == (one.score is not None)
    assert (("document", "", "unread") in lost) == (reading(record) is None)


TEXT = "زار 👨‍👩‍👧 وزير الدفاع\r\nالريـــاض.\tوَقّع é اتفاقية 😀!"


def visit() -> Record:
    title = make_entity(TEXT, 10, 21, "TITLE", value="wd:Q1")
    city = make_entity(TEXT, 23, 32, "GPE")
    smile = make_entity(TEXT, TEXT.index("😀"), TEXT.index("😀") + 1, "MISC")
    trigger = Trigger(0, 3, "زار")
    visit = Event(
        event_id(0, 3, "CONSULT"),
        "CONSULT",
        trigger,
        "visit",
        "negated",
        arguments=(Argument("actor", title.id), Argument("location", city.id)),
    )
    link = Relation(relation_id("near", title.id, smile.id), "near", title.id, smile.id)
    found = Annotation(
        Author("human", "amal"), "submitted", (title, city, smile), (link,), (visit,)
    )
    return Record(Document("خبر/1", TEXT, language="ar"), (found,))


def write(folder: Path, *every: Record) -> Path:
    with Losses(folder / "out") as losses:
        FORMATS["cas"].write(folder / "out", every, losses, None)
    return folder / "out"


def test_the_bytes_count_utf16_and_the_library_reads_them(tmp_path: Path) -> None:
    out = write(tmp_path, visit())
    place = out / "خبر%2F1.xmi"
    root: Any = etree.parse(place).getroot()
    wide = root.find("{http:///uima/cas.ecore}Sofa").get("sofaString").encode("utf-16-le")
    assert wide.decode("utf-16-le") == TEXT
    namespace = "{http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore}NamedEntity"
    covered = [
        wide[2 * int(one.get("begin")) : 2 * int(one.get("end"))].decode("utf-16-le")
        for one in root.findall(namespace)
    ]
    assert covered == ["وزير الدفاع", "الريـــاض", "😀"]
    types = cassis.load_typesystem(out / "TypeSystem.xml")
    cas: Any = cassis.load_cas_from_xmi(place, types)
    assert cas.document_language == "ar"
    tokens = layout(TEXT)
    assert [one.get_covered_text() for one in cas.select(TOKEN)] == [
        TEXT[start:end] for start, end in tokens.tokens
    ]
    assert len(cas.select(SENTENCE)) == len(tokens.sentences)
    (event,) = cas.select(EVENT)
    assert [(one.role, one.target.get_covered_text()) for one in event.arguments.elements] == [
        ("actor", "وزير الدفاع"),
        ("location", "الريـــاض"),
    ]
    (link,) = cas.select(RELATION)
    assert getattr(link, GOVERNOR).value == "TITLE" and getattr(link, DEPENDENT).value == "MISC"
    assert (link.begin, link.end) == (getattr(link, DEPENDENT).begin, getattr(link, DEPENDENT).end)


def test_it_comes_back_whole(tmp_path: Path) -> None:
    every = [visit(), structs.replace(visit(), document=Document("B", TEXT))]
    back, losses = there_and_back(tmp_path, "cas", every)
    assert sorted((one.document for one in back), key=lambda one: one.id) == [
        Document("B", TEXT),
        Document("خبر/1", TEXT, language="ar"),
    ]
    ours, theirs = every[0].annotations[0], back[0].annotations[0]
    assert theirs == structs.replace(ours, by=Author("machine", "back"), status="proposed")
    assert {loss.what for loss in losses} == {"author"}


def test_what_xml_can_not_hold_is_listed_and_moves_nothing(tmp_path: Path) -> None:
    text = "a\x0bb \ufffe😀c"
    found = Annotation(Author("human", "amal"), "submitted", (make_entity(text, 6, 7, "X\x01"),))
    (back,), losses = there_and_back(tmp_path, "cas", [Record(Document("d", text), (found,))])
    assert back.document.text == "a\ufffdb \ufffd😀c"
    (one,) = back.annotations[0].entities
    assert (one.start, one.text, one.label) == (6, "c", "X\ufffd")
    assert {(loss.item, loss.what, loss.said) for loss in losses} >= {
        ("document", "text", text),
        ("entity", "label", "X\x01"),
    }


def exported(folder: Path) -> Path:
    """A project with layers of its own, as INCEpTION's schema has them, one folder a document."""
    shipped = resources.files("cassis.resources") / "dkpro-core-types.xml"
    types = cassis.load_typesystem(shipped.read_text())
    party = types.create_type("webanno.custom.Party", "uima.tcas.Annotation")
    types.create_feature(party, "side", "uima.cas.String")
    types.create_feature(party, "certain", "uima.cas.Boolean")
    link = types.create_type("webanno.custom.DealWhoLink", "uima.cas.TOP")
    types.create_feature(link, "role", "uima.cas.String")
    types.create_feature(link, "target", party)
    deal = types.create_type("webanno.custom.Deal", "uima.tcas.Annotation")
    types.create_feature(deal, "kind", "uima.cas.String")
    types.create_feature(deal, "modality", "uima.cas.String")
    types.create_feature(deal, "Who", "uima.cas.FSArray", elementType=link)
    cas: Any = cassis.Cas(types)
    cas.sofa_string = "😀 Sudan signs. Rabat"
    one = party(begin=2, end=7, side="GPE", certain=True)
    bare, empty = party(begin=15, end=20), party(begin=3, end=3, side="GPE")
    array = types.get_type("uima.cas.FSArray")
    links = [link(role="actor", target=one), link(role="place", target=bare)]
    events = [
        deal(begin=8, end=13, kind="SIGN", modality="doubtful", Who=array(elements=links)),
        deal(begin=8, end=13, kind="TALK"),
        deal(begin=0, end=1, Who=array(elements=links[:1])),
    ]
    lemma = types.get_type("de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma")
    cas.add_all([one, bare, empty, *events, lemma(begin=2, end=7, value="Sudan")])
    place = folder / "news.txt"
    place.mkdir()
    types.to_xml(place / "TypeSystem.xml")
    cas.to_xmi(place / "amal.xmi")
    return folder


def test_layers_of_a_project_are_read_by_their_shape(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (record,), losses = come(tmp_path, "cas", exported(tmp_path / "in"))
    assert record.document == Document("news.txt/amal", "😀 Sudan signs. Rabat")
    (found,) = record.annotations
    assert [(e.text, e.label) for e in found.entities] == [("Sudan", "GPE")]
    assert [(e.type, e.trigger.text, e.modality, len(e.arguments)) for e in found.events] == [
        ("SIGN", "signs", "asserted", 1),
        ("TALK", "signs", "asserted", 0),
    ]
    assert Counter((loss.item, loss.what, loss.said) for loss in losses) == Counter(
        [
            ("entity", "certain", "True"),
            ("entity", "span", "15:20"),
            ("entity", "span", "GPE 3:3"),
            ("argument", "span", "place"),
            ("event", "modality", "doubtful"),
            ("event", "span", "0:1"),
            ("argument", "span", "actor"),
            ("document", "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma", "2:7"),
        ]
    )


def broken(content: str, how: str) -> str:
    return {
        "no XML": content.replace("</xmi:XMI>", ""),
        "inside a character": content.replace('begin="3"', 'begin="5"').replace(
            'begin="13"', 'begin="5"'
        ),
        "behind the text": content.replace('end="24"', 'end="2100"'),
        "a type": content.replace("custom", "costume"),
        "a reference": content.replace('Governor="', 'Governor="9'),
        "no number": content.replace('sofaNum="1"', 'sofaNum="one"'),
        "no text": content.replace("sofaString", "sofaURI"),
    }[how]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("no XML", "no XML: "),
        ("inside a character", "Not mapping external offset [5]"),
        ("behind the text", "Not mapping external offset [2100]"),
        ("a type", "costume"),
        ("a reference", "which is not there"),
        ("no number", "this is no UIMA CAS as XMI"),
        ("no text", "it has no text"),
    ],
)
def test_a_broken_file_is_refused_and_the_rest_goes_on(
    tmp_path: Path, how: str, message: str
) -> None:
    out = write(tmp_path, visit(), structs.replace(visit(), document=Document("whole", TEXT)))
    place, output = out / "خبر%2F1.xmi", tmp_path / "back.jsonl"
    content = place.read_bytes().decode()
    place.write_bytes(broken(content, how).encode())
    assert place.read_bytes().decode() != content
    with Losses(output) as losses, Rejects(output) as rejects:
        found = list(FORMATS["cas"].read(out, ORIGIN, losses, rejects))
    assert [one.document.id for one in found] == ["whole"]
    (refused,) = read(f"{output}.rejects.jsonl", Reject)
    assert refused.file == str(place) and message in refused.reason
    (out / "TypeSystem.xml").unlink()
    with Losses(output) as losses, Rejects(output) as rejects:
        assert not list(FORMATS["cas"].read(out, ORIGIN, losses, rejects))
    refusals = list(read(f"{output}.rejects.jsonl", Reject))
    assert [one.reason for one in refusals] == ["there is no TypeSystem.xml for it"] * 2
