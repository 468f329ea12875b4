"""`spacy.v1`: any spaCy pipeline as an annotator; its entities and span groups become entities.

Options: `model`, a package's name, a model's folder or a configuration (`.cfg`), such as one of
spacy-llm; `labels`, a table of the model's label →
the schema's (others keep their name; an empty string leaves a label out); `any_language = true`
for a model that does more than its language code says; `window`, the most code points it is given
at once (at most and by default its `max_length`). A longer text is cut between sentences, or
between words where one sentence is longer, and every code point is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.annotate.pipeline import Plan, Step
from curation.annotate.protocol import Options, reading
from curation.errors import AnnotatorError, MissingExtra
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import sentences

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

NAME = "spacy.v1"


class SpacyAnnotator:
    """Reads documents with a spaCy pipeline. `languages` is what the model is for."""

    def __init__(self, nlp: Language, options: Options) -> None:
        name = f"{nlp.meta.get('lang', nlp.lang)}_{nlp.meta.get('name', 'model')}"
        self.name = f"{name}@{nlp.meta.get('version', '0')}"
        self.languages = languages_of(nlp, any_language=bool(options.get("any_language")))
        self._nlp = nlp
        self._labels: dict[str, str] = dict(options.get("labels", {}))
        self._window = min(int(options.get("window", nlp.max_length)), nlp.max_length)
        if self._window < 1:
            raise AnnotatorError(f"{NAME}: a window of {self._window} code points is too small")

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        """One reading per document."""
        for document in documents:
            parts = list(windows(document.text, self._window))
            found: list[Entity] = []
            docs = self._nlp.pipe([document.text[start:end] for start, end in parts])
            for (start, _), doc in zip(parts, docs, strict=True):
                found += self._entities(document.text, start, doc)
            yield reading(self.name, found)

    def _entities(self, text: str, offset: int, doc: Doc) -> Iterator[Entity]:
        spans: list[tuple[Span, float | None]] = [(span, None) for span in doc.ents]
        groups: Any = doc.spans
        for group in groups.values():
            scores = group.attrs.get("scores")
            spans += [
                (span, None if scores is None else min(max(float(scores[i]), 0.0), 1.0))
                for i, span in enumerate(group)
            ]
        for span, score in spans:
            label = self._labels.get(span.label_, span.label_)
            start, end = trimmed(text, offset + span.start_char, offset + span.end_char)
            if label and start < end:
                value = span.kb_id_ or None
                yield make_entity(text, start, end, label, score=score, value=value)


def spacy_annotator(options: Options, schema: Schema) -> SpacyAnnotator:
    """Make the annotator."""
    return SpacyAnnotator(load_model(str(options.get("model", ""))), options)


def load_model(name: str) -> Language:
    """The spaCy pipeline of this package name, folder or configuration file.

    Raises: AnnotatorError if it is not there or does not load; MissingExtra if it calls a language
    model and spacy-llm is not installed.
    """
    import spacy

    try:
        return _assembled(name) if name.endswith(".cfg") else spacy.load(name)
    except (OSError, ValueError, ImportError) as fault:
        if "llm" in str(fault) and find_spec("spacy_llm") is None:
            raise MissingExtra(
                f"the spaCy pipeline {name!r} needs spacy-llm, which is not installed",
                hint="pip install 'curation[llm]'",
            ) from fault
        raise AnnotatorError(
            f"the spaCy model {name!r} does not load: {str(fault).partition(chr(10))[0]}",
            hint="Give a model's folder, or install its package into this environment.",
        ) from fault


def _assembled(name: str) -> Language:
    """The pipeline that a configuration describes, with its components initialised."""
    from spacy.util import load_config, load_model_from_config

    nlp = load_model_from_config(load_config(name, interpolate=False), auto_fill=True)
    nlp.initialize()
    return nlp


def is_model(folder: Path) -> bool:
    """Whether this folder is a saved spaCy pipeline."""
    return (folder / "config.cfg").is_file() and (folder / "meta.json").is_file()


def is_package(name: str) -> bool:
    """Whether this names an installed spaCy package."""
    if not name.replace("_", "").replace("-", "").isalnum():
        return False
    from spacy import util

    return util.is_package(name)


def describe(name: str) -> Plan:
    """The pipeline that is one spaCy model: its name, version and language."""
    nlp = load_model(name)
    title = f"{nlp.meta.get('lang', nlp.lang)}_{nlp.meta.get('name', 'model')}"
    step = Step(NAME, {"model": name})
    version = str(nlp.meta.get("version", "0"))
    return Plan(title, version, (step,), languages_of(nlp, any_language=False))


def languages_of(nlp: Language, *, any_language: bool) -> tuple[str, ...]:
    """The language a model is for; empty for one that is for any (`xx`)."""
    return () if any_language or nlp.lang in ("xx", "mul") else (str(nlp.lang),)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its edges."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def windows(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Spans of at most `size` code points that cover the whole text, cut where a sentence begins,
    else after white space, else anywhere.

    >>> list(windows("ab cd. ef gh", 8)), list(windows("abcdef", 4))
    ([(0, 7), (7, 12)], [(0, 4), (4, 6)])
    """
    starts = [start for start, _ in sentences(text)] if len(text) > size else []
    at = first = 0
    while len(text) - at > size:
        while first < len(starts) and starts[first] <= at:
            first += 1
        cut = at
        while first < len(starts) and starts[first] <= at + size:
            cut = starts[first]
            first += 1
        if cut == at:
            cut = next((i for i in range(at + size, at, -1) if text[i - 1].isspace()), at + size)
        yield at, cut
        at = cut
    if at < len(text):
        yield at, len(text)
