"""`terms.v1`: WEAPON, LAW and EVENT by nouns that announce them.

Weapons: a noun or a system's name with its qualities and its model (مقاتلات f5, باراك 8).
Agreements: a heading word with what describes or names it (مذكرة تفاهم أمنية). Events: a quoted
name after a heading word (مناورات “الأسد الإفريقي 2022”), a dated one (حرب 1967), or a known one.
The words are the language's `terms.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from curation.annotate.clitics import Clitics, load_clitics
from curation.annotate.knowledge import folder, rules
from curation.annotate.page import CLOSING, Page, key_set, page_of
from curation.annotate.phrases import Phrases, Starts
from curation.annotate.protocol import EachDocument, Options, reading
from curation.model import Annotation, Document, Entity, Schema, make_entity

NAME = "terms.v1"

Found = Iterator[tuple[int, int, float]]


def terms(options: Options, schema: Schema) -> EachDocument:
    """Make the annotator. Options: `knowledge`, the folder."""
    home = folder(options)
    clitics = load_clitics(home)
    table = rules(home / "terms.toml")
    finders = {
        "WEAPON": Weapons(table["weapon"], clitics),
        "LAW": Laws(table["law"], clitics),
        "EVENT": Events(table["event"], clitics),
    }

    def entities(page: Page) -> Iterator[Entity]:
        for label, finder in finders.items():
            for i in finder.starts.of(page):
                for start, end, score in finder.find(page, i):
                    yield make_entity(page.text, *page.span(start, end), label, score=score)

    def read(document: Document) -> Annotation:
        return reading(NAME, entities(page_of(document.text)))

    return EachDocument(NAME, read)


class Weapons:
    """Weapon nouns, systems and models."""

    def __init__(self, table: dict[str, Any], clitics: Clitics) -> None:
        self._nouns = Phrases(table["nouns"], clitics, article=True, pronouns=True)
        self._qualified = Phrases(table["qualified"], clitics, article=True, pronouns=True)
        self._qualities = Phrases(table["qualities"], clitics)
        self._follow = Phrases([*table["follow"], *table["qualities"]], clitics)
        self._names = Phrases(table["names"], clitics)
        self._with_number = Phrases(table["with_number"], clitics)
        # Where a noun follows a name (Patriot missiles), a name without one is another word.
        self._nouns_follow: bool = table.get("names_before_nouns", False)
        self._model = re.compile(table["model"])
        self.starts = Starts(self._with_number, self._names, self._nouns, self._qualified)

    def find(self, page: Page, i: int) -> Found:
        """What of a weapon begins at word i."""
        if end := self._system(page, i):
            yield i, self._noun(page, end) or end, 0.85
        elif hit := self._names.at(page, i):
            end = self._figure(page, hit.end) or self._noun(page, hit.end)
            if end or not self._nouns_follow:
                yield i, end or hit.end, 0.85
        elif hit := self._nouns.at(page, i):
            yield i, self._end(page, hit.end), 0.75
        elif (hit := self._qualified.at(page, i)) and page.joined(hit.end):
            quality = self._qualities.at(page, hit.end, clitics=False)
            if quality:
                yield i, self._end(page, quality.end), 0.8
            elif end := self._system(page, hit.end, clitics=False) or self._model_at(page, hit.end):
                yield i, end, 0.7

    def _end(self, page: Page, end: int) -> int:
        while page.joined(end) and (hit := self._follow.at(page, end, clitics=False)):
            end = hit.end
        if not page.joined(end):
            return end
        if named := self._names.at(page, end, clitics=False):
            return self._figure(page, named.end) or named.end
        return self._system(page, end, clitics=False) or self._model_at(page, end) or end

    def _noun(self, page: Page, i: int) -> int | None:
        """The word after a weapon noun at word i that belongs to the name before it."""
        if not self._nouns_follow or not page.joined(i):
            return None
        hit = self._nouns.at(page, i, clitics=False)
        return hit.end if hit else None

    def _system(self, page: Page, i: int, *, clitics: bool = True) -> int | None:
        """The word after a system's name with its figure at word i: إف-35."""
        hit = self._with_number.at(page, i, clitics=clitics)
        return self._figure(page, hit.end) if hit else None

    def _model_at(self, page: Page, i: int) -> int | None:
        """The word after a model in Latin letters and figures (f5, f-16) at word i."""
        for end in range(min(i + 3, len(page)), i, -1):
            start, stop = page.span(i, end)
            text = "".join(page.key(k) for k in range(i, end))
            solid = not re.search(r"\s", page.text[start:stop])
            if solid and page.joined(i) and self._model.fullmatch(text) and not text.isdigit():
                return end
        return None

    def _figure(self, page: Page, i: int) -> int | None:
        """The word after a figure of at most three digits, with or without a hyphen before it."""
        if page.key(i) in ("-", "‐", "–"):
            i += 1
        key = page.key(i)
        if not page.joined(i) or not re.fullmatch(r"\d{1,3}[a-z]?", key):
            return None
        return i + 1


class Laws:
    """Agreements, treaties, laws."""

    def __init__(self, table: dict[str, Any], clitics: Clitics) -> None:
        self._heads = Phrases(table["heads"], clitics)
        self._kinds = key_set(table["kinds"])
        self._qualities = key_set(table["qualities"])
        self._names = Phrases(table["names"], clitics)
        self._known = Phrases(table["known"], clitics)
        self._articles = Phrases(table["articles"], clitics)
        self._between = key_set(table.get("between", ()))
        self.starts = Starts(self._known, self._heads, self._articles)

    def find(self, page: Page, i: int) -> Found:
        """What of a law begins at word i."""
        if hit := self._known.at(page, i):
            yield i, hit.end, 0.85
        if hit := self._heads.at(page, i):
            end = self._end(page, hit.end)
            if end > hit.end:
                yield i, end, 0.8
        if hit := self._articles.at(page, i):
            end = hit.end + (page.key(hit.end) == "(")
            if page.key(end).isdigit():
                closed = end + 1 + (end > hit.end and page.key(end + 1) == ")")
                yield i, closed, 0.7

    def _end(self, page: Page, end: int) -> int:
        while page.joined(end):
            at = end
            while page.key(at) in self._between and page.joined(at + 1):
                at += 1
            if inside := page.quoted(at):
                end = inside[1] + (page.text[page.words[inside[1]].start] in CLOSING)
            elif hit := self._names.at(page, at, clitics=False):
                end = hit.end
            elif page.key(at) in self._kinds or page.key(at) in self._qualities:
                end = at + 1
            else:
                break
        return end


class Events:
    """Exercises, wars, summits, cups by name."""

    def __init__(self, table: dict[str, Any], clitics: Clitics) -> None:
        self._heads = Phrases(table["heads"], clitics, article=True)
        self._known = Phrases(table["known"], clitics)
        self._dated = Phrases(table["dated"], clitics)
        # What stands in a sentence that is quoted, and in no name: الحرب "لن تتوقف".
        self._spoken = key_set(table.get("spoken", ()))
        self.starts = Starts(self._known, self._heads, self._dated)

    def find(self, page: Page, i: int) -> Found:
        """What of an event's name begins at word i, or just after it."""
        if hit := self._known.at(page, i):
            yield i, _with_year(page, hit.end), 0.85
        hit = self._heads.at(page, i)
        inside = page.quoted(hit.end) if hit else None
        if inside and self._spoken.isdisjoint(page.key(k) for k in range(*inside)):
            yield inside[0], inside[1], 0.85
        if hit := self._dated.at(page, i):
            end = _with_year(page, hit.end)
            if end > hit.end:
                yield i, end, 0.8


def _with_year(page: Page, end: int) -> int:
    """The word after a year that stands at `end`, else `end`."""
    year = page.joined(end) and re.fullmatch(r"1[89]\d\d|20\d\d", page.key(end))
    return end + 1 if year else end
