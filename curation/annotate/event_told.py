"""One happening told in two words: إطلاق نار and قتل, هجوم and قتل."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from curation.annotate.event_fill import Found

#: How far after a lesser verb's doer the object may stand that shows it to be active, in words.
HANDED = 2


def told_once(found: Sequence[Found]) -> Iterator[Found]:
    """Of two words for one happening the one that most names it: قتل is none beside إطلاق نار, but
    it is beside a shooting that did not happen. Who does the lesser one before it did the other, if
    that names nobody (قتل مسلحون جنديا في هجوم)."""
    told = {(one.trigger.type, one.modality) for one in found if not one.trigger.has("lesser")}
    doers: dict[tuple[str, str], Found] = {}
    kept: list[Found] = []
    for one in found:
        if one.trigger.has("lesser"):
            type = one.trigger.type
            if not told.isdisjoint(((type, "asserted"), (type, one.modality))):
                if one.who("actor") and not one.trigger.has("self"):
                    doers.setdefault((type, one.modality), one)
                continue
            told.add((type, one.modality))
        kept.append(one)
    for one in kept:
        lesser = doers.pop((one.trigger.type, one.modality), None)
        after = lesser is not None and lesser.trigger.start < one.trigger.start
        yield _handed(one, lesser) if lesser and after else one


def _handed(found: Found, lesser: Found) -> Found:
    """An event without an actor, with that of a lesser word for the same happening, if that is sure
    to be active: it names whom as well, or its doer stands before an object or after "by"."""
    place, whom = lesser.who("actor"), lesser.who("recipient")
    if place is None or "actor" in found.named() or place.entity.id in found.roles:
        return found
    object = whom is not None and not whom.lead and 0 <= whom.begin - place.end <= HANDED
    if place.adjective or not (place.acts or place.lead == "agent" or object):
        return found
    return msgspec.structs.replace(found, roles={place.entity.id: ("actor", place), **found.roles})
