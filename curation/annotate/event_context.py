"""A trigger's clause, the verb that carries it if it is a noun, and whom a pronoun means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from curation.annotate.arguments import ACTORS
from curation.annotate.clitics import Clitics
from curation.annotate.event_groups import Place, within
from curation.annotate.event_lexicon import EventLexicon, Reading
from curation.annotate.event_sentence import MARKS
from curation.annotate.event_undergone import PLACES
from curation.annotate.page import Page
from curation.text import fold_key

#: How far a trigger's clause reaches, in words; how far before a noun its verb may stand, and
#: how far after the verb its subject, entities apart; how far after a noun a verb that takes it up.
REACH, CARRIED, SUBJECT, RELATIVE = 40, 8, 3, 4
#: How many words may lie between who announces something and it; how far back a pronoun looks.
SAID, FAR_BACK = 2, 120
#: How far after a noun the subject of a verb may stand that only a preposition parts from the noun.
LATE = 8
#: How somebody beyond what a protest is against may still have a part in it.
_OTHERS = frozenset(("in", "to", "against", "with", "from"))


class Context:
    """The rules of a language."""

    def __init__(
        self,
        table: Mapping[str, Any],
        words: Callable[[list[str]], frozenset[str]],
        lexicon: EventLexicon,
        clitics: Clitics,
    ) -> None:
        self._lexicon = lexicon
        self._conjunctions = clitics.conjunctions
        self._stems = clitics.stems
        self._clauses = words(table["clauses"])
        self._adjuncts = words(table["adjuncts"])
        self._relatives = words(table["relatives"])
        self._verbs = words(table["verbs"])
        self._pronouns: tuple[str, ...] = tuple(table["pronouns"])
        self._theirs: tuple[str, ...] = tuple(table.get("theirs", []))
        self._back = words(table["back"])
        self._hits = words(table["hits"])
        self._against = words(table["leads"]["against"])
        self._resumed = words(table["resumed"])
        self._carriers: dict[str, str] = {}
        by_role: dict[str, list[str]] = table["carriers"]
        for role, carrying in by_role.items():
            self._carriers.update((word, role) for word in words(carrying))
        self._means: tuple[str, ...] = tuple(table.get("means", []))
        self._opposes = words(table.get("opposes", []))
        self._gathers = words(table.get("gathers", []))
        self._claims = words(table.get("claims", []))
        self._deeds = words(table.get("deeds", []))
        self._own_deeds = frozenset(
            (deed[:-1] + "ت" if deed.endswith("ه") else deed) + fold_key(pronoun)
            for deed in self._deeds
            for pronoun in self._pronouns
        )
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
        beyond = self._beyond(page, end, right, last, places)
        places = self._without_theirs(page, end, right, reading, within(places, left, right))
        return [
            place
            for place in places
            if place.end <= right
            and (place.start <= stop or place.entity.label in ("DATE", "TIME"))
            and (place.start <= wall or place.lead)
        ] + beyond

    def _beyond(
        self, page: Page, end: int, right: int, last: int, places: Sequence[Place]
    ) -> list[Place]:
        """Who is said to have done it in a clause about a noun: الهجوم الذي وقع على يد …"""
        if right >= last or right - end > 1 or page.key(right) not in self._relatives:
            return []
        stop = right + 1
        while stop < last and stop - end < REACH and not self._begins(page.key(stop), True):
            stop += 1
        return [p for p in within(places, right, stop) if p.lead == "agent"]

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
        -1 without one. `speaker` is who announces it, `target` what it hits (هجوم استهدف المطار);
        `owner` says that a pronoun means who did it (تنظيمهم مظاهرة).
        """
        first, last = sentence
        places = within(places, start - REACH, end + REACH)
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
            if role == "answer":  # رد الجيش بقصف, but رد على القصف
                role = "actor" if page.key(start).startswith(self._means) else ""
            if role == "location":
                after = (p for p in places if k < p.start and p.end <= start)
                return [p for p in after if p.entity.label in PLACES][:1], role, k
            if role == "speaker":
                between = [key for i in range(k + 1, start) if (key := page.key(i))]
                claimed = not self._claims.isdisjoint(between)
                last_named = max((i for i in range(k, start) if i in covered), default=k)
                if not claimed and start - last_named - 1 > SAID:
                    break
                role = "actor" if claimed else role
                subject = self._subject(page, k, start, places) or self._behind(end, places, 1)
                if claimed and not subject:
                    break
                return subject, role, -1 if claimed else k
            if role:
                late = LATE if k + 1 == start - 1 else 1  # شارك في المسيرة … آلاف الطلاب
                subject = self._subject(page, k, start, places) or self._behind(end, places, late)
                return subject, role, k
            stems = self._stems(key)
            if not self._gathers.isdisjoint(stems) and k == start - 1:
                return self._behind(end, places, SAID), "actor", k
            if not self._own_deeds.isdisjoint(stems):
                return [], "owner", k
            if not self._deeds.isdisjoint(stems):
                doer = [p for p in self._subject(page, k, start, places) if p.start > k]
                if doer and doer[0].begin == k + 1:
                    apart = sum(i not in covered for i in range(doer[-1].end, start))
                    return (doer, "actor", k) if apart <= SAID else ([], "", -1)
            if key in self._clauses or key in self._adjuncts or self._lexicon.noun(key):
                break
            if not self._opposes.isdisjoint(stems):
                break
        far = end
        for k in range(end, last):
            key = page.key(k)
            far += k in covered or not key[:1].isalnum()  # these are not counted
            if k >= far + RELATIVE:
                break
            if not page.joined(k) or (key in self._clauses and key not in self._relatives):
                break
            if key in self._hits:
                hit = [p for p in self._subject(page, k, last, places, anything=True)]
                return hit[:1], "target", -1
            if key in self._gathers:
                return self._subject(page, k, last, places), "actor", -1
            apart = page.key(k + 1) in self._back
            if self._carries(key) == "actor" and (apart or key.endswith(self._pronouns)):
                return self._subject(page, k + apart, last, places), "actor", -1
        return [], "", -1

    def _carries(self, key: str) -> str:
        bare = key[1:] if key[:1] in self._conjunctions else ""
        return self._carriers.get(key) or self._carriers.get(bare, "")

    def _subject(
        self,
        page: Page,
        verb: int,
        stop: int,
        places: Sequence[Place],
        anything: bool = False,
    ) -> list[Place]:
        after = [p for p in places if verb < p.start and p.end <= stop and not p.lead]
        after = [p for p in after if p.entity.label != "CARDINAL"]
        if after and after[0].begin - verb - 1 <= SUBJECT:
            if after[0].entity.label == "WEAPON":
                return [p for p in after[:2] if p.start - after[0].end <= 1]
            if anything or after[0].entity.label in ACTORS:
                subjects = [_named(after)]
                for a, b in pairwise(after):
                    if not b.joined or b.start - a.end > 1:
                        break
                    subjects.append(b)
                return subjects
        if anything:
            return []
        before = [p for p in places if p.end <= verb and verb - p.end <= SUBJECT]
        before = [p for p in before if not p.lead or self._tells(page, p, verb)]
        return [p for p in before[-1:] if p.entity.label in ACTORS]

    def _tells(self, page: Page, place: Place, verb: int) -> bool:
        """Whether a verb is of a clause about a place (قوات الأمن التي ردت)."""
        return place.end == verb - 1 and page.key(place.end) in self._relatives

    def _behind(self, end: int, places: Sequence[Place], reach: int) -> list[Place]:
        """The subject of a verb after the noun it carries: شارك في المظاهرة أيضا حزب …"""
        near = [p for p in places if 0 <= p.begin - end <= reach and not (p.lead or p.adjective)]
        taking_part = ("ORG", "PERSON", "NORP") if reach > 1 else ("ORG", "PERSON")
        return [p for p in near if p.entity.label in taking_part and p.start > end][:1]

    def resumes(self, page: Page, start: int) -> bool:
        """Whether a verb's subject was named in the clause before (قالت الشرطة إنها اعتقلت)."""
        return page.key(start - 1) in self._resumed

    def relates(self, page: Page, start: int) -> bool:
        """Whether a verb tells of who stands right before it (الجنود الذين فتحوا النار), and not of
        where it was (المنطقة التي قتل بها)."""
        return page.key(start - 1) in self._relatives and page.key(start + 1) not in self._back

    def antecedent(
        self, page: Page, start: int, places: Sequence[Place], pronoun: str
    ) -> Place | None:
        """Whom a pronoun, or a verb without a subject, most likely means: the nearest participant
        before it that no preposition leads to. "Their", at the end of the word `pronoun`, means
        people first, however they stand (اعتقل عددا من المتظاهرين … مسيرتهم)."""
        if pronoun.endswith(self._theirs):
            for place in reversed(within(places, start - FAR_BACK, start)):
                people = place.entity.label == "NORP" and not place.adjective
                if people and place.end <= start:
                    return place
        for place in reversed(within(places, start - FAR_BACK, start)):
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
