"""The trigger words of a language: `triggers.tsv`, inflected, and what a written word can be.

A row is a type, a mode, a kind (verb, noun), its forms, what it needs (see `event_needs`) and its
traits. Of a word that several rows list, the first whose needs are met is what it means there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from curation.annotate import inflection_ar, inflection_en
from curation.annotate.clitics import Clitics
from curation.annotate.event_needs import Need, parse
from curation.annotate.inflection import Form
from curation.annotate.knowledge import rows
from curation.annotate.page import Page
from curation.annotate.phrases import KEPT
from curation.errors import AnnotatorError
from curation.text import fold_key

#: What a row may say of its word beside what it needs.
TRAITS = frozenset(
    (
        *("undergone", "victim", "patient", "mutual", "goal", "third"),
        *("lesser", "also", "self", "meets", "deed", "thing"),
    )
)


class Sense(Struct, frozen=True):
    """A row: what event its word is, what it needs, and its traits.

    undergone: who follows it alone is who it is done to (قصف غزة), unless an organisation; victim:
    an organisation too (مقتل جنود). patient: so is its subject, always (استشهد). mutual: who stands
    after "with" does it too; third: none of them does (وساطة بين). goal: what it leads to is its
    place (زيارة إلى). lesser: no event beside another of its type in the sentence. also: it does
    not keep later rows from being read. self: the word names who does it (متظاهرون).
    meets: alone after a verb joined to another who follows is its object (زار … والتقى فلانا).
    deed: who announces it did it (أعلن الجيش قصف …). thing: its subject is a thing, and nobody who
    stands near does it (انفجر).
    """

    row: int
    type: str
    mode: str | None
    verb: bool
    needs: tuple[Need, ...]
    traits: frozenset[str]

    def __hash__(self) -> int:
        return self.row


class Reading(Struct, frozen=True):
    """What a written word can be: a sense, the form, the folded words that must follow, the clitics
    before it, and whether it has the mark of the future."""

    sense: Sense
    form: Form
    rest: tuple[str, ...]
    clitics: str
    future: bool


def passive(reading: Reading, so: bool) -> Reading:
    """A reading with its form's voice settled by the words before it (`was killed`)."""
    if reading.form.passive == so:
        return reading
    return replace(reading, form=replace(reading.form, passive=so))


def _as_written(word: str) -> Iterator[Form]:
    yield Form(fold_key(word))


_INFLECTION: dict[str, tuple[Callable[[str], Iterator[Form]], Callable[[str], Iterator[Form]]]] = {
    "ar": (inflection_ar.verb_forms, inflection_ar.noun_forms),
    "en": (inflection_en.verb_forms, inflection_en.noun_forms),
    "": (_as_written, _as_written),
}


def inflect(rules: str, kind: str, word: str) -> Iterator[Form]:
    """The forms of a verb or noun by the rules of this name.

    Raises: AnnotatorError if there are no such rules.
    """
    if rules not in _INFLECTION:
        known = ", ".join(repr(name) for name in _INFLECTION)
        raise AnnotatorError(
            f"events.toml: there is no inflection {rules!r}", hint=f"One of {known}."
        )
    return _INFLECTION[rules][kind == "noun"](word)


class EventLexicon:
    """The triggers of a language, by their first word."""

    def __init__(
        self,
        home: Path,
        clitics: Clitics,
        rules: str,
        future: str,
        classes: Mapping[str, frozenset[str]],
    ) -> None:
        self._clitics = clitics
        self._future = future
        self._forms: dict[str, list[tuple[Sense, Form, tuple[str, ...]]]] = {}
        for number, row in enumerate(rows(home / "triggers.tsv", 6)):
            type, mode, kind, forms, needs, traits = row
            if kind not in ("verb", "noun"):
                raise AnnotatorError(f"triggers.tsv: {kind!r} is neither verb nor noun")
            if unknown := set(traits.split()) - TRAITS:
                raise AnnotatorError(f"triggers.tsv: there is no trait {sorted(unknown)[0]!r}")
            sense = Sense(
                number,
                type,
                mode or None,
                kind == "verb",
                parse(needs, classes),
                frozenset(traits.split()),
            )
            for word in forms.split():
                first, *rest = word.split("_")
                after = tuple(fold_key(part) for part in rest)
                for form in inflect(rules, kind, first):
                    here = self._forms.setdefault(form.text, [])
                    if (sense, form, after) not in here:
                        here.append((sense, form, after))
        #: Everything that a written word can be, of which the longest and the first row come first.
        self.of = lru_cache(maxsize=KEPT)(self._of)
        # Words come again and again, and most are none.
        self._known: dict[str, bool] = {}

    def _of(self, key: str) -> tuple[Reading, ...]:
        found: list[Reading] = []
        for clitics, word in self._clitics.readings(key):
            for sense, form, rest in self._forms.get(word, ()):
                leans = clitics[-1:] in self._clitics.prepositions and bool(clitics)
                if not (leans and sense.verb and form.tense != "imperfect"):
                    found.append(Reading(sense, form, rest, clitics, False))
            if self._future and word.startswith(self._future):
                for sense, form, rest in self._forms.get(word[len(self._future) :], ()):
                    if form.tense == "imperfect":
                        found.append(Reading(sense, form, rest, clitics, True))
        found.sort(
            key=lambda reading: (-len(reading.rest), reading.sense.row, len(reading.clitics))
        )
        return tuple(found)

    def among(self, page: Page) -> list[int]:
        """Which words of a page may be triggers, by their place."""
        known = self._known
        if len(known) > KEPT:
            known.clear()
        for key in page.distinct.difference(known):
            known[key] = bool(self.of(key))
        return [i for i, key in enumerate(page.keys) if known[key]]

    def noun(self, key: str) -> bool:
        """Whether a word by itself may be an event's noun."""
        return any(not (reading.sense.verb or reading.rest) for reading in self.of(key))

    def verb(self, key: str) -> bool:
        """Whether a word by itself may be an event's verb."""
        return any(reading.sense.verb and not reading.clitics for reading in self.of(key))

    def only_noun(self, key: str) -> bool:
        """Whether a word may by itself be an event's noun and no event's verb."""
        return self.noun(key) and not any(reading.sense.verb for reading in self.of(key))
