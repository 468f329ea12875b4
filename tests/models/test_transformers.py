"""A transformers model for token classification as a pipeline: a small BERT, trained here, that
really knows four names."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertForTokenClassification

from curation.annotate import load_pipeline
from curation.annotate.transformers_pipeline import TokenClassifier, transformers_annotator
from curation.cli import main
from curation.errors import AnnotatorError
from curation.model import Document
from curation.store import load_schema
from tests.models.tiny import SPECIAL, TAGS, token_classifier, tokenizer
from tests.strategies import texts

SCHEMA = load_schema()
LABELS = {"PER": "PERSON"}
TEXT = "👨‍👩‍👧‍👦 the minister Omar Haddad went to (Rabat). 👍🏽 وصل بيني جانتس نحو الرَّباط"
NAMES = [("Omar Haddad", "PERSON"), ("Rabat", "LOC"), ("بيني جانتس", "PERSON"), ("الرَّباط", "LOC")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return token_classifier(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def reader(model: Path) -> TokenClassifier:
    return made(model)


def made(model: Path, **options: Any) -> TokenClassifier:
    return transformers_annotator({"model": str(model), "labels": LABELS, **options}, SCHEMA)


def found(reader: TokenClassifier, text: str) -> list[tuple[str, str]]:
    (annotation,) = reader([Document(id="a", text=text)])
    assert all(text[e.start : e.end] == e.text for e in annotation.entities)
    return [(e.text, e.label) for e in annotation.entities]


def long_text(words: int) -> tuple[str, list[int]]:
    """Names every few words, without an end of a sentence; and where they start."""
    text, starts = "", []
    for i in range(words // 5):
        text += "with the minister of "
        starts.append(len(text))
        text += f"{NAMES[i % 4][0]} 👍🏽 "
    return text, starts


def test_names_are_found_whole_in_code_points(reader: TokenClassifier) -> None:
    assert found(reader, TEXT) == NAMES
    (annotation,) = reader([Document(id="a", text=TEXT)])
    assert all(0.5 < (e.score or 0) <= 1 for e in annotation.entities)
    assert annotation.by.agent == reader.name


def test_a_folder_is_a_pipeline_and_labels_the_schema_lacks_are_named(model: Path) -> None:
    pipeline = load_pipeline(str(model), SCHEMA)
    (proposal,) = pipeline.read([Document(id="a", text=TEXT, language="ar")])
    assert re.fullmatch("tiny@[0-9a-f]{8}", pipeline.agent)
    assert [e.label for e in proposal.annotation.entities] == ["LOC", "LOC"]
    assert proposal.annotation.entities[0].proposers == (pipeline.agent,)
    assert proposal.left_out == (f"entity label PER, from {pipeline.agent}",) * 2


def test_the_command_takes_a_model_in_a_pipeline_file(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\nversion = "1"\n[[annotators]]\nname = "transformers.v1"\n'
        f'[annotators.options]\nmodel = "{model}"\nlabels = {{ PER = "PERSON", LOC = "GPE" }}\n'
    )
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n")
    with pytest.raises(SystemExit) as ended:
        main(
            [
                *("annotate", str(tmp_path / "d.jsonl"), "-o", str(tmp_path / "p.jsonl")),
                *("--json", "--pipeline", str(tmp_path / "mine.toml")),
            ]
        )
    assert not ended.value.code
    assert json.loads(capsys.readouterr().out)["entities"] == {"GPE": 2, "PERSON": 2}


@pytest.mark.parametrize("batch", [1, 7])
def test_a_text_of_5000_words_is_read_whole(model: Path, batch: int) -> None:
    text, starts = long_text(5000)
    (annotation,) = made(model, batch=batch)([Document(id="a", text=text)])
    assert [e.start for e in annotation.entities] == starts


def test_every_word_is_answered_for_by_one_window(reader: TokenClassifier) -> None:
    text, _ = long_text(400)
    words, chances = reader.chances(text)
    assert chances.sum(axis=1) == pytest.approx([1] * len(words))
    said = "".join(text[word.start : word.end] for word in words)
    assert said == "".join(text.split())


def test_windows_change_nothing_where_a_text_fits_in_one(model: Path) -> None:
    assert found(made(model, window=16, overlap=6), TEXT) == NAMES
    assert found(made(model, window=5, overlap=0), "") == []


def test_a_reading_does_not_depend_on_its_neighbours(reader: TokenClassifier) -> None:
    text, _ = long_text(200)
    documents = [Document(id=str(i), text=t) for i, t in enumerate([TEXT, text, "", "x", TEXT])]
    together = list(reader(documents))
    assert together == [next(reader([document])) for document in documents]


def test_a_word_longer_than_a_window_keeps_its_place(reader: TokenClassifier) -> None:
    text = f"{'went' * 500} Rabat"
    assert found(reader, text) == [("Rabat", "LOC")]


def test_what_the_tokeniser_drops_breaks_no_name(reader: TokenClassifier) -> None:
    assert found(reader, "the minister Omar \u200f \x01Haddad went")[0] == (
        "Omar \u200f \x01Haddad",
        "PERSON",
    )


@given(text=texts(max_pieces=40))
def test_any_text_is_read(reader: TokenClassifier, text: str) -> None:
    found(reader, text)


def test_scores_below_the_least_are_not_proposed(model: Path) -> None:
    assert found(made(model, least=1.0), TEXT) == []


@pytest.mark.parametrize("labels", [{"PERS": "PERSON"}, {"O": "PERSON", "B-PER": "PERSON"}])
def test_labels_that_make_no_sense_are_errors(model: Path, labels: dict[str, str]) -> None:
    with pytest.raises(AnnotatorError, match="tags"):
        made(model, labels=labels)


def test_a_window_that_holds_nothing_is_an_error(model: Path) -> None:
    with pytest.raises(AnnotatorError, match="from 3 to 64 pieces"):
        made(model, window=2)


def test_a_model_without_its_head_is_refused(model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((model / name).read_bytes())
    weights = load_file(model / "model.safetensors")
    headless = {name: w for name, w in weights.items() if not name.startswith("classifier")}
    save_file(headless, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(AnnotatorError, match=r"lacks weights of the model, classifier\.bias"):
        made(tmp_path)


def test_a_folder_without_weights_or_tokeniser_is_named(model: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((model / "config.json").read_bytes())
    with pytest.raises(AnnotatorError, match="does not load"):
        made(tmp_path)


def test_a_device_that_is_not_there_is_named(model: Path) -> None:
    with pytest.raises(AnnotatorError, match="does not load"):
        made(model, device="moon")


def test_a_tokeniser_without_special_pieces_will_do(tmp_path: Path) -> None:
    cut = tokenizer(32)
    cut.backend_tokenizer.post_processor = None
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(cut),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=32,
        id2label=dict(enumerate(TAGS)),
    )
    BertForTokenClassification(config).save_pretrained(tmp_path)
    cut.save_pretrained(tmp_path)
    words, chances = made(tmp_path).chances(long_text(300)[0])
    assert chances.sum(axis=1) == pytest.approx([1] * len(words))
    assert len(SPECIAL) == 4
