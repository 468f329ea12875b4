"""Groups without a name that take part in events: متظاهرون, مسلحون مجهولون, الشرطة المصرية.

`groups` in the language's `events.toml` lists them by label: people as NORP, police, armies and
other bodies as ORG. A quality or a nationality after a group belongs to it, and so does the body
that it is part of (جنود الاحتلال); a group of a named one (مقاتلو طالبان) is none beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from curation.annotate.clitics import Clitics
from curation.annotate.page import Page, key_set
from curation.annotate.phrases import KEPT, Phrases, Starts
from curation.model import Entity, make_entity

#: A group is one by a list that was curated by hand; that is put to no vote.
SCORE = 1.0


class Place(Struct, frozen=True):
    """An entity of the sentence: its words, half open, and how it stands there.

    begin: the word where its phrase begins (a number before it, a noun it belongs to). lead: the
    class of the preposition before that, "" if none. joined: whether a conjunction leans on it.
    object: whether it is written as an object. adjective: whether it qualifies the noun before it.
    acts: whether what follows is written as its verb's object (قتل مسلحون مترجما); over: as the
    object of an event's noun (اقتحام الجيش للمخيم). thing: whether the noun it belongs to is one
    that does nothing (منزل فلان). definite: whether it has the article. clitics: what is written
    onto it, if a group.
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


class Groups:
    """The groups of a language. `names` says whether a word may be an event's noun."""

    def __init__(
        self, table: dict[str, Any], clitics: Clitics, names: Callable[[str], bool]
    ) -> None:
        self._names = names
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
        self._quantities = key_set(table["quantities"])
        self._partitive = key_set(table.get("partitive", []))

    def among(self, page: Page, first: int, last: int, taken: Sequence[Place]) -> list[Place]:
        """The groups among words `first` to `last` (half open) that lie in no entity."""
        named = (place for place in taken if place.entity.label != "CARDINAL")  # المئات may act
        covered = {k: place for place in named for k in range(place.start, place.end)}
        found: list[Place] = []
        after = first
        for i, key in enumerate(page.keys[first:last], first):
            if not self._begins(key) or i in covered or i < after:
                continue
            if (group := self._at(page, i, first, last, covered)) is not None:
                found.append(group)
                after = group.end
        return found

    def _at(
        self, page: Page, i: int, first: int, last: int, covered: dict[int, Place]
    ) -> Place | None:
        if page.key(i) in self._adjectives and i > first and self._names(page.key(i - 1)):
            return None  # هجوم انتحاري
        for label, phrases in self._groups.items():
            hit = phrases.at(page, i)
            if hit is None or hit.end > last or any(k in covered for k in range(i, hit.end)):
                continue
            end = hit.end
            if page.key(end) in self._partitive and page.key(i) in self._quantities:
                return None  # المئات من العمال: who is counted acts
            if not hit.definite and end < last and page.joined(end):
                owner = covered.get(end)
                if owner is not None and owner.entity.label in ("ORG", "GPE"):
                    return None  # قوات وزارة الداخلية: the ministry is who acts
                member = hit.phrase[-1] in self._members
                body = self._groups.get("ORG") if member else None
                whole = body.at(page, end, clitics=False) if body else None
                if whole is not None and whole.definite and whole.end <= last:
                    label, end = "ORG", whole.end
                elif owner is not None and owner.entity.label == "PERSON":
                    end = owner.end if hit.phrase[-1] in self._owned else end
                elif hit.phrase[-1] in self._owned:
                    end = self._owner(page, end, last, covered)
            end = self._qualified(page, end, last, covered)
            entity = make_entity(page.text, *page.span(i, end), label, score=SCORE)
            return Place(i, end, entity, clitics=hit.clitics)
        return None

    def _owner(self, page: Page, end: int, last: int, covered: dict[int, Place]) -> int:
        """The end of a group with what it belongs to (عمال الموانئ): a noun with the article that
        is itself no group."""
        key = page.key(end)
        free = end < last and page.joined(end) and end not in covered
        owns = bool(self._article) and key.startswith(self._article)
        return end + (free and owns and not (self._begins(key) or self._names(key)))

    def _qualified(self, page: Page, end: int, last: int, covered: dict[int, Place]) -> int:
        """The end of a group with the qualities and the nationality after it."""
        while end < last and page.joined(end):
            other = covered.get(end)
            if other is not None and other.start == end and other.entity.label == "NORP":
                return end if self._leans(other.entity.text) else other.end
            if page.key(end) not in self._qualities:
                break
            end += 1
        return end

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
