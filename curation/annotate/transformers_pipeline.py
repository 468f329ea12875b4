"""`transformers.v1`: a token-classification model of Hugging Face transformers.

Options: `model`, its folder or `hf:owner/name`; `labels`, a table of the model's label (PER) or tag
(LABEL_1) → the schema's (an empty string leaves it out); `least`, the lowest score that is proposed
(0); `window` and `overlap` in pieces (by default all the model takes, and a quarter of it);
`batch`, how many windows are read at once (8); `device` ("cpu", "cuda").

Spans are of whole words, a word has the tags of its first piece, and a score is the probability of
all tags of its span. A text of any length is read in windows: each word is answered for by the one
in which it has most around it. Only windows of one text are read together, so that a text's reading
does not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from curation.annotate.encoder_windows import Window, windows
from curation.annotate.hub import Found, locate
from curation.annotate.protocol import Options, reading
from curation.annotate.recognise import check
from curation.annotate.subwords import Word, longest, read_words
from curation.annotate.tagging import decode
from curation.annotate.tags import read_tags
from curation.errors import AnnotatorError, MissingExtra
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "transformers.v1"


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The options, as the module says them."""

    model: str
    labels: dict[str, str] = {}
    least: float = 0.0
    window: int = 0
    overlap: int = -1
    batch: int = 8
    device: str = "cpu"


class TokenClassifier:
    """Reads documents with a token classifier. `name` says which, and which version of it."""

    def __init__(self, found: Found, settings: Settings) -> None:
        self.name = found.agent
        self._torch, self._tokenizer, self._model = _loaded(found, settings.device)
        config = self._model.config
        names = [config.id2label[i] for i in range(len(config.id2label))]
        self._tags = read_tags(names, settings.labels)
        self._settings = settings
        self._before, self._after = _special(self._tokenizer)
        around = len(self._before) + len(self._after)
        most = longest(self._tokenizer, config) or 512
        self._room = min(settings.window or most, most) - around
        if self._room < 1 or settings.batch < 1:
            raise AnnotatorError(
                f"{NAME}: `window` must be from {around + 1} to {most} pieces, `batch` at least 1"
            )
        self._overlap = self._room // 4 if settings.overlap < 0 else settings.overlap

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        """One reading per document."""
        for document in documents:
            yield reading(self.name, self._entities(document.text))

    def _entities(self, text: str) -> Iterator[Entity]:
        words, chances = self.chances(text)
        for span in decode(self._tags.logits(chances)):
            score = round(span.score, 4)
            if score >= self._settings.least:
                start, end = words[span.first].start, words[span.last - 1].end
                yield make_entity(text, start, end, self._tags.labels[span.label], score=score)

    def chances(self, text: str) -> tuple[list[Word], NDArray[Any]]:
        """The words of a text, and the probabilities [words, tags] of their tags."""
        import numpy as np

        pieces = self._tokenizer(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=False,
            verbose=False,  # of the whole text, which no window will hold
        )
        ids: list[int] = pieces["input_ids"]
        words = read_words(text, pieces["offset_mapping"])
        # A word of more pieces than a window holds is known by its first ones.
        own = [[ids[i] for i in word.pieces[: self._room]] for word in words]
        begun = {start for start, _ in sentences(text)}
        breaks = [i for i, word in enumerate(words) if word.start in begun]
        parts = windows([len(one) for one in own], breaks, self._room, self._overlap)
        found = np.zeros((len(words), self._model.config.num_labels))
        for at in range(0, len(parts), self._settings.batch):
            self._read(own, parts[at : at + self._settings.batch], found)
        return words, found

    def _read(
        self, own: Sequence[Sequence[int]], parts: Sequence[Window], found: NDArray[Any]
    ) -> None:
        """Fill in the rows of the words that these windows answer for."""
        torch = self._torch
        rows = [
            [*self._before, *chain.from_iterable(own[part.first : part.last]), *self._after]
            for part in parts
        ]
        longest_row = max(map(len, rows))
        padding = self._tokenizer.pad_token_id or 0
        ids = torch.tensor([row + [padding] * (longest_row - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest_row - len(row)) for row in rows])
        device = self._model.device
        with torch.inference_mode():
            logits = self._model(input_ids=ids.to(device), attention_mask=mask.to(device)).logits
            chances = torch.softmax(logits.double(), dim=-1).cpu().numpy()
        for part, row in zip(parts, chances, strict=True):
            place = len(self._before)
            for word in range(part.first, part.last):
                if part.own_first <= word < part.own_last:
                    found[word] = row[place]
                place += len(own[word])


def transformers_annotator(options: Options, schema: Schema) -> TokenClassifier:
    """Make the annotator.

    Raises: AnnotatorError if the options or the model are wrong; MissingExtra without torch and
    transformers; ModelUnavailable if the hub does not answer.
    """
    settings = msgspec.convert(dict(options), Settings)
    found = locate(settings.model)
    check(found.folder, NAME)
    return TokenClassifier(found, settings)


def _loaded(found: Found, device: str) -> tuple[Any, Any, Any]:
    """torch, the tokeniser and the model."""
    try:
        import torch  # pyright: ignore[reportMissingImports]
        import transformers  # pyright: ignore[reportMissingImports]
    except ImportError as fault:
        raise MissingExtra(
            f"{NAME} needs torch and transformers: {fault}",
            hint="pip install 'curation[transformers]'",
        ) from fault
    library: Any = transformers
    library.utils.logging.disable_progress_bar()
    folder = str(found.folder)
    try:
        tokenizer = library.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model, report = library.AutoModelForTokenClassification.from_pretrained(
            folder, local_files_only=True, output_loading_info=True
        )
        model = model.to(device).eval()
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as fault:
        raise AnnotatorError(
            f"{NAME}: the model {found.folder} does not load: {str(fault).partition(chr(10))[0]}",
            hint="Does the folder hold its weights and its tokeniser, and is the device there?",
        ) from fault
    if missing := sorted(report["missing_keys"]):
        raise AnnotatorError(
            f"{NAME}: {found.folder} lacks weights of the model, {missing[0]} first",
            hint="A model that was not trained to its end would propose at random.",
        )
    if not tokenizer.is_fast:
        raise AnnotatorError(
            f"{NAME}: the tokeniser of {found.folder} does not tell where its pieces stand",
            hint="Save it as a fast one: a folder with tokenizer.json.",
        )
    return torch, tokenizer, model


def _special(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The ids that the tokeniser puts before and after a text."""
    given = tokenizer("a", return_special_tokens_mask=True)
    ids, special = list(given["input_ids"]), list(given["special_tokens_mask"])
    first = special.index(0)
    last = len(special) - special[::-1].index(0)
    return ids[:first], ids[last:]
