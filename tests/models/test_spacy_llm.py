"""A spaCy pipeline with a spacy-llm component loads like any other. The language model behind it is
a double that answers from a table: what is real is spaCy, spacy-llm and everything of ours."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Iterable  # noqa: UP035 - spacy-llm knows no other

import pytest
from spacy_llm.registry import registry

from curation.annotate import load_pipeline
from curation.errors import AnnotatorError
from curation.model import Document
from curation.store import load_schema

# Of the double, which has no context to run out of.
pytestmark = pytest.mark.filterwarnings("ignore:Task supports sharding")

SCHEMA = load_schema()
CONFIG = """
[nlp]
lang = "xx"
pipeline = ["llm"]

[components]

[components.llm]
factory = "llm"

[components.llm.task]
@llm_tasks = "spacy.NER.v2"
labels = ["PERSON", "GPE", "PLANET"]

[components.llm.model]
@llm_models = "{model}"
"""
TEXT = "👨‍👩‍👧‍👦 Omar Haddad flew from الرباط to Mars."


@registry.llm_models("curation.Echo.v1")
def echo() -> Callable[[Iterable[Iterable[str]]], Iterable[Iterable[str]]]:
    """The double: it says of every prompt the same three names, as the task wants them."""

    def answer(prompts: Iterable[Iterable[str]]) -> Iterable[Iterable[str]]:
        for batch in prompts:
            yield ["PERSON: Omar Haddad\nGPE: الرباط\nPLANET: Mars" for _ in batch]

    return answer


def config(folder: Path, model: str = "curation.Echo.v1") -> Path:
    path = folder / "llm.cfg"
    path.write_text(CONFIG.format(model=model))
    return path


def test_a_configuration_is_a_pipeline(tmp_path: Path) -> None:
    pipeline = load_pipeline(str(config(tmp_path)), SCHEMA)
    (proposal,) = pipeline.read([Document(id="a", text=TEXT, language="ar")])
    found = [(e.text, e.label, e.start) for e in proposal.annotation.entities]
    assert found == [
        ("Omar Haddad", "PERSON", TEXT.index("Omar")),
        ("الرباط", "GPE", TEXT.index("الرباط")),
    ]
    assert proposal.left_out == (f"entity label PLANET, from {pipeline.agent}",)


def test_so_is_the_folder_it_was_saved_in(tmp_path: Path) -> None:
    from curation.annotate.spacy_pipeline import load_model

    load_model(str(config(tmp_path))).to_disk(tmp_path / "saved")
    (proposal,) = load_pipeline(str(tmp_path / "saved"), SCHEMA).read([Document(id="a", text=TEXT)])
    assert [e.label for e in proposal.annotation.entities] == ["PERSON", "GPE"]


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError, match=r"llm\.cfg' does not load"):
        load_pipeline(str(config(tmp_path, "curation.Nothing.v1")), SCHEMA)


@pytest.mark.parametrize(
    ("package", "given", "extra"),
    [
        ("spacy_llm", "llm.cfg", "llm"),
        ("transformers", "token-classifier", "transformers"),
        ("gliner", "checkpoint", "gliner"),
    ],
)
def test_what_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, package: str, given: str, extra: str
) -> None:
    """In a process of its own, where the package can not be imported."""
    config(tmp_path)
    (tmp_path / "token-classifier").mkdir()
    (tmp_path / "token-classifier" / "config.json").write_text(
        '{"architectures": ["BertForTokenClassification"]}'
    )
    (tmp_path / "checkpoint").mkdir()
    (tmp_path / "checkpoint" / "gliner_config.json").write_text("{}")
    (tmp_path / "d.jsonl").write_text('{"id": "a", "text": "x"}\n')
    code = f"import sys; sys.modules[{package!r}] = None; from curation.cli import main; main()"
    done = subprocess.run(
        [
            *(sys.executable, "-c", code, "annotate", tmp_path / "d.jsonl"),
            *("-o", tmp_path / "p.jsonl", "--pipeline", tmp_path / given),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert f"pip install 'curation[{extra}]'" in done.stderr
