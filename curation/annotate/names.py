"""`names.v1`: TITLE, and PERSON by what is written around and in a name.

A person is quoted or stands after a title (وزير الدفاع الإسرائيلي “بيني جانتس”), is made of known
names (given name, then family name), or is named by the last part of a name that the document has
already given in full (الفاروق); a name that is joined to a person's (وكوخافي) is one too if it is
no common word. Titles are in `titles.toml`, names in `generated/names.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from curation.annotate.capital_names import CapitalNames
from curation.annotate.clitics import load_clitics
from curation.annotate.knowledge import folder, rows, rules
from curation.annotate.page import Located, Page, key_set, page_of
from curation.annotate.protocol import EachDraft, Options, reading
from curation.annotate.titles import Titles
from curation.model import Annotation, Document, Entity, Schema, make_entity

NAME = "names.v1"

Words = tuple[int, int]


def names(options: Options, schema: Schema) -> EachDraft:
    """Make the annotator. Options: `knowledge`, the folder. A language with capital letters is read
    by these (see capital_names)."""
    home = folder(options)
    capitals = rules(home / "words.toml").get("capitals", False)
    finder = CapitalNames(home) if capitals else Finder(home)

    def read(document: Document, entities: tuple[Entity, ...]) -> Annotation:
        page = page_of(document.text)
        return reading(NAME, finder.find(page, page.locate(entities)))

    return EachDraft(NAME, read)


class Finder:
    """The names and titles of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "titles.toml")
        self._clitics = load_clitics(home)
        self._titles = Titles(home, self._clitics)
        listed = {word: kind for word, kind in rows(home / "generated" / "names.tsv", 2)}
        self._kind = {word: kind for word, kind in listed.items() if kind != "shy"}
        self._shy = frozenset(listed) - self._kind.keys()
        self._common = frozenset(word for (word,) in rows(home / "generated/common_words.tsv", 1))
        self._particles = key_set(table["person"]["particles"])
        self._trailing = frozenset(table["person"]["trailing"])
        self._regnal = key_set(table["person"]["regnal"])
        self._teens = key_set(table["person"]["teens"])
        self._endings = tuple(table["person"]["endings"])
        self._limit: int = table["person"]["limit"]
        self._given = lru_cache(maxsize=1 << 15)(self._given_name)

    def find(self, page: Page, located: Located) -> Iterator[Entity]:
        """The titles and persons of a page."""
        persons: dict[Words, float] = {}
        for title in self._titles.find(page, located):
            name = self._named_after(page, title.end, located)
            if name is not None:
                persons[name] = 0.85
            if title.office or name is not None:
                # Then a part of it is no title in its place (وزير in وزير الدفاع الفرنسي).
                long = title.end > title.start + 1
                score = 1.0 if title.closed or (long and name is not None) else 0.85
                yield make_entity(
                    page.text, *page.span(title.start, title.end), "TITLE", score=score
                )
        for i in self._titles.addresses.of(page):
            if (hit := self._titles.address.at(page, i)) and (
                name := self._named_after(page, hit.end, located)
            ):
                persons.setdefault(name, 0.75)
        self._full_names(page, located, persons)
        self._again(page, located, persons)
        self._joined(page, located, persons)
        for (start, end), score in sorted(persons.items()):
            yield make_entity(page.text, *page.span(start, end), "PERSON", score=score)

    def _named_after(self, page: Page, i: int, located: Located) -> Words | None:
        """The name that stands at word i, quoted or not."""
        if quoted := page.quoted(i, 5):
            return quoted
        if not page.joined(i) or self._clitics.leans(page.key(i), self._kind):
            return None
        end = i
        known = False
        while end - i < self._limit and (end == i or page.joined(end)):
            key = page.key(end)
            if self._taken(located, end) and key not in self._kind and end == i:
                break
            step = self._part(page, end, first=end == i)
            if step is None or (end > i and self._joins(key)):
                break
            known = known or key in self._kind or len(key) > 3
            end = step
        if end > i and page.joined(end) and page.key(end) in self._regnal:
            end += 1 + (page.joined(end + 1) and page.key(end + 1) in self._teens)
        return (i, end) if end > i and known else None

    def _joins(self, key: str) -> bool:
        """Whether a word begins with the conjunction that joins nouns, and is no name itself."""
        return key[:1] in self._clitics.conjunctions[:1] and not self._is_name(key)

    def _part(self, page: Page, i: int, *, first: bool = False) -> int | None:
        """The word after one part of a name: a name, or particles with what they lead (أبو مازن).
        After the first part, a shy name or one with the article is one too (الفاروق)."""
        key = page.key(i)
        if key in self._particles:
            nested = page.joined(i + 1) and page.key(i + 1).isalpha()
            return (self._part(page, i + 1) or i + 2) if nested else None
        word = page.words[i]
        later = self._is_name(key) or page.text[word.start : word.end] in self._trailing
        known = self._name_like(key) or (not first and later)
        return i + 1 if known else None

    def _name_like(self, key: str) -> bool:
        """Whether a folded word is a known name, or no common word at all."""
        if key in self._kind:
            return True
        strange = key.isalpha() and len(key) > 2 and not key.endswith(self._endings)
        return strange and not self._usual(key)

    def _is_name(self, key: str) -> bool:
        """Whether a word can be a later part of a name."""
        return any(
            word in self._kind or word in self._shy for word in (key, self._clitics.bare(key))
        )

    def _usual(self, key: str) -> bool:
        """Whether a word, in some reading without clitics, is a common one."""
        return any(
            (word in self._common or self._clitics.bare(word) in self._common)
            and (not clitic or word not in self._kind)
            for clitic, word in self._clitics.readings(key)
        )

    def _full_names(self, page: Page, located: Located, persons: dict[Words, float]) -> None:
        """Given name and family name, both known; or a foreign word for the latter."""
        inside = {i for start, end in persons for i in range(start, end)}
        after = 0
        for i, key in enumerate(page.keys):
            if i < after or not self._given(key) or i in inside:
                continue
            end = self._full_name(page, i, located)
            if end > i and inside.isdisjoint(range(i, end)):
                persons[(i, end)] = 0.65
                after = end

    def _given_name(self, key: str) -> str:
        """The given name that a written word is, without its clitics; empty if it is none."""
        name = self._clitics.split(key, self._kind)[1]
        return name if self._kind.get(name) in ("given", "both") else ""

    def _full_name(self, page: Page, i: int, located: Located) -> int:
        first = self._given(page.key(i))
        if not first or self._taken(located, i):
            return i
        end = i + 1
        shy = first in self._common
        while end - i < self._limit and page.joined(end):
            key = page.key(end)
            known = key in self._kind
            if self._taken(located, end) and not known:
                break
            second = end == i + 1 and key not in self._particles
            if second and not known and (shy or key[:1] in self._clitics.conjunctions):
                break
            step = self._part(page, end)
            foreign = not second and key not in self._particles and not known
            if step is None or (foreign and self._name_like(key)):
                break
            end = step
        return end if end > i + 1 else i

    def _again(self, page: Page, located: Located, persons: dict[Words, float]) -> None:
        """Later mentions of a person by the last part of the name."""
        last = {page.key(end - 1) for start, end in persons if end > start + 1}
        last = {key for key in last if key not in self._common or self._is_name(key)}
        if not last:
            return
        inside = {i for start, end in persons for i in range(start, end)}
        for i, key in enumerate(page.keys):
            if last.isdisjoint(self._clitics.words(key)):
                continue
            if i not in inside and not self._taken(located, i):
                persons[(i, i + 1)] = 0.7

    def _joined(self, page: Page, located: Located, persons: dict[Words, float]) -> None:
        """A name joined to a person's by a conjunction."""
        inside = {i for start, end in persons for i in range(start, end)}
        for _, end in sorted(persons):
            key = page.key(end)
            word = key[1:] if key[:1] in self._clitics.conjunctions[:1] else ""
            if not word or not page.joined(end) or self._taken(located, end):
                continue
            if word in self._kind or (self._name_like(word) and not self._usual(key)):
                stop = end + 1
                while page.joined(stop) and page.key(stop) in self._kind and stop - end < 3:
                    stop += 1
                if inside.isdisjoint(range(end, stop)):
                    inside.update(range(end, stop))
                    persons[(end, stop)] = 0.55

    @staticmethod
    def _taken(located: Located, i: int) -> bool:
        return i in located
