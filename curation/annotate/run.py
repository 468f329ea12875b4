"""Annotate a stream of records, each with the pipeline for its language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from curation.annotate.pipeline import Pipeline, Proposal
from curation.annotate.pipelines import Pipelines
from curation.model import Record

#: How many records are worked on at once; memory grows with this, not with the corpus.
BATCH = 32


class Annotated(Struct, frozen=True):
    """A record, with the new reading last if a pipeline is for its language; else as it was, and
    `proposal` is None. `language` is the document's, or what its script says."""

    record: Record
    language: str | None
    proposal: Proposal | None = None


def annotate(records: Iterable[Record], pipelines: Pipelines) -> Iterator[Annotated]:
    """Every record in order, with its new reading. Earlier readings are kept, also of the same
    agent: annotating again appends.

    Raises: AnnotatorError if an annotator breaks the protocol.
    """
    stream = iter(records)
    while batch := list(islice(stream, BATCH)):
        groups: dict[int, tuple[Pipeline, list[int]]] = {}
        for i, record in enumerate(batch):
            pipeline = pipelines.choose(record.document)
            if pipeline is not None:
                groups.setdefault(id(pipeline), (pipeline, []))[1].append(i)
        proposals: dict[int, Proposal] = {}
        for pipeline, places in groups.values():
            made = pipeline.read([batch[i].document for i in places])
            proposals.update(zip(places, made, strict=True))
        for i, record in enumerate(batch):
            proposal = proposals.get(i)
            language = pipelines.language(record.document)
            if proposal is not None:
                record = record.with_annotation(proposal.annotation)
            yield Annotated(record, language, proposal)
