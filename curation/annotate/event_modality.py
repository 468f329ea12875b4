"""Whether the text says that it happened: asserted, negated, possible or future.

Particles right before a trigger say so (لم, سوف, ربما), and words that govern it from further off
(ألغى … زيارته, هدد بقصف, يعتزم … تنظيم): as far as `FAR` words that belong to no entity, and no
further than the clause. A condition or a question makes all that follows it possible. The lists are
`[modality]` in the language's `events.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from curation.annotate.event_lexicon import EventLexicon, Reading
from curation.annotate.inflection import Tense
from curation.annotate.page import Page, key_set
from curation.model import Modality

#: How many words, entities apart, a governing word reaches; a condition, with them.
FAR, CONDITION = 4, 25
#: How far before "for" (ل) stands what it goes with (تصدت الشرطة لمسيرة), in words.
RESULT = 3

Forms = Callable[[int], frozenset[str]]


class Modalities:
    """The rules of a language. `words` makes a set of folded words of a list."""

    def __init__(
        self,
        table: Mapping[str, Any],
        words: Callable[[list[str]], frozenset[str]],
        lexicon: EventLexicon,
        conjunctions: tuple[str, ...],
    ) -> None:
        self._conjunctions = conjunctions
        self._lexicon = lexicon
        own: Mapping[str, list[str]] = table["modality"]
        self._near: tuple[tuple[frozenset[str], Modality], ...] = (
            (words(own["negated"]), "negated"),
            (words(own["future"]), "future"),
            (words(own["possible"]), "possible"),
        )
        self._far: tuple[tuple[frozenset[str], Modality], ...] = (
            (words(own["undone"]), "negated"),
            (words(own["planned"]), "future"),
            (words(own["wished"]), "possible"),
        )
        self._denied = words(own["denied"])
        self._imperfect = tuple(own["imperfect_begins"])
        self._alleged = words(own["alleged"])
        self._conditions = words(own["conditions"])
        self._happened = words(own.get("happened", []))
        self._relatives = words(table["relatives"])
        self._still = words(own["still"])
        self._tried = words(own["tried"])
        self._of_verbs = words(own["negates_verbs"])
        self._before_imperfect = words(own["before_imperfect"])
        self._scheduled = words(own["scheduled"])
        self._upcoming = words(own["upcoming"])
        self._particles = frozenset[str]().union(*(listed for listed, _ in self._near))
        self._aims: frozenset[str] = frozenset(own["aims"])
        self._results = words(own["results"])
        self._not_perfect = words(own["not_before_perfect"])
        self._any = words(own["any"])
        self._questions = key_set(own["questions"])
        self._after = words(own["after"])
        self._back = words(table["back"])
        self._never = words(own["never"])
        self._happens = words(own["happens"])
        self._through = words(own["through"])
        self._stops = words([*table["clauses"], *table["adjuncts"]])

    def of(
        self,
        page: Page,
        trigger: tuple[int, int],
        reading: Reading,
        sentence: tuple[int, int],
        forms: Forms,
        covered: frozenset[int],
        carrier: int,
        suffered: bool,
    ) -> Modality:
        """The modality of a trigger (its words, half open) in its sentence (the same).

        `carrier` is the verb that carries a noun, -1 without one, and `suffered` whether its
        subject is who it is done to (تعرض لهجوم).
        """
        (start, end), (first, last) = trigger, sentence
        if last > first and any(page.key(k) in self._questions for k in (last - 1, last - 2)):
            return "possible"
        verb, tense = reading.sense.verb, reading.form.tense
        near = self._beside(page, start, verb, tense, first, forms)
        if near is None and carrier >= 0:
            carried: Tense = "imperfect" if page.key(carrier)[:1] in self._imperfect else "perfect"
            near = self._beside(page, carrier, True, carried, first, forms)
        if near is None and carrier >= 0:
            perfect = page.key(carrier)[:1] not in self._imperfect
            near = self._said(page, carrier, perfect, first, forms, covered)
        if near == "negated":
            return near
        if not verb and reading.form.definite and self._known(page, end, last):
            return "asserted"
        for k in range(max(first, start - CONDITION), start):
            key = page.key(k)
            if key in self._conditions or f"{page.key(k - 1)} {key}" in self._conditions:
                return "possible"
        if reading.future:
            return "future"
        if near is not None:
            return near
        if verb and reading.clitics and tense == "imperfect" and reading.clitics[-1] in "لك":
            return "possible"
        if (far := self._governed(page, start, reading, first, forms, covered)) is not None:
            return far
        aim = reading.clitics[-1:] in self._aims and not reading.form.definite
        aim = aim and bool(reading.clitics) and not suffered and not verb
        near_by = range(max(start - RESULT, first), start)
        if aim and all(forms(k).isdisjoint(self._results) for k in near_by):
            return "possible"
        if any(page.key(k) in self._any for k in (start - 1, start - 2) if k >= first):
            return "possible"
        for k in range(end, min(end + 2, last)):
            if not self._after.isdisjoint(forms(k)):
                return "possible"
            if not verb and not self._scheduled.isdisjoint(forms(k)):
                return "future"
        return "asserted"

    def _known(self, page: Page, end: int, last: int) -> bool:
        """Whether a clause about a noun tells what it did (الهجوم الذي استهدف): it happened."""
        k = next((k for k in range(end, min(end + 3, last)) if page.key(k) in self._relatives), -1)
        return k >= 0 and page.key(k + 1) in self._happened

    def _said(
        self,
        page: Page,
        verb: int,
        perfect: bool,
        first: int,
        forms: Forms,
        covered: frozenset[int],
    ) -> Modality | None:
        """What governs the verb that carries a noun, through "that": نفى أن تكون شنت هجمات."""
        said = self._reach(page, verb, True, perfect, first, forms, covered)
        return said if said in ("negated", "possible") else None

    def negates(self, page: Page, start: int) -> bool:
        """Whether the word before a trigger negates it."""
        return self._alone(page.key(start - 1)) in self._near[0][0]

    def _alone(self, key: str) -> str:
        """A word without the conjunction written onto it, if it is known with it as it stands."""
        known = self._particles
        return key[1:] if key not in known and key[:1] in self._conjunctions else key

    def coming(self, page: Page, start: int, end: int) -> bool:
        """Whether the words of a date say that it is still to come."""
        return any(page.key(k) in self._upcoming for k in range(start, end))

    def _beside(
        self, page: Page, start: int, verb: bool, tense: Tense, first: int, forms: Forms
    ) -> Modality | None:
        if any(not self._still.isdisjoint(forms(k)) for k in (start - 1,) if k >= first):
            return None
        for words, modality in self._near:
            for k in (start - 1, start - 2):
                if k < first or not page.joined(k + 1):
                    break
                key = self._alone(page.key(k))
                if key not in words:
                    if k == start - 1 and page.key(k) in self._stops:
                        break
                    continue
                if modality == "negated" and verb and k < start - 1:
                    continue
                if modality == "negated" and not verb and key in self._of_verbs:
                    continue
                if tense == "perfect" and (modality == "future" or key in self._not_perfect):
                    continue
                if tense != "imperfect" and key in self._before_imperfect:
                    continue
                return modality
        return None

    def _governed(
        self,
        page: Page,
        start: int,
        reading: Reading,
        first: int,
        forms: Forms,
        covered: frozenset[int],
    ) -> Modality | None:
        """What the words that govern a trigger say; a verb is governed through "that" only."""
        verb = reading.sense.verb and reading.form.tense != ""
        if verb and reading.clitics:
            return None
        perfect = reading.form.tense == "perfect"
        return self._reach(page, start, verb, perfect, first, forms, covered)

    def _reach(
        self,
        page: Page,
        start: int,
        verb: bool,
        perfect: bool,
        first: int,
        forms: Forms,
        covered: frozenset[int],
    ) -> Modality | None:
        through, reach = False, FAR
        for k in range(start - 1, first - 1, -1):
            if not page.joined(k + 1) or reach < 0:
                return None
            key, own = page.key(k), forms(k)
            if key in self._through:
                through = True
            elif k not in covered:
                reach -= 1
            stop = key in self._stops and key not in self._through
            if k in covered or (verb and not through):
                if stop:
                    return None
                continue
            if not own.isdisjoint(self._denied):
                return "negated"
            if page.key(k + 1) in self._back or not own.isdisjoint(self._tried):
                return None
            if not own.isdisjoint(self._alleged):
                return "possible"
            if verb and perfect:
                continue
            for words, modality in self._far:
                if not own.isdisjoint(words):
                    undone = modality == "future" and self._undone(page, k, first, forms, covered)
                    return "negated" if undone else modality
            if not verb and any(other.future for other in self._lexicon.of(key)):
                return "future"
            happens = not verb and not own.isdisjoint(self._happens)
            if happens and self._alone(page.key(k - 1)) in self._never:
                return "negated"
            if stop:
                return None
        return None

    def _undone(
        self, page: Page, start: int, first: int, forms: Forms, covered: frozenset[int]
    ) -> bool:
        """Whether a plan at a word came to nothing (أحبطت الشرطة مخططا لتفجير), or is denied,
        through "that" too (نفى الحزب أنه يعتزم مهاجمة), or negated itself (لا يعتزم مهاجمة)."""
        if self.negates(page, start) and start > first:
            return True
        undone, reach = self._far[0][0], FAR
        for k in range(start - 1, first - 1, -1):
            if page.key(k) in self._through:
                undone = self._denied
            elif reach < 0 or not page.joined(k + 1) or page.key(k) in self._stops:
                break
            elif k not in covered:
                if not undone.isdisjoint(forms(k)):
                    return True
                reach -= 1
        return False
