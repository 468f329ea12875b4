"""A trigger's clause, the verb that carries it if it is a noun, and whom a pronoun means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from curation.annotate.arguments import ACTORS
from curation.annotate.event_groups import Place
from curation.annotate.event_lexicon import EventLexicon, Reading
from curation.annotate.event_sentence import MARKS
from curation.annotate.event_undergone import PLACES
from curation.annotate.page import Page

#: How far a trigger's clause reaches, in words; how far before a noun its verb may stand, and
#: how far after the verb its subject, entities apart; how far after a noun a verb that takes it up.
REACH, CARRIED, SUBJECT, RELATIVE = 40, 8, 3, 4
#: How somebody beyond what a protest is against may still have a part in it.
_OTHERS = frozenset(("in", "to", "against", "with", "from"))


class Context:
    """The rules of a language."""

    def __init__(
        self,
        table: Mapping[str, Any],
        words: Callable[[list[str]], frozenset[str]],
        lexicon: EventLexicon,
        conjunctions: tuple[str, ...],
    ) -> None:
        self._lexicon = lexicon
        self._conjunctions = conjunctions
        self._clauses = words(table["clauses"])
        self._adjuncts = words(table["adjuncts"])
        self._relatives = words(table["relatives"])
        self._verbs = words(table["verbs"])
        self._pronouns: tuple[str, ...] = tuple(table["pronouns"])
        self._back = words(table["back"])
        self._hits = words(table["hits"])
        self._against = words(table["leads"]["against"])
        self._resumed = words(table["resumed"])
        self._carriers: dict[str, str] = {}
        by_role: dict[str, list[str]] = table["carriers"]
        for role, carrying in by_role.items():
            self._carriers.update((word, role) for word in words(carrying))
        self.subject_first: bool = table.get("subject_first", False)

    def clause(
        self,
        page: Page,
        start: int,
        end: int,
        reading: Reading,
        sentence: tuple[int, int],
        places: Sequence[Place],
    ) -> list[Place]:
        """The places in the clause of a trigger: no further than REACH, the sentence or a word that
        begins another clause; after an adjunct (خلال), dates only. A verb that says no more of the
        same happening (قتل جندي وأصيب آخر برصاص قناص) only ends what no preposition leads to.
        """
        first, last = sentence
        left, right = start, end
        if left > first and page.key(left - 1) in self._relatives:
            left -= 1
        if not (reading.sense.verb and reading.clitics) or self.subject_first:
            while left > first and start - left < REACH and not self._begins(page.key(left - 1)):
                left -= 1
        lesser = reading.sense.type if "lesser" in reading.sense.traits else ""
        wall = last
        while right < last and right - end < REACH and not self._begins(page.key(right), True):
            right += 1
        if lesser and right < last and self._says_no_more(page.key(right), lesser):
            wall = right
            right += 1
            while right < last and right - end < REACH and not self._begins(page.key(right), True):
                right += 1
        stop = next((k for k in range(end, right) if page.key(k) in self._adjuncts), right)
        places = self._without_theirs(page, end, right, reading, places)
        return [
            place
            for place in places
            if left <= place.start
            and place.end <= right
            and (place.start <= stop or place.entity.label in ("DATE", "TIME"))
            and (place.start <= wall or place.lead)
        ]

    def _without_theirs(
        self, page: Page, end: int, right: int, reading: Reading, places: Sequence[Place]
    ) -> Sequence[Place]:
        """The places without who is named beyond what a protest is against, if that is no place:
        who made it does not protest (مظاهرة ضد قانون اقترحه الرئيس)."""
        if reading.sense.type != "PROTEST":
            return places
        led = {p.begin - 1 for p in places}.union(k for p in places for k in range(p.start, p.end))
        for k in range(end, right):
            if page.key(k) in self._against and k not in led:
                return [
                    p
                    for p in places
                    if p.end <= k or p.entity.label not in ACTORS or p.lead in _OTHERS
                ]
        return places

    def _begins(self, key: str, verbs: bool = False) -> bool:
        """Whether a word begins another clause: one of a list, or a verb after a conjunction."""
        if key in self._clauses:
            return True
        if not verbs or key[:1] not in self._conjunctions:
            return False
        if key[1:] in self._verbs:
            return True
        readings = self._lexicon.of(key)
        return any(r.clitics and r.sense.verb for r in readings) and all(
            r.sense.verb for r in readings
        )

    def _says_no_more(self, key: str, type: str) -> bool:
        """Whether a verb after a conjunction is a lesser word for an event of this type."""
        readings = self._lexicon.of(key)
        return bool(readings) and all(
            r.sense.type == type and "lesser" in r.sense.traits for r in readings
        )

    def carrier(
        self, page: Page, start: int, end: int, sentence: tuple[int, int], places: Sequence[Place]
    ) -> tuple[list[Place], str, int]:
        """The subject of the verb that carries a noun, before it (شن الجيش هجوما) or after it
        (مسيرة دعا إليها الحزب), its role, and where the verb stands before the noun; nobody, "" and
        -1 without one. `speaker` is who announces it, `target` what it hits (هجوم استهدف المطار).
        """
        first, last = sentence
        covered = {k for place in places for k in range(place.start, place.end)}
        reach = CARRIED
        for k in range(start - 1, first - 1, -1):
            key = page.key(k)
            if reach < 0 or not page.joined(k + 1):
                break
            if k in covered:
                continue
            reach -= 1
            # دعا إليها: it carries the noun before it
            role = "" if page.key(k + 1) in self._back else self._carries(key)
            if role == "location":
                after = (p for p in places if k < p.start and p.end <= start)
                return [p for p in after if p.entity.label in PLACES][:1], role, k
            if role:
                subject = self._subject(k, start, places) or self._behind(end, places)
                return subject, role, k
            if key in self._clauses or key in self._adjuncts or self._lexicon.noun(key):
                break
        for k in range(end, min(end + RELATIVE, last)):
            key = page.key(k)
            if not page.joined(k) or (key in self._clauses and key not in self._relatives):
                break
            if key in self._hits:
                hit = [p for p in self._subject(k, last, places, anything=True)]
                return hit[:1], "target", -1
            apart = page.key(k + 1) in self._back
            if self._carries(key) == "actor" and (apart or key.endswith(self._pronouns)):
                return self._subject(k + apart, last, places), "actor", -1
        return [], "", -1

    def _carries(self, key: str) -> str:
        bare = key[1:] if key[:1] in self._conjunctions else ""
        return self._carriers.get(key) or self._carriers.get(bare, "")

    def _subject(
        self, verb: int, stop: int, places: Sequence[Place], anything: bool = False
    ) -> list[Place]:
        after = [p for p in places if verb < p.start and p.end <= stop and not p.lead]
        after = [p for p in after if p.entity.label != "CARDINAL"]
        if after and after[0].begin - verb - 1 <= SUBJECT:
            if after[0].entity.label == "WEAPON":
                return [p for p in after[:2] if p.start - after[0].end <= 1]
            if anything or after[0].entity.label in ACTORS:
                joined = [p for p in after[1:2] if p.joined and p.start - after[0].end <= 1]
                return [_named(after), *joined]
        if anything:
            return []
        before = [p for p in places if p.end <= verb and verb - p.end <= SUBJECT and not p.lead]
        return [p for p in before[-1:] if p.entity.label in ACTORS]

    def _behind(self, end: int, places: Sequence[Place]) -> list[Place]:
        """The subject of a verb after the noun it carries: شارك في المظاهرة أيضا حزب …"""
        near = [p for p in places if 0 <= p.begin - end <= 1 and not (p.lead or p.adjective)]
        return [p for p in near[:1] if p.entity.label in ("ORG", "PERSON") and p.start > end]

    def resumes(self, page: Page, start: int) -> bool:
        """Whether a verb's subject was named in the clause before (قالت الشرطة إنها اعتقلت)."""
        return page.key(start - 1) in self._resumed

    def relates(self, page: Page, start: int) -> bool:
        """Whether a verb tells of who stands right before it (الجنود الذين فتحوا النار)."""
        return page.key(start - 1) in self._relatives

    def antecedent(self, page: Page, start: int, places: Sequence[Place]) -> Place | None:
        """Whom a pronoun, or a verb without a subject, most likely means: the nearest participant
        before it that no preposition leads to."""
        for place in reversed(places):
            if place.end <= start and place.entity.label in ACTORS and not place.lead:
                bracketed = page.key(place.start - 1) in MARKS and place.start > 0
                if not (place.adjective or place.object or bracketed):
                    return place
        return None


def _named(places: Sequence[Place]) -> Place:
    """The person after a title or one of a group, else the title or whoever is first."""
    if len(places) > 1:
        title, follower = places[0].entity.label == "TITLE", places[1]
        near = follower.entity.label == "PERSON" and follower.start - places[0].end <= title
        if near and (title or (places[0].entity.label == "NORP" and places[0].definite)):
            return follower
    return places[0]
