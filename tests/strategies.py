"""Hypothesis strategies for texts that break tools, and for valid documents and records of them.

`texts()` draws every storable string (no NUL, no lone surrogate), rich in what goes wrong in
practice; `entities(text)`, `annotations(text)`, `documents()` and `records()` build on it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from hypothesis import strategies as st

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Record,
    Relation,
    Trigger,
    make_entity,
)

#: Each was seen to move or lose a span in some tool.
NASTY = (
    "😀",
    "👨‍👩‍👧‍👦",  # one family, seven code points
    "🇲🇦🇮🇱",  # two flags, four code points
    "👍🏽",
    "المغرب",
    "وبالقاهرة،",
    "بَيْرُوت",  # diacritics
    "الســـلام",  # tatweel
    "\u200f",  # bidi marks and isolates
    "\u200e",
    "\u202bنص\u202c",
    "\u2067عبري\u2069",
    "می\u200cخواهم",  # zero width non-joiner
    "\r\n",
    "\n",
    "\r",
    "\t",
    "e\u0301",  # é as NFD
    "\u0627\u0653",  # آ as NFD
    "ﷺ",  # NFKC makes it eighteen code points
    "ﻻ",
    "İ",  # casefold makes it two
    "ß",
    "<b>&amp;</b>",
    "\"'<>&",
    "\\n",
    "  ",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b\x0c\x1c",
    "\ufeff",
    "\ufffd",
    "\U0010ffff",
    "f-16 ٣٠٪ 25 نوفمبر/تشرين الثاني.",
    "“أبراهام”",
    "أولى.جملة؟ نعم",
    "和平 peace",
)
LABELS = ("PERSON", "GPE", "ORG", "TITLE", "DATE")
EVENT_TYPES = ("AGREE", "CONSULT", "ASSAULT")
ROLES = ("actor", "recipient", "location")
RELATIONS = ("part_of", "employs")

_characters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
_names = st.text(_characters, min_size=1, max_size=12)
_scores = st.none() | st.floats(0, 1)
_proposers = st.lists(
    st.sampled_from(["gazetteer.v1", "dates.v1", "crf.v1"]), max_size=2, unique=True
).map(tuple)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(_characters, max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(_characters, max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


def texts(min_pieces: int = 0, max_pieces: int = 12) -> st.SearchStrategy[str]:
    """Strings of nasty pieces and any other characters, with white space at the edges too."""
    piece = (
        st.sampled_from(NASTY)
        | st.sampled_from(" .،aا")
        | st.text(_characters, min_size=1, max_size=4)
    )
    return st.lists(piece, min_size=min_pieces, max_size=max_pieces).map("".join)


def spans(text: str) -> st.SearchStrategy[tuple[int, int]]:
    """Non-empty spans (code points) of a text that is not empty."""
    return st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).map(
        lambda pair: (min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
    )


@st.composite
def entities(
    draw: st.DrawFn, text: str, labels: Sequence[str] = LABELS, max_size: int = 5
) -> tuple[Entity, ...]:
    """Entities of a text, no two on one span with one label: nested, overlapping, side by side."""
    if not text:
        return ()
    found: dict[str, Entity] = {}
    for _ in range(draw(st.integers(0, max_size))):
        start, end = draw(spans(text))
        if found and draw(st.booleans()):  # on purpose inside another one
            outer = draw(st.sampled_from(sorted(found.values(), key=lambda e: e.id)))
            inner = draw(spans(outer.text))
            start, end = outer.start + inner[0], outer.start + inner[1]
        entity = make_entity(
            text,
            start,
            end,
            draw(st.sampled_from(labels)),
            score=draw(_scores),
            value=draw(st.none() | st.just("iso3166:MA")),
            proposers=draw(_proposers),
        )
        found[entity.id] = entity
    return tuple(found.values())


@st.composite
def events(draw: st.DrawFn, text: str, among: Sequence[Entity]) -> tuple[Event, ...]:
    """Events whose arguments are `among` the entities; two may share one trigger."""
    if not text:
        return ()
    made: list[Event] = []
    start, end = 0, 1
    for at in range(draw(st.integers(0, 2))):
        if not made or draw(st.booleans()):
            start, end = draw(spans(text))
        arguments = (
            draw(
                st.lists(
                    st.builds(
                        Argument,
                        role=st.sampled_from(ROLES),
                        entity=st.sampled_from([entity.id for entity in among]),
                    ),
                    max_size=3,
                    unique=True,
                )
            )
            if among
            else []
        )
        made.append(
            Event(
                id=f"v{at}",
                type=draw(st.sampled_from(EVENT_TYPES)),
                trigger=Trigger(start, end, text[start:end]),
                modality=draw(st.sampled_from(["asserted", "negated", "possible", "future"])),
                score=draw(_scores),
                proposers=draw(_proposers),
                arguments=tuple(arguments),
            )
        )
    return tuple(made)


@st.composite
def annotations(draw: st.DrawFn, text: str) -> Annotation:
    """A valid reading of a text, by a machine or by a person."""
    person = draw(st.booleans())
    found = draw(entities(text))
    links: tuple[Relation, ...] = ()
    if found:
        ids = st.sampled_from([entity.id for entity in found])
        links = tuple(
            Relation(f"r{at}", label, head, tail)
            for at, (label, head, tail) in enumerate(
                draw(st.lists(st.tuples(st.sampled_from(RELATIONS), ids, ids), max_size=2))
            )
        )
    return Annotation(
        by=Author("human", draw(_names)) if person else Author("machine", "news-ar@1"),
        status=draw(st.sampled_from(["submitted", "draft", "skipped"])) if person else "proposed",
        entities=found,
        relations=links,
        events=draw(events(text, found)),
        at=draw(st.datetimes(timezones=st.just(datetime.UTC))) if person else None,
        uncertainty=None if person else draw(st.none() | st.floats(0, 2)),
    )


@st.composite
def documents(draw: st.DrawFn, text: st.SearchStrategy[str] | None = None) -> Document:
    """Documents with and without what is optional."""
    return Document(
        id=draw(_names),
        text=draw(texts(min_pieces=1) if text is None else text),
        language=draw(st.none() | st.sampled_from(["ar", "en", "zh-Hant"])),
        source=draw(st.none() | _names),
        published=draw(st.none() | st.dates()),
        meta=draw(st.dictionaries(st.text(_characters, max_size=5), _json, max_size=2)),
    )


@st.composite
def records(
    draw: st.DrawFn, text: st.SearchStrategy[str] | None = None, max_annotations: int = 2
) -> Record:
    """Records with valid readings, entities nested and overlapping among them."""
    document = draw(documents(text))
    readings = draw(st.lists(annotations(document.text), max_size=max_annotations))
    return Record(document, tuple(readings))
