"""Characters to tokens and back: BIO tags over words are a view, and what they can not express is
listed, entity by entity.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from curation.model import Entity, make_entity
from curation.text.words import Span

Reason = Literal["inside a word", "nested", "overlaps", "same span"]


class Loss(Struct, frozen=True, forbid_unknown_fields=True):
    """An entity that a token view could not express: its id, and why.

    `inside a word`: an edge is not the edge of a word. `nested`: it lies inside a longer entity.
    `overlaps`: it shares words with an entity that starts before it. `same span`: another label
    stands on exactly its words.
    """

    entity: str
    label: str
    text: str
    reason: Reason


class Tagged(Struct, frozen=True):
    """BIO tags, one a word, and what they could not express."""

    tags: tuple[str, ...]
    losses: tuple[Loss, ...]


def tag_words(words: Sequence[Span], entities: Sequence[Entity]) -> Tagged:
    """IOB2 tags of the outermost entities over words (spans of code points).

    >>> text = "زار وزير الدفاع الرباط"
    >>> title = make_entity(text, 4, 15, "TITLE")
    >>> tag_words([(0, 3), (4, 8), (9, 15), (16, 22)], [title]).tags
    ('O', 'B-TITLE', 'I-TITLE', 'O')
    """
    return _layer([start for start, _ in words], [end for _, end in words], entities)


def tag_layers(
    starts: Sequence[int], ends: Sequence[int], entities: Sequence[Entity]
) -> list[Tagged]:
    """As `tag_words`, over words that start and end there, and then again for what a layer could
    not express, as long as another one can: only entities with an edge inside a word are in none.

    >>> text = "وزير الدفاع"
    >>> both = [make_entity(text, 0, 11, "TITLE"), make_entity(text, 5, 11, "ORG")]
    >>> [layer.tags for layer in tag_layers([0, 5], [4, 11], both)]
    [('B-TITLE', 'I-TITLE'), ('O', 'B-ORG')]
    """
    layers = [_layer(starts, ends, entities)]
    while rest := {loss.entity for loss in layers[-1].losses if loss.reason != "inside a word"}:
        layers.append(_layer(starts, ends, [entity for entity in entities if entity.id in rest]))
    return layers


def _layer(starts: Sequence[int], ends: Sequence[int], entities: Sequence[Entity]) -> Tagged:
    tags = ["O"] * len(starts)
    losses: list[Loss] = []
    kept: Entity | None = None
    for entity in sorted(entities, key=lambda e: (e.start, -e.end, e.label, e.id)):
        reason: Reason | None = None
        covered = covered_words(starts, ends, entity.start, entity.end)
        if covered is None:
            reason = "inside a word"
        elif kept is not None and entity.start < kept.end:
            if (entity.start, entity.end) == (kept.start, kept.end):
                reason = "same span"
            else:
                reason = "nested" if entity.end <= kept.end else "overlaps"
        if covered is None or reason is not None:
            losses.append(Loss(entity.id, entity.label, entity.text, reason or "inside a word"))
            continue
        first, last = covered
        tags[first] = f"B-{entity.label}"
        for at in range(first + 1, last + 1):
            tags[at] = f"I-{entity.label}"
        kept = entity
    return Tagged(tuple(tags), tuple(losses))


def covered_words(
    starts: Sequence[int], ends: Sequence[int], start: int, end: int
) -> tuple[int, int] | None:
    """The first and the last word of a span of code points, of words that start and end there; None
    if an edge of it is not theirs.

    >>> covered_words([0, 4, 9], [3, 8, 15], 4, 15), covered_words([0], [3], 1, 3)
    ((1, 2), None)
    """
    first, last = bisect_left(starts, start), bisect_left(ends, end)
    if not first <= last < len(ends) or starts[first] != start or ends[last] != end:
        return None
    return first, last


def untag_words(text: str, words: Sequence[Span], tags: Sequence[str]) -> list[Entity]:
    """The entities that IOB2 tags say, over words of this text.

    Raises: ValueError if there is not one tag a word, or an I- tag continues nothing: tags are
    never repaired silently.
    """
    if len(words) != len(tags):
        raise ValueError(f"{len(words)} words have {len(tags)} tags")
    spans: list[tuple[int, int, str]] = []
    previous = "O"
    for (start, end), tag in zip(words, tags, strict=True):
        prefix, _, label = tag.partition("-")
        if tag != "O" and (prefix not in ("B", "I") or not label):
            raise ValueError(f"{tag!r} is no IOB2 tag")
        if prefix == "B":
            spans.append((start, end, label))
        elif prefix == "I":
            if previous == "O" or previous.partition("-")[2] != label:
                raise ValueError(f"tag {tag} at {start}:{end} continues nothing")
            spans[-1] = (spans[-1][0], end, label)
        previous = tag
    return [make_entity(text, start, end, label) for start, end, label in spans]
