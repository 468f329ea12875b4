"""The shipped encoder: whole words at exact offsets, long texts without loss, twice the same."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.annotate import encoder as module
from curation.annotate.encoder import Encoder, encoder
from curation.annotate.encoder_windows import windows
from curation.annotate.pieces import LONGEST, Pieces, normal
from curation.annotate.tagging import Tagged, decode, settled
from curation.errors import AnnotatorError, MissingExtra
from curation.model import Document, Record
from curation.store import load_schema, shipped
from curation.text import words
from tests.strategies import texts

SCHEMA = load_schema()
MODEL = shipped("seeds", "models", "news-ar")
SENTENCE = "التقى وزير الخارجية المصري سامح شكري نظيره الأردني أيمن الصفدي في القاهرة أمس. "


@pytest.fixture(scope="module")
def reader() -> Encoder:
    return Encoder(MODEL, {})


def found(reader: Encoder, text: str) -> list[tuple[str, str]]:
    (annotation,) = reader([Document(id="a", text=text)])
    return [(entity.label, entity.text) for entity in annotation.entities]


def test_people_and_places_are_found(reader: Encoder) -> None:
    assert {("PERSON", "سامح شكري"), ("GPE", "القاهرة")} <= set(found(reader, SENTENCE))


def test_marks_and_spelling_do_not_hide_a_name(reader: Encoder) -> None:
    text = "👨‍👩‍👧‍👦 وصل الرئيس إلى بَيْـرُوت\u200f، ثم إلي الاردن."
    assert {("GPE", "بَيْـرُوت"), ("GPE", "الاردن")} <= set(found(reader, text))


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(), min_size=1, max_size=4))
def test_every_span_is_proven_and_covers_whole_words(some: list[str]) -> None:
    reader = _loaded()
    documents = [
        Document(id=str(i), text=f"{text} {SENTENCE}{text}") for i, text in enumerate(some)
    ]
    readings = list(reader(documents))
    assert len(readings) == len(documents)
    for document, annotation in zip(documents, readings, strict=True):
        Record(document, (annotation,))
        places = words(document.text)
        starts, ends = {start for start, _ in places}, {end for _, end in places}
        for entity in annotation.entities:
            assert entity.start in starts
            assert entity.end in ends
            assert entity.score is not None
            assert 0.5 <= entity.score <= 1


def test_a_long_text_is_read_to_its_end(reader: Encoder) -> None:
    text = SENTENCE * 200
    starts = {entity.start for entity in next(reader([Document(id="a", text=text)])).entities}
    last = text.rindex("سامح")
    assert {at for at in range(len(text)) if text.startswith("سامح", at)} <= starts
    assert last in starts


def test_a_text_without_a_sentence_end_is_read_to_its_end(reader: Encoder) -> None:
    text = SENTENCE.replace(".", "،") * 60
    places = words(text)
    logits = reader.logits(text, places)
    assert logits.shape[0] == len(places)
    assert (np.abs(logits).sum(axis=(1, 2)) > 0).all()


def test_windows_of_a_text_say_what_one_window_says(tmp_path: Path) -> None:
    """The seed article's beginning, which one window of 500 pieces holds, and windows of 100."""
    article = next(iter(shipped("seeds", "documents").glob("*.txt"))).read_text("utf-8")
    text = article[:1200]
    names = ("PERSON", "GPE")
    said: list[dict[tuple[int, int, str], float]] = []
    for size in (100, 500):
        folder = tmp_path / str(size)
        shutil.copytree(MODEL, folder)
        card = (folder / "model.toml").read_text("utf-8")
        changed = re.sub(r"window = \d+", f"window = {size}", card)
        (folder / "model.toml").write_text(changed, "utf-8")
        (annotation,) = Encoder(folder, {})([Document(id="a", text=text)])
        said.append({(e.start, e.end, e.label): e.score or 0.0 for e in annotation.entities})
    for one, other in (said, said[::-1]):
        sure = {span for span, score in one.items() if span[2] in names and score >= 0.8}
        assert len(sure) >= 5
        assert sure <= other.keys()


@given(
    st.lists(st.integers(1, LONGEST), max_size=120),
    st.sets(st.integers(0, 119), max_size=20),
    st.integers(LONGEST, 60),
    st.integers(0, 30),
)
def test_windows_answer_for_every_word_once(
    sizes: list[int], breaks: set[int], limit: int, overlap: int
) -> None:
    parts = windows(sizes, sorted(breaks), limit, overlap)
    answered = [i for part in parts for i in range(part.own_first, part.own_last)]
    assert answered == list(range(len(sizes)))
    for part in parts:
        assert part.first <= part.own_first < part.own_last <= part.last
        assert sum(sizes[part.first : part.last]) <= limit


def test_a_reading_does_not_depend_on_its_neighbours(reader: Encoder) -> None:
    some = [SENTENCE, "قال مسؤول.", SENTENCE * 5, "", "زار الرباط"]
    together = list(reader([Document(id=str(i), text=text) for i, text in enumerate(some)]))
    for text, annotation in zip(some, together, strict=True):
        ours = [(entity.label, entity.text) for entity in annotation.entities]
        assert ours == found(reader, text)


def test_the_same_text_gives_the_same_reading(reader: Encoder) -> None:
    document = Document(id="a", text=SENTENCE * 40)
    assert list(reader([document])) == list(Encoder(MODEL, {})([document]))


def test_nothing_is_read_from_a_network(reader: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert found(Encoder(MODEL, {}), SENTENCE) == found(reader, SENTENCE)


def test_labels_are_renamed_and_left_out() -> None:
    reader = Encoder(MODEL, {"labels": {"GPE": "LOC", "PERSON": ""}})
    labels = {label for label, _ in found(reader, SENTENCE)}
    assert "LOC" in labels
    assert labels.isdisjoint({"GPE", "PERSON"})


def test_the_model_names_labels_of_the_schema() -> None:
    known = {kind.name for kind in SCHEMA.entities}
    assert set(module.card(MODEL).labels) - known == {"WORK", "LANGUAGE"}


def test_the_model_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 40_000_000


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError, match="no model 'nothing'"):
        encoder({"model": "nothing"}, SCHEMA)
    with pytest.raises(AnnotatorError, match=r"model\.toml is not there"):
        encoder({"model": str(tmp_path)}, SCHEMA)
    with pytest.raises(AnnotatorError, match="`model` is missing"):
        encoder({}, SCHEMA)


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    for name in ("model.toml", "tokenizer.json"):
        (tmp_path / name).write_bytes((MODEL / name).read_bytes())
    (tmp_path / "model.onnx").write_bytes((MODEL / "model.onnx").read_bytes()[:1000])
    with pytest.raises(AnnotatorError, match="does not load"):
        Encoder(tmp_path, {})
    (tmp_path / "model.toml").write_text('name = "x"\n', "utf-8")
    with pytest.raises(AnnotatorError, match="labels"):
        Encoder(tmp_path, {})


def test_without_onnxruntime_the_installation_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MissingExtra, match="onnxruntime") as caught:
        Encoder(MODEL, {})
    assert "pip install" in caught.value.hint


def test_a_word_has_pieces_whatever_it_is() -> None:
    pieces = Pieces.load(MODEL / "tokenizer.json")
    some = ["المغرب", "\u064b", "😀", "x" * 500, "漢", "المغرب"]
    rows = pieces.of(some)
    assert [len(row) > 0 and len(row) <= LONGEST for row in rows] == [True] * len(some)
    assert rows[0] == rows[-1]
    assert pieces.of(["ا\u0653"]) == pieces.of(["آ"])
    assert normal("السـلام") == "السلام"


def logits_of(*tags: str) -> np.ndarray:
    """Sure logits [words, labels, 3], from one string of O, B, I a label."""
    return np.stack([np.eye(3)[["OBI".index(tag) for tag in row]] * 9 for row in tags], 1)


def test_tags_become_spans_and_different_labels_nest() -> None:
    found = decode(logits_of("OBIIO", "OOBOO"))
    assert [(s.first, s.last, s.label) for s in found] == [(1, 4, 0), (2, 3, 1)]
    assert all(0.9 < s.score <= 1 for s in found)


def test_nothing_goes_on_that_did_not_begin() -> None:
    logits = logits_of("OIO")
    logits[1, 0, 1] = 8  # that it begins here is nearly as likely
    assert [(s.first, s.last) for s in decode(logits)] == [(1, 2)]
    assert decode(np.zeros((0, 2, 3))) == []
    with pytest.raises(ValueError, match="words, labels"):
        decode(np.zeros((3, 2)))


def test_of_spans_that_cross_the_likelier_stays() -> None:
    spans = [Tagged(0, 3, 0, 0.9), Tagged(2, 5, 1, 0.8), Tagged(1, 2, 2, 0.3), Tagged(0, 3, 3, 0.6)]
    assert settled(spans) == [spans[0], spans[2]]


_CACHE: list[Encoder] = []


def _loaded() -> Encoder:
    if not _CACHE:
        _CACHE.append(Encoder(MODEL, {}))
    return _CACHE[0]
