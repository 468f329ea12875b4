"""DocBins: as spaCy reads them, read back, as others write them, and broken."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from msgspec import structs
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from spacy.vocab import Vocab

from curation.convert import FORMATS, Losses
from curation.convert.characters import cut
from curation.errors import DataError
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.quality import reading
from curation.store import Rejects
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import entities, records, texts

TEXT = "وصل إلى وبالقاهرة 😀 وزير دفاع مصر."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docbin")


@given(record=records())
def test_every_entity_comes_back_with_its_id_and_value(folder: Path, record: Record) -> None:
    (back,), losses = there_and_back(folder, "spacy", [record])
    assert back.document == record.document
    found = reading(record)
    if found is None:
        assert back.annotations == ()
        return
    (came,) = back.annotations
    assert came.entities == tuple(
        structs.replace(one, score=None, proposers=()) for one in found.entities
    )
    lost = [(loss.item, loss.id, loss.what) for loss in losses if loss.item != "reading"]
    assert sorted(lost) == sorted(
        [
            *(("entity", e.id, "score") for e in found.entities if e.score is not None),
            *(("entity", e.id, "proposers") for e in found.entities if e.proposers),
            *(("relation", one.id, "span") for one in found.relations),
            *(("event", one.id, "span") for one in found.events),
            *(("argument", one.id, "span") for one in found.events for _ in one.arguments),
        ]
    )


@given(texts().flatmap(lambda text: entities(text).map(lambda found: (text, found))))
def test_the_tokens_are_the_text_and_every_span_is_some_of_them(
    case: tuple[str, tuple[object, ...]],
) -> None:
    text, found = case
    spans = [(one.start, one.end) for one in found]  # pyright: ignore
    tokens = cut(text, spans)
    assert "".join(text[t.start : t.end] + " " * t.blank for t in tokens) == text
    assert {start for start, _ in spans} <= {token.start for token in tokens}
    assert {end for _, end in spans} <= {token.end for token in tokens}


def test_spacy_reads_what_we_write_and_aligns_it(tmp_path: Path) -> None:
    made = [
        make_entity(TEXT, TEXT.index(name), TEXT.index(name) + len(name), label)
        for name, label in (("القاهرة", "GPE"), ("وزير دفاع مصر", "TITLE"), ("مصر", "GPE"))
    ]
    found = Annotation(Author("human", "amal"), "submitted", tuple(made))
    path = tmp_path / "train.spacy"
    FORMATS["spacy"].write(path, [Record(Document("d", TEXT), (found,))], Losses("-"), None)
    nlp = spacy.blank("ar")
    (doc,) = DocBin().from_disk(path).get_docs(nlp.vocab)
    assert doc.text == TEXT
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("القاهرة", "GPE"),
        ("وزير دفاع مصر", "TITLE"),
    ]
    assert [(e.text, e.id_) for e in doc.spans["sc"]] == [(e.text, e.id) for e in made]
    example = Example(nlp.make_doc(doc.text), doc)
    assert example.get_aligned_ner()[-4:] == ["B-TITLE", "I-TITLE", "L-TITLE", "O"]


def test_what_others_wrote(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ents = nlp("Rice met 🇲🇦 Bush")
    ents.ents = [Span(ents, 0, 1, label="PER"), Span(ents, 3, len(ents), label="PER")]
    groups = nlp("White House")
    groups.spans["places"] = [Span(groups, 0, 2, label="FAC"), Span(groups, 0, 1, label="C")]
    groups.cats = {"politics": 1.0}
    for token in groups:
        token.tag_ = "NNP"
    path = tmp_path / "in.spacy"
    DocBin(docs=[ents, groups, nlp("nobody")]).to_disk(path)
    (first, second, third), losses = come(tmp_path, "spacy", path)
    assert [one.document.id for one in (first, second, third)] == ["in-1", "in-2", "in-3"]
    assert [e.text for e in first.annotations[0].entities] == ["Rice", ents[3:].text]
    assert [e.text for e in second.annotations[0].entities] == ["White House", "White"]
    assert third.annotations == ()
    assert [(loss.document, loss.what, loss.said) for loss in losses] == [
        ("in-2", "spans of places", "2"),
        ("in-2", "TAG", "NNP NNP"),
        ("in-2", "cats", '{"politics":1.0}'),
    ]


def test_no_documents_make_a_docbin_too(tmp_path: Path) -> None:
    assert there_and_back(tmp_path, "spacy", []) == ([], [])


def test_what_is_no_docbin_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.spacy"
    for content in (b"", b"text", b'{"a": 1}'):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"in\.spacy: this is no DocBin"):
            list(FORMATS["spacy"].read(path, ORIGIN, Losses("-"), None))


def test_a_doc_that_is_no_document_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    vocab = Vocab()
    nul, unlabelled, good = (Doc(vocab, words=[word]) for word in ("a\x00", "b", "c"))
    unlabelled.spans["sc"] = [Span(unlabelled, 0, 1)]
    path = tmp_path / "in.spacy"
    DocBin(docs=[nul, unlabelled, good]).to_disk(path)
    with Rejects(tmp_path / "out.jsonl") as rejects:
        (one,) = FORMATS["spacy"].read(path, ORIGIN, Losses("-"), rejects)
    assert one.document.text.strip() == "c"
    assert [(error.file, error.field) for error in rejects.first] == [
        (str(path), "document 1"),
        (str(path), "document 2"),
    ]
