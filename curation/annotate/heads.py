"""`heads.v1`: names built around a head noun, in languages that write names with capital letters.

Bank of England · Mount Everest · ministère de la Défense · Suez Canal · French army · armée
française. A head takes what follows it by links (of, de la), capital letters or words that may
stand small in a name; a tail takes the capitalised words before it; a national head takes a
nationality or a country. The heads are the language's `heads.toml`, a table for each kind;
nationalities and places come from the draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.annotate.capitals import begins_sentence, capital, compound, loud_words
from curation.annotate.clitics import Clitics, load_clitics
from curation.annotate.knowledge import folder, rules
from curation.annotate.page import Located, Page, key_set, page_of
from curation.annotate.phrases import Phrases, Starts
from curation.annotate.protocol import EachDraft, Options, reading
from curation.model import Annotation, Document, Entity, Schema, make_entity

NAME = "heads.v1"
_NATIONS = ("NORP", "GPE")
_PLACES = ("NORP", "GPE", "LOC")


def heads(options: Options, schema: Schema) -> EachDraft:
    """Make the annotator. Options: `knowledge`, the folder."""
    grammar = Grammar(folder(options))

    def read(document: Document, entities: tuple[Entity, ...]) -> Annotation:
        page = page_of(document.text)
        return reading(NAME, grammar.find(page, page.locate(entities)))

    return EachDraft(NAME, read)


class Kind:
    """The heads of one label."""

    def __init__(self, table: dict[str, Any], clitics: Clitics) -> None:
        self.label: str = table["label"]
        self.score: float = table["score"]
        self.heads = Phrases(table.get("heads", ()), clitics)
        self.direct = Phrases(table.get("direct", ()), clitics)
        self.tails = Phrases(table.get("tails", ()), clitics)
        self.nation = Phrases(table.get("nation", ()), clitics)
        self.starts = Starts(self.heads, self.direct, self.tails, self.nation)


class Grammar:
    """The heads of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "heads.toml")
        clitics = load_clitics(home)
        self._kinds = [Kind(kind, clitics) for kind in table["kind"]]
        self._links = key_set(table["links"])
        self._joins = key_set(table["joins"])
        self._after_join = key_set(table["after_join"])
        self._lower = key_set(table["lower"])
        self._not_first = key_set(table["not_first"])
        self._nation_first: bool = table["nation_first"]
        self._limit: int = table["limit"]

    def find(self, page: Page, located: Located) -> Iterator[Entity]:
        """The names of a page; they may overlap."""
        loud = loud_words(page)
        ending = {
            end: (start, entity.label) for start, here in located.items() for end, entity in here
        }
        for kind in self._kinds:
            for i in kind.starts.of(page):
                if i in loud:
                    continue
                for start, end in self._names(page, i, kind, located, ending):
                    yield make_entity(
                        page.text, *page.span(start, end), kind.label, score=kind.score
                    )

    def _names(
        self,
        page: Page,
        i: int,
        kind: Kind,
        located: Located,
        ending: dict[int, tuple[int, str]],
    ) -> Iterator[tuple[int, int]]:
        if hit := kind.heads.at(page, i):
            end = self._after(page, hit.end, located, linked=True)
            if end > hit.end:
                yield (self._before(page, i, ending) if capital(page, i) else i), end
        if (hit := kind.direct.at(page, i)) and self._named(page, hit.end, located):
            end = self._after(page, hit.end, located, linked=False)
            if end > hit.end:
                yield i, end
        if (hit := kind.tails.at(page, i)) and capital(page, i):
            start = self._before(page, i, ending)
            if start < i:
                yield start, hit.end
        if hit := kind.nation.at(page, i):
            if self._nation_first:
                start, label = ending.get(i, (i, ""))
                if label in _NATIONS and page.joined(i):
                    yield start, hit.end
            at = hit.end
            while page.key(at) in self._links and page.joined(at):
                at += 1
            # armée française, ambassade de France
            wanted = "NORP" if at == hit.end else "GPE"
            if page.joined(at) and not (self._nation_first and at == hit.end):
                yield from ((i, end) for end, e in located.get(at, ()) if e.label == wanted)

    def _named(self, page: Page, i: int, located: Located) -> bool:
        """Whether a capitalised word that is no date or the like stands at word i."""
        others = [entity for _, entity in located.get(i, ()) if entity.label not in _PLACES]
        return page.joined(i) and capital(page, i) and not others

    def _after(self, page: Page, first: int, located: Located, *, linked: bool) -> int:
        """The word after what belongs to a head that ends before word `first`."""
        at = good = first
        within = (*_PLACES, "ORG") if linked else _PLACES
        while at - first < self._limit and page.joined(at):
            key = page.key(at)
            here = located.get(at, ())
            joins = key in self._joins and page.key(at + 1) in self._after_join
            links = linked and key in self._links and not (capital(page, at) and here)
            if joins or links:
                at += 1
            elif inner := [end for end, entity in here if entity.label in within]:
                at = good = inner[0]
            elif here or not (capital(page, at) or (linked and key in self._lower)):
                break
            else:
                at = good = compound(page, at)
        return good

    def _before(self, page: Page, i: int, ending: dict[int, tuple[int, str]]) -> int:
        """The first of the capitalised words that belong to a name whose head is word i."""
        start = i
        while start > 0 and i - start < self._limit and page.joined(start):
            if start in ending:
                first, label = ending[start]
                if label not in _PLACES and label not in ("ORG", "FAC"):
                    break
                if not capital(page, first):
                    break
                start = first
                continue
            first = start - 1
            while (
                i - first < 2 * self._limit
                and first > 1
                and page.written(first - 1) == "-"
                and capital(page, first - 2)
            ):
                first -= 2
            if not capital(page, first) or page.key(first) in self._not_first:
                break
            start = first
        if start < i and page.key(start) in self._not_first and begins_sentence(page, start):
            start += 1
        return start
