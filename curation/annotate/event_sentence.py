"""A sentence as the event rules see it: its words, and who and what is named in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from msgspec import Struct

from curation.annotate.clitics import Clitics
from curation.annotate.event_groups import Place
from curation.annotate.event_lexicon import inflect
from curation.annotate.page import Page
from curation.model import Entity
from curation.text import fold_key

#: What parts a trigger from a dateline or a bracket before it.
MARKS = frozenset(("(", ")", "[", "]", "-", "–", "—", ":", "؛", "«", "»"))
#: How many words there may be before a dateline's bracket, and how far an aside's reaches.
DATELINE, ASIDE = 3, 6
#: Names that are no place for a trigger; but مسيرات may be drones, and may be marches.
CLOSED = frozenset(("LAW", "EVENT", "ORG", "TITLE", "WEAPON", "PERSON", "GPE", "DATE", "FAC"))


class Words:
    """Lists of a language's `events.toml` as sets of folded words: what is written `رفض/يرفض` is a
    verb, of which all forms are meant."""

    def __init__(self, rules: str) -> None:
        self._rules = rules

    def __call__(self, listed: Sequence[str]) -> frozenset[str]:
        """The words of a list."""
        found: set[str] = set()
        for word in listed:
            if "/" in word:
                found.update(form.text for form in inflect(self._rules, "verb", word.rstrip("/")))
            else:
                found.add(fold_key(word))
        return frozenset(found)


def looked_up(clitics: Clitics, endings: Sequence[str]) -> Callable[[str], frozenset[str]]:
    """All that a folded word can be looked up as: without clitics and article, and, where enough of
    it is left, without a pronoun or the ending of an object (طريقا)."""

    def forms(key: str) -> frozenset[str]:
        owned = (word for word in clitics.possessed(key) if len(word) > 3)
        stems = clitics.stems(key)
        objects = (
            word.removesuffix(ending)
            for word in stems
            for ending in endings
            if word.endswith(ending) and len(word) > 3
        )
        return frozenset((*stems, *owned, *objects))

    return lru_cache(maxsize=1 << 15)(forms)


class Carried(Struct, frozen=True):
    """The verb that carries a noun: its subject, the subject's role ("" without such a verb), where
    it stands before the noun (-1 if it does not), and who a verb after the noun says takes part."""

    subject: Sequence[Place] = ()
    role: str = ""
    verb: int = -1
    joining: Sequence[Place] = ()


class Sentence:
    """Words `first` to `last` (half open) of a page, with the places in it; `readings` gives all
    that a folded word can be looked up as."""

    def __init__(
        self,
        page: Page,
        first: int,
        last: int,
        places: Sequence[Place],
        readings: Callable[[str], frozenset[str]],
    ) -> None:
        self.page = page
        self.first = first
        self.last = last
        self.places = places
        self._readings = readings
        #: Whether all its dates are long past; `event_history` keeps it here.
        self.old: bool | None = None
        #: Who carries a noun, by its words; `event_carrier` keeps it here.
        self.carried: dict[tuple[int, int], Carried] = {}

    def forms(self, k: int) -> frozenset[str]:
        """All that a word can be looked up as: without clitics, article, pronoun."""
        return self._readings(self.page.key(k))

    @cached_property
    def _everything(self) -> frozenset[str]:
        return frozenset[str]().union(*(self.forms(k) for k in range(self.first, self.last)))

    def everything(self) -> frozenset[str]:
        """The same of all its words together."""
        return self._everything

    @cached_property
    def _marks(self) -> list[int]:
        marks = [k for k in range(self.first, self.last) if self.page.key(k) in MARKS]
        aside = set(self._aside(marks))
        return [k for k in marks if k not in aside]

    def _aside(self, marks: Sequence[int]) -> Iterator[int]:
        """The brackets around something short that is said aside, beyond a dateline."""
        for a, b in pairwise(marks):
            pair = (self.page.key(a), self.page.key(b)) in (("(", ")"), ("[", "]"))
            if pair and a - self.first > DATELINE and b - a <= ASIDE:
                yield from (a, b)

    def edge(self, start: int) -> int:
        """The first word after the last mark before word `start`, else of the sentence."""
        at = bisect_left(self._marks, start)
        return self._marks[at - 1] + 1 if at else self.first

    @cached_property
    def covered(self) -> frozenset[int]:
        """The words that belong to an entity."""
        return frozenset(k for place in self.places for k in range(place.start, place.end))

    @cached_property
    def uncounted(self) -> frozenset[int]:
        """These, and marks."""
        marks = (k for k in range(self.first, self.last) if not self.page.key(k)[:1].isalnum())
        return self.covered.union(marks)


def closed(page: Page, entities: Sequence[Entity]) -> set[int]:
    """The words of a page that belong to a name and are no trigger."""
    return {
        i
        for start, here in page.locate(entities).items()
        for end, entity in here
        if entity.label in CLOSED and not (entity.label == "WEAPON" and end == start + 1)
        for i in range(start, end)
    }
