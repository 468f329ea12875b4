"""A document and every reading of it: one line of every file between two stages.

Shape on disk, one JSON object a line:
`{"document": {"id", "text", …}, "annotations": [{"by", "status", "entities", …}, …]}`.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator
from typing import Any, Literal

from msgspec import Struct

from curation.errors import DataError, SpanMismatch
from curation.model.spans import Entity, Event, Relation, Trigger

Kind = Literal["machine", "human", "merge"]
Status = Literal["proposed", "draft", "submitted", "skipped", "agreed"]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def unstorable(text: str) -> int | None:
    """Where (in code points) the first NUL or lone surrogate stands; None if there is none.

    Neither survives a trip through JSON, Parquet and a review server.

    >>> unstorable("a\\x00b"), unstorable("سلام")
    (1, None)
    """
    found = _UNSTORABLE.search(text)
    return found.start() if found else None


class Document(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A text and where it comes from. The text never changes after ingest.

    `language` is a BCP 47 code, `published` the day it appeared, `meta` whatever the source
    said beside that.

    >>> Document(id="a", text="سلام").text
    'سلام'
    """

    id: str
    text: str
    language: str | None = None
    source: str | None = None
    published: datetime.date | None = None
    meta: dict[str, Any] = {}

    def __post_init__(self) -> None:
        if not self.id:
            raise DataError("a document's id must not be empty")
        for name, value in (("id", self.id), ("text", self.text)):
            at = unstorable(value)
            if at is not None:
                raise DataError(
                    f"{name} has U+{ord(value[at]):04X} at code point {at}, "
                    "which no JSON, Parquet or review server carries"
                )


class Author(Struct, frozen=True, forbid_unknown_fields=True):
    """Who made a reading: a machine (`news-ar@1`), a human (a login), or a merge of readings."""

    kind: Kind
    agent: str


class Annotation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One author's whole reading of one document.

    Submitted and empty means "nothing here", and is gold. `at` is when a person acted, by the
    server's clock; machine readings have none, so that running twice gives the same bytes.
    Ids are unique within it, and every id that is named exists in it. `uncertainty` is how many
    corrections a machine's reading is expected to need per word.
    """

    by: Author
    status: Status
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    at: datetime.datetime | None = None
    uncertainty: float | None = None

    def __post_init__(self) -> None:
        if self.uncertainty is not None and not 0 <= self.uncertainty < math.inf:
            raise DataError(f"uncertainty ({self.uncertainty}) is not a number from 0 up")
        if self.at is not None and self.at.tzinfo is None:
            raise DataError(f"at ({self.at.isoformat()}) has no time zone")
        seen: set[str] = set()
        for item in (*self.entities, *self.relations, *self.events):
            if item.id in seen:
                raise DataError(f"the id {item.id!r} is used twice in one annotation")
            seen.add(item.id)
        known = {entity.id for entity in self.entities}
        for relation in self.relations:
            for end in (relation.head, relation.tail):
                if end not in known:
                    raise DataError(f"relation {relation.id!r} names the unknown entity {end!r}")
        for event in self.events:
            for argument in event.arguments:
                if argument.entity not in known:
                    raise DataError(
                        f"event {event.id!r} names the unknown entity {argument.entity!r} "
                        f"as {argument.role}"
                    )


class Record(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A document with its readings, oldest first. Every span is proven against the text.

    >>> red = Entity(id="e1", start=0, end=3, label="X", text="red")
    >>> reading = Annotation(Author("machine", "m@1"), "proposed", entities=(red,))
    >>> Record(Document(id="d", text="red car"), (reading,)).annotations[0].entities[0].end
    3
    >>> Record(Document(id="d", text="a red car"), (reading,))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    curation.errors.SpanMismatch: annotations[0].entities[0] says 'red' at 0:3, but ...
    """

    document: Document
    annotations: tuple[Annotation, ...] = ()

    def __post_init__(self) -> None:
        text = self.document.text
        for annotation in self.annotations:
            triggers = [event.trigger for event in annotation.events]
            for span in (*annotation.entities, *triggers):
                if text[span.start : span.end] != span.text:
                    raise SpanMismatch(
                        f"{self._path(span)} says {span.text!r} at {span.start}:{span.end}, but "
                        f"document {self.document.id!r} has {text[span.start : span.end]!r} there"
                    )

    def _path(self, span: Entity | Trigger) -> str:
        """Where a span of this record stands in it."""
        return next(path for path, one in _spans(self.annotations) if one is span)

    def with_annotation(self, annotation: Annotation) -> Record:
        """The same record with one more reading, last."""
        return Record(self.document, (*self.annotations, annotation))


def _spans(annotations: tuple[Annotation, ...]) -> Iterator[tuple[str, Entity | Trigger]]:
    for a, annotation in enumerate(annotations):
        for e, entity in enumerate(annotation.entities):
            yield f"annotations[{a}].entities[{e}]", entity
        for v, event in enumerate(annotation.events):
            yield f"annotations[{a}].events[{v}].trigger", event.trigger
