"""`crf.v1`: entities by a linear-chain CRF that sees the words and what the rules found.

It reads the draft: whether a rule found a name there is evidence like any other, and the model has
learnt how far to trust it. An entity's score is its calibrated probability.

Options: `knowledge`, the folder; `model`, the folder of a shipped model or the path of a file;
`labels`, a table of label → the least score that is proposed (without it, the model's own).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from curation.annotate.crf_model import OUTSIDE, Sentence, Weights
from curation.annotate.crf_tagger import Span, Tagger
from curation.annotate.crf_words import Words
from curation.annotate.knowledge import folder
from curation.annotate.page import Page, page_of
from curation.annotate.protocol import Options, reading
from curation.errors import AnnotatorError, CurationError
from curation.model import Annotation, Record, Schema, make_entity
from curation.store import shipped
from curation.text import sentences, tag_words

NAME = "crf.v1"
#: The file of a model in its folder.
FILE = "model.npz"
#: About how many words are worked on at once.
BATCH = 8192


def crf(options: Options, schema: Schema) -> CRF:
    """Make the annotator."""
    weights = Weights.load(model_file(options))
    least: dict[str, float] = dict(options.get("labels", weights.least))
    known = {label[2:] for label in weights.labels if label != OUTSIDE}
    if unknown := sorted(set(least) - known):
        raise AnnotatorError(
            f"{NAME} has no label {unknown[0]!r}",
            hint=f"The model's labels: {', '.join(sorted(known))}.",
        )
    return CRF(Tagger(weights, Words(folder(options), weights.tables)), least)


def model_file(options: Options) -> Path:
    """The file that the option `model` names.

    Raises: AnnotatorError if it is not given, or names nothing.
    """
    name = str(options.get("model", ""))
    if not name:
        raise AnnotatorError(
            "the option `model` is missing", hint="Give a shipped model, as in news-ar-fast."
        )
    if Path(name).suffix == ".npz":
        return Path(name)
    try:
        return shipped("seeds", "models", name, FILE)
    except CurationError as fault:
        raise AnnotatorError(
            f"there is no model {name!r}",
            hint="Give a shipped model's name, as in news-ar-fast, or the path of an .npz file.",
        ) from fault


class CRF:
    """The annotator."""

    def __init__(self, tagger: Tagger, least: dict[str, float]) -> None:
        self.name = NAME
        self._tagger = tagger
        self._least = least

    def annotate_drafts(self, drafts: Iterable[Record]) -> Iterator[Annotation]:
        """One reading per record."""
        batch: list[Record] = []
        waiting = 0
        for draft in drafts:
            batch.append(draft)
            waiting += len(page_of(draft.document.text))
            if waiting >= BATCH:
                yield from self._read(batch)
                batch, waiting = [], 0
        yield from self._read(batch)

    def _read(self, drafts: list[Record]) -> Iterator[Annotation]:
        places: list[tuple[Page, int]] = []
        pieces: list[Sentence] = []
        counts: list[int] = []
        for draft in drafts:
            page = page_of(draft.document.text)
            found = list(pieces_of(draft))
            places += [(page, first) for first, _ in found]
            pieces += [piece for _, piece in found]
            counts.append(len(found))
        spans = iter(zip(places, self._tagger.spans(pieces), strict=True))
        for count in counts:
            here = [next(spans) for _ in range(count)]
            yield reading(
                NAME,
                (
                    make_entity(
                        page.text,
                        *page.span(first + span.start, first + span.end),
                        span.label,
                        score=round(span.score, 4),
                    )
                    for (page, first), found in here
                    for span in found
                    if self._proposed(span)
                ),
            )

    def _proposed(self, span: Span) -> bool:
        return span.score >= self._least.get(span.label, 2.0)


def pieces_of(draft: Record) -> Iterator[tuple[int, Sentence]]:
    """The sentences of a record's text, each with the number of its first word, and with the
    draft's outermost entities as tags.
    """
    page = page_of(draft.document.text)
    spans = list(zip(page.starts, page.ends, strict=True))
    tags = tag_words(spans, draft.annotations[-1].entities).tags
    first = 0
    for _, stop in sentences(page.text):
        last = bisect_right(page.ends, stop, first)
        if last > first:
            yield first, Sentence(page.keys[first:last], tags[first:last])
        first = last
