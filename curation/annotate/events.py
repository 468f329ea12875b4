"""`events.v1`: PLOVER events by their trigger words, with who did what to whom, where and when.

`triggers.tsv` lists verbs and nouns by type and mode, and what else must stand around a word for
it to be a trigger (`event_needs`); `events.toml` holds the language's other words. Arguments are
the entities of the draft and the groups without a name that take part (`event_places`). The score
is how often such evidence was right on development data (`event_evidence`).
Source of the types: PLOVER, https://github.com/openeventdata/PLOVER.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from curation.annotate.arguments import MUTUAL, Arguments
from curation.annotate.clitics import base_words, load_clitics
from curation.annotate.event_carrier import Carriers
from curation.annotate.event_context import Context
from curation.annotate.event_evidence import Scores, evidence
from curation.annotate.event_fill import (
    Found,
    Roles,
    both,
    coordinated,
    demanded,
    meant,
    on_the_spot,
    settled,
    subject_before,
    taking_part,
    when,
)
from curation.annotate.event_groups import Place
from curation.annotate.event_history import History
from curation.annotate.event_holders import held, office_words
from curation.annotate.event_lexicon import EventLexicon, Reading, passive
from curation.annotate.event_modality import Modalities
from curation.annotate.event_needs import Around
from curation.annotate.event_places import Places
from curation.annotate.event_sentence import Carried, Sentence, Words, closed, looked_up
from curation.annotate.event_told import told_once
from curation.annotate.event_trigger import Trigger
from curation.annotate.knowledge import folder, rules
from curation.annotate.page import Page, page_of
from curation.annotate.protocol import EachDraft, Options
from curation.annotate.protocol import reading as reading_of
from curation.model import Annotation, Argument, Document, Entity, Event, Schema, event_id
from curation.model import Trigger as Span
from curation.text import fold_key, sentences

NAME = "events.v1"
#: How far after a noun with an article a coming date says of it that it is still to come, in words.
NEXT = 2


def events(options: Options, schema: Schema) -> EachDraft:
    """Make the annotator. Options: `knowledge`, the folder."""
    finder = Finder(folder(options), schema)

    def read(document: Document, entities: tuple[Entity, ...]) -> Annotation:
        found = list(finder.find(document, entities))
        named = {place.entity.id: place.entity for one in found for _, place in one.roles.values()}
        made = [finder.event(page_of(document.text), one) for one in found]
        return reading_of(NAME, named.values(), made)

    return EachDraft(NAME, read)


class Finder:
    """The events of a language."""

    def __init__(self, home: Path, schema: Schema) -> None:
        table = rules(home / "events.toml")
        self._clitics = load_clitics(home)
        inflected = Words(table.get("inflection", ""))
        classes = {name: inflected(words) for name, words in table["classes"].items()}
        future = fold_key(table.get("future_prefix", ""))
        self._lexicon = EventLexicon(
            home, self._clitics, table.get("inflection", ""), future, classes
        )
        self._forms = looked_up(self._clitics, table["accusative"])
        whole = base_words(home) | office_words(home)
        self._places = Places(table, self._clitics, whole, self._lexicon)
        self._modalities = Modalities(table, inflected, self._lexicon, self._clitics.conjunctions)
        self._context = Context(table, inflected, self._lexicon, self._clitics)
        self._carriers = Carriers(table, inflected, self._lexicon, self._clitics)
        self._arguments = Arguments(schema)
        self._before_nouns = inflected(table["before_nouns"])
        self._topics = inflected(table["topics"])
        self._numbers = inflected(table["quantities"])
        self._passive = inflected(table.get("passive", []))
        self._history = History(table, inflected)
        self._scores = Scores(home)
        self._roles = [role.name for role in schema.roles]
        self._required = {kind.name for kind in schema.events if "actor" in kind.required}

    def find(self, document: Document, entities: Sequence[Entity]) -> Iterator[Found]:
        """The events of a document, at most one a type and trigger, in order."""
        page = page_of(document.text)
        begun = self._lexicon.among(page)
        if not begun:
            return
        inside = closed(page, entities)
        ordered = sorted(entities, key=lambda e: e.start)
        starts = [entity.start for entity in ordered]
        first, at, earlier = 0, 0, list[Found]()
        for begin, stop in sentences(document.text):
            first = bisect_left(page.starts, begin, first)
            last = bisect_right(page.ends, stop, first)
            at = bisect_left(begun, first, at)
            until = bisect_left(begun, last, at)
            hits = [i for i in begun[at:until] if i not in inside]
            if hits:
                a, b = (bisect_left(starts, edge) for edge in (begin, stop))
                own = [e for e in ordered[a:b] if e.end <= stop]
                places = held(self._places.of(page, first, last, own))
                here = Sentence(page, first, last, places, self._forms)
                here.places = self._history.without_old(here, document.published)
                found = demanded(settled(list(self._read(here, hits, document.published, earlier))))
                if len(found) == 1:
                    (one,) = found
                    roles = when(one.roles, one.trigger, here.places)
                    found = [msgspec.structs.replace(one, roles=roles)]
                earlier = [self._completed(one, here, earlier) for one in found]
                yield from earlier
            first, at = last, until

    def _completed(self, one: Found, here: Sentence, earlier: Sequence[Found]) -> Found:
        if one.trigger.type in self._required:
            one = subject_before(one, earlier)
        return on_the_spot(one, here.places)

    def _read(
        self,
        here: Sentence,
        hits: Sequence[int],
        published: date | None,
        earlier: Sequence[Found],
    ) -> Iterator[Found]:
        found: list[Found] = []
        # What a light verb needs beside it is no trigger of its own.
        spent: set[tuple[int, str]] = set()
        for i in hits:
            read = {type for at, type in spent if at == i}
            for reading in self._lexicon.of(here.page.key(i)):
                if reading.sense.type in read:
                    continue
                end = i + 1 + len(reading.rest)
                if not self._written(here.page, i, end, reading):
                    continue
                one = self._event(here, i, end, reading, found or earlier, published)
                if one is None:
                    continue
                found.append(one)
                read.add(reading.sense.type)
                spent.update((k, reading.sense.type) for k in range(i + 1, end))
                if "lesser" not in reading.sense.traits:
                    beside = self._around(here, one.trigger, one.roles).beside(reading.sense.needs)
                    # and what lies between (قدمت مساعدات إنسانية, for إنسانية)
                    last = max(beside, default=end)
                    spent.update((k, reading.sense.type) for k in range(end, last + 1))
                if "also" not in reading.sense.traits:
                    break
        yield from told_once(found)

    def _written(self, page: Page, i: int, end: int, reading: Reading) -> bool:
        """Whether the words that must follow do, and a jussive has its negation."""
        if reading.form.tense == "jussive" and not self._modalities.negates(page, i):
            return False
        if reading.sense.verb and not reading.clitics and page.key(i - 1) in self._before_nouns:
            return False
        # قاطعه, not قاطعة
        if reading.form.pronoun and page.text[page.words[i].end - 1] == "ة":
            return False
        return all(
            page.joined(k) and word in (page.key(k), self._clitics.bare(page.key(k)))
            for k, word in enumerate(reading.rest, start=i + 1)
        ) and end <= len(page)

    def _event(
        self,
        here: Sentence,
        i: int,
        end: int,
        reading: Reading,
        before: Sequence[Found],
        published: date | None,
    ) -> Found | None:
        """The event that a reading of word i makes; None if it is none."""
        page, sentence = here.page, (here.first, here.last)
        # ظاهرة خطف الأطفال is read as a verb too
        nominal = not reading.sense.verb or self._lexicon.noun(page.key(i))
        alone = nominal and not reading.clitics and "self" not in reading.sense.traits
        if alone and i > here.first and self._is_topic(here, i):
            return None
        if reading.form.tense == "participle" and not reading.form.passive:
            auxiliary = any(page.key(k) in self._passive for k in range(max(i - 3, here.first), i))
            reading = passive(reading, auxiliary)
        clause = self._context.clause(page, i, end, reading, sentence, here.places)
        carried = Carried() if reading.sense.verb else self._carriers.once(here, i, end)
        role, verb = carried.role, carried.verb
        last = before[-1].trigger if before else None
        joined = reading.sense.verb and self._context.joined(page, i, last, here.first)
        edge = i if joined else here.edge(i)
        governs = self._places.governs(page, end)
        first = self._context.subject_first
        relates = self._context.relates(page, i)
        trigger = Trigger(
            i, end, reading, carried.subject, role, edge, governs, first, relates, joined
        )
        roles = self._arguments.of(trigger, clause)
        resumed = self._context.resumes(page, i, reading.form.pronoun)
        named = reading.form.pronoun and not reading.sense.verb
        owned = page.key(verb if role == "owner" else end - 1) if named or role == "owner" else ""
        antecedent = self._context.antecedent(page, i, here.places, owned)
        roles = taking_part(meant(trigger, roles, resumed, antecedent, before), carried.joining)
        if before and before[-1].trigger.start >= here.first:
            roles = coordinated(trigger, roles, before[-1])
        if reading.sense.type in MUTUAL and before:
            roles = both(trigger, roles, before, lambda place: self._places.pairs(page, place))
        roles = when(roles, trigger, clause)
        around = self._around(here, trigger, roles)
        if not around.meets(reading.sense.needs):
            return None
        modality = self._modalities.of(
            page, (i, end), reading, sentence, here.forms, here.uncounted, verb, role == "recipient"
        )
        if trigger.has("self") and modality == "negated":  # منعت الشرطة المتظاهرين: there they are
            modality = "asserted"
        one = Found(trigger, roles, modality)
        day = one.who("date")
        if self._history.holds(reading.sense.type, here, day, published):
            return None
        if day is not None:
            known = reading.form.definite and day.start - end > NEXT  # الهجوم … الأسبوع المقبل
            coming = not known and self._modalities.coming(page, day.start, day.end)
            if coming and modality == "asserted" and reading.form.tense != "perfect":
                return msgspec.structs.replace(one, modality="future")
        return one

    def _is_topic(self, here: Sentence, i: int) -> bool:
        """Whether the word before makes of a noun something that is spoken of (حق التظاهر). With an
        article it governs no noun (الشرطة مظاهرة)."""
        key = here.page.key(i - 1)
        forms = (key,) if self._clitics.is_definite(key) else here.forms(i - 1)
        return here.page.joined(i) and not self._topics.isdisjoint(forms)

    def _around(self, here: Sentence, trigger: Trigger, roles: Roles) -> Around:
        reading = trigger.reading
        surface = here.page.text[: here.page.words[trigger.end - 1].end]
        definite = reading.form.definite or "ال" in reading.clitics

        def number(k: int) -> bool:
            return here.page.key(k).isdigit() or not self._numbers.isdisjoint(here.forms(k))

        return Around(
            trigger.start,
            trigger.end,
            here.first,
            here.last,
            here.uncounted,
            here.forms,
            here.everything,
            number,
            tuple((role, place.entity.label) for role, place in roles.values()),
            definite,
            definite and not reading.form.pronoun,
            bool(reading.clitics),
            reading.form.first,
            not surface.endswith("ه"),
        )

    def event(self, page: Page, one: Found) -> Event:
        """The event as it is written down."""
        sense = one.trigger.reading.sense
        start, end = page.span(one.trigger.start, one.trigger.end)
        listed = sorted(one.roles.items(), key=self._order)
        return Event(
            event_id(start, end, sense.type),
            sense.type,
            Span(start, end, page.text[start:end]),
            sense.mode,
            one.modality,
            self._scores.of(evidence(one.trigger.reading, one.named())),
            (),
            tuple(Argument(role, id) for id, (role, _) in listed),
        )

    def _order(self, item: tuple[str, tuple[str, Place]]) -> tuple[int, int]:
        _, (role, place) = item
        return self._roles.index(role), place.start
