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


class Trait(Struct, frozen=True):
    """What the rules ask about an event: its type and mode, whether its trigger is a verb or a
    noun with the article, and whether what follows may be who undergoes it (قتل فلان).
    """

    type: str
    mode: str | None
    verb: bool
    definite: bool
    undergone: bool


class Arguments:
    """The rules of a language."""

    def __init__(self, home: Path, clitics: Clitics) -> None:
        self._clitics = clitics
        self._bases = base_words(home)
        words = rules(home / "words.toml")
        classes: dict[str, list[str]] = words["roles"]
        self._clauses = key_set(words["clauses"])
        self._adjuncts = key_set(words["adjuncts"])
        self._relatives = key_set(words["relatives"])
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

    def near(
        self, page: Page, trigger: int, first: int, last: int, places: Sequence[Place]
    ) -> list[Place]:
        """The places in the clause of a trigger: no further than REACH, the sentence (`first`,
        `last`) or a word that begins another clause; after an adjunct (خلال), dates only.
        """
        left = right = trigger
        if left > first and page.key(left - 1) in self._relatives:
            left -= 1
        while left > first and trigger - left < REACH and page.key(left - 1) not in self._clauses:
            left -= 1
        while right + 1 < last and right - trigger < REACH:
            if page.key(right + 1) in self._clauses:
                break
            right += 1
        stop = next((k for k in range(trigger + 1, right) if page.key(k) in self._adjuncts), right)
        return [
            place
            for place in places
            if left <= place.start
            and place.end <= right + 1
            and (place.start <= stop or place.entity.label == "DATE")
        ]

    def of(self, trigger: int, kind: Trait, places: Sequence[Place]) -> list[Argument]:
        """The arguments of an event whose trigger is word `trigger`, from the places of its
        clause.
        """
        found: dict[str, str] = {}
        right = [place for place in places if place.start > trigger]
        covered, last_end, last_role = 0, trigger + 1, ""
        for i, place in enumerate(right):
            gap = place.start - trigger - 1 - covered
            if place.joined and place.start <= last_end + 1 and last_role:
                role = last_role
            elif place.entity.label in OBJECTS:
                role = "object"
            else:
                role = self._role(kind, place, "actor" in found.values(), gap)
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
        before = self._before(trigger, kind, places)
        if kind.undergone:
            _give_way(found, trigger, kind, right)
        elif before and kind.mode == "visit":
            _visited(found, right)
        if before and not _subject(found, right):
            found[before.id] = "actor"
        if when := _nearest_date(trigger, places):
            found[when.id] = "date"
        return [Argument(role, entity) for entity, role in found.items()]

    def _role(self, kind: Trait, place: Place, has_actor: bool, gap: int) -> str:
        label, lead = place.entity.label, place.lead
        if label not in ACTORS | PLACES:
            return ""
        if lead == "with":
            return ("actor" if kind.type in MUTUAL else "recipient") if label in ACTORS else ""
        if lead == "to":
            return "location" if kind.mode == "visit" and label in PLACES else "recipient"
        if lead == "in":
            return "location" if label in PLACES else ""
        if lead == "against":
            return "recipient"
        if lead == "from":
            return "location" if kind.type == "RETREAT" and label in PLACES else ""
        if lead:
            return ""
        if not has_actor:
            return "actor" if label in ACTORS and gap <= NEAR else ""
        if kind.mode == "visit":
            return "location" if label in PLACES and gap <= NEAR else ""
        return "recipient" if label in ACTORS and gap <= NEAR - 1 and label != "NORP" else ""

    def _before(self, trigger: int, kind: Trait, places: Sequence[Place]) -> Entity | None:
        """The participant before a trigger: near a verb, right beside a noun, and not of a noun
        with the article.
        """
        if kind.definite:
            return None
        limit = 2 * NEAR if kind.verb else 1
        for place in reversed([p for p in places if p.end <= trigger]):
            if trigger - place.end > limit:
                return None
            if place.entity.label in ACTORS and not place.lead:
                return place.entity
        return None


def _subject(found: dict[str, str], right: Sequence[Place]) -> bool:
    """Whether an actor stands after the trigger by itself, or two that are named together; one
    alone after `with` is the other side.
    """
    actors = [p for p in right if found.get(p.entity.id) == "actor"]
    return len(actors) > 1 or any(p.lead != "with" for p in actors)


def _give_way(found: dict[str, str], trigger: int, kind: Trait, right: Sequence[Place]) -> None:
    """Make the only participant after an undergone word its recipient. An organisation acts, and
    so does a nationality right beside a noun (القصف الإسرائيلي).
    """
    ours = [p for p in right if found.get(p.entity.id) in ("actor", "recipient")]
    acting = [
        p
        for p in ours
        if p.entity.label == "ORG"
        or (p.entity.label == "NORP" and not kind.verb and p.start - trigger <= 2)
    ]
    if not acting and all(found[p.entity.id] == "actor" for p in ours):
        found.update((p.entity.id, "recipient") for p in ours)


def _visited(found: dict[str, str], right: Sequence[Place]) -> None:
    """The only participant after a visit is its place, where someone stands before it."""
    ours = [p for p in right if found.get(p.entity.id) in ("actor", "recipient", "location")]
    if len(ours) == 1 and ours[0].entity.label in PLACES:
        found[ours[0].entity.id] = "location"


def _apposed(title: Place, follower: Place) -> bool:
    """Whether what follows a title names who holds it: a person, or one more title of theirs."""
    return follower.entity.label in ("PERSON", "TITLE") and follower.start - title.end <= 2


def _nearest_date(trigger: int, places: Sequence[Place]) -> Entity | None:
    # A length of time (P3D) is no date.
    dates = [
        place
        for place in places
        if place.entity.label == "DATE" and not (place.entity.value or "").startswith("P")
    ]
    if not dates:
        return None
    return min(dates, key=lambda p: (abs(p.start - trigger), p.start)).entity
