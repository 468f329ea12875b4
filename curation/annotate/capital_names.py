"""PERSON and TITLE by capital letters: the `names.v1` of a language that writes names with them
(`capitals` in `words.toml`).

A person stands after a title or a form of address (President Emmanuel Macron, Mme Dupont), is made
of a known given name and capitalised words, is a capitalised name beside a verb of saying, or is
named by the last part of a name that the document gives in full. Titles are in `titles.toml`, names
in the lists it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.annotate.capitals import begins_sentence, capital, compound, loud_words
from curation.annotate.clitics import load_clitics
from curation.annotate.knowledge import rows, rules
from curation.annotate.page import Located, Page, key_set
from curation.annotate.titles import Titles
from curation.model import Entity, make_entity

Words = tuple[int, int]


class CapitalNames:
    """The names and titles of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "titles.toml")
        person = table["person"]
        self._titles = Titles(home, load_clitics(home))
        self._kind: dict[str, str] = {}
        for name in person["names"]:
            for word, kind in rows(home / name, 2):
                self._kind.setdefault(word, kind)
        self._common = frozenset(word for (word,) in rows(home / "generated/common_words.tsv", 1))
        self._particles = key_set(person["particles"])
        self._trailing = frozenset(person["trailing"])
        self._says = key_set(person["says"])
        self._joins = key_set(person["joins"])
        self._no_name = key_set(person["no_name"])
        self._limit: int = person["limit"]

    def find(self, page: Page, located: Located) -> Iterator[Entity]:
        """The titles and persons of a page."""
        loud = loud_words(page)
        persons: dict[Words, float] = {}
        titles = list(self._titles.find(page, located))
        heads = frozenset(i for t in titles if t.office for i in range(t.start, t.end))
        for title in titles:
            name = self._after(page, title.end, located, heads) if title.end not in loud else None
            if name is not None:
                persons[name] = 0.85
            elif page.key(title.end) == "," and title.end + 1 not in loud:
                apart = self._after(page, title.end + 1, located, heads)
                if apart and title.office and apart[1] > compound(page, apart[0]):
                    persons[apart] = 0.7
            if title.office or name is not None:
                yield make_entity(
                    page.text, *page.span(title.start, title.end), "TITLE", score=0.85
                )
        for i in self._titles.addresses.of(page):
            hit = self._titles.address.at(page, i)
            name = (
                self._after(page, hit.end, located, heads) if hit and hit.end not in loud else None
            )
            if name is not None:
                persons.setdefault(name, 0.85)
        self._full_names(page, located, persons, heads | loud)
        self._joined(page, located, persons, heads)
        self._again(page, located, persons, heads | loud)
        for (start, end), score in sorted(persons.items()):
            yield make_entity(page.text, *page.span(start, end), "PERSON", score=score)

    def _after(self, page: Page, i: int, located: Located, heads: frozenset[int]) -> Words | None:
        """The name at word i, which goes on what stands before it."""
        return self._name(page, i, located, heads) if page.joined(i) else None

    def _name(
        self, page: Page, i: int, located: Located, heads: frozenset[int] = frozenset()
    ) -> Words | None:
        """The capitalised name at word i, particles and initials included."""
        end = i
        parts = 0
        while parts < self._limit and (end == i or page.joined(end)) and end not in heads:
            known = self._kind.get(page.key(end), "") not in ("", "shy")
            if any(e.label != "PERSON" for _, e in located.get(end, ())) and not (
                known and (end > i or self._is_part(page, end + 1, located))
            ):
                break
            step = self._part(page, end, first=end == i)
            stops = page.key(end) in self._no_name - (self._particles if end > i else frozenset())
            if step is None or stops:
                break
            end, parts = step, parts + 1
        while end > i and page.joined(end) and page.written(end) in self._trailing:
            end += 1
        return (i, end) if end > i else None

    def _part(self, page: Page, i: int, *, first: bool) -> int | None:
        """The word after one part of a name at word i: a capitalised word with what hyphens join to
        it, an initial with its full stop, or particles with what they lead."""
        written = page.written(i)
        if capital(page, i) and written[0].isalpha() and page.key(i) not in self._particles:
            full_stop = len(written) == 1 and page.written(i + 1) == "."
            return i + 2 if full_stop else compound(page, i)
        if page.key(i) in self._particles and (not first or capital(page, i) or self._led(page, i)):
            end = compound(page, i)
            if end > i + 1:  # al-Assad
                return end if capital(page, i + 2) else None
            return self._part(page, i + 1, first=False) if page.joined(i + 1) else None
        return None

    @staticmethod
    def _led(page: Page, i: int) -> bool:
        """Whether a particle and what it leads are written as one: al-Assad."""
        return compound(page, i) > i + 1

    def _is_part(self, page: Page, i: int, located: Located) -> bool:
        """Whether another part of a name, and no other entity, stands at word i."""
        free = all(entity.label == "PERSON" for _, entity in located.get(i, ()))
        return free and page.joined(i) and self._part(page, i, first=False) is not None

    def _full_names(
        self, page: Page, located: Located, persons: dict[Words, float], blocked: frozenset[int]
    ) -> None:
        """Names of two parts and more that begin with a given name, or that somebody says."""
        inside = {i for start, end in persons for i in range(start, end)}
        after = 0
        for i in range(len(page)):
            if i < after or i in blocked or i in inside or not capital(page, i):
                continue
            name = self._name(page, i, located, blocked)
            if name is None or name[1] <= compound(page, i):
                continue
            score = self._likely(page, *name)
            if score and inside.isdisjoint(range(*name)):
                persons[name] = score
                after = name[1]

    def _likely(self, page: Page, i: int, end: int) -> float:
        """How likely capitalised words are a person's name; 0 if nothing speaks for it."""
        first = self._kind.get(page.key(i), "")
        if first in ("given", "both"):
            return 0.7
        begins = begins_sentence(page, i)
        second = self._kind.get(page.key(compound(page, i)), "")
        if first == "shy" and second and (second != "shy" or not begins):
            return 0.6
        usual = begins and page.key(i) in self._common
        return 0.6 if self._said(page, i, end) and not usual else 0.0

    def _said(self, page: Page, i: int, end: int) -> bool:
        """Whether a verb of saying stands right beside the words."""
        return any(page.key(k) in self._says for k in (i - 1, end, end + 1))

    def _joined(
        self, page: Page, located: Located, persons: dict[Words, float], heads: frozenset[int]
    ) -> None:
        """A known name that is joined to a person's."""
        for _, end in sorted(persons):
            if page.key(end) not in self._joins or not page.joined(end):
                continue
            name = self._after(page, end + 1, located, heads)
            if name and self._kind.get(page.key(end + 1), "") in ("given", "family", "both"):
                persons.setdefault(name, 0.6)

    def _again(
        self, page: Page, located: Located, persons: dict[Words, float], blocked: frozenset[int]
    ) -> None:
        """Later mentions of a person by the last part of the name."""
        last: dict[str, int] = {}
        for start, end in persons:
            first = end - 1
            while first > start + 1 and page.written(first - 1) == "-":
                first -= 2
            if first > start and page.written(first).isalpha():
                last[page.key(first)] = end - first
        inside = {i for start, end in persons for i in range(start, end)}
        for i, key in enumerate(page.keys):
            size = last.get(key)
            if size is None or i in inside or i in blocked or not capital(page, i):
                continue
            usual = begins_sentence(page, i) and key in self._common and key not in self._kind
            if not usual and not located.get(i) and compound(page, i) == i + size:
                persons[(i, i + size)] = 0.7
