"""Files of columns: read by others, read back, and broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.scheme import IOB2 as SEQEVAL_IOB2
from seqeval.scheme import IOBES, Entities
from spacy.training.converters import conll_ner_to_docs

from curation.convert import FORMATS, Losses
from curation.convert.layout import laid, layout
from curation.convert.tags import bioes, spans
from curation.errors import DataError
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.quality import reading
from curation.store import Reject, Rejects, read
from curation.text import tag_words
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records

NAMES = ("conll2003", "iob2", "bioes")
TEXT = "زار وزير الدفاع الرباط. وقّع😀 بيني غانتس."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("columns")


NAMED = (("وزير الدفاع", "TITLE"), ("الرباط", "GPE"), ("بيني غانتس", "PERSON"))


def visit() -> Record:
    entities = tuple(
        make_entity(TEXT, TEXT.index(name), TEXT.index(name) + len(name), label)
        for name, label in NAMED
    )
    return Record(
        Document("d", TEXT), (Annotation(Author("human", "amal"), "submitted", entities),)
    )


@pytest.mark.parametrize("name", NAMES)
@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(
    folder: Path, name: str, record: Record
) -> None:
    (back,), losses = there_and_back(folder, name, [record])
    tokens = layout(record.document.text)
    bare = laid([tokens.written(at) for at in range(len(tokens.sentences))], None)
    assert back.document == Document("out-1", bare.text)
    lost = {(loss.item, loss.what): loss.said for loss in losses}
    assert (("document", "text") in lost) == (bare.text != record.document.text)
    assert lost["document", "id"] == record.document.id
    found = reading(record)
    (came,) = back.annotations
    if found is None:
        assert ("document", "unread") in lost
        assert came.entities == ()
        return
    gone = {loss.id for loss in losses if (loss.item, loss.what) == ("entity", "span")}
    kept = sorted((e.start, e.end, e.label) for e in found.entities if e.id not in gone)
    assert [(*(bare.locate(e.start, e.end) or ()), e.label) for e in came.entities] == [
        (*(tokens.locate(start, end) or ()), label) for start, end, label in kept
    ]
    for item, all_of in (("relation", found.relations), ("event", found.events)):
        ids = [loss.id for loss in losses if (loss.item, loss.what) == (item, "span")]
        assert ids == [one.id for one in all_of]


def test_spacy_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "out.conll2003"
    assert FORMATS["conll2003"].write(path, [visit()] * 2, Losses("-"), None) == 2
    docs = list(conll_ner_to_docs(path.read_text("utf-8"), no_print=True))
    for doc in docs:
        assert [(e.text, e.label_) for e in doc.ents] == [
            (e.text, e.label) for e in visit().annotations[0].entities
        ]
        assert len(list(doc.sents)) == 2
    assert len(docs) == 2


@pytest.mark.parametrize(("name", "scheme"), [("iob2", SEQEVAL_IOB2), ("bioes", IOBES)])
@given(record=records())
def test_seqeval_finds_in_the_tags_what_we_put_there(
    folder: Path, name: str, scheme: type, record: Record
) -> None:
    (back,), _ = there_and_back(folder, name, [record])
    lines = (folder / f"out.{name}").read_bytes().decode().split("\n")[2:]
    tags = [line.split("\t")[1] for line in lines if line]
    theirs = [one.to_tuple()[1:] for one in Entities([tags], scheme).entities[0]]
    tokens = layout(back.document.text)
    bare = laid([tokens.written(at) for at in range(len(tokens.sentences))], None)
    ours = [(e.start, e.end, e.label) for e in back.annotations[0].entities]
    assert len(tags) == len(bare.tokens)
    assert [(bare.span(start, end), label) for label, start, end in theirs] == [
        ((start, end), label) for start, end, label in ours
    ]


def test_the_corpus_as_its_authors_gave_it(tmp_path: Path) -> None:
    path = tmp_path / "eng.testa"
    path.write_bytes(
        b"-DOCSTART- -X- O O\r\n\r\nU.N. NNP I-NP I-ORG\r\nEkeus NNP I-NP I-PER\r\n"
        b"Rolf NNP I-NP B-PER\r\nheads VBZ I-VP O\r\n\r\n-DOCSTART- -X- O O\r\n\r\nA B C O\r\n"
    )
    (first, second), losses = come(tmp_path, "conll2003", path)
    assert first.document == Document("eng-1", "U.N. Ekeus Rolf heads")
    assert [(e.text, e.label) for e in first.annotations[0].entities] == [
        ("U.N.", "ORG"),
        ("Ekeus", "PER"),
        ("Rolf", "PER"),
    ]
    assert second.document.text == "A"
    assert [(loss.document, loss.what, loss.said) for loss in losses] == [
        ("eng-1", "column 2", "NNP NNP NNP VBZ"),
        ("eng-1", "column 3", "I-NP I-NP I-NP I-VP"),
        ("eng-2", "column 2", "B"),
        ("eng-2", "column 3", "C"),
    ]


def test_sentences_without_documents_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(b"\xef\xbb\xbf\n\na b\tO\nc\tB-X\n\n\nd\tO")
    found, losses = come(tmp_path, "iob2", path)
    assert [(one.document.id, one.document.text) for one in found] == [
        ("in-1", "a b c"),
        ("in-2", "d"),
    ]
    assert not losses


@pytest.mark.parametrize(
    ("name", "line", "field", "reason"),
    [
        ("iob2", b"a\tI-X", "column 2", "'I-X' continues nothing"),
        ("iob2", b"a\tX", "column 2", "'X' is no IOB2 tag"),
        ("conll2003", b"a N O B-", "column 4", "'B-' is no IOB1 tag"),
        ("bioes", b"a\tB-X", "column 2", "nothing ends it"),
        ("bioes", b"a\tE-X", "column 2", "'E-X' continues nothing"),
        ("iob2", b"alone", "column 1", "no token and tag"),
        ("iob2", b"\tO", "column 1", "no token and tag"),
        ("iob2", b"\xff\tO", "", "byte 1 of the line is no UTF-8"),
        ("iob2", b"a\x00\tO", "", "U+0000"),
    ],
)
def test_a_wrong_line_refuses_its_document_with_its_place(
    tmp_path: Path, name: str, line: bytes, field: str, reason: str
) -> None:
    path = tmp_path / "in.txt"
    path.write_bytes(b"ok\tO\n\nfine\tO\n" + line + b"\n\nlast\tO\n")
    output = tmp_path / "out.jsonl"
    with Rejects(output) as rejects:
        ids = [r.document.text for r in FORMATS[name].read(path, ORIGIN, Losses("-"), rejects)]
    assert ids == ["ok", "last"]
    (reject,) = read(str(rejects.path), Reject)
    at = 3 if "U+" in reason else 4
    assert (reject.file, reject.line, reject.field) == (str(path), at, field)
    assert reason in reject.reason
    assert "fine\tO" in reject.content
    with pytest.raises(DataError, match=rf"in\.txt:{at}"):
        list(FORMATS[name].read(path, ORIGIN, Losses("-"), None))


def test_labels_that_no_column_holds_are_listed(tmp_path: Path) -> None:
    one = make_entity(TEXT, 0, 3, "A B")
    record = Record(Document("d", TEXT), (Annotation(Author("human", "x"), "submitted", (one,)),))
    (back,), losses = there_and_back(tmp_path, "iob2", [record])
    assert back.annotations[0].entities == ()
    assert [(loss.id, loss.reason) for loss in losses if loss.item == "entity"] == [
        (one.id, "its label has white space")
    ]


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["", "A", "B-C"])), max_size=6))
def test_every_scheme_says_the_same(pieces: list[tuple[int, str]]) -> None:
    tokens = [(at, at + 1) for at in range(sum(size for size, _ in pieces))]
    text, at = "x" * len(tokens), 0
    entities = []
    for size, label in pieces:
        if label:
            entities.append(make_entity(text, at, at + size, label))
        at += size
    tags = tag_words(tokens, entities).tags
    wanted = [(one.start, one.end, one.label) for one in entities]
    assert spans(tags, "iob2") == spans(tags, "iob1") == spans(bioes(tags), "bioes") == wanted
