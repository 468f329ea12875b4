"""`gliner.v1`: a GLiNER checkpoint, which finds whatever labels it is asked for.

Options: `model`, its folder or `hf:owner/name`; `prompts`, what it is asked for: "names" of the
schema's labels in plain words (as it is by default), their "descriptions", or a table of label →
words, which asks for these labels only; `threshold`, the lowest score that is proposed (0.5);
`nested`, whether spans may lie in each other (false); `batch` (8); `device` ("cpu").

GLiNER itself drops the end of a text that is longer than the checkpoint takes. Here a text of any
length is read in windows of the checkpoint's words, neither more of them nor, with the prompts, of
more pieces than it takes. A span is taken from the window that answers for its first word.

GLiNER's words end at every Arabic mark and at every joiner of an emoji; those that are parts of one
word (`curation.text.words`) are put together, for the model and for the spans.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from curation.annotate.encoder_windows import Window, windows
from curation.annotate.hub import Found, locate
from curation.annotate.protocol import Options, reading
from curation.annotate.recognise import check
from curation.annotate.subwords import longest
from curation.annotate.tagging import Tagged, settled
from curation.errors import AnnotatorError, MissingExtra, ModelUnavailable
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import Span, sentences, words

NAME = "gliner.v1"

#: A text as words with their spans, as GLiNER's own splitters give them.
Split: TypeAlias = Callable[[str], Iterator[tuple[str, int, int]]]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The options, as the module says them."""

    model: str
    prompts: Literal["names", "descriptions"] | dict[str, str] = "names"
    threshold: float = 0.5
    nested: bool = False
    batch: int = 8
    device: str = "cpu"


class Gliner:
    """Reads documents with a GLiNER checkpoint. `name` says which, and which version of it."""

    def __init__(self, found: Found, settings: Settings, schema: Schema) -> None:
        self.name = found.agent
        self._settings = settings
        self._labels = prompts(settings.prompts, schema)
        self._model = _loaded(found, settings.device)
        own = self._model.data_processor.words_splitter
        self._split: Split = lambda text: whole(text, own(text))
        self._model.data_processor.words_splitter = self._split
        self._words: int = self._model.config.max_len
        self._room = self._pieces_left(list(self._labels))

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        """One reading per document."""
        for document in documents:
            yield reading(self.name, self._entities(document.text))

    def _entities(self, text: str) -> Iterator[Entity]:
        asked = list(self._labels)
        found = [
            Tagged(start, end, asked.index(prompt), score)
            for start, end, prompt, score in self._spans(text, asked)
        ]
        for span in settled(found) if self._settings.nested else apart(found):
            label = self._labels[asked[span.label]]
            yield make_entity(text, span.first, span.last, label, score=round(span.score, 4))

    def _spans(self, text: str, asked: list[str]) -> Iterator[tuple[int, int, str, float]]:
        """What the windows find, each in the words it answers for."""
        places = [(start, end) for _, start, end in self._split(text)]
        parts = self._windows(text, places)
        edges = [(places[part.first][0], places[part.last - 1][1]) for part in parts]
        answers = self._ask([text[start:end] for start, end in edges], asked)
        for part, (offset, _), spans in zip(parts, edges, answers, strict=True):
            own = {places[i][0] for i in range(part.own_first, part.own_last)}
            for span in spans:
                start = offset + span["start"]
                if start in own:
                    score = min(max(float(span["score"]), 0.0), 1.0)
                    yield start, offset + span["end"], span["label"], score

    def _windows(self, text: str, places: Sequence[Span]) -> list[Window]:
        """Windows over words. A word's size is its share of the words, or of the pieces, that a
        window may hold, whichever is more, so that neither is exceeded."""
        begun = {start for start, _ in sentences(text)}
        breaks = [i for i, (start, _) in enumerate(places) if start in begun]
        room = self._room or 1
        sizes = [room] * len(places)
        if self._room and places:
            said = [text[start:end] for start, end in places]
            tokenizer = self._model.data_processor.transformer_tokenizer
            cut: Any = tokenizer(
                said, is_split_into_words=True, add_special_tokens=False, verbose=False
            )
            pieces = Counter[int](cut.word_ids())
            sizes = [max(room, min(pieces[i], room) * self._words) for i in range(len(places))]
        overlap = min(2 * self._model.config.max_width, self._words // 4) * room
        return windows(sizes, breaks, self._words * room, overlap)

    def _ask(self, texts: list[str], asked: list[str]) -> list[list[dict[str, Any]]]:
        if not texts:
            return []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.filterwarnings("error", message=".*truncated")
            try:
                given: Any = self._model.inference(
                    texts,
                    asked,
                    flat_ner=not self._settings.nested,
                    threshold=self._settings.threshold,
                    batch_size=self._settings.batch,
                )
            except UserWarning as fault:
                raise AnnotatorError(
                    f"{self.name} counts words another way in a part of a text: {fault}",
                    hint="Report it; the checkpoint's words_splitter_type depends on what is near.",
                ) from fault
        answers: list[Any] = list(given)  # pyright: ignore[reportUnknownArgumentType]
        return answers[0] if isinstance(given, tuple) else answers  # a pair: with the relations

    def _pieces_left(self, asked: list[str]) -> int | None:
        """How many pieces of text fit beside the prompts; None if any number does."""
        processor, config = self._model.data_processor, self._model.config
        parts = (getattr(part, "config", None) for part in self._model.modules())
        encoder = next((own for own in parts if hasattr(own, "max_position_embeddings")), None)
        if getattr(encoder, "relative_attention", False):
            encoder = None  # DeBERTa's positions are distances: they do not run out
        most = longest(processor.transformer_tokenizer, encoder)
        if most is None:
            return None
        apart = getattr(processor, "labels_tokenizer", None) is not None
        given = processor.tokenize_inputs([["."]], *(() if apart else ([asked],)))
        taken = int(given["input_ids"].shape[1]) - 1
        if most - taken < config.max_width:
            raise AnnotatorError(
                f"{self.name} takes {most} pieces, and the prompts are {taken} of them",
                hint='Ask with prompts = "names", or for fewer labels: prompts = { PERSON = "…" }.',
            )
        return most - taken


def gliner_annotator(options: Options, schema: Schema) -> Gliner:
    """Make the annotator.

    Raises: AnnotatorError if the options or the checkpoint are wrong; MissingExtra without gliner;
    ModelUnavailable if the hub does not answer.
    """
    settings = msgspec.convert(dict(options), Settings)
    found = locate(settings.model)
    check(found.folder, NAME)
    return Gliner(found, settings, schema)


def prompts(wanted: str | dict[str, str], schema: Schema) -> dict[str, str]:
    """What the model is asked for → the schema's label.

    Raises: AnnotatorError if a label is none of the schema's, or two are asked for alike.
    """
    if wanted == "names":
        asked = {kind.name: kind.name.lower().replace("_", " ") for kind in schema.entities}
    elif wanted == "descriptions":
        asked = {kind.name: kind.description for kind in schema.entities}
    else:
        asked = dict(wanted) if isinstance(wanted, dict) else {}
    found: dict[str, str] = {}
    for label, prompt in asked.items():
        if schema.entity(label) is None:
            raise AnnotatorError(
                f"{NAME}: `prompts` names {label}, which is no label of schema {schema.name}"
            )
        if not prompt.strip() or prompt in found:
            raise AnnotatorError(f"{NAME}: {label} has no words of its own to ask for: {prompt!r}")
        found[prompt] = label
    return found


def whole(text: str, parts: Iterable[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    r"""The parts of a text, put together where they are parts of one word.

    >>> parts = [("ab", 0, 2), ("\u0301", 2, 3), ("x-y", 4, 7)]
    >>> [(start, end) for _, start, end in whole("ab\u0301 x-y", parts)]
    [(0, 3), (4, 7)]
    """
    inside = {at for start, end in words(text) for at in range(start + 1, end)}
    first = last = 0
    for _, start, end in parts:
        if last and start in inside:
            last = end
            continue
        if last:
            yield text[first:last], first, last
        first, last = start, end
    if last:
        yield text[first:last], first, last


def apart(found: Sequence[Tagged]) -> list[Tagged]:
    """Without those that share text with a likelier one."""
    kept: list[Tagged] = []
    for span in sorted(found, key=lambda s: (-s.score, s.first, -s.last, s.label)):
        if all(span.last <= other.first or other.last <= span.first for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.first)


def _loaded(found: Found, device: str) -> Any:
    try:
        import gliner  # pyright: ignore[reportMissingImports]
    except ImportError as fault:
        raise MissingExtra(
            f"{NAME} needs gliner: {fault}", hint="pip install 'curation[gliner]'"
        ) from fault
    library: Any = gliner
    try:
        return library.GLiNER.from_pretrained(str(found.folder), map_location=device).eval()
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as fault:
        why = str(fault).partition("\n")[0]
        if isinstance(fault, OSError) and not (found.folder / "tokenizer_config.json").is_file():
            raise ModelUnavailable(
                f"{NAME}: {found.folder} leaves its tokeniser to the hub: {why}",
                hint="Load it once where there is a network, save it (save_pretrained), and give "
                "that folder's path.",
            ) from fault
        raise AnnotatorError(
            f"{NAME}: {found.folder} does not load: {why}",
            hint="Does the folder hold its weights and its tokeniser, and is the device there?",
        ) from fault
