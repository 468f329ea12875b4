"""How right the relations of a reading are, measured on a gold reading of the same text.

As Zhong and Chen 2021 count it (https://aclanthology.org/2021.naacl-main.5): `boundaries` ("Rel")
asks for the label and the spans of head and tail, `labels` ("Rel+", strict) for the labels of both
entities too. Spans are exact, in half-open code points; head and tail are not exchanged. Every
relation counts, also what is said twice.
"""

from __future__ import annotations

from msgspec import Struct, field

from curation.model import Annotation
from curation.quality.counts import Counts, Table, common

Span = tuple[int, int]
#: Label, head and tail, each with its label.
Key = tuple[str, Span, str, Span, str]


class RelationScores(Struct):
    """Counts over any number of documents."""

    boundaries: Counts = field(default_factory=Counts)
    #: With the labels of both entities, relation label by relation label.
    labels: Table = field(default_factory=Table)

    def add(self, gold: Annotation, predicted: Annotation | None) -> None:
        """Count the relations of one document; None has no relation."""
        theirs, ours = _keys(gold), _keys(predicted)
        self.boundaries.add([_bare(key) for key in theirs], [_bare(key) for key in ours])
        self.labels.gold.update(key[0] for key in theirs)
        self.labels.predicted.update(key[0] for key in ours)
        self.labels.right.update(key[0] for key in common(theirs, ours)[0])


def _keys(reading: Annotation | None) -> list[Key]:
    if reading is None:
        return []
    ends = {one.id: ((one.start, one.end), one.label) for one in reading.entities}
    return [(one.label, *ends[one.head], *ends[one.tail]) for one in reading.relations]


def _bare(key: Key) -> tuple[str, Span, Span]:
    return key[0], key[1], key[3]
