"""`gazetteer.v1`: countries, nationalities, places and organisations by name.

Options: `knowledge`, the folder; `lists`, a table of TSV file → score. A row is surface, label,
value, condition. Conditions: `cue`, only after a word that announces a place; `noun`, not where a
definite word before it makes it an adjective; `definite`, only after a definite word. In a language
with capital letters (`capitals` in `words.toml`) those of a surface must stand in the text.

`contextual.toml` lists words that stand for a country the document names elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from curation.annotate.capitals import agrees, shouted, spellings
from curation.annotate.clitics import Clitics, load_clitics
from curation.annotate.knowledge import folder, rows, rules
from curation.annotate.lexicon import Entry, Lexicon, Match, is_letter
from curation.annotate.page import key_set
from curation.annotate.protocol import EachDocument, Options, reading
from curation.model import Annotation, Document, Entity, Schema, make_entity
from curation.text import Folded, fold

NAME = "gazetteer.v1"


def gazetteer(options: Options, schema: Schema) -> EachDocument:
    """Make the annotator."""
    home = folder(options)
    clitics = load_clitics(home)
    words = rules(home / "words.toml")
    capitals: bool = words.get("capitals", False)
    lists: dict[str, float] = options.get("lists", {})
    entries = [
        (spelling, Entry(label, value or None, when, score, surface if capitals else ""))
        for name, score in lists.items()
        for surface, label, value, when in rows(home / name, 4)
        for spelling in (spellings(surface) if capitals else (surface,))
    ]
    contextual: dict[str, frozenset[str]] = {}
    if (home / "contextual.toml").exists():
        for number, alias in enumerate(rules(home / "contextual.toml")["alias"]):
            when = f"one of {number}"
            contextual[when] = frozenset(f"iso3166:{code}" for code in alias["one_of"])
            entries.append((alias["surface"], Entry(alias["label"], None, when, 0.95)))
    common = frozenset(word for (word,) in rows(home / "generated" / "common_words.tsv", 1))
    cues = key_set(words.get("place_cues", ()))
    finder = _Finder(Lexicon(entries, clitics, common), clitics, cues, contextual, common)
    return EachDocument(NAME, finder.read)


class _Finder:
    def __init__(
        self,
        lexicon: Lexicon,
        clitics: Clitics,
        cues: frozenset[str],
        contextual: dict[str, frozenset[str]],
        common: frozenset[str],
    ) -> None:
        self._lexicon = lexicon
        self._clitics = clitics
        self._cues = cues
        self._contextual = contextual
        self._common = common

    def read(self, document: Document) -> Annotation:
        folded = fold(document.text)
        found = plainest(
            match
            for match in self._lexicon.find(folded)
            if self._holds(folded, match)
            and (not match.entry.written or self._agrees(document.text, folded, match))
        )
        certain = [match for match in found if match.entry.when not in self._contextual]
        mentions = Counter(match.entry.value for match in longest(certain))
        entities: list[Entity] = []
        for match in longest(found):
            value = match.entry.value
            if match.entry.when in self._contextual:
                value = most_mentioned(mentions, self._contextual[match.entry.when])
                if value is None:
                    continue
            start, end = folded.span(match.start, match.end)
            entry = match.entry
            entities.append(
                make_entity(document.text, start, end, entry.label, score=entry.score, value=value)
            )
        return reading(NAME, entities)

    def _agrees(self, text: str, folded: Folded, match: Match) -> bool:
        """Whether the text has the capitals of the entry; and, of an acronym that is a word as well
        (US), not only because a whole line is written large.
        """
        written = match.entry.written
        start, end = folded.span(match.start, match.end)
        if not agrees(text[start:end], written):
            return False
        acronym = written.isupper() and folded.text[match.start : match.end] in self._common
        return not (acronym and shouted(text, start, end))

    def _holds(self, folded: Folded, match: Match) -> bool:
        when = match.entry.when
        if not when or when in self._contextual:
            return True
        before = word_before(folded.text, match.start)
        definite = self._clitics.is_definite(before) and not match.clitics
        if when == "cue":
            return before in self._cues or any(
                word in self._cues for _, word in self._clitics.readings(before)
            )
        return definite if when == "definite" else not definite


def plainest(matches: Iterable[Match]) -> list[Match]:
    """Of readings of the same words under one label, those with the fewest clitics, one each."""
    best: dict[tuple[int, int, str], Match] = {}
    fewest: dict[tuple[int, int], int] = {}
    ordered = sorted(matches, key=lambda m: (len(m.clitics), -m.entry.score, m.entry.label))
    for match in ordered:
        span = match.start, match.end
        if len(match.clitics) > fewest.setdefault(span, len(match.clitics)):
            continue
        best.setdefault((*span, match.entry.label), match)
    return list(best.values())


def longest(matches: Sequence[Match]) -> list[Match]:
    """Without those that overlap a longer one of the same label; in order of the text."""
    kept: list[Match] = []
    taken: set[tuple[str, int]] = set()
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start)):
        label = match.entry.label
        if (label, match.start) not in taken and (label, match.end - 1) not in taken:
            kept.append(match)
            taken.update((label, at) for at in range(match.start, match.end))
    return sorted(kept, key=lambda m: (m.start, -m.end))


def most_mentioned(mentions: Counter[str | None], group: frozenset[str]) -> str | None:
    """The value of the group that is mentioned most; the alphabet decides between equals."""
    counted = sorted((-mentions[value], value) for value in group if mentions[value])
    return counted[0][1] if counted else None


def word_before(text: str, at: int) -> str:
    """The word that stands right before a position of the same line, without marks between."""
    end = at
    while end > 0 and text[end - 1] in " \u00a0\t":
        end -= 1
    start = end
    while start > 0 and is_letter(text[start - 1]):
        start -= 1
    return text[start:end]
