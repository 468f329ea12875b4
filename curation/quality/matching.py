"""Which item of one reading is which of another: by id first, then by overlap.

A moved or relabelled entity keeps its id, so the id decides. What is left is paired where the spans
overlap and either the label is the same or at least half of what both cover is shared; the likest
first: the same span and label, then one of the two, then the closest edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from curation.model import Entity, Event
from curation.quality.pairing import overlapping

Item = TypeVar("Item", Entity, Event)


def place(item: Entity | Event) -> tuple[int, int, str]:
    """Start, end (code points) and label of an entity, or of an event's trigger."""
    if isinstance(item, Entity):
        return item.start, item.end, item.label
    return item.trigger.start, item.trigger.end, item.type


def match(before: Sequence[Item], after: Sequence[Item]) -> list[tuple[Item | None, Item | None]]:
    """Pairs of what is the same item in both; (item, None) for what is only in `before`,
    (None, item) for what is only in `after`. Every item stands in exactly one pair.

    >>> from curation.model import make_entity
    >>> a = make_entity("في الرباط", 3, 9, "GPE")
    >>> b = make_entity("في الرباط", 3, 9, "LOC")
    >>> [(x.label, y.label) for x, y in match([a], [b])]
    [('GPE', 'LOC')]
    """
    new = {item.id: item for item in after}
    pairs: dict[str, Item] = {item.id: new[item.id] for item in before if item.id in new}
    taken = set(pairs)
    left = [item for item in before if item.id not in pairs]
    right = [item for item in after if item.id not in taken]
    candidates = sorted(
        (_unlikeness(left[i], right[j]), i, j)
        for i, j in overlapping([place(a)[:2] for a in left], [place(b)[:2] for b in right])
        if _alike(left[i], right[j])
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    for _, i, j in candidates:
        if i not in used_left and j not in used_right:
            pairs[left[i].id] = right[j]
            used_left.add(i)
            used_right.add(j)
    found = {item.id for item in pairs.values()}
    return [
        *((item, pairs.get(item.id)) for item in before),
        *((None, item) for item in after if item.id not in found),
    ]


def _alike(a: Entity | Event, b: Entity | Event) -> bool:
    (a_start, a_end, a_label), (b_start, b_end, b_label) = place(a), place(b)
    shared = min(a_end, b_end) - max(a_start, b_start)
    covered = max(a_end, b_end) - min(a_start, b_start)
    return shared > 0 and (a_label == b_label or 2 * shared >= covered)


def _unlikeness(a: Entity | Event, b: Entity | Event) -> tuple[int, int, int]:
    (a_start, a_end, a_label), (b_start, b_end, b_label) = place(a), place(b)
    apart = abs(a_start - b_start) + abs(a_end - b_end)
    return (apart != 0) + (a_label != b_label), apart, a_label != b_label
