"""A GLiNER checkpoint as a pipeline: small ones, trained here, that really know four names."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from curation.annotate import hub, load_pipeline
from curation.annotate.gliner_pipeline import Gliner, apart, gliner_annotator, prompts
from curation.annotate.tagging import Tagged
from curation.errors import AnnotatorError, ModelUnavailable
from curation.model import Document
from curation.store import load_schema
from tests.models.test_transformers import NAMES, TEXT, long_text
from tests.models.tiny_gliner import gliner
from tests.strategies import texts

SCHEMA = load_schema()
ASKED = {"PERSON": "person", "LOC": "loc"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gliner(tmp_path_factory.mktemp("models") / "relative")


@pytest.fixture(scope="module")
def absolute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its encoder has 48 positions, less than 24 words may take."""
    return gliner(tmp_path_factory.mktemp("models") / "absolute", "bert")


@pytest.fixture(scope="module")
def reader(model: Path) -> Gliner:
    return made(model)


def made(model: Path, **options: Any) -> Gliner:
    return gliner_annotator({"model": str(model), "prompts": ASKED, **options}, SCHEMA)


def found(reader: Gliner, text: str) -> list[tuple[str, str]]:
    (annotation,) = reader([Document(id="a", text=text)])
    assert all(text[e.start : e.end] == e.text for e in annotation.entities)
    return [(e.text, e.label) for e in annotation.entities]


def test_names_are_found_with_their_ends_in_code_points(reader: Gliner) -> None:
    assert found(reader, TEXT) == NAMES
    (annotation,) = reader([Document(id="a", text=TEXT)])
    assert all(0.5 <= (e.score or 0) <= 1 for e in annotation.entities)


def test_a_folder_is_a_pipeline_that_asks_for_the_labels_of_the_schema(model: Path) -> None:
    pipeline = load_pipeline(str(model), SCHEMA)
    (proposal,) = pipeline.read([Document(id="a", text=TEXT, language="ar")])
    assert re.fullmatch("relative@[0-9a-f]{8}", pipeline.agent)
    assert [e.text for e in proposal.annotation.entities] == [name for name, _ in NAMES]
    assert {e.label for e in proposal.annotation.entities} <= {e.name for e in SCHEMA.entities}
    assert {e.proposers for e in proposal.annotation.entities} == {(pipeline.agent,)}
    assert proposal.left_out == ()


@pytest.mark.parametrize("encoder", ["model", "absolute"])
def test_a_text_of_5000_words_is_read_whole(encoder: str, request: pytest.FixtureRequest) -> None:
    text, starts = long_text(5000)
    reader = made(request.getfixturevalue(encoder))
    (annotation,) = reader([Document(id="a", text=text)])
    assert [e.start for e in annotation.entities] == starts


def test_what_gliner_would_drop_is_read(model: Path, reader: Gliner) -> None:
    """The text is longer than the checkpoint takes by one name."""
    text = "the minister went to people " * 5 + "with Rabat"
    with pytest.warns(UserWarning, match="truncated to 24"):
        assert reader._model.inference([text], ["person", "loc"]) == [[]]
    assert found(reader, text) == [("Rabat", "LOC")]


def test_a_reading_does_not_depend_on_its_neighbours(reader: Gliner) -> None:
    text, _ = long_text(200)
    documents = [Document(id=str(i), text=t) for i, t in enumerate([TEXT, text, "", " ", TEXT])]
    together = list(reader(documents))
    assert together == [next(reader([document])) for document in documents]


@given(text=texts(max_pieces=40))
def test_any_text_is_read(reader: Gliner, text: str) -> None:
    found(reader, text)


@given(text=texts(max_pieces=40))
def test_any_text_is_read_within_the_positions_there_are(
    absolute_reader: Gliner, text: str
) -> None:
    found(absolute_reader, text)


@pytest.fixture(scope="module")
def absolute_reader(absolute: Path) -> Gliner:
    return made(absolute)


def test_a_word_with_marks_is_one_word(reader: Gliner) -> None:
    """GLiNER's own words end before every Arabic mark and joiner."""
    text = "وَصَلَ 👨‍👩‍👧‍👦 وَفْد well-known"
    assert [word for word, _, _ in reader._split(text)] == text.split()


def test_the_threshold_is_the_models(model: Path) -> None:
    assert found(made(model, threshold=1.0), TEXT) == []
    assert len(found(made(model, threshold=0.0, nested=True), TEXT)) > len(NAMES)


def test_prompts_that_leave_no_room_for_text_are_refused(absolute: Path) -> None:
    with pytest.raises(AnnotatorError, match="takes 48 pieces, and the prompts are 3") as caught:
        made(absolute, prompts="descriptions")
    assert "names" in caught.value.hint


def test_prompts_are_names_descriptions_or_ones_own() -> None:
    assert prompts("names", SCHEMA)["person"] == "PERSON"
    assert prompts("descriptions", SCHEMA)["A named person, without the title"] == "PERSON"
    assert prompts({"PERSON": "human"}, SCHEMA) == {"human": "PERSON"}
    with pytest.raises(AnnotatorError, match="names PLANET"):
        prompts({"PLANET": "planet"}, SCHEMA)
    with pytest.raises(AnnotatorError, match="no words of its own"):
        prompts({"PERSON": "x", "LOC": "x"}, SCHEMA)


def test_of_spans_that_share_text_the_likelier_stays() -> None:
    spans = [Tagged(0, 5, 0, 0.6), Tagged(3, 8, 1, 0.9), Tagged(8, 9, 0, 0.5)]
    assert apart(spans) == spans[1:]


def test_a_checkpoint_that_leaves_its_tokeniser_to_a_hub_out_of_reach_says_so(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(model, tmp_path / "copy")
    for path in copy.glob("tokenizer*"):
        path.unlink()
    config = copy / "gliner_config.json"
    config.write_text(config.read_text().replace(str(model), "team/none"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match="leaves its tokeniser to the hub"):
        made(copy)


def test_a_checkpoint_without_weights_does_not_load(model: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(model, tmp_path / "copy")
    (copy / "model.safetensors").unlink()
    with pytest.raises(AnnotatorError, match="does not load"):
        made(copy)
    assert hub.locate(str(copy)).version != hub.locate(str(model)).version
