"""What an annotator is: documents in, exactly one Annotation per document out, in order.

An annotator is found under a versioned name (`gazetteer.v1`) in the entry-point group
`curation.annotators`. What the group names is a factory: it is called with the options that a
pipeline file gives (a table) and the schema, and returns the annotator.

An annotator that builds on what others found has `annotate_drafts` in place of `__call__`: it is
given records whose one annotation is what the annotators before it found, combined. Its reading
holds what it proposes itself, and the entities of the draft that its events name.

An annotator that had to leave something out gives a Proposal in place of the Annotation: the
reading, and a line for each thing it left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from curation.annotate.nesting import Overlap
from curation.model import Annotation, Author, Document, Entity, Event, Record, Schema

#: The table under `options` in a pipeline file.
Options: TypeAlias = Mapping[str, Any]


class Proposal(Struct, frozen=True):
    """A reading of one document, and what was left out of it: a line for each thing that the schema
    has no place for, or that its annotator could not place in the text; and the entities that gave
    way to others on their text."""

    annotation: Annotation
    left_out: tuple[str, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


@runtime_checkable
class Annotator(Protocol):
    """Reads documents. `name` is the versioned name it goes by in `proposers`.

    It may have an attribute `languages`, the BCP 47 codes it is for; without one it is for any.
    """

    name: str

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation | Proposal]:
        """Exactly one annotation per document, in order."""
        ...


@runtime_checkable
class DraftAnnotator(Protocol):
    """Reads documents with what the annotators before it found."""

    name: str

    def annotate_drafts(self, drafts: Iterable[Record]) -> Iterator[Annotation | Proposal]:
        """Exactly one annotation per record, in order."""
        ...


#: What an entry point names.
Factory: TypeAlias = Callable[[Options, Schema], Annotator | DraftAnnotator]


class EachDocument:
    """An annotator made from a function of one document."""

    def __init__(self, name: str, read: Callable[[Document], Annotation]) -> None:
        self.name = name
        self._read = read

    def __call__(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        """One reading per document."""
        return map(self._read, documents)


class EachDraft:
    """An annotator made from a function of one document and the entities found in it so far."""

    def __init__(
        self, name: str, read: Callable[[Document, tuple[Entity, ...]], Annotation]
    ) -> None:
        self.name = name
        self._read = read

    def annotate_drafts(self, drafts: Iterable[Record]) -> Iterator[Annotation]:
        """One reading per record."""
        for draft in drafts:
            yield self._read(draft.document, draft.annotations[-1].entities)


def reading(name: str, entities: Iterable[Entity] = (), events: Iterable[Event] = ()) -> Annotation:
    """An annotator's reading. Of entities with one id the first with the highest score is kept."""
    best: dict[str, Entity] = {}
    for entity in entities:
        other = best.get(entity.id)
        if other is None or (other.score or 0.0) < (entity.score or 0.0):
            best[entity.id] = entity
    return Annotation(Author("machine", name), "proposed", tuple(best.values()), (), tuple(events))
