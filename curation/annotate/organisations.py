"""`orgs.v1`: organisations by how their names are built: a head, then what belongs to it.

وزارة الخارجية الأمريكية · الجيش المغربي · للقوات المسلحة المغربية · موقع “إسرائيل 24” · القناة “12”
الإسرائيلية. The heads are the language's `organisations.toml`; nationalities and places come from
the draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.annotate.clitics import base_words, load_clitics
from curation.annotate.knowledge import folder, rules
from curation.annotate.page import Located, Page, key_set, page_of
from curation.annotate.phrases import Phrases, Starts
from curation.annotate.protocol import EachDraft, Options, reading
from curation.model import Annotation, Document, Entity, Schema, make_entity

NAME = "orgs.v1"


def organisations(options: Options, schema: Schema) -> EachDraft:
    """Make the annotator. Options: `knowledge`, the folder."""
    grammar = Grammar(folder(options))

    def read(document: Document, entities: tuple[Entity, ...]) -> Annotation:
        page = page_of(document.text)
        return reading(NAME, grammar.find(page, page.locate(entities)))

    return EachDraft(NAME, read)


class Grammar:
    """The heads of a language."""

    def __init__(self, home: Path) -> None:
        table = rules(home / "organisations.toml")
        self._clitics = load_clitics(home)
        self._bases = base_words(home)
        self._open = Phrases(table["open"], self._clitics)
        self._certain = Phrases(table["certain"], self._clitics)
        self._national = Phrases(table["national"], self._clitics)
        self._alone = Phrases(table["alone"], self._clitics)
        self._of_country = Phrases(table["of_country"], self._clitics)
        self._named = Phrases(table["named"], self._clitics, article=True)
        self._numbered = Phrases(table["numbered"], self._clitics)
        self._starts = Starts(
            self._open, self._national, self._alone, self._of_country, self._named, self._numbered
        )
        self._after_open = key_set(table["after_open"])
        self._between = key_set(table["between"])
        self._stop = key_set(table["stop"])
        self._limit: int = table["limit"]

    def find(self, page: Page, located: Located) -> Iterator[Entity]:
        """The organisations of a page."""
        for i in self._starts.of(page):
            for start, end, score in (
                *self._quoted(page, i, located),
                *self._with_nation(page, i, located),
                *self._built(page, i, located),
            ):
                yield make_entity(page.text, *page.span(start, end), "ORG", score=score)

    def _quoted(self, page: Page, i: int, located: Located) -> Iterator[tuple[int, int, float]]:
        number = self._numbered.at(page, i)
        if number and page.key(number.end).isdigit():
            end = self._nation(page, number.end + 1, located)
            yield i, end or number.end + 1, 0.85
        hit = self._named.at(page, i)
        inside = page.quoted(hit.end) if hit else None
        if hit is None or inside is None:
            return
        if self._numbered.at(page, i):
            end = self._nation(page, inside[1] + 1, located) or inside[1] + 1
            yield i, end, 0.85
        else:
            yield inside[0], inside[1], 0.85

    def _with_nation(
        self, page: Page, i: int, located: Located
    ) -> Iterator[tuple[int, int, float]]:
        if hit := self._national.at(page, i):
            end = hit.end
            while page.joined(end):
                inner = self._national.at(page, end)
                if inner and inner.clitics not in self._clitics.conjunctions:
                    end = inner.end
                elif page.key(end) in self._between:
                    end += 1
                else:
                    break
            nation = self._nation(page, end, located)
            if nation and self._agree(page, i, end, nation):
                yield i, nation, 0.9
        if alone := self._alone.at(page, i):
            yield i, alone.end, 0.7
        if hit := self._of_country.at(page, i):
            for end, entity in located.get(hit.end, ()):
                whole = entity.label == "GPE" and page.joined(hit.end)
                if whole and not self._clitics.leans(page.key(hit.end), self._bases):
                    yield i, end, 0.8

    def _built(self, page: Page, i: int, located: Located) -> Iterator[tuple[int, int, float]]:
        hit = self._open.at(page, i)
        if hit is None or not page.joined(hit.end):
            return
        end = hit.end
        good = 0
        for _ in range(self._limit):
            if not page.joined(end) or page.key(end) in self._stop:
                break
            entity = next(iter(located.get(end, ())), None)
            if entity is not None and entity[1].label in ("NORP", "GPE", "LOC", "PERSON"):
                if not self._clitics.leans(page.key(end), self._bases):
                    good, end = entity[0], entity[0]
                break
            if entity is not None:
                break
            key = page.key(end)
            bare = key[1:] if key[:1] in self._clitics.conjunctions else key
            definite = bare.startswith(self._clitics.article) and len(bare) > 4
            if end > hit.end and not definite:
                break
            if not definite and key not in self._after_open:
                break
            end += 1
            good = end if definite else good
        if good > hit.end:
            certain = self._certain.at(page, i)
            yield i, good, 1.0 if certain and certain.end == hit.end else 0.75

    def _nation(self, page: Page, i: int, located: Located) -> int | None:
        """The word after a nationality that stands at word i."""
        if not page.joined(i) or self._clitics.leans(page.key(i), self._bases):
            return None
        for end, entity in located.get(i, ()):
            if entity.label == "NORP":
                return end
        return None

    def _agree(self, page: Page, i: int, end: int, nation: int) -> bool:
        """Whether the nationality has the gender of one of the head's words."""
        feminine = page.key(nation - 1).endswith("ه")
        return any(page.key(k).endswith(("ه", "ات")) == feminine for k in range(i, end))
