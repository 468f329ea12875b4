"""`triggers.v1`: PLOVER events by their trigger words, with first arguments.

`triggers.tsv` lists verbs and nouns by type and mode, and what else a sentence must hold for the
word to be a trigger; verbs and nouns are inflected here. Arguments come from the entities of the
same sentence in the draft (see `arguments`). Source of the types: PLOVER.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from curation.annotate.arguments import Arguments, Place, Trait
from curation.annotate.clitics import load_clitics
from curation.annotate.inflection import noun_forms, verb_forms
from curation.annotate.knowledge import folder, rows, rules
from curation.annotate.page import Page, key_set, page_of
from curation.annotate.protocol import EachDraft, Options, reading
from curation.errors import AnnotatorError
from curation.model import (
    Annotation,
    Argument,
    Document,
    Entity,
    Event,
    Modality,
    Schema,
    Trigger,
    event_id,
)
from curation.text import sentences

NAME = "triggers.v1"
#: How many words after a trigger a needed word may stand.
WINDOW = 5
#: Names that are no place for a trigger.
CLOSED = frozenset(("LAW", "EVENT", "ORG", "TITLE", "WEAPON", "PERSON", "GPE", "DATE"))


class Sense(Struct, frozen=True):
    """One reading of a form: the event it makes, and what it needs."""

    type: str
    mode: str | None
    verb: bool
    imperfect: bool
    needs: tuple[str, ...]


def triggers(options: Options, schema: Schema) -> EachDraft:
    """Make the annotator. Options: `knowledge`, the folder."""
    finder = Finder(folder(options))

    def read(document: Document, entities: tuple[Entity, ...]) -> Annotation:
        events = list(finder.find(document.text, entities))
        named = {argument.entity for event in events for argument in event.arguments}
        return reading(NAME, [entity for entity in entities if entity.id in named], events)

    return EachDraft(NAME, read)


class Finder:
    """The triggers of a language."""

    def __init__(self, home: Path) -> None:
        self._clitics = load_clitics(home)
        self._arguments = Arguments(home, self._clitics)
        words = rules(home / "words.toml")["modality"]
        self._negated = key_set(words["negated"])
        self._future = key_set(words["future"])
        self._possible = key_set(words["possible"])
        self._future_prefix: str = words["future_prefix"]
        self._may_be = lru_cache(maxsize=1 << 15)(self._is_listed)
        self._senses: dict[str, list[Sense]] = {}
        for type, mode, kind, forms, needs in rows(home / "triggers.tsv", 5):
            if kind not in ("verb", "noun"):
                raise AnnotatorError(f"triggers.tsv: {kind!r} is neither verb nor noun")
            wanted = tuple(need for need in needs.split("+") if need)
            for form, flag in self._inflected(kind, forms):
                sense = Sense(type, mode or None, kind == "verb", kind == "verb" and flag, wanted)
                here = self._senses.setdefault(form, [])
                if sense not in here:
                    here.append(sense)

    def _inflected(self, kind: str, forms: str) -> Iterator[tuple[str, bool]]:
        for form in forms.split():
            yield from (
                verb_forms(form) if kind == "verb" else noun_forms(form, self._clitics.article)
            )

    def find(self, text: str, entities: Sequence[Entity]) -> Iterator[Event]:
        """The events of a text, at most one a type and trigger."""
        page = page_of(text)
        inside = {
            i
            for start, here in page.locate(entities).items()
            for end, entity in here
            if entity.label in CLOSED
            for i in range(start, end)
        }
        first = 0
        ordered = sorted(entities, key=lambda e: e.start)
        for begin, stop in sentences(text):
            while first < len(page) and page.words[first].start < begin:
                first += 1
            last = first
            while last < len(page) and page.words[last].end <= stop:
                last += 1
            begun = [
                k for k in range(first, last) if self._may_be(page.keys[k]) and k not in inside
            ]
            if begun:
                own = [e for e in ordered if begin <= e.start and e.end <= stop]
                places = self._arguments.places(page, own)
                # What a light verb needs beside it is no trigger of its own: فرضت … عقوبات
                spent: set[tuple[int, str]] = set()
                for i in begun:
                    yield from self._events(page, i, first, last, places, spent)
            first = last

    def _is_listed(self, key: str) -> bool:
        """Whether some reading of a word is a form of a trigger, in the future perhaps."""
        prefix = self._future_prefix
        return any(
            word in self._senses or (prefix != "" and word.removeprefix(prefix) in self._senses)
            for word in self._clitics.words(key)
        )

    def _events(
        self,
        page: Page,
        i: int,
        first: int,
        last: int,
        places: Sequence[Place],
        spent: set[tuple[int, str]],
    ) -> Iterator[Event]:
        seen = {type for at, type in spent if at == i}
        near: list[Place] | None = None
        for sense, modality in self._readings(page, i):
            if sense.type in seen:
                continue
            if near is None:
                near = self._arguments.near(page, i, first, last, places)
            definite = not sense.verb and self._clitics.is_definite(page.key(i))
            undergone = "either" in sense.needs
            kind = Trait(sense.type, sense.mode, sense.verb, definite, undergone)
            arguments = self._arguments.of(i, kind, near)
            if all(self._met(need, page, i, last, arguments, near) for need in sense.needs):
                seen.add(sense.type)
                spent.update((k, sense.type) for k in self._beside(sense, page, i, last))
                start, end = page.span(i, i + 1)
                score = 0.75 if len({a.role for a in arguments}) > 1 else 0.6
                yield Event(
                    event_id(start, end, sense.type),
                    sense.type,
                    Trigger(start, end, page.text[start:end]),
                    sense.mode,
                    modality,
                    score,
                    (),
                    tuple(arguments),
                )

    def _readings(self, page: Page, i: int) -> Iterator[tuple[Sense, Modality]]:
        for clitic, word in self._clitics.readings(page.key(i)):
            leans = clitic[-1:] in self._clitics.prepositions and bool(clitic)
            for sense in self._senses.get(word, ()):
                if not (sense.verb and leans and not sense.imperfect):
                    wish: Modality = "possible" if sense.verb and leans else "asserted"
                    yield sense, self._modality(page, i, wish)
            prefix = self._future_prefix
            if prefix and word.startswith(prefix):
                for sense in self._senses.get(word[len(prefix) :], ()):
                    if sense.imperfect:
                        yield sense, "future"

    def _modality(self, page: Page, i: int, otherwise: Modality) -> Modality:
        before = [
            word
            for k in (i - 1, i - 2)
            if page.joined(k + 1)
            for word in (page.key(k), page.key(k)[1:])
        ]
        if any(word in self._negated for word in before[:2]):
            return "negated"
        if any(word in self._future for word in before):
            return "future"
        if any(word in self._possible for word in before):
            return "possible"
        return otherwise

    def _met(
        self,
        need: str,
        page: Page,
        i: int,
        last: int,
        arguments: Sequence[Argument],
        places: Sequence[Place],
    ) -> bool:
        if need == "pair":
            return sum(a.role in ("actor", "recipient") for a in arguments) > 1
        if need == "bare":
            return not self._clitics.is_definite(page.key(i))
        if need == "either":
            return any(a.role in ("actor", "recipient") for a in arguments)
        if need == "place":
            return any(a.role == "location" for a in arguments)
        if need == "next":
            return any(p.start == i + 1 and not p.lead and not p.joined for p in places)
        if need in ("actor", "recipient", "object"):
            return any(a.role == need for a in arguments)
        name, _, words = need.partition(":")
        wanted = key_set(words.split("|"))
        if name == "not":
            return self._seen(wanted, page, range(max(i - 2, 0), min(i + 3, last))) is None
        if name != "near":
            raise AnnotatorError(f"triggers.tsv: there is no need {need!r}")
        return self._seen(wanted, page, range(i + 1, min(i + 1 + WINDOW, last))) is not None

    def _beside(self, sense: Sense, page: Page, i: int, last: int) -> Iterator[int]:
        for need in sense.needs:
            name, _, words = need.partition(":")
            if name == "near":
                where = range(i + 1, min(i + 1 + WINDOW, last))
                found = self._seen(key_set(words.split("|")), page, where)
                if found is not None:
                    yield found

    def _seen(self, wanted: frozenset[str], page: Page, where: range) -> int | None:
        """The first of these words that is wanted, whatever leans on it."""
        for k in where:
            for _, word in self._clitics.readings(page.key(k)):
                if word in wanted or self._clitics.bare(word) in wanted:
                    return k
        return None
