"""Who did what to whom, by simple rules on the words around a trigger.

The subject of a verb, or what a noun is followed by, is the actor; what is joined to it by a
conjunction has its role. What stands after a preposition has a role by the preposition's class
(`roles` in `words.toml`) and the event's type. Without one, the nearest participant before the
trigger is the actor. A title gives way to the person it stands before. The date is the nearest
one of the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from curation.annotate.clitics import Clitics, base_words
from curation.annotate.knowledge import rules
from curation.annotate.page import Page, key_set
from curation.model import Argument, Entity

ACTORS = frozenset(("PERSON", "NORP", "ORG", "GPE", "TITLE"))
PLACES = frozenset(("GPE", "LOC", "FAC"))
OBJECTS = frozenset(("LAW", "WEAPON", "EVENT", "PRODUCT", "MONEY"))
MUTUAL = frozenset(("AGREE", "CONSULT", "COOPERATE"))
#: Most words between a trigger and its subject that belong to no entity.
NEAR = 3
#: How many words a trigger's reach is.
REACH = 40


class Place(Struct, frozen=True):
    """An entity of the sentence: its words, half open, the class of the preposition before it
    ("" if none) and whether a conjunction leans on it."""

    start: int
    end: int
    entity: Entity
    lead: str
    joined: bool


class Arguments:
    """The rules of a language."""

    def __init__(self, home: Path, clitics: Clitics) -> None:
        self._clitics = clitics
        self._bases = base_words(home)
        classes: dict[str, list[str]] = rules(home / "words.toml")["roles"]
        self._classes = {word: name for name, words in classes.items() for word in key_set(words)}

    def places(self, page: Page, entities: Sequence[Entity]) -> list[Place]:
        """The outermost entities of some words, in order."""
        found: list[Place] = []
        for entity in sorted(entities, key=lambda e: (e.start, -e.end, e.label)):
            start, end = page.at_start.get(entity.start), page.at_end.get(entity.end)
            if start is None or end is None or (found and start < found[-1].end):
                continue
            lead, joined = self._lead(page, start, entity)
            found.append(Place(start, end, entity, lead, joined))
        return found

    def _lead(self, page: Page, start: int, entity: Entity) -> tuple[str, bool]:
        key = page.key(start)
        clitic, _ = self._clitics.split(key, self._bases)
        joined = clitic[:1] in self._clitics.conjunctions and bool(clitic)
        if not clitic and key not in self._bases and entity.label == "PERSON":
            joined = key[:1] in self._clitics.conjunctions
        preposition = clitic[-1:] if clitic[-1:] in self._clitics.prepositions else ""
        if preposition:
            return self._classes.get(preposition, "other"), joined
        before = page.key(start - 1) if page.joined(start) else ""
        return self._classes.get(before, ""), joined

    def of(
        self,
        type: str,
        mode: str | None,
        trigger: int,
        places: Sequence[Place],
        *,
        undergone: bool = False,
    ) -> list[Argument]:
        """The arguments of an event whose trigger is word `trigger`. If it may be `undergone`, a
        participant after it that is the only one is its recipient, unless it is an adjective.
        """
        found: dict[str, str] = {}
        right = [p for p in places if trigger < p.start <= trigger + REACH]
        covered, last_end, last_role = 0, trigger + 1, ""
        for i, place in enumerate(right):
            role = ""
            if place.joined and place.start <= last_end + 1 and last_role:
                role = last_role
            elif place.entity.label in OBJECTS:
                role = "object"
            else:
                gap = place.start - trigger - 1 - covered
                role = self._role(type, mode, place, "actor" in found.values(), gap)
            follower = right[i + 1] if i + 1 < len(right) else None
            covered += place.end - place.start
            if place.entity.label == "TITLE" and follower and _apposed(place, follower):
                last_end, last_role = place.end, role or last_role
                if role and follower.entity.label == "PERSON" and not follower.lead:
                    found[follower.entity.id] = role
                continue
            if role:
                found.setdefault(place.entity.id, role)
            last_end, last_role = place.end, role
        if undergone:
            _give_way(found, [p.entity for p in right])
        if "actor" not in found.values():
            actor = self._before(trigger, places)
            if actor:
                found[actor.id] = "actor"
        if when := _nearest_date(trigger, places):
            found[when.id] = "date"
        return [Argument(role, entity) for entity, role in found.items()]

    def _role(self, type: str, mode: str | None, place: Place, has_actor: bool, gap: int) -> str:
        label, lead = place.entity.label, place.lead
        if label not in ACTORS | PLACES:
            return ""
        if lead == "with":
            return ("actor" if type in MUTUAL else "recipient") if label in ACTORS else ""
        if lead == "to":
            return "location" if mode == "visit" and label in PLACES else "recipient"
        if lead == "in":
            return "location" if label in PLACES and gap <= REACH else ""
        if lead == "against":
            return "recipient"
        if lead == "from":
            return "location" if type == "RETREAT" and label in PLACES else ""
        if lead:
            return ""
        if not has_actor:
            return "actor" if label in ACTORS and gap <= NEAR else ""
        if mode == "visit":
            return "location" if label in PLACES and gap <= NEAR else ""
        return "recipient" if label in ACTORS and gap <= NEAR - 1 and label != "NORP" else ""

    def _before(self, trigger: int, places: Sequence[Place]) -> Entity | None:
        for place in reversed([p for p in places if p.end <= trigger]):
            if trigger - place.end > 2 * NEAR:
                return None
            if place.entity.label in ACTORS and not place.lead:
                return place.entity
        return None


def _give_way(found: dict[str, str], entities: Sequence[Entity]) -> None:
    """Make the only participant the recipient."""
    ours = [e for e in entities if found.get(e.id) in ("actor", "recipient")]
    if ours and all(found[e.id] == "actor" and e.label != "NORP" for e in ours):
        found.update((e.id, "recipient") for e in ours)


def _apposed(title: Place, follower: Place) -> bool:
    """Whether what follows a title names who holds it: a person, or one more title of theirs."""
    return follower.entity.label in ("PERSON", "TITLE") and follower.start - title.end <= 2


def _nearest_date(trigger: int, places: Sequence[Place]) -> Entity | None:
    dates = [place for place in places if place.entity.label == "DATE"]
    if not dates:
        return None
    return min(dates, key=lambda p: (abs(p.start - trigger), p.start)).entity
