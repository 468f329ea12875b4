"""Pipelines by name, by path, by model, and by a document's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import regex

from curation.annotate.pipeline import Pipeline, Plan, Step, decode
from curation.annotate.recognise import plan_of
from curation.annotate.registry import known, make
from curation.annotate.renaming import Renames
from curation.annotate.votes import Votes
from curation.errors import AnnotatorError, UnknownAnnotator
from curation.model import Document, Schema
from curation.store import load_schema, shipped

_LETTER = regex.compile(r"\p{L}")
#: So many letters, and so many strange ones, are enough to tell a language by.
_ENOUGH, _STRANGERS = 20, 4
#: As many code points of a text are looked at first.
_BEGINNING = 500


class Pipelines:
    """Which pipeline reads a document: the one that was named, or its language's default."""

    def __init__(
        self, schema: Schema, name: str | None = None, renames: Renames | None = None
    ) -> None:
        self._schema = schema
        self._renames = renames
        self._named = load_pipeline(name, schema, renames) if name else None
        self._defaults = [plan for plan in shipped_plans() if plan.default]
        scripts = Counter(plan.script for plan in self._defaults)
        self._known_by_script = [
            plan for plan in self._defaults if plan.script and scripts[plan.script] == 1
        ]
        self._made: dict[str, Pipeline] = {}

    def language(self, document: Document) -> str | None:
        """The document's language, or what its script says where it has none."""
        if document.language:
            return document.language
        text = document.text
        for plan in self._known_by_script:
            if mostly(text, plan.script) and not strange(text, plan.script, plan.strangers):
                return plan.languages[0]
        return None

    def doubt(self, document: Document) -> str:
        """Why a document can hardly be in the language that it is marked with; empty if nothing in
        its letters speaks against it."""
        for plan in self._defaults:
            if document.language and plan.script and reads(plan.languages, document.language):
                # Most are in their language, and begin in it.
                why = _against(document.text[:_BEGINNING], plan)
                why = why and _against(document.text, plan)
                return why and f"it is marked {document.language}, but {why}"
        return ""

    def choose(self, document: Document) -> Pipeline | None:
        """The pipeline for a document; None where there is none for its language."""
        language = self.language(document)
        if self._named is not None:
            return self._named if reads(self._named.languages, language) else None
        for plan in self._defaults:
            if reads(plan.languages, language):
                if plan.name not in self._made:
                    self._made[plan.name] = build(plan, self._schema, self._renames)
                return self._made[plan.name]
        return None

    def covered(self) -> str:
        """The languages there are pipelines for, in words."""
        if self._named is not None:
            return f"{self._named.agent} is for {', '.join(self._named.languages)}"
        names = [f"{', '.join(plan.languages)} ({plan.name})" for plan in self._defaults]
        return f"there are pipelines for {', '.join(names)}"


def reads(languages: tuple[str, ...], language: str | None) -> bool:
    """Whether a document of this language is among them, by the primary subtag (ar-MA is ar).

    >>> reads(("ar",), "ar-MA"), reads(("ar",), None), reads((), "fr")
    (True, False, True)
    """
    return not languages or (language or "").partition("-")[0].lower() in languages


def mostly(text: str, script: str) -> bool:
    """Whether more than half of the letters are of this Unicode script.

    >>> mostly("قال John", "Arabic"), mostly("قالت", "Arabic"), mostly("12", "Arabic")
    (False, True, False)
    """
    letters = len(_LETTER.findall(text))
    own = len(regex.findall(rf"\p{{Script={script}}}", text))
    return letters > 0 and own * 2 > letters


def strange(text: str, script: str, strangers: str) -> bool:
    """Whether the letters that a language writes in foreign names at most are so many that the text
    is in another language of its script: four, and one in fifty.

    >>> strange("رئیس جمهور ایران در تهران سخنرانی کرد", "Arabic", "پچژگکی")
    True
    >>> strange("قال پوتين إن غوغل ستفتح مكتبا في موسكو", "Arabic", "پچژگکی")
    False
    """
    found = sum(map(text.count, strangers))
    if found < _STRANGERS:
        return False
    return found * 50 > len(regex.findall(rf"\p{{Script={script}}}", text))


def _against(text: str, plan: Plan) -> str:
    """What of a text's letters speaks against a pipeline's languages; empty if nothing does."""
    own = sum(map(len, regex.findall(rf"\p{{Script={plan.script}}}+", text)))
    letters = 0 if own * 2 > len(text) else len(_LETTER.findall(text))
    if letters >= _ENOUGH and own * 2 <= letters:
        return f"most of its letters are not {plan.script}"
    if strange(text, plan.script, plan.strangers):
        shown = " ".join(letter for letter in plan.strangers if letter in text)
        return f"it has letters of another language: {shown}"
    return ""


def load_pipeline(name: str, schema: Schema, renames: Renames | None = None) -> Pipeline:
    """The pipeline of this name: a shipped one, a TOML file, or one model (`recognise.py`).

    Raises: UnknownAnnotator if it is none of these; AnnotatorError if its file can not be read or
    it can not be made.
    """
    path = Path(name)
    if path.suffix == ".toml":
        try:
            plan = decode(path.read_bytes(), name)
        except OSError as fault:
            raise AnnotatorError(f"{path}: {fault.strerror or fault}") from fault
        return build(beside(plan, path.parent), schema, renames)
    names = {plan.name: plan for plan in shipped_plans()}
    if name in names:
        return build(names[name], schema, renames)
    plan = plan_of(name)
    if plan is not None:
        return build(plan, schema, renames)
    raise UnknownAnnotator(
        f"there is no pipeline {name!r}",
        hint=f"Known pipelines: {', '.join(names)}; or give a .toml file, the folder of a model, "
        "hf:owner/name for a model of the hub, or the name of an installed spaCy package.",
    )


def shipped_plans() -> list[Plan]:
    """The pipelines that ship with the package, by name."""
    files = sorted(shipped("seeds", "knowledge", "pipelines").glob("*.toml"))
    return [decode(path.read_bytes(), path.name) for path in files]


def build(plan: Plan, schema: Schema, renames: Renames | None = None) -> Pipeline:
    """A pipeline with its annotators made.

    Raises: AnnotatorError if one can not be made, if the votes' file is not there or unsound, or if
    in it somebody votes who is no annotator of the pipeline, or on what is no label.
    """
    works_with = renames.working(schema) if renames else schema
    points = known()
    annotators = [make(step.name, step.options, works_with, points) for step in plan.annotators]
    votes = load_votes(plan.votes) if isinstance(plan.votes, str) else plan.votes
    if votes is not None:
        file = _votes_file(plan.votes) if isinstance(plan.votes, str) else f"pipeline {plan.name}"
        _check(votes, file, [step.name for step in plan.annotators], works_with)
    return Pipeline(plan, annotators, schema, votes, renames)


def _check(votes: Votes, file: Path | str, names: Sequence[str], schema: Schema) -> None:
    """Refuse votes of strangers, and on labels that neither this schema nor the default one, which
    a smaller one may stand for, has."""
    for table, voters in (("says", votes.says), ("sure", votes.sure), ("denies", votes.denies)):
        for name in voters:
            if name not in names:
                raise AnnotatorError(
                    f"{file}: votes.{table}.{name}: {name} votes and is none of its annotators",
                    hint=f"Its annotators: {', '.join(sorted(names))}.",
                )
    labels = [kind.name for kind in schema.entities]
    for label in votes.start:
        if label not in labels and load_schema().entity(label) is None:
            raise AnnotatorError(
                f"{file}: votes.start.{label}: the schema {schema.name} has no label {label}",
                hint=f"Its labels: {', '.join(labels)}.",
            )


def _votes_file(name: str) -> Path:
    """The file of a name or path that stands under `votes`."""
    path = Path(name)
    return path if path.suffix == ".toml" else shipped("seeds", "models") / name / "votes.toml"


def load_votes(name: str) -> Votes:
    """The votes in a `.toml` file, or those of the shipped model of this name.

    Raises: AnnotatorError that names the file and what is wrong.
    """
    path = _votes_file(name)
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Votes)
    except OSError as fault:
        raise AnnotatorError(f"{path}: {fault.strerror or fault}") from fault
    except (msgspec.MsgspecError, UnicodeError) as fault:
        raise AnnotatorError(f"{path}: {fault}", hint="See curation/annotate/votes.py.") from fault


def beside(plan: Plan, folder: Path) -> Plan:
    """The plan with its relative paths (`./`, `../`) taken from this folder."""

    def placed(value: Any) -> Any:
        if isinstance(value, str) and value.startswith(("./", "../")):
            return str(folder.absolute() / value)
        return value

    steps = tuple(
        Step(step.name, {key: placed(value) for key, value in step.options.items()})
        for step in plan.annotators
    )
    return msgspec.structs.replace(plan, annotators=steps, votes=placed(plan.votes))
