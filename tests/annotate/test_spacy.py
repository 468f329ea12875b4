"""A real spaCy pipeline as an annotator: made here, saved, loaded by its path."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, SpanGroup

from curation.annotate import Pipelines, load_pipeline
from curation.annotate.spacy_pipeline import windows
from curation.errors import AnnotatorError, UnknownAnnotator
from curation.model import Document
from curation.store import load_schema
from tests.strategies import texts

SCHEMA = load_schema()
PATTERNS = [
    {"label": "LOCATION", "pattern": "الرباط"},
    {"label": "LOCATION", "pattern": "Rabat"},
    {"label": "PLANET", "pattern": "Mars"},
]


def save(folder: Path, language: str = "ar", max_length: int = 1_000_000) -> Path:
    nlp = spacy.blank(language)
    nlp.max_length = max_length
    nlp.meta["name"] = "places"
    nlp.meta["version"] = "3.1.4"
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)  # type: ignore[attr-defined]
    nlp.to_disk(folder)
    return folder


def toml(path: Path, model: str, more: str = "", languages: str = '["ar"]') -> Path:
    path.write_text(
        f'name = "mine"\nversion = "2"\nlanguages = {languages}\n[[annotators]]\n'
        f'name = "spacy.v1"\n[annotators.options]\nmodel = "{model}"\n{more}',
        "utf-8",
    )
    return path


def test_a_model_folder_is_a_pipeline_and_labels_it_does_not_share_are_named(
    tmp_path: Path,
) -> None:
    pipeline = load_pipeline(str(save(tmp_path / "model")), SCHEMA)
    (proposal,) = pipeline.read([Document(id="a", text="👍🏽 في الرباط", language="ar")])
    assert pipeline.agent == "ar_places@3.1.4"
    assert pipeline.languages == ("ar",)
    assert proposal.annotation.entities == ()
    assert proposal.left_out == ("entity label LOCATION, from ar_places@3.1.4",)


def test_labels_map_and_offsets_are_code_points(tmp_path: Path) -> None:
    save(tmp_path / "model")
    path = toml(tmp_path / "mine.toml", "./model", 'labels = { LOCATION = "GPE", PLANET = "" }')
    text = "👨‍👩‍👧‍👦 زار الرباط ثم Mars"
    (proposal,) = load_pipeline(str(path), SCHEMA).read([Document(id="a", text=text)])
    (entity,) = proposal.annotation.entities
    assert (entity.label, entity.start) == ("GPE", text.index("الرباط"))
    assert entity.proposers == ("ar_places@3.1.4",)
    assert proposal.left_out == ()


def test_a_long_text_is_read_in_windows_and_nothing_is_lost(tmp_path: Path) -> None:
    save(tmp_path / "model", max_length=50)
    path = toml(tmp_path / "mine.toml", "./model", 'labels = { LOCATION = "GPE" }')
    text = "وصل الوفد إلى الرباط أمس. " * 40
    (proposal,) = load_pipeline(str(path), SCHEMA).read([Document(id="a", text=text)])
    starts = [entity.start for entity in proposal.annotation.entities]
    assert starts == [at for at in range(len(text)) if text.startswith("الرباط", at)]


@given(texts(), st.integers(1, 40))
def test_windows_cover_every_code_point_once(text: str, size: int) -> None:
    found = list(windows(text, size))
    assert "".join(text[start:end] for start, end in found) == text
    assert all(0 < end - start <= size for start, end in found)


def test_span_groups_are_read_with_their_scores(tmp_path: Path) -> None:
    @spacy.Language.component("capitals")
    def capitals(doc: Doc) -> Doc:
        group = SpanGroup(doc, name="sc", spans=[doc[0:1]], attrs={"scores": [0.25]})
        group[0].label_ = "GPE"
        doc.spans["sc"] = SpanGroup(
            doc, name="sc", spans=[doc.char_span(0, 5, label="GPE")], attrs={"scores": [0.25]}
        )
        return doc

    nlp = spacy.blank("en")
    nlp.add_pipe("capitals")
    nlp.to_disk(tmp_path / "model")
    document = Document(id="a", text="Rabat is here", language="en")
    (proposal,) = load_pipeline(str(tmp_path / "model"), SCHEMA).read([document])
    assert [(e.text, e.score) for e in proposal.annotation.entities] == [("Rabat", 0.25)]


def test_a_model_reads_only_documents_in_its_language(tmp_path: Path) -> None:
    pipelines = Pipelines(SCHEMA, str(save(tmp_path / "model", "en")))
    assert pipelines.choose(Document(id="a", text="x", language="en-GB")) is not None
    assert pipelines.choose(Document(id="a", text="x", language="ar")) is None
    assert pipelines.covered() == "en_places@3.1.4 is for en"


def test_a_model_for_any_language_reads_them_all(tmp_path: Path) -> None:
    pipelines = Pipelines(SCHEMA, str(save(tmp_path / "model", "xx")))
    assert pipelines.choose(Document(id="a", text="x", language="ar")) is not None


def test_an_english_model_in_an_arabic_pipeline_is_refused_unless_told(tmp_path: Path) -> None:
    save(tmp_path / "model", "en")
    path = toml(tmp_path / "mine.toml", "./model")
    with pytest.raises(AnnotatorError, match="is for en, pipeline mine for ar"):
        load_pipeline(str(path), SCHEMA)
    load_pipeline(str(toml(path, "./model", "any_language = true")), SCHEMA)


def test_what_is_no_pipeline_says_what_would_be() -> None:
    with pytest.raises(UnknownAnnotator, match="no pipeline 'nothing'") as caught:
        load_pipeline("nothing", SCHEMA)
    assert "news-ar" in caught.value.hint


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = toml(tmp_path / "mine.toml", "./gone")
    with pytest.raises(AnnotatorError, match="gone"):
        load_pipeline(str(path), SCHEMA)
