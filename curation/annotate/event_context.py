"""A trigger's clause, and whom a pronoun means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from curation.annotate.arguments import ACTORS
from curation.annotate.clitics import Clitics
from curation.annotate.event_groups import Place, within
from curation.annotate.event_lexicon import EventLexicon, Reading
from curation.annotate.event_sentence import MARKS
from curation.annotate.event_trigger import Trigger
from curation.annotate.page import Page

#: How far a trigger's clause reaches, and how far back a pronoun looks, in words.
REACH, FAR_BACK = 40, 120
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
        self._clauses = words(table["clauses"])
        self._adjuncts = words(table["adjuncts"])
        self._relatives = words(table["relatives"])
        self._verbs = words(table["verbs"])
        self._theirs: tuple[str, ...] = tuple(table.get("theirs", []))
        self._back = words(table["back"])
        self._against = words(table["leads"]["against"])
        self._by = words(table["leads"]["agent"])
        self._pronouns = tuple(table.get("pronouns", []))
        self._resumed = words(table["resumed"])
        self.subject_first: bool = table.get("subject_first", False)
        self._joins = words(table["joins"])

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
        stop = next((k for k in range(end, right) if self._is_adjunct(page, k)), right)
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

    def _is_adjunct(self, page: Page, k: int) -> bool:
        """Whether a word begins an adjunct: قبل, but not in من قبل, which says who does it."""
        key = page.key(k)
        return key in self._adjuncts and f"{page.key(k - 1)} {key}" not in self._by

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

    def resumes(self, page: Page, start: int, pronoun: bool) -> bool:
        """Whether a verb's subject was named in the clause before (قالت الشرطة إنها اعتقلت). One
        with a pronoun has it as its object (بعد أن طالبها), unless one stands before as well."""
        key = page.key(start - 1)
        return key in self._resumed and (not pronoun or key.endswith(self._pronouns))

    def joined(self, page: Page, start: int, before: Trigger | None, first: int) -> bool:
        """Whether a conjunction right before a verb joins it to a verb before it in its sentence,
        which begins at word `first` (visited Beijing and urged China)."""
        if before is None or before.start < first or not before.reading.sense.verb:
            return False
        return self.subject_first and page.key(start - 1) in self._joins

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
