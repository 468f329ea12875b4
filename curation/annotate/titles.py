"""Offices and roles: where a title begins and ends. The heads are the language's `titles.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from curation.annotate.clitics import Clitics, base_words
from curation.annotate.knowledge import rules
from curation.annotate.page import Located, Page, key_set
from curation.annotate.phrases import Phrases, Starts


class Title(Struct, frozen=True):
    """A title's words, half open; `office`: it is one without a name after it too."""

    start: int
    end: int
    office: bool


class Titles:
    """The titles of a language."""

    def __init__(self, home: Path, clitics: Clitics) -> None:
        table = rules(home / "titles.toml")
        self._clitics = clitics
        self._bases = base_words(home)
        self._heads = Phrases(table["heads"], clitics, article=True)
        self._alone = Phrases(table["alone"], clitics)
        self._before_name = Phrases(table["before_name"], clitics)
        self._starts = Starts(self._heads, self._alone)
        self._complements = key_set(table["complements"])
        self._not_last = key_set(table["not_last"])
        self._limit: int = table["limit"]
        self.address = Phrases(table["address"], clitics)
        self.addresses = Starts(self.address)

    def find(self, page: Page, located: Located) -> Iterator[Title]:
        """The titles of a page, in order; none overlaps another."""
        after = 0
        for i in self._starts.of(page):
            title = self._title(page, i, located) if i >= after else None
            if title is not None:
                yield title
                after = title.end

    def _title(self, page: Page, i: int, located: Located) -> Title | None:
        hits = [hit for hit in (self._heads.at(page, i), self._alone.at(page, i)) if hit]
        if not hits:
            return None
        head = max(hit.end for hit in hits)
        end, steps, placed = head, 0, False
        while end - i < self._limit and page.joined(end):
            step = self._step(page, end, {} if placed else located)
            if step is None:
                break
            placed = placed or any(e.label in ("NORP", "GPE") for _, e in located.get(end, ()))
            end, steps = step, steps + 1
        while end > head and page.key(end - 1) in self._not_last:
            end, steps = end - 1, steps - 1
        alone = self._alone.at(page, i) is not None
        shy = self._before_name.at(page, i)
        office = (steps > 0 or alone) and not (shy is not None and end == shy.end)
        if steps == 0 and not alone and shy is None:
            return None
        return Title(i, end, office)

    def _step(self, page: Page, i: int, located: Located) -> int | None:
        """The word after what belongs to a title at word i, or None."""
        for end, entity in located.get(i, ()):
            if entity.label == "ORG" or (
                entity.label in ("NORP", "GPE")
                and not self._clitics.leans(page.key(i), self._bases)
            ):
                return end
        if page.key(i) in self._complements:
            return i + 1
        bare = page.key(i)[1:] if page.key(i)[:1] in self._clitics.prepositions else ""
        return i + 1 if bare in self._complements else None
