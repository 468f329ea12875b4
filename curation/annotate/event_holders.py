"""Who holds an office that is written in pieces: الأمين العام | للأمم المتحدة | أنطونيو غوتيريش.

A title may come without what it belongs to, where the annotators did not agree how far it goes.
Before a person, the body or nation right after it is part of the office and acts for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from curation.annotate.event_groups import Place
from curation.annotate.knowledge import rules
from curation.text import fold_key

#: Most words between a title and what it belongs to, and between that and the person's name.
APART = 1
#: Most places that make up an office.
PIECES = 8


def office_words(home: Path) -> frozenset[str]:
    """The first words (folded) of a language's titles, whole as they stand (ولي, باحث); none
    without such a list."""
    path = home / "titles.toml"
    if not path.exists():
        return frozenset()
    table = rules(path)
    return frozenset(fold_key(title.split()[0]) for title in (*table["heads"], *table["alone"]))


def held(places: Sequence[Place]) -> list[Place]:
    """The places of a sentence; a title before its body and its holder reaches over the body."""
    return list(_held(places))


def _held(places: Sequence[Place]) -> Iterator[Place]:
    at = 0
    while at < len(places):
        title = places[at]
        end = at + 1
        if title.entity.label == "TITLE":
            last = min(at + PIECES, len(places))
            while end < last and _belongs(places[end - 1], places[end], title):
                end += 1
            holder = places[end] if end < len(places) else None
            if end > at + 1 and holder is not None and _names(places[end - 1], holder):
                title = msgspec.structs.replace(title, end=places[end - 1].end)
            else:
                end = at + 1
        yield title
        at = end


def _belongs(before: Place, place: Place, title: Place) -> bool:
    """Whether a place goes on with a title. Without a preposition a body or a state does so only
    where the title has no article: رئيس مصر, but زار الرئيس مصر."""
    if place.joined or place.begin - before.end > APART:
        return False
    label = place.entity.label
    if label in ("TITLE", "NORP"):
        return not place.lead
    if label not in ("ORG", "GPE"):
        return False
    return place.lead in ("to", "of") or (not place.lead and not title.definite)


def _names(before: Place, place: Place) -> bool:
    apart = place.start - before.end
    return place.entity.label == "PERSON" and apart <= APART and not (place.lead or place.joined)


def apposed(place: Place, follower: Place) -> bool:
    """Whether what follows a title names who holds it: a person, or one more title of theirs; or
    who one of a group is (الصحفي فلان)."""
    label, other = place.entity.label, follower.entity.label
    if label == "TITLE":
        return other in ("PERSON", "TITLE") and follower.start - place.end <= 2
    one = label == "NORP" and place.definite and not place.adjective
    one = one and follower.start == place.end
    return one and other == "PERSON" and not (follower.lead or follower.joined)
