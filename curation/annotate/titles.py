"""Offices and roles: where a title begins and ends. The heads are the language's `titles.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from curation.annotate.capitals import capital, compound
from curation.annotate.clitics import Clitics, base_words
from curation.annotate.knowledge import rules
from curation.annotate.page import Located, Page, key_set
from curation.annotate.phrases import Phrases, Starts
from curation.model import Entity


class Title(Struct, frozen=True):
    """A title's words, half open; `office`: it is one without a name after it too; `closed`:
    a nationality, a place or an organisation ends it."""

    start: int
    end: int
    office: bool
    closed: bool


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
        self._before = key_set(table.get("before", ()))
        self._roles = Phrases(table.get("roles", ()), clitics)
        self._ranks = Phrases(table.get("ranks", ()), clitics)
        self._joins = key_set(table.get("joins", ()))
        self._links = key_set(table.get("links", ()))
        # Whether a place belongs to a title only by a link: president of France, Brittany is none.
        self._linked: bool = table.get("needs_link", False)
        # Whether a capitalised word after a link belongs to a title, whatever it is.
        self._open: bool = table.get("open_complements", False)
        self._limit: int = table["limit"]
        self.address = Phrases(table["address"], clitics)
        self.addresses = Starts(self.address)

    def find(self, page: Page, located: Located) -> Iterator[Title]:
        """The titles of a page, in order; none overlaps another."""
        after = 0
        ending: dict[int, int] = {}
        if self._before:
            ending = {end: i for i, here in located.items() for end, e in here if _owns(e)}
        for i in self._starts.of(page):
            title = self._title(page, i, located) if i >= after else None
            if title is not None:
                start = self._first(page, i, after, ending) if self._before else i
                # French ambassador, as ambassador to France; but no French lawyer
                nation = start < i and any(k in ending for k in range(start + 1, i + 1))
                office = title.office or (nation and not self._roles.at(page, i))
                office = office and not self._ranks.at(page, i)
                yield Title(start, title.end, office, title.closed)
                after = title.end

    def _first(self, page: Page, i: int, least: int, ending: dict[int, int]) -> int:
        """The first word of what stands before a head at word i and belongs to it: French foreign
        minister, former president."""
        start = i
        while start > least and page.joined(start):
            if least <= ending.get(start, -1) < start:
                start = ending[start]
            elif page.key(start - 1) in self._before:
                start -= 1
            else:
                break
        return start + (page.written(start) == "-")

    def _title(self, page: Page, i: int, located: Located) -> Title | None:
        hits = [hit for hit in (self._heads.at(page, i), self._alone.at(page, i)) if hit]
        if not hits:
            return None
        head = max(hit.end for hit in hits)
        end, steps, placed, closed = head, 0, False, False
        while end - i < self._limit and page.joined(end):
            at = self._over(page, end)
            joined = page.key(end) in self._joins
            direct = at == end and self._linked
            step = self._step(page, at, {} if placed or joined or direct else located)
            if step is None and self._open and at > end and not joined and not located.get(at):
                step = compound(page, at) if capital(page, at) else None
            if step is None:
                break
            if page.key(step) == "'s":  # head of Russia's Security Council
                owned = [e for e, entity in located.get(step + 1, ()) if entity.label == "ORG"]
                end, steps = (owned[0], steps + 1) if owned else (end, steps)
                break
            placed = placed or any(e.label in ("NORP", "GPE") for _, e in located.get(at, ()))
            closed = any(_owns(e) and stop == step for stop, e in located.get(at, ()))
            end, steps = step, steps + 1
        while end > head and page.key(end - 1) in self._not_last:
            end, steps = end - 1, steps - 1
        alone = self._alone.at(page, i) is not None
        shy = self._before_name.at(page, i)
        office = (steps > 0 or alone) and not (shy is not None and end == shy.end)
        if steps == 0 and not alone and shy is None:
            return None
        return Title(i, end, office, closed)

    def _over(self, page: Page, i: int) -> int:
        """The word after a conjunction and links that stand at word i: (minister) of the, and."""
        i += page.key(i) in self._joins
        while page.key(i) in self._links and page.joined(i + 1):
            i += 1
        return i

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
        leads = self._clitics.prepositions + self._clitics.conjunctions[:1]
        bare = page.key(i)[1:] if page.key(i)[:1] in leads else ""
        return i + 1 if bare in self._complements else None


def _owns(entity: Entity) -> bool:
    """Whether a title before which this stands may be its office."""
    return entity.label in ("NORP", "GPE", "ORG")
