"""A pipeline: annotators in order, and how what they find is brought together.

A pipeline is a TOML file:

    name = "news-ar"            # with the version it is the agent of the reading: news-ar@1
    version = "1"
    languages = ["ar"]          # BCP 47 codes it is for; empty: any
    default = true              # used for its languages where no pipeline is named
    script = "Arabic"           # what its languages are written in (a Unicode script); where no
                                # other default has it, what tells of documents without a language
    strangers = "پچژ"           # letters of it that they write in foreign names at most
    priority = ["DATE", "GPE"]  # which label stays where two stand on the same text
    [absorbs]
    WEAPON = ["CARDINAL"]       # what is left out inside an entity of this label
    [votes]                     # optional (votes.py); or `votes = "news-ar"`, a shipped model's,
    bar = 0.5                   # or `votes = "./votes.toml"`, a file
    start = { GPE = 0.2 }
    [votes.says."gazetteer.v1"]
    GPE = 0.4
    [[annotators]]
    name = "gazetteer.v1"
    options = { knowledge = "ar" }

A string option that begins with `./` or `../` is a path beside the pipeline file. An annotator that
builds on others sees the union of what was found so far; when all who vote have been heard, what
their votes have left of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from curation.annotate.combine import combine, credited, merge
from curation.annotate.fit import fit
from curation.annotate.nesting import Nesting, Overlap
from curation.annotate.protocol import Annotator, DraftAnnotator, Proposal
from curation.annotate.renaming import Renames
from curation.annotate.uncertainty import uncertainty
from curation.annotate.votes import Ballot, Votes
from curation.errors import AnnotatorError, CurationError, DataError
from curation.model import Annotation, Author, Document, Entity, Record, Schema

#: An annotator's name, and its reading of a document.
Said: TypeAlias = tuple[str, Annotation]


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One annotator of a pipeline, by its versioned name, with its options."""

    name: str
    options: dict[str, Any] = {}


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """A pipeline as its file says it."""

    name: str
    version: str
    annotators: tuple[Step, ...]
    languages: tuple[str, ...] = ()
    default: bool = False
    script: str = ""
    strangers: str = ""
    priority: tuple[str, ...] = ()
    absorbs: dict[str, tuple[str, ...]] = {}
    votes: Votes | str | None = None


class Pipeline:
    """Annotators that work together on documents of some languages (empty: of any). With `renames`
    they work with names of their own (`Renames.working`), which are the schema's at the end."""

    def __init__(
        self,
        plan: Plan,
        annotators: Sequence[Annotator | DraftAnnotator],
        schema: Schema,
        votes: Votes | None = None,
        renames: Renames | None = None,
    ) -> None:
        self.agent = f"{plan.name}@{plan.version}"
        self.languages = plan.languages
        self.script = plan.script
        self._plan = plan
        self._annotators = annotators
        self._schema = schema
        self._works_with = renames.working(schema) if renames else schema
        self._renames = renames
        self._votes = votes
        self._nesting = Nesting.of(self._works_with, plan.absorbs)
        for annotator in annotators:
            own: tuple[str, ...] = tuple(getattr(annotator, "languages", ()))
            wrong = sorted(set(plan.languages) - set(own))
            if own and (wrong or not plan.languages):
                raise AnnotatorError(
                    f"annotator {annotator.name} is for {', '.join(own)}, pipeline {plan.name} for "
                    f"{', '.join(plan.languages) or 'any language'}",
                    hint="Narrow the pipeline's `languages`, or take an annotator for them.",
                )

    def read(self, documents: Sequence[Document]) -> list[Proposal]:
        """One proposal per document, in order; each line left out names the annotator.

        Raises: AnnotatorError if an annotator gives more or fewer readings than documents, or
        one that is not of its document's text.
        """
        proposals: list[Proposal] = []
        for document, heard in zip(documents, self._hear(documents), strict=True):
            lost: list[Overlap] = []
            found = self._together(heard, lost)
            if self._renames is not None:
                found = self._renames.apply(found)
            annotation, misfits = fit(self._schema, found)
            doubts = uncertainty(document.text, annotation, self._votes_told(heard))
            annotation = msgspec.structs.replace(annotation, uncertainty=doubts)
            proposals.append(Proposal(annotation, (*heard.left, *misfits), tuple(lost)))
        return proposals

    def hear(self, documents: Sequence[Document]) -> list[tuple[list[Said], list[str]]]:
        """What each annotator says of each document, before it is brought together, and what of
        it the schema had no place for. Raises as `read` does."""
        return [(heard.said, heard.left) for heard in self._hear(documents)]

    def _hear(self, documents: Sequence[Document]) -> list[_Heard]:
        all_heard = [_Heard() for _ in documents]
        for annotator in self._annotators:
            if isinstance(annotator, DraftAnnotator):
                drafts = [
                    Record(document, (self._together(heard),))
                    for document, heard in zip(documents, all_heard, strict=True)
                ]
                output = annotator.annotate_drafts(iter(drafts))
            else:
                output = annotator(iter(documents))
            given = _checked(annotator.name, documents, output)
            for heard, proposal in zip(all_heard, given, strict=True):
                reading, unknown = fit(self._works_with, proposal.annotation)
                heard.add(annotator.name, credited(annotator.name, reading))
                lines = (*proposal.left_out, *unknown)
                heard.left += [f"{line}, from {annotator.name}" for line in lines]
        return all_heard

    def _together(self, heard: _Heard, lost: list[Overlap] | None = None) -> Annotation:
        """What was heard so far as one reading; the vote is counted. What gave way to others is
        added to `lost`."""
        if self._votes:
            heard.ballot = self._votes.count(heard.said, self._nesting, heard.ballot)
        reading = combine(
            heard.said, self._nesting, self._plan.priority, heard.ballot, heard.merged, lost
        )
        return msgspec.structs.replace(reading, by=Author("machine", self.agent))

    def _votes_told(self, heard: _Heard) -> Ballot | None:
        """The vote on what has a label in the schema: nobody reviews the rest."""
        if heard.ballot is None or self._renames is None:
            return heard.ballot
        known = {kind.name for kind in self._schema.entities}
        return msgspec.structs.replace(
            heard.ballot,
            chances={
                ident: chance
                for ident, chance in heard.ballot.chances.items()
                if self._renames.said(heard.merged[ident].label) in known
            },
        )


class _Heard:
    """What has been said of one document so far, its union, the vote, and what was left out."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.merged: dict[str, Entity] = {}
        self.ballot: Ballot | None = None
        self.left: list[str] = []

    def add(self, name: str, reading: Annotation) -> None:
        """One more reading."""
        self.said.append((name, reading))
        merge(self.merged, name, reading)


def _checked(
    name: str, documents: Sequence[Document], output: Iterator[Annotation | Proposal]
) -> list[Proposal]:
    try:
        readings = list(islice(iter(output), len(documents) + 1))
    except CurationError:
        raise
    except Exception as fault:
        raise AnnotatorError(
            f"annotator {name} failed among documents {documents[0].id!r} to "
            f"{documents[-1].id!r}: {type(fault).__name__}: {fault}",
            hint="That is a fault of the annotator; leave it out of the pipeline, or report it.",
        ) from fault
    if len(readings) != len(documents):
        more = "more than " if len(readings) > len(documents) else ""
        given = len(documents) if more else len(readings)
        raise AnnotatorError(
            f"annotator {name} gave {more}{given} readings for {len(documents)} documents",
            hint="An annotator gives exactly one Annotation per document, in order.",
        )
    proposals: list[Proposal] = []
    for document, given in zip(documents, readings, strict=True):
        proposal = given if isinstance(given, Proposal) else Proposal(given)
        if not isinstance(proposal.annotation, Annotation):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise AnnotatorError(f"annotator {name} gave a {type(proposal.annotation).__name__}")
        try:
            Record(document, (proposal.annotation,))
        except DataError as fault:
            raise AnnotatorError(
                f"annotator {name} read another text than document {document.id!r}'s: "
                f"{fault.message}",
                hint="Offsets are code points of document.text, half open.",
            ) from fault
        proposals.append(proposal)
    return proposals


def decode(text: bytes, name: str) -> Plan:
    """A pipeline file's content as a Plan.

    Raises: AnnotatorError that names the file and what is wrong.
    """
    try:
        return msgspec.toml.decode(text, type=Plan)
    except (msgspec.MsgspecError, UnicodeError) as fault:
        raise AnnotatorError(
            f"pipeline {name}: {fault}", hint="Compare it with a shipped one: news-ar."
        ) from fault
