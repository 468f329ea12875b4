"""`crf.v1`: names by a linear-chain CRF, and the pipeline that it votes in."""

import json
import os
import subprocess
import sys
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from curation.annotate import Pipeline, load_pipeline
from curation.annotate.crf import crf
from curation.annotate.crf_model import Sentence, Weights, attributes
from curation.annotate.crf_tagger import Tagger
from curation.annotate.crf_words import Lookup, Words, word_hash
from curation.errors import AnnotatorError
from curation.model import Annotation, Author, Document, Record
from curation.store import load_schema, shipped
from curation.text import fold_key
from tests.strategies import NASTY, texts

HOME = shipped("seeds", "knowledge", "ar")
MODEL = shipped("seeds", "models", "news-ar-fast", "model.npz")
NEWS = "قال الرئيس الأميركي باراك أوباما إن بلاده ستدعم الأمم المتحدة في جنيف ."


@lru_cache
def pipeline() -> Pipeline:
    return load_pipeline("news-ar-fast", load_schema())


@lru_cache
def tagger() -> Tagger:
    weights = Weights.load(MODEL)
    return Tagger(weights, Words(HOME, weights.tables))


def read(*given: str) -> list[Annotation]:
    documents = [Document(id=str(i), text=text, language="ar") for i, text in enumerate(given)]
    return [proposal.annotation for proposal in pipeline().read(documents)]


def test_the_shipped_model_finds_names_in_news() -> None:
    (annotation,) = read(NEWS)
    found = {(e.label, e.text) for e in annotation.entities if "crf.v1" in e.proposers}
    assert {("PERSON", "باراك أوباما"), ("ORG", "الأمم المتحدة"), ("GPE", "جنيف")} <= found


@settings(max_examples=40)
@given(texts())
def test_spans_are_slices_of_the_text_and_scores_are_probabilities(text: str) -> None:
    for nasty in (text, f"{text} {NEWS}"):
        (annotation,) = read(nasty)
        for entity in annotation.entities:
            assert nasty[entity.start : entity.end] == entity.text
            assert entity.score is None or 0 <= entity.score <= 1


@pytest.mark.parametrize("nasty", NASTY)
def test_names_stay_whole_beside_what_breaks_tools(nasty: str) -> None:
    text = f"{nasty}\r\n{NEWS}"
    (annotation,) = read(text)
    own = [e for e in annotation.entities if "crf.v1" in e.proposers and e.start > len(nasty)]
    assert "باراك أوباما" in {text[e.start : e.end] for e in own}


def test_marks_and_tatweel_do_not_move_a_span() -> None:
    text = NEWS.replace("جنيف", "جِنِيـــف")
    (annotation,) = read(text)
    assert "جِنِيـــف" in {entity.text for entity in annotation.entities}


def test_neighbours_do_not_change_a_reading() -> None:
    others = [NEWS.replace("أوباما", "كلينتون"), "", "😀", NEWS * 30, "في بيروت أمس"]
    (alone,) = read(NEWS)
    assert read(*others, NEWS, *others)[len(others)] == alone


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "documents.jsonl"
    line = {"id": "a", "text": NEWS, "language": "ar"}
    source.write_text(json.dumps(line) + "\n", "utf-8")
    given = [str(source), "-o", "-", "--pipeline", "news-ar-fast"]
    run = [sys.executable, "-m", "curation", "annotate", *given]
    outputs = {
        subprocess.run(
            run, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def small(labels: tuple[str, ...] = ("B-X", "I-X", "O")) -> Weights:
    """A model with weights for some attributes of two words."""
    words = Words(HOME, {})
    seen = attributes(sentence("زار", "باراك", "بيروت"), words)
    names = sorted({name for here in seen for name in here})
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(len(names), len(labels))).astype(np.float16).astype(np.float32) / 4
    moves = chance.normal(size=(len(labels), len(labels))).astype(np.float32)
    return Weights(labels, moves, {name: i for i, name in enumerate(names)}, rows, {})


def sentence(*words: str) -> Sentence:
    return Sentence([fold_key(word) for word in words], ["O"] * len(words))


def test_a_span_s_score_is_its_probability_over_all_taggings() -> None:
    weights, words = small(), Words(HOME, {})
    given = sentence("زار", "باراك", "بيروت", "وبيروت")
    scores = [
        sum(weights.rows[weights.attributes[name]] for name in here if name in weights.attributes)
        for here in attributes(given, words)
    ]
    chances: dict[tuple[int, int], float] = {}
    whole = 0.0
    for path in product(range(3), repeat=4):
        total = sum(float(scores[i][label]) for i, label in enumerate(path))
        total += sum(float(weights.transitions[a, b]) for a, b in pairwise(path))
        mass = float(np.exp(total))
        whole += mass
        for start in (i for i, label in enumerate(path) if label == 0):
            end = start + 1
            while end < 4 and path[end] == 1:
                end += 1
            chances[start, end] = chances.get((start, end), 0.0) + mass
    (found,) = Tagger(weights, words).spans([given])
    assert found
    for span in found:
        assert span.score == pytest.approx(chances[span.start, span.end] / whole, abs=1e-4)


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    weights = small()
    weights.save(tmp_path / "a.npz")
    weights.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    words, given = Words(HOME, {}), [sentence("زار", "باراك", "بيروت")]
    again = Tagger(Weights.load(tmp_path / "a.npz"), words).spans(given)
    assert again == Tagger(weights, words).spans(given)


def test_more_words_than_are_kept_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [sentence("زار", "باراك", "بيروت", f"كلمة{n}") for n in range(40)]
    wanted = [tagger().spans([one]) for one in given]
    monkeypatch.setattr("curation.annotate.crf_tagger.KEPT", 3)
    assert [tagger().spans([one]) for one in given] == wanted


def test_a_lookup_knows_its_words_and_no_other() -> None:
    lookup = Lookup.of({"بيروت": 3, "جنيف": 5})
    one, two, none = map(word_hash, ("بيروت", "جنيف", "س"))
    assert (lookup.first([one]), lookup.first([none, two]), lookup.first([none])) == (3, 5, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "model"),
        ({"model": "no-such"}, "no-such"),
        ({"model": "gone.npz"}, "gone.npz"),
        ({"model": "news-ar-fast", "labels": {"NOTHING": 0.5}}, "NOTHING"),
    ],
)
def test_a_wrong_option_is_named_with_what_to_do(options: dict[str, object], message: str) -> None:
    with pytest.raises(AnnotatorError, match=message) as caught:
        crf({"knowledge": "ar", **options}, load_schema())
    assert caught.value.hint


@pytest.mark.parametrize("cut", [0, 100, 20_000])
def test_a_broken_model_file_is_named(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(MODEL.read_bytes()[:cut])
    with pytest.raises(AnnotatorError, match=r"broken\.npz"):
        crf({"knowledge": "ar", "model": str(path)}, load_schema())


def test_one_reading_a_draft_in_order() -> None:
    made = crf({"knowledge": "ar", "model": "news-ar-fast"}, load_schema())
    empty = Annotation(Author("machine", "x"), "proposed")
    drafts = [
        Record(Document(id=str(i), text=text), (empty,))
        for i, text in enumerate([NEWS, "", " \n", "جنيف"])
    ]
    readings = list(made.annotate_drafts(iter(drafts)))
    assert len(readings) == len(drafts)
    assert readings[0].entities
    assert not readings[1].entities and not readings[2].entities
