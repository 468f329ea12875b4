"""The verb that carries a noun (شن الجيش هجوما), or a noun of doing (تنظيم الطلاب مظاهرة)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from curation.annotate.arguments import ACTORS
from curation.annotate.clitics import Clitics
from curation.annotate.event_context import REACH
from curation.annotate.event_groups import Place, within
from curation.annotate.event_lexicon import EventLexicon
from curation.annotate.event_sentence import Carried, Sentence
from curation.annotate.event_undergone import PLACES
from curation.annotate.page import Page
from curation.text import fold_key

#: How far before a noun its verb may stand, in words, and how far after the verb its subject,
#: entities apart; how far after a noun a verb that takes it up.
CARRIED, SUBJECT, RELATIVE = 8, 3, 4
#: How many words may lie between who announces something and it; how far after a noun the subject
#: of a verb may stand that only a preposition parts from the noun.
SAID, LATE = 2, 8


class Carriers:
    """The rules of a language. `words` makes a set of folded words of a list."""

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
        self._pronouns: tuple[str, ...] = tuple(table["pronouns"])
        self._back = words(table["back"])
        self._hits = words(table["hits"])
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

    def once(self, here: Sentence, start: int, end: int) -> Carried:
        """As `of`, worked out once for all readings of a noun."""
        found = here.carried.get((start, end))
        if found is None:
            found = self.of(here.page, start, end, (here.first, here.last), here.places)
            here.carried[start, end] = found
        return found

    def of(
        self, page: Page, start: int, end: int, sentence: tuple[int, int], places: Sequence[Place]
    ) -> Carried:
        """The verb that carries a noun, before it (شن الجيش هجوما) or after it (مسيرة دعا إليها
        الحزب). Of roles, `speaker` is who announces it, `target` what it hits (هجوم استهدف المطار);
        `owner` says that a pronoun means who did it (تنظيمهم مظاهرة). What a place sees others do
        (شهدت بغداد مظاهرة شارك فيها الطلاب) has a verb before it and one after.
        """
        first, last = sentence
        places = within(places, start - REACH, end + REACH)
        covered = {k for place in places for k in range(place.start, place.end)}
        found = self._before(page, start, end, first, places, covered)
        if found is None:
            return self._behind_it(page, end, last, places, covered)
        if found.role == "location":
            after = self._behind_it(page, end, last, places, covered)
            joining = after.subject if after.role == "actor" else ()
            return Carried(found.subject, found.role, found.verb, joining)
        return found

    def _before(
        self,
        page: Page,
        start: int,
        end: int,
        first: int,
        places: Sequence[Place],
        covered: set[int],
    ) -> Carried | None:
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
                return Carried([p for p in after if p.entity.label in PLACES][:1], role, k)
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
                return Carried(subject, role, -1 if claimed else k)
            if role:
                late = LATE if k + 1 == start - 1 else 1  # شارك في المسيرة … آلاف الطلاب
                subject = self._subject(page, k, start, places) or self._behind(end, places, late)
                return Carried(subject, role, k)
            stems = self._stems(key)
            if not self._gathers.isdisjoint(stems) and k == start - 1:
                return Carried(self._behind(end, places, SAID), "actor", k)
            if not self._own_deeds.isdisjoint(stems):
                return Carried((), "owner", k)
            if not self._deeds.isdisjoint(stems):
                doer = [p for p in self._subject(page, k, start, places) if p.start > k]
                if doer and doer[0].begin == k + 1:
                    apart = sum(i not in covered for i in range(doer[-1].end, start))
                    return Carried(doer, "actor", k) if apart <= SAID else Carried()
            if key in self._clauses or key in self._adjuncts or self._lexicon.noun(key):
                break
            if not self._opposes.isdisjoint(stems):
                break
        return None

    def _behind_it(
        self, page: Page, end: int, last: int, places: Sequence[Place], covered: set[int]
    ) -> Carried:
        """The verb after a noun that takes it up."""
        far = end
        for k in range(end, last):
            key = page.key(k)
            far += k in covered or not key[:1].isalnum()  # these are not counted
            if k >= far + RELATIVE:
                break
            if not page.joined(k) or (key in self._clauses and key not in self._relatives):
                break
            if key in self._hits:
                return Carried(self._subject(page, k, last, places, anything=True)[:1], "target")
            if key in self._gathers:
                return Carried(self._subject(page, k, last, places), "actor")
            apart = page.key(k + 1) in self._back
            if self._carries(key) == "actor" and (apart or key.endswith(self._pronouns)):
                return Carried(self._subject(page, k + apart, last, places), "actor")
        return Carried()

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


def _named(places: Sequence[Place]) -> Place:
    """The person after a title or one of a group, else the title or whoever is first."""
    if len(places) > 1:
        title, follower = places[0].entity.label == "TITLE", places[1]
        near = follower.entity.label == "PERSON" and follower.start - places[0].end <= title
        if near and (title or (places[0].entity.label == "NORP" and places[0].definite)):
            return follower
    return places[0]
