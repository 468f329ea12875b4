"""How much a person can be expected to mend in a reading: review starts where it helps most.

A span that is right with the chance p will be mended with the chance `min(p, 1 - p)`: one that is
proposed may be wrong, one that stayed below the bar may be missed. Their sum over all spans that
anybody proposed, and over the events, is the number of corrections to be expected (after least
confidence, Lewis and Gale 1994). A person pays for it by reading the text: so it is divided by the
number of words, and ten more for turning to a document at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from curation.annotate.page import page_of
from curation.annotate.votes import Ballot
from curation.model import Annotation

#: What it costs to turn to a document, in words.
_TURN = 10


def uncertainty(text: str, annotation: Annotation, ballot: Ballot | None = None) -> float | None:
    """Corrections to be expected per word read, not below 0; None where nothing that was found says
    how sure it is.

    >>> from curation.model import Author, make_entity
    >>> red = make_entity("a red car", 2, 5, "X", score=0.74)
    >>> uncertainty("a red car", Annotation(Author("machine", "m"), "proposed", (red,)))
    0.02
    """
    chances: Iterable[float | None] = (entity.score for entity in annotation.entities)
    if ballot is not None:
        chances = ballot.chances.values()
    found = [*chances, *(event.score for event in annotation.events)]
    known = [p for p in found if p is not None]
    if found and not known:
        return None
    return round(sum(min(p, 1 - p) for p in known) / (len(page_of(text)) + _TURN), 4)
