"""Groups without a name that take part in events: متظاهرون, مسلحون مجهولون, الشرطة المصرية.

`groups` in the language's `events.toml` lists them by label: people as NORP, police, armies and
other bodies as ORG. A quality or a nationality after a group belongs to it, and so does the body
that it is part of, with a name (مقاتلو حركة طالبان, أهالي قرية كذا) or without (جنود الاحتلال, طلاب
كلية الطب); but forces of a named body (قوات وزارة الداخلية) are none beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from curation.annotate.clitics import Clitics
from curation.annotate.page import Page, key_set
from curation.annotate.phrases import KEPT, Phrases, Starts
from curation.model import Entity, make_entity
from curation.text import fold_key

#: A group is one by a list that was curated by hand; that is put to no vote.
SCORE = 1.0
#: What a group may belong to, as part of its name.
OWNERS = frozenset(("ORG", "GPE", "LOC", "FAC", "PERSON", "NORP", "PRODUCT"))


class Place(Struct, frozen=True):
    """An entity of the sentence: its words, half open, and how it stands there.

    begin: the word where its phrase begins (a number before it, a noun it belongs to). lead: the
    class of the preposition before that, "" if none. joined: whether a conjunction leans on it.
    object: whether it is written as an object. adjective: whether it qualifies the noun before it.
    acts: whether what follows is written as its verb's object (قتل مسلحون مترجما); over: as the
    object of an event's noun (اقتحام الجيش للمخيم). thing: whether the noun it belongs to is one
    that does nothing (منزل فلان). definite: whether it has the article. clitics: what is written
    onto it, if a group. feminine: whether it is a state or town that agrees as feminine.
    counterpart: whether it is named as somebody's counterpart (نظيره).
    """

    start: int
    end: int
    entity: Entity
    begin: int = 0
    lead: str = ""
    joined: bool = False
    object: bool = False
    adjective: bool = False
    acts: bool = False
    over: bool = False
    thing: bool = False
    definite: bool = False
    clitics: str = ""
    feminine: bool = False
    counterpart: bool = False

    @property
    def oblique(self) -> bool:
        """Whether it is a plural or dual that is written as no subject (المحتجين)."""
        return self.object and self.entity.text.split()[0].endswith("ين")


def within(places: Sequence[Place], first: int, last: int) -> Sequence[Place]:
    """The places, which stand in order, that begin among words `first` to `last` (half open)."""
    return places[bisect_left(places, first, key=_start) : bisect_left(places, last, key=_start)]


def _start(place: Place) -> int:
    return place.start


class Groups:
    """The groups of a language. `known` are words that are whole as they stand; `names` says if a
    word may be an event's noun, `only_names` if it may be nothing else, `verbs` if a verb."""

    def __init__(
        self,
        table: dict[str, Any],
        clitics: Clitics,
        known: frozenset[str],
        names: Callable[[str], bool],
        only_names: Callable[[str], bool],
        verbs: Callable[[str], bool],
    ) -> None:
        self._names = names
        self._only_names = only_names
        self._verbs = verbs
        self._known = known
        self._clitics = clitics
        self._conjunctions = clitics.conjunctions
        self._article = clitics.article
        groups: dict[str, list[str]] = table["groups"]
        self._groups = {
            label: Phrases(_numbers(words, table["plurals"]), clitics, article=True)
            for label, words in groups.items()
        }
        starts = Starts(*self._groups.values())
        self._begins = lru_cache(maxsize=KEPT)(starts.begins)
        self._adjectives = key_set(table["adjectives"])
        self._qualities = key_set(table["qualities"])
        self._members = key_set(table.get("members", []))
        self._owned = key_set(table.get("owned", []))
        self._kindred = key_set(table.get("kindred", []))
        self._partitive = key_set(table.get("partitive", []))
        self._units = key_set([*table["quantities"], *table.get("units", [])])
        self._sound = tuple(str(ending) for ending in table.get("sound_plurals", []))
        self._constructs = tuple(str(ending) for ending in table.get("constructs", []))
        self._nisba = tuple(fold_key(ending) for ending in table.get("nisba", []))
        self._bodies = key_set(table.get("bodies", []))
        leads = [word for words in table["leads"].values() for word in words]
        self._stops = key_set([*leads, *table["clauses"], *table["adjuncts"]])

    def among(self, page: Page, first: int, last: int, taken: Sequence[Place]) -> list[Place]:
        """The groups among words `first` to `last` (half open) that lie in no entity."""
        named = (place for place in taken if place.entity.label != "CARDINAL")  # المئات may act
        covered = {k: place for place in named for k in range(place.start, place.end)}
        found: list[Place] = []
        after = first
        for i, key in enumerate(page.keys[first:last], first):
            if not self._begins(key) or i < after:
                continue
            if i in covered and not self._mistaken(page, covered[i]):
                continue
            if (group := self._at(page, i, first, last, covered)) is not None:
                found.append(group)
                after = group.end
        return found

    def _mistaken(self, page: Page, place: Place) -> bool:
        """Whether what was taken for a person is a bare group: one word with no name beside it."""
        return place.entity.label == "PERSON" and place.end == place.start + 1

    def _at(
        self, page: Page, i: int, first: int, last: int, covered: dict[int, Place]
    ) -> Place | None:
        if page.key(i) in self._adjectives and i > first and self._only_names(page.key(i - 1)):
            return None  # هجوم انتحاري, but قتل مسلح
        if self._acts(page, i, first, last, covered):
            return None
        for label, phrases in self._groups.items():
            hit = phrases.at(page, i)
            if hit is None or hit.end > last:
                continue
            inside = covered.get(hit.end - 1)
            if inside is not None and inside.start == i:
                if hit.definite or hit.end < inside.end:
                    continue
                inside = None
            # what is named in it is part of it: قوات | الاحتلال الإسرائيلي
            end = hit.end if inside is None else inside.end
            if page.key(end) in self._partitive and page.key(i) in self._units:
                return None  # المئات من العمال: who is counted acts
            if not hit.definite and end < last and page.joined(end):
                owner = covered.get(end)
                member = hit.phrase[-1] in self._members
                owned = member or hit.phrase[-1] in self._owned
                if owner is not None and owner.entity.label in ("ORG", "GPE") and not owned:
                    return None  # قوات وزارة الداخلية: the ministry is who acts
                body = self._groups.get("ORG") if member else None
                whole = body.at(page, end, clitics=False) if body else None
                if whole is not None and whole.definite and whole.end <= last:
                    label, end = "ORG", whole.end
                elif owned:
                    construct = hit.phrase[-1].endswith(self._constructs)
                    kindred = hit.phrase[-1] in self._kindred
                    bodies = label == "ORG"
                    end = self._owner(page, end, last, covered, construct, bodies, kindred)
            end = self._qualified(page, end, last, covered)
            entity = make_entity(page.text, *page.span(i, end), label, score=SCORE)
            return Place(i, end, entity, clitics=hit.clitics)
        return None

    def _acts(self, page: Page, i: int, first: int, last: int, covered: dict[int, Place]) -> bool:
        """Whether a word is a verb that begins a clause, before who does it: طالب الادعاء."""
        begins = i == first or not page.joined(i) or page.key(i - 1) in self._stops
        if not begins or not self._verbs(page.key(i)):
            return False
        subject = covered.get(i + 1)
        named = subject is not None and subject.entity.label != "NORP"
        return named or self._definite(page, i + 1, last)

    def _owner(
        self,
        page: Page,
        end: int,
        last: int,
        covered: dict[int, Place],
        construct: bool,
        bodies: bool,
        kindred: bool,
    ) -> int:
        """The end of a group with what it belongs to: somebody or something named, or a noun with
        the article that is itself no group (عمال الموانئ), but after the kindred of one (أهالي
        الأسرى); a kind of body may stand before both.
        """
        at = end
        while at < last and page.joined(at):
            title = covered.get(at)
            if title is not None and title.start == at and title.entity.label == "TITLE":
                end = at = title.end
                # الرئيس المعزول محمد مرسي
                at += at not in covered and self._definite(page, at, last) and at + 1 in covered
            elif title is None and page.key(at) in self._bodies:
                at += 1
            else:
                break
        kinds = at > end or bodies
        if (kinds or construct) and at not in covered and self._definite(page, at + 1, last):
            at += self._chained(page, at)  # شركة غزل المحلة
        if at >= last or not page.joined(at):
            return end
        owner = covered.get(at)
        if owner is not None:
            whose = owner.start == at and owner.entity.label in OWNERS
            leans = self._clitics.split(page.key(at), self._known)[0]
            return owner.end if whose and not leans else end
        owns = self._definite(page, at, last) and not self._names(page.key(at))
        if not owns or (self._begins(page.key(at)) and not (kinds or kindred)):
            return end
        at += 1
        return at + (at not in covered and self._relative(page, at, last))

    def _relative(self, page: Page, k: int, last: int) -> bool:
        """Whether an adjective of relation goes on with a noun (السكك الحديدية)."""
        return self._definite(page, k, last) and page.key(k).endswith(self._nisba)

    def _chained(self, page: Page, k: int) -> bool:
        """Whether a word may stand between a kind of body and its name: a bare noun."""
        key = page.key(k)
        bare = key[:1].isalpha() and not key.startswith(self._article)
        alone = key not in self._stops and not self._clitics.split(key, self._known)[0]
        return page.joined(k) and bare and alone

    def _definite(self, page: Page, k: int, last: int) -> bool:
        """Whether a word goes on with the article."""
        article = bool(self._article) and page.key(k).startswith(self._article)
        return article and k < last and page.joined(k)

    def _qualified(self, page: Page, end: int, last: int, covered: dict[int, Place]) -> int:
        """The end of a group with the qualities and the nationality after it."""
        while end < last and page.joined(end):
            other = covered.get(end)
            if other is not None and other.start == end and other.entity.label == "NORP":
                if self._leans(other.entity.text):
                    break
                end = other.end
                continue
            quality = page.key(end) in self._qualities and not self._other_case(page, end)
            if not quality and not self._agrees(page, end):
                break
            end += 1
        return end

    def _other_case(self, page: Page, k: int) -> bool:
        """Whether a word stands in another case than the plural before it (مسلحون مدنيين)."""
        key, before = page.key(k), page.key(k - 1)
        return bool(self._sound) and (
            key.endswith(self._sound) and before.endswith(self._sound) and key[-2:] != before[-2:]
        )

    def _agrees(self, page: Page, k: int) -> bool:
        """Whether a group's word only qualifies the one before it: it agrees with it in its ending
        and the article (محتجين مؤيدين), as no object does (مسلحون مدنيين)."""
        key, before = page.key(k), page.key(k - 1)
        alike = key.endswith(self._sound) and key[-2:] == before[-2:]
        article = key.startswith(self._article) == before.startswith(self._article)
        return bool(self._sound) and alike and article and self._begins(key)

    def _leans(self, text: str) -> bool:
        return text.startswith(self._conjunctions[:1])


def _numbers(words: Sequence[str], plurals: Sequence[str]) -> Iterator[str]:
    """Phrases with the plurals of those that are marked for it (`متظاهر*`), or these alone
    (`مدني+`)."""
    for word in words:
        if word.endswith(("*", "+")):
            yield from (word[:-1] + ending for ending in plurals)
        if not word.endswith("+"):
            yield word.removesuffix("*")
