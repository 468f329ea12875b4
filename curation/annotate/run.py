"""Annotate a stream of records, each with the pipeline for its language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from curation.annotate.pipeline import Pipeline
from curation.annotate.pipelines import Pipelines
from curation.annotate.protocol import Proposal
from curation.errors import AnnotatorError
from curation.model import Document, Record

#: How many records are worked on at once; memory grows with this, not with the corpus.
BATCH = 32


class Annotated(Struct, frozen=True):
    """A record, with the new reading last if a pipeline is for its language; else as it was, and
    `proposal` is None. `language` is the document's, or what its script says; `fault` is why an
    annotator could not read this document, `doubt` why it can hardly be in its language."""

    record: Record
    language: str | None
    proposal: Proposal | None = None
    fault: AnnotatorError | None = None
    doubt: str = ""


def annotate(records: Iterable[Record], pipelines: Pipelines) -> Iterator[Annotated]:
    """Every record in order, with its new reading. Earlier readings are kept, also of the same
    agent: annotating again appends. A document that an annotator fails on keeps its record as it
    is, with the fault; the rest goes on.
    """
    stream = iter(records)
    while batch := list(islice(stream, BATCH)):
        groups: dict[int, tuple[Pipeline, list[int]]] = {}
        for i, record in enumerate(batch):
            pipeline = pipelines.choose(record.document)
            if pipeline is not None:
                groups.setdefault(id(pipeline), (pipeline, []))[1].append(i)
        made: dict[int, Proposal | AnnotatorError] = {}
        for pipeline, places in groups.values():
            made |= zip(places, _read(pipeline, [batch[i].document for i in places]), strict=True)
        for i, record in enumerate(batch):
            language = pipelines.language(record.document)
            match made.get(i):
                case Proposal() as proposal:
                    annotated = record.with_annotation(proposal.annotation)
                    doubt = pipelines.doubt(record.document)
                    yield Annotated(annotated, language, proposal, doubt=doubt)
                case AnnotatorError() as fault:
                    yield Annotated(record, language, fault=fault)
                case None:
                    yield Annotated(record, language)


def _read(
    pipeline: Pipeline, documents: Sequence[Document]
) -> Sequence[Proposal] | Sequence[Proposal | AnnotatorError]:
    """What the pipeline proposes for each document; where it fails, each by itself."""
    try:
        return pipeline.read(documents)
    except AnnotatorError as fault:
        if len(documents) == 1:
            return [fault]
    return [one for document in documents for one in _read(pipeline, [document])]
