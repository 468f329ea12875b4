"""Pipeline files, and which pipeline reads which document."""

from pathlib import Path

import pytest

from curation.annotate import Pipelines, load_pipeline
from curation.errors import AnnotatorError, UnknownAnnotator
from curation.model import Document
from curation.store import load_schema

SCHEMA = load_schema()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name = ", "pipeline"),
        ('name = "x"\nversion = "1"\n', "annotators"),
        ('name = "x"\nversion = "1"\nannotators = []\ncolour = "red"\n', "colour"),
    ],
)
def test_a_file_that_is_no_pipeline_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content)
    with pytest.raises(AnnotatorError, match=r"mine\.toml") as caught:
        load_pipeline(str(path), SCHEMA)
    assert message in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError, match=r"gone\.toml"):
        load_pipeline(str(tmp_path / "gone.toml"), SCHEMA)


def test_an_unknown_annotator_in_a_file_lists_the_known(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('name = "x"\nversion = "1"\n[[annotators]]\nname = "dates.v9"\n')
    with pytest.raises(UnknownAnnotator, match=r"dates\.v9") as caught:
        load_pipeline(str(path), SCHEMA)
    assert "dates.v1" in caught.value.hint


def test_rules_of_ones_own_language_lie_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "knowledge" / "xx"
    (folder / "generated").mkdir(parents=True)
    (folder / "words.toml").write_text("")
    (folder / "generated" / "common_words.tsv").write_text("")
    (folder / "places.tsv").write_text("Freetown\tGPE\tiso3166:SL\n")
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "own"\nversion = "7"\n[[annotators]]\nname = "gazetteer.v1"\n'
        '[annotators.options]\nknowledge = "./knowledge/xx"\nlists = { "places.tsv" = 0.5 }\n'
    )
    (proposal,) = load_pipeline(str(path), SCHEMA).read([Document(id="a", text="To freetown, now")])
    (entity,) = proposal.annotation.entities
    assert (entity.text, entity.value, entity.score) == ("freetown", "iso3166:SL", 0.5)
    assert proposal.annotation.by.agent == "own@7"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "x", "news-ar@3"),
        ("ar-MA", "x", "news-ar@3"),
        ("AR", "x", "news-ar@3"),
        (None, "زار Macron الرباط", "news-ar@3"),
        (None, "he said سلام", None),
        (None, "12", None),
        ("de", "زار الرباط", None),
        ("fr", "زار الرباط", "news-fr@1"),
        ("arz", "x", None),
    ],
)
def test_the_language_decides_and_without_one_the_script(
    language: str | None, text: str, expected: str | None
) -> None:
    chosen = Pipelines(SCHEMA).choose(Document(id="a", text=text, language=language))
    assert (chosen.agent if chosen else None) == expected


def test_a_folder_that_happens_to_be_there_does_not_hide_shipped_knowledge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ar").mkdir()
    monkeypatch.chdir(tmp_path)
    (proposal,) = load_pipeline("news-ar", SCHEMA).read([Document(id="a", text="في الرباط")])
    assert [entity.label for entity in proposal.annotation.entities] == ["GPE"]
    (tmp_path / "mine.toml").write_text(
        'name = "own"\nversion = "1"\n[[annotators]]\nname = "dates.v1"\n'
        'options = { knowledge = "./ar" }\n'
    )
    with pytest.raises(AnnotatorError, match=r"dates\.toml"):
        load_pipeline("mine.toml", SCHEMA)
