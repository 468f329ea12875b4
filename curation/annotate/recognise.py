"""What kind of model `--pipeline` was given, told from its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from curation.annotate import hub, spacy_pipeline
from curation.annotate.pipeline import Plan, Step
from curation.errors import AnnotatorError, UnknownAnnotator

TAKEN = (
    "a spaCy pipeline (config.cfg, meta.json), a GLiNER checkpoint (gliner_config.json), or a "
    "transformers model for token classification (config.json)"
)
#: How an architecture's name ends, and what such a model is.
_HEADS = {
    "ForSequenceClassification": "classifies whole texts",
    "ForMaskedLM": "fills in masked words, and was not trained to find entities",
    "ForPreTraining": "was not trained to find entities",
    "ForCausalLM": "writes text; serve it and use llm.v1",
    "ForConditionalGeneration": "writes text; serve it and use llm.v1",
    "LMHeadModel": "writes text; serve it and use llm.v1",
    "ForQuestionAnswering": "answers questions",
    "ForMultipleChoice": "chooses among answers",
    "Model": "has no head: it turns text into vectors",
}


def plan_of(name: str) -> Plan | None:
    """The pipeline that is the one model of this name (a folder, a spaCy configuration, an
    installed spaCy package, or `hf:owner/name`); None if it names no model.

    Raises: AnnotatorError if it is a model of another kind; UnknownAnnotator if the folder holds
    none, or the hub has none; ModelUnavailable if the hub does not answer.
    """
    path = Path(name)
    if path.suffix == ".cfg" and path.is_file():
        return spacy_pipeline.describe(name)
    if name.startswith(hub.PREFIX) or path.is_dir():
        found = hub.locate(name)
        annotator = kind(found.folder)
        if annotator == spacy_pipeline.NAME:
            return spacy_pipeline.describe(str(found.folder))
        return Plan(found.name, found.version, (Step(annotator, {"model": name}),))
    return spacy_pipeline.describe(name) if spacy_pipeline.is_package(name) else None


def kind(folder: Path) -> str:
    """The annotator that reads with the model in this folder.

    Raises: as `plan_of` does.
    """
    if spacy_pipeline.is_model(folder):
        return spacy_pipeline.NAME
    if (folder / "gliner_config.json").is_file():
        return "gliner.v1"
    wrong = _wrong(folder)
    if wrong:
        raise AnnotatorError(f"{folder}: the model {wrong}", hint=f"Expected: {TAKEN}.")
    return "transformers.v1"


def check(folder: Path, annotator: str) -> None:
    """Refuse a model that another annotator reads with.

    Raises: AnnotatorError if it is of another kind; else as `kind`.
    """
    right = kind(folder)
    if right != annotator:
        raise AnnotatorError(
            f"{annotator}: {folder} holds a model for {right}", hint=f'Say name = "{right}".'
        )


def _wrong(folder: Path) -> str:
    """What a folder holds instead of a token classifier; empty if it holds one."""
    if (folder / "modules.json").is_file():
        return "is a sentence-transformers one: it turns text into vectors"
    if (folder / "adapter_config.json").is_file():
        return "is an adapter only; merge it into its base model first (merge_and_unload)"
    path = folder / "config.json"
    if not path.is_file():
        names = sorted(p.name for p in folder.iterdir())
        raise UnknownAnnotator(
            f"the folder {folder} holds no known model: {', '.join(names[:8]) or 'nothing'}",
            hint=f"Expected: {TAKEN}; or give a pipeline file (.toml).",
        )
    try:
        config = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except msgspec.MsgspecError as fault:
        raise AnnotatorError(f"{path}: {fault}") from fault
    return _not_a_token_classifier(config)


def _not_a_token_classifier(config: Mapping[str, Any]) -> str:
    names = [str(name) for name in config.get("architectures") or ()]
    if any(name.endswith("ForTokenClassification") for name in names):
        return ""
    if not names:
        return "does not say what it is: its config.json names no architectures"
    what = next((said for end, said in _HEADS.items() if names[0].endswith(end)), "")
    return f"is a {names[0]}" + (f", which {what}" if what else "")
