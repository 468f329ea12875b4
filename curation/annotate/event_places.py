"""Who and what may take part in an event: the entities of a sentence and how they stand in it.

Groups without a name (`event_groups`) are participants too. They become entities where an event
names them, and only there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from curation.annotate.clitics import Clitics
from curation.annotate.event_groups import Groups, Place
from curation.annotate.event_lexicon import EventLexicon
from curation.annotate.page import Page, key_set
from curation.model import Entity

#: How many words may lie between a preposition and what it leads to (على مواقع الجيش).
_REACH = 3
#: Words up to so long may end like a plural and be none (معاون).
_SHORT = 5


class Places:
    """The rules of a language for finding them. `table` is its `events.toml`."""

    def __init__(
        self,
        table: dict[str, Any],
        clitics: Clitics,
        known: frozenset[str],
        lexicon: EventLexicon,
    ) -> None:
        self._clitics = clitics
        self._groups = Groups(table, clitics, known, lexicon.noun, lexicon.only_noun, lexicon.verb)
        self._known = known
        self._classes = {
            word: name for name, words in table["leads"].items() for word in key_set(words)
        }
        self._quantities = key_set(table["quantities"])
        self._units = key_set(table.get("units", []))
        self._pairs = key_set(table.get("pairs", []))
        self._amounts = key_set(table.get("amounts", []))
        self._leading = frozenset(word for pair in self._amounts for word in pair.split())
        self._of = key_set(table["genitive"])
        self._stops = key_set([*table["clauses"], *table["adjuncts"], *table["relatives"]])
        self._object_endings = tuple(str(ending) for ending in table["object_endings"])
        self._accusative = tuple(str(ending) for ending in table["accusative"])
        self._subject_endings = tuple(str(ending) for ending in table.get("subject_endings", []))
        kin = key_set(table.get("kin", []))
        self._kin = kin.union(word[:-1] + "ت" for word in kin if word.endswith("ه"))
        self._no_objects = key_set(table.get("no_objects", []))
        self._counted_objects = key_set(table.get("counted_objects", []))
        self._adverbs = key_set(table["adverbs"])
        self._holders = key_set(table["holders"])
        self._joins = key_set(table["joins"])
        self._partitive = key_set(table.get("partitive", []))
        self._stances = key_set(table.get("stances", []))
        self._masculine = key_set(table.get("masculine", []))
        self._counterparts = key_set(table.get("counterparts", []))
        self._things = key_set(table.get("things", []))
        self._object_leads = tuple(str(lead) for lead in table.get("object_leads", []))

    def of(self, page: Page, first: int, last: int, entities: Sequence[Entity]) -> list[Place]:
        """The outermost entities of a sentence's words and its groups, in order."""
        named: list[Place] = []
        for entity in sorted(entities, key=lambda e: (e.start, -e.end, e.label)):
            start, end = page.at_start.get(entity.start), page.at_end.get(entity.end)
            if start is None or end is None or (named and start < named[-1].end):
                continue
            named.append(Place(start, end, entity))
        groups = self._groups.among(page, first, last, named)
        inside = [(place.start, place.end) for place in groups]
        named = [p for p in named if not any(a <= p.start and p.end <= b for a, b in inside)]
        found = sorted([*named, *groups], key=lambda place: place.start)
        found = [place for place in found if not self._credits(page, place)]
        covered = {i: place for place in found for i in range(place.start, place.end)}
        return [self._standing(page, first, place, covered) for place in found]

    def _credits(self, page: Page, place: Place) -> bool:
        """Whether all that a bracket holds is a name: whose picture it is, or another name of who
        stands before it."""
        named = place.entity.label in ("NORP", "ORG", "PERSON")
        before, after = page.key(place.start - 1) if place.start else "", page.key(place.end)
        return named and before in ("(", "[") and after in (")", "]")

    def _standing(self, page: Page, first: int, place: Place, covered: dict[int, Place]) -> Place:
        begin, label, adjective, thing = place.start, place.entity.label, False, False
        definite = self._clitics.is_definite(page.key(begin))
        while begin > first and self._counts(page, begin - 1, first):
            begin -= 1
        lead, joined = self._own(page, begin, label, place.clitics)
        if not lead and begin == place.start and begin - 1 in covered:
            joined = joined or self._continues(page.key(begin), place)
        # An adjective has the article as its noun does.
        qualifies = label == "NORP" and begin == place.start and definite
        # Back over the nouns it belongs to (مواقع الجيش) or qualifies (القصف الإسرائيلي).
        for _ in range(_REACH):
            if lead or joined or begin <= first or not page.joined(begin):
                break
            key = page.key(begin - 1)
            if begin - 1 in covered or key in self._stops:
                break
            held = key in self._of or not self._holders.isdisjoint(self._clitics.possessed(key))
            if label in ("NORP", "ORG") and self._clitics.is_definite(key):
                held = False  # with the article a noun belongs to nobody: من الساحة | آلاف الطلاب
            described = qualifies and self._clitics.is_definite(key)
            if not held and not described:
                break
            begin, adjective = begin - 1, adjective or described
            thing = thing or not self._things.isdisjoint(self._clitics.stems(key))
            lead, joined = self._own(page, begin, "", "")
            if held and not joined and key[:1] in self._clitics.conjunctions:
                joined = not self._holders.isdisjoint(self._clitics.possessed(key[1:]))
        word = page.key(place.start)
        marked = label == "NORP" and begin == place.start and word.endswith(self._object_endings)
        marked = marked or (begin < place.start and page.key(begin) in self._counted_objects)
        if lead == "to" and not self._stances.isdisjoint(self._clitics.stems(page.key(begin - 1))):
            # مظاهرة مؤيدة للحكومة, but مسلحون موالون للحكومة
            lead = "other" if begin - 2 in covered else "against"
        acts = self._acts(page, place, covered)
        over = page.joined(place.end) and self._over(page, place.end, covered)
        return msgspec.structs.replace(
            place,
            begin=begin,
            lead=lead,
            joined=joined,
            object=marked,
            adjective=adjective,
            acts=acts,
            over=over,
            thing=thing,
            definite=definite,
            feminine=label == "GPE" and self._masculine.isdisjoint(self._clitics.stems(word)),
            counterpart=self._is_counterpart(page, place.start, covered),
        )

    def _is_counterpart(self, page: Page, start: int, covered: dict[int, Place]) -> bool:
        """Whether a name follows such a word, with a nationality or title between at most."""
        before = covered.get(start - 1)
        if before is not None and before.entity.label in ("NORP", "TITLE"):
            start = before.start
        return not self._counterparts.isdisjoint(self._clitics.stems(page.key(start - 1)))

    def _over(self, page: Page, k: int, covered: dict[int, Place]) -> bool:
        """Whether word k is written as the object of a noun: للمخيم, لمدينة …, or a name (لمصر)."""
        key, named = page.key(k), covered.get(k)
        if key.startswith(self._object_leads):
            return True
        clitic = self._clitics.split(key, self._known)[0]
        return named is not None and named.start == k and self._classes.get(clitic) == "to"

    def _continues(self, key: str, place: Place) -> bool:
        """Whether an unknown name right after another one begins with the conjunction."""
        return key not in self._known and key.startswith(self._clitics.conjunctions[:1])

    def _acts(self, page: Page, place: Place, covered: dict[int, Place]) -> bool:
        """Whether an object follows: one that is written as such, or, after a group that is written
        as a subject (مسلحون), any noun that no preposition leads to."""
        end = place.end
        if end not in covered and self.governs(page, end):
            return True
        key, word = page.key(end), page.key(place.start)
        subject = bool(self._subject_endings) and word.endswith(self._subject_endings)
        if place.entity.label != "NORP" or not subject:
            return False
        alike = len(key) > _SHORT and key.endswith(self._subject_endings)  # مسلحون موالون
        if not page.joined(end) or not key[:1].isalpha() or alike:
            return False
        other = covered.get(end)
        if other is not None:
            named = other.entity.label in ("PERSON", "TITLE", "ORG", "GPE", "FAC", "NORP")
            return named and not (other.clitics or self._clitics.split(key, self._known)[0])
        apart = key in self._stops or key in self._classes or key in self._adverbs
        leans = key.startswith((*self._clitics.conjunctions, *self._clitics.prepositions))
        return not (apart or leans or key in self._no_objects)

    def governs(self, page: Page, k: int) -> bool:
        """Whether a verb's object is written at word k: a number, or a word that ends like one."""
        key = page.key(k)
        if not key or not page.joined(k):
            return False
        if key.isdigit() or key in self._quantities:
            return True
        if len(key) > 3 and key.endswith(self._accusative) and key not in self._adverbs:
            return True
        if self._amounts and f"{key} {page.key(k + 1)}" in self._amounts:
            return True
        return key not in self._kin and not self._kin.isdisjoint(self._clitics.possessed(key))

    def pairs(self, page: Page, place: Place) -> bool:
        """Whether a place means two that were named before (الجانبان, الزعيمان)."""
        return place.end == place.start + 1 and not self._pairs.isdisjoint(
            self._clitics.stems(page.key(place.start))
        )

    def _counts(self, page: Page, i: int, first: int) -> bool:
        """Whether a word counts what stands after it (عشرات, 12, عدد من)."""
        key = page.key(i)
        if self._amounts and key in self._leading:
            before = page.key(i - 1) if i > first else ""
            if not {f"{key} {page.key(i + 1)}", f"{before} {key}"}.isdisjoint(self._amounts):
                return True  # ما لا يقل عن عشرين
        if (key in self._of or key in self._partitive) and i > first:
            key = page.key(i - 1)
            if not self._units.isdisjoint(self._clitics.stems(key)):
                return True  # قوة من الجيش
        return key.isdigit() or not self._quantities.isdisjoint(self._clitics.stems(key))

    def _own(self, page: Page, start: int, label: str, clitic: str) -> tuple[str, bool]:
        """The class of the preposition right before or written onto a word, and whether a
        conjunction is; `clitic` is what is known to be."""
        key = page.key(start)
        clitic = clitic or self._clitics.split(key, self._known)[0]
        joined = clitic[:1] in self._clitics.conjunctions and bool(clitic)
        if not clitic and key not in self._known and label == "PERSON":
            joined = key[:1] in self._clitics.conjunctions[:1]
        if clitic[-1:] in self._clitics.prepositions and clitic:
            return self._classes.get(clitic[-1:], "other"), joined
        if not page.joined(start):
            return "", joined
        before = page.key(start - 1)
        if before not in self._classes and before[:1] in self._clitics.conjunctions:
            before = before[1:]
        two = self._classes.get(f"{page.key(start - 2)} {before}")
        return two or self._classes.get(before, ""), joined or before in self._joins
