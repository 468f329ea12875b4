"""`encoder.v1`: a small fine-tuned transformer, run by onnxruntime on one thread.

Options: `model`, a folder: a shipped one by its name (`news-ar`) or any other by its path;
`labels`, a table of the model's label → the schema's (an empty string leaves a label out);
`least`, the lowest score that is proposed (0.5). The folder holds

    model.onnx       ids [1, pieces], first, last [1, words] → logits [1, words, labels, 3]
    tokenizer.json   a Unigram tokeniser in the format of `tokenizers`
    model.toml       labels in the order of the outputs, temperature, calibration, window sizes

Spans are of whole words, so that their offsets are those of the words in the text itself. Texts of
any length are read in windows, and every word is. One window is read at a time: 8-bit activations
are scaled by what is read together, and a text's reading must not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from curation.annotate.encoder_windows import windows
from curation.annotate.pieces import END, START, Pieces
from curation.annotate.protocol import Options, reading
from curation.annotate.tagging import Tagged, decode
from curation.errors import AnnotatorError, CurationError, MissingExtra
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.store import shipped
from curation.text import sentences, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "encoder.v1"


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """`model.toml`: what the outputs mean.

    `window` and `overlap` are in pieces; `bits` are how many a weight of a product has. A span of
    probability p is given the score `1 / (1 + exp(-(slope * logit(p) + shift)))`.
    """

    name: str
    labels: tuple[str, ...]
    temperature: float = 1.0
    slope: float = 1.0
    shift: float = 0.0
    window: int = 256
    overlap: int = 64
    bits: int = 8


class Encoder:
    """Reads documents with a model. `name` is the annotator's."""

    name = NAME

    def __init__(self, folder: Path, options: Options) -> None:
        self._card = card(folder)
        self._session = _session(folder / "model.onnx", self._card.bits)
        self._pieces = Pieces.load(_there(folder / "tokenizer.json"))
        renamed: dict[str, str] = dict(options.get("labels", {}))
        self._labels = [renamed.get(label, label) for label in self._card.labels]
        self._least = float(options.get("least", 0.5))

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        """One reading per document."""
        for document in documents:
            places = words(document.text)
            logits = self.logits(document.text, places)
            yield reading(NAME, self._entities(document.text, places, logits))

    def logits(self, text: str, places: Sequence[tuple[int, int]]) -> NDArray[Any]:
        """Logits [words, labels, 3] of the words of a text, given as spans of code points."""
        import numpy as np

        pieces = self._pieces.of([text[start:end] for start, end in places])
        found = np.zeros((len(places), len(self._labels), 3), np.float32)
        sizes, breaks = [len(word) for word in pieces], _sentence_starts(text, places)
        for part in windows(sizes, breaks, self._card.window - 2, self._card.overlap):
            output = self._run(pieces[part.first : part.last])
            own = slice(part.own_first - part.first, part.own_last - part.first)
            found[part.own_first : part.own_last] = output[own]
        return found

    def _entities(
        self, text: str, places: Sequence[tuple[int, int]], logits: NDArray[Any]
    ) -> Iterator[Entity]:
        for span in decode(logits, self._card.temperature):
            label, score = self._labels[span.label], self._score(span)
            first, last = edges(text, places, span.first, span.last)
            if label and score >= self._least and first < last:
                start, end = places[first][0], places[last - 1][1]
                yield make_entity(text, start, end, label, score=score)

    def _score(self, span: Tagged) -> float:
        from math import exp, log

        chance = min(max(span.score, 1e-6), 1 - 1e-6)
        odds = log(chance / (1 - chance))
        return round(1 / (1 + exp(-(self._card.slope * odds + self._card.shift))), 4)

    def _run(self, pieces: Sequence[tuple[int, ...]]) -> NDArray[Any]:
        import numpy as np

        ends = np.cumsum([len(word) for word in pieces])
        given = {
            "ids": np.array([[START, *chain.from_iterable(pieces), END]], np.int64),
            "first": (ends - [len(word) for word in pieces] + 1)[None],
            "last": ends[None],
        }
        return self._session.run(["logits"], given)[0][0]


def encoder(options: Options, schema: Schema) -> Encoder:
    """Make the annotator.

    Raises: AnnotatorError if the model is not there or is damaged; MissingExtra without
    onnxruntime.
    """
    name = str(options.get("model", ""))
    if not name:
        raise AnnotatorError(
            f"{NAME}: the option `model` is missing", hint="Name a model: news-ar."
        )
    if Path(name).is_dir():
        return Encoder(Path(name), options)
    try:
        return Encoder(shipped("seeds", "models", name), options)
    except AnnotatorError:
        raise
    except CurationError as fault:
        raise AnnotatorError(f"{NAME}: there is no model {name!r}", hint=fault.hint) from fault


def _there(path: Path) -> Path:
    if not path.is_file():
        raise AnnotatorError(
            f"{NAME}: the model's file {path} is not there",
            hint="Install the package again: pip install --force-reinstall curation",
        )
    return path


def card(folder: Path) -> Card:
    """What a model's folder says of it.

    Raises: AnnotatorError if it is not there or says something else.
    """
    path = _there(folder / "model.toml")
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Card)
    except msgspec.MsgspecError as fault:
        raise AnnotatorError(f"{path}: {fault}") from fault


def _session(path: Path, bits: int) -> Any:
    try:
        import onnxruntime  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as fault:
        raise MissingExtra(
            f"{NAME} needs onnxruntime, which does not load: {fault}",
            hint="pip install onnxruntime; or take a pipeline without it.",
        ) from fault
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    if bits > 7:
        # Or the sums of two products overflow on processors that lack VNNI instructions, and the
        # same model finds less there (measured: half a point of F1). It takes a fifth longer.
        options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return runtime.InferenceSession(
            _there(path).read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except AnnotatorError:
        raise
    except Exception as fault:
        raise AnnotatorError(
            f"{NAME}: {path} does not load: {str(fault).partition(chr(10))[0]}",
            hint="Install the package again: pip install --force-reinstall curation",
        ) from fault


def _sentence_starts(text: str, places: Sequence[tuple[int, int]]) -> list[int]:
    """The words that begin a sentence."""
    starts = {start for start, _ in sentences(text)}
    return [i for i, (start, _) in enumerate(places) if start in starts]


def edges(text: str, places: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """The words of a span without marks at its edges, but with the bracket that closes one in it.

    >>> text, places = "(عام (1935) م", [(0, 1), (1, 4), (5, 6), (6, 10), (10, 11), (12, 13)]
    >>> edges(text, places, 0, 4), edges(text, places, 1, 5)
    ((1, 5), (1, 5))
    """
    while first < last and not text[places[first][0]].isalnum():
        first += 1
    while first < last and not text[places[last - 1][0]].isalnum():
        last -= 1
    marks = [text[start:end] for start, end in places[first:last]]
    if last < len(places) and marks.count("(") > marks.count(")"):
        start, end = places[last]
        last += text[start:end] == ")"
    return first, last
