"""`llm.v1`: a language model behind an OpenAI-compatible address (a hosted one, Ollama, vLLM,
llama.cpp).

    [[annotators]]
    name = "llm.v1"
    [annotators.options]
    url = "http://localhost:11434/v1"
    model = "qwen3:8b"

Further options: `labels`, which of the schema's are asked for (all); `instructions`, what else the
model should know; `settings`, a table that goes into every request (`temperature = 0` unless it
says otherwise); `key_env`, the environment variable with the key (OPENAI_API_KEY); `window`, the
most code points it is given at once (4000); `parallel`, how many requests at once (4); `timeout` in
seconds (120); `cache`, the folder that keeps the answers ("" for none).

The instructions are made from the schema. The model quotes what it finds, with the words around it,
and each quote is looked up in the text (`quotes.py`). What is not there, or may be meant at several
places, is left out and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from curation.annotate.chat import Chat
from curation.annotate.llm_prompt import read_answer, task
from curation.annotate.protocol import Options, Proposal, reading
from curation.annotate.quotes import Mention, align
from curation.annotate.spacy_pipeline import windows
from curation.errors import AnnotatorError
from curation.model import Document, Entity, Schema, make_entity

NAME = "llm.v1"
_SHOWN = 60


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The options, as the module says them."""

    url: str
    model: str
    labels: tuple[str, ...] = ()
    instructions: str = ""
    settings: dict[str, Any] = {}
    key_env: str = "OPENAI_API_KEY"
    window: int = 4000
    parallel: int = 4
    timeout: float = 120.0
    cache: str | None = None


class LanguageModel:
    """Reads documents with a language model. `name` holds a digest of what it is asked."""

    def __init__(self, chat: Chat, settings: Settings, schema: Schema) -> None:
        self._chat = chat
        self._labels = settings.labels or tuple(kind.name for kind in schema.entities)
        self._task = task(schema, self._labels, settings.instructions)
        self._window = settings.window
        self._parallel = settings.parallel
        asked = msgspec.json.encode([self._task, settings.settings], order="sorted")
        self.name = f"{settings.model}@{blake2b(asked, digest_size=4).hexdigest()}"

    def __call__(self, documents: Iterable[Document]) -> Iterator[Proposal]:
        """One reading per document, with what the model said that has no place in it."""
        texts = [document.text for document in documents]
        parts = [
            (at, *part) for at, text in enumerate(texts) for part in windows(text, self._window)
        ]
        pieces = [texts[at][start:end] for at, start, end in parts]
        entities: list[list[Entity]] = [[] for _ in texts]
        left: list[list[str]] = [[] for _ in texts]
        with ThreadPoolExecutor(self._parallel) as pool:
            answers = pool.map(self._ask, pieces)
            for (at, start, _), piece, (mentions, faults) in zip(
                parts, pieces, answers, strict=True
            ):
                left[at] += faults
                found = align(piece, mentions)
                for mention, place in zip(mentions, found, strict=True):
                    if isinstance(place, str):
                        left[at].append(_line(mention, place))
                    else:
                        first, last = start + place[0], start + place[1]
                        entities[at].append(make_entity(texts[at], first, last, mention.label))
        for found, lines in zip(entities, left, strict=True):
            yield Proposal(reading(self.name, found), tuple(lines))

    def _ask(self, text: str) -> tuple[list[Mention], list[str]]:
        if not text.strip():
            return [], []
        return self._chat.ask(self._task, text, lambda answer: read_answer(answer, self._labels))


def llm(options: Options, schema: Schema) -> LanguageModel:
    """Make the annotator.

    Raises: AnnotatorError if an option is wrong.
    """
    settings = msgspec.convert(dict(options), Settings)
    for label in settings.labels:
        if schema.entity(label) is None:
            raise AnnotatorError(f"{NAME}: {label} in `labels` is not in schema {schema.name}")
    if settings.window < 1 or settings.parallel < 1:
        raise AnnotatorError(f"{NAME}: `window` and `parallel` must be at least 1")
    chat = Chat(
        settings.url,
        settings.model,
        settings={"temperature": 0, **settings.settings},
        key_env=settings.key_env,
        timeout=settings.timeout,
        cache=_folder(settings.cache),
    )
    return LanguageModel(chat, settings, schema)


def _folder(cache: str | None) -> Path | None:
    if cache is None:
        import platformdirs

        return Path(platformdirs.user_cache_dir("curation")) / "llm"
    return Path(cache) if cache else None


def _line(mention: Mention, why: str) -> str:
    quote = mention.quote if len(mention.quote) <= _SHOWN else mention.quote[:_SHOWN] + "…"
    return f"quote {quote!r} ({mention.label}): {why}"
