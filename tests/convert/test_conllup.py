"""CoNLL-U Plus: exact texts, as `conllu` reads them, as treebanks have it, and broken."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import conllu
import pytest
from conllu.models import TokenList
from hypothesis import given

from curation.convert import FORMATS, Losses
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.quality import reading
from curation.store import Reject, Rejects, read
from curation.text import words
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conllup")


def theirs(path: Path) -> list[TokenList]:
    """The file as the library reads it, which takes the columns from the first line."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        return list(conllu.parse_incr(stream))


def spelled(token: dict[str, object]) -> str:
    """A token with what MISC says stands around it."""
    misc: dict[str, str] = token["misc"] or {}  # pyright: ignore[reportAssignmentType]
    known = {"\\s": " ", "\\t": "\t", "\\r": "\r", "\\n": "\n"}

    def plain(name: str, otherwise: str) -> str:
        said = misc.get(name)
        if said is None:
            return otherwise
        return re.sub(r"\\[strn]", lambda found: known[found[0]], said)

    after = "" if misc.get("SpaceAfter") == "No" else " "
    return f"{plain('SpacesBefore', '')}{token['form']}{plain('SpacesAfter', after)}"


@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(folder: Path, record: Record) -> None:
    (back,), losses = there_and_back(folder, "conllup", [record])
    assert back.document == record.document
    found = reading(record)
    has_words = bool(words(record.document.text))
    if found is None and has_words:
        assert back.annotations == ()
        return
    lost = {(loss.item, loss.id, loss.what) for loss in losses}
    (came,) = back.annotations
    entities = found.entities if found else ()
    left = [e for e in entities if ("entity", e.id, "span") not in lost]
    assert Counter((e.start, e.end, e.label) for e in came.entities) == Counter(
        (e.start, e.end, e.label) for e in left
    )
    assert {e.id for e in left if e.id not in {c.id for c in came.entities}} == {
        e.id for e in left if ("entity", e.id, "id") in lost
    }
    for one in left:
        for what in ("score", "value", "proposers"):
            assert (("entity", one.id, what) in lost) == (getattr(one, what) not in (None, ()))
    gone = {
        loss.id for loss in losses if loss.what == "span" and loss.item in ("event", "relation")
    }
    assert gone == {i.id for i in (*found.events, *found.relations)} if found else not gone
    assert (("document", "", "unread") in lost) == (found is None)


@given(record=records())
def test_another_reader_sees_the_same_text_and_tags(folder: Path, record: Record) -> None:
    (back,), _ = there_and_back(folder, "conllup", [record])
    sentences = theirs(folder / "out.conllup")
    assert [one.metadata.get("sent_id") for one in sentences if one] == [
        f"1-{at + 1}" for at in range(len([one for one in sentences if one]))
    ]
    tokens = [token for one in sentences for token in one]
    if tokens:
        assert "".join(spelled(token) for token in tokens) == record.document.text
    for one in sentences:
        plain = "".join(
            token["form"] + ("" if "SpaceAfter" in (token["misc"] or {}) else " ") for token in one
        )
        assert one.metadata.get("text", "") == plain.strip()
    began = Counter(
        str(token["curation:ner"])[2:] for token in tokens if token["curation:ner"][:2] == "B-"
    )
    assert began == Counter(e.label for a in back.annotations for e in a.entities)


def test_several_documents_with_paragraphs_stream_in_and_out(folder: Path) -> None:
    text = "زار وزير الدفاع 😀 الرباط.\n\nثم\tعاد."
    every = [
        Record(
            Document(f"خبر {at}", text, language="ar"),
            (
                Annotation(
                    Author("human", "amal"), "submitted", (make_entity(text, 4, 15, "TITLE"),)
                ),
            ),
        )
        for at in range(3)
    ]
    back, _ = there_and_back(folder, "conllup", every)
    assert [one.document for one in back] == [one.document for one in every]
    content = (folder / "out.conllup").read_text()
    assert content.startswith("# global.columns = ID FORM MISC CURATION:NER\n# newdoc id = خبر 0\n")
    assert content.count("# newpar\n") == 6
    assert ".\tSpacesAfter=\\n\\n\tO" in content and "ثم\tSpacesAfter=\\t\tO" in content
    assert "# text = زار وزير الدفاع 😀 الرباط.\n" in content
    target = io.BytesIO(content.encode())
    assert len(list(conllu.parse_incr(io.TextIOWrapper(target), fields=["id"]))) == 6


TREEBANK = """\
# global.columns = ID FORM LEMMA UPOS MISC PARSEME:MWE UNER:NER
# newdoc id = ملف/1
# newpar
# sent_id = s1
# text = وبالقاهرة زارها. Au  Caire
1-3\tوبالقاهرة\t_\t_\t_\t_\t_
1\tو\tو\tCCONJ\t_\t*\tO
2\tب\tب\tADP\t_\t*\tO
3\tالقاهرة\tقاهرة\tPROPN\tGloss=Cairo\t*\tB-LOC
4\tزارها\tزار\tVERB\tSpaceAfter=No\t*\tO
5\t.\t.\tPUNCT\t_\t*\tO
6-7\tAu\t_\t_\t_\t_\t_
6\tà\tà\tADP\t_\t*\tO
7\tle\tle\tDET\t_\t*\tB-LOC
8\tCaire\tCaire\tPROPN\tSpaceAfter=No\t*\tI-LOC
8.1\tvide\t_\t_\t_\t_\t_

# newpar
# sent_id = s2
# translation = End
1\tنهاية\t_\tNOUN\t_\t*\tO
"""


def test_a_treebank_with_multiword_tokens(tmp_path: Path) -> None:
    path = tmp_path / "in.conllup"
    path.write_text(TREEBANK)
    (record,), losses = come(tmp_path, "conllup", path)
    assert record.document == Document("ملف/1", "وبالقاهرة زارها. Au  Caireنهاية")
    (one,) = record.annotations
    assert [(e.text, e.label, e.start) for e in one.entities] == [
        ("القاهرة", "LOC", 2),
        ("Au  Caire", "LOC", 17),
    ]
    said = {(loss.item, loss.what): loss.said for loss in losses}
    assert said[("entity", "text")] == "le Caire"
    assert said[("document", "MISC")] == "Gloss=Cairo"
    assert said[("document", "empty nodes")] == "vide"
    assert said[("document", "# translation")] == "End"
    assert said[("document", "PARSEME:MWE")] == "* * * * * * * * *"
    assert {what for _, what in said} >= {"LEMMA", "UPOS"}


def test_a_tag_on_all_of_a_multiword_token_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "in.conllup"
    path.write_text(f"{HEAD}1-2\tقال\t_\tB-GPE\n1\tقا\t_\tO\n2\tل\t_\tO\n")
    (record,), losses = come(tmp_path, "conllup", path)
    assert record.document.text == "قال" and not record.annotations[0].entities
    assert [(loss.what, loss.said) for loss in losses] == [("CURATION:NER", "B-GPE")]


def test_plain_conllu_is_a_text_that_nobody_has_read(tmp_path: Path) -> None:
    path = tmp_path / "in.conllu"
    row = "1\tقال\tقال\tVERB\t_\t_\t0\troot\t_\t_\n"
    path.write_text(f"# sent_id = a\n{row}\n\n{row}\n")
    found, _ = come(tmp_path, "conllup", path)
    assert found == [Record(Document("a", "قال")), Record(Document("in-2", "قال"))]


HEAD = "# global.columns = ID FORM MISC CURATION:NER\n"
GOOD = "# newdoc id = good\n# text = قال\n1\tقال\t_\tO\n\n"


@pytest.mark.parametrize(
    ("lines", "line", "field", "message"),
    [
        (
            "# newdoc id = x\n1\tقال\t_\n",
            7,
            "CURATION:NER",
            "but the line has 3",
        ),
        ("# newdoc id = x\n1\tقال\t_\tI-GPE\n", 7, "CURATION:NER", "'I-GPE' continues nothing"),
        ("# newdoc id = x\n1\tقال\t_\tGPE\n", 7, "CURATION:NER", "'GPE' is no IOB2 tag"),
        ("# newdoc id = x\n2\tقال\t_\tO\n", 7, "ID", "word 2 stands where 1 should"),
        ("# newdoc id = x\n2-1\tقال\t_\tO\n", 7, "ID", "word 2-1 stands where 1 should"),
        ("# newdoc id = x\n1-2\tقال\t_\tO\n1\tقا\t_\tO\n", 8, "ID", "word 2 is missing"),
        ("# newdoc id = x\n1\t\t_\tO\n", 7, "FORM", "'' is no FORM"),
        ("# newdoc id = x\nx\tقال\t_\tO\n", 7, "ID", "'x' is no ID"),
        ("# newdoc id = x\n# text = قيل\n1\tقال\t_\tO\n", 7, "# text", "does not stand at 0"),
        ("# newdoc id = x\n# document = {\n1\tقال\t_\tO\n", 6, "# document", "truncated"),
        (
            '# newdoc id = x\n# document = {"text": "قيل"}\n1\tقال\t_\tB-GPE\n',
            6,
            "# document",
            "but there are tokens",
        ),
        ("# newdoc id = good\n1\tقال\t_\tO\n", 6, "", "stands in line 2 already"),
    ],
)
def test_a_broken_document_is_refused_with_its_line(
    tmp_path: Path, lines: str, line: int, field: str, message: str
) -> None:
    path, output = tmp_path / "in.conllup", tmp_path / "out.jsonl"
    path.write_text(f"{HEAD}{GOOD}{lines}\n# newdoc id = last\n1\tقال\t_\tO\n")
    with Losses(output) as losses, Rejects(output) as rejects:
        found = list(FORMATS["conllup"].read(path, ORIGIN, losses, rejects))
    assert [one.document.id for one in found] == ["good", "last"]
    (refused,) = read(f"{output}.rejects.jsonl", Reject)
    assert (refused.file, refused.line, refused.field) == (str(path), line, field)
    assert message in refused.reason


def test_a_file_that_is_no_utf8_or_names_no_form(tmp_path: Path) -> None:
    path, output = tmp_path / "in.conllup", tmp_path / "out.jsonl"
    path.write_bytes(b"# global.columns = ID WORD\n1\tx\n\n# global.columns = ID FORM\n1\t\xff\n")
    with Losses(output) as losses, Rejects(output) as rejects:
        assert not list(FORMATS["conllup"].read(path, ORIGIN, losses, rejects))
    reasons = [(one.line, one.reason) for one in read(f"{output}.rejects.jsonl", Reject)]
    assert [line for line, _ in reasons] == [2, 5]
    assert "no column ID or FORM" in reasons[0][1] and "byte 3 of the line" in reasons[1][1]
