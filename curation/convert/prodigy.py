"""Prodigy's tasks (https://prodi.gy/docs/api-interfaces), JSON lines, one for each document.

`text`, `tokens` (`text`, `start`, `end`, `id`, `ws`), `spans` (`start`, `end`, `label`, and
`token_start` and `token_end`, whose token belongs to the span), `relations` between spans (`head`
and `child` are the last tokens) and `answer`; offsets are code points. The tokens are our words,
cut where an entity begins or ends inside one, since Prodigy shows whole tokens only.

Prodigy keeps fields that it does not know: `id` and `document` (language, source, day, meta), and
in spans `id`, `score`, `value` and `proposers`. Its `ner` views can not show entities that nest;
`spans` and `relations` do. It has no events. Relations name a span: where two entities stand on it
with one label, the first is meant. What was accepted is a reading, what was ignored is skipped;
what was rejected says what is not there, which records can not. Without spans and an answer nobody
has read the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

from curation.convert import unsaid
from curation.convert.built import Built, Origin, unused
from curation.convert.characters import Characters, cut
from curation.convert.expressed import carried
from curation.convert.lines import About, Raw, about, document, named, records, write_lines
from curation.convert.losses import Losses
from curation.model import Annotation, Author, Entity, Record, relation_id
from curation.store import Rejects

_ANSWERS = {"submitted": "accept", "agreed": "accept", "skipped": "ignore"}
_NO_PLACE = "records have no place for it"


class Token(Struct, frozen=True):
    """One token; `ws` says whether a blank follows."""

    text: str
    start: int
    end: int
    id: int
    ws: bool


class Span(Struct, frozen=True, omit_defaults=True):
    """One entity, or the end of a relation."""

    start: int
    end: int
    label: str | None = None
    token_start: int | None = None
    token_end: int | None = None
    id: str | int = ""
    score: float | None = None
    value: str | None = None
    proposers: tuple[str, ...] = ()


class Relation(Struct, frozen=True, omit_defaults=True):
    """One relation."""

    label: str
    head: int | None = None
    child: int | None = None
    head_span: Span | None = None
    child_span: Span | None = None
    id: str = ""


class Task(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line."""

    text: str
    id: str | int = ""
    document: About | None = None
    tokens: list[Token] | None = None
    spans: list[Span] | None = None
    relations: list[Relation] | None = None
    answer: Literal["accept", "reject", "ignore"] | None = None


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    return write_lines(path, ([_task(record, losses, by)] for record in records))


def _task(record: Record, losses: Losses, by: str | None) -> Task:
    text, ident = record.document.text, record.document.id
    found = carried(record, by, losses)
    entities = found.entities if found else ()
    tokens = cut(text, ((one.start, one.end) for one in entities))
    first = {one.start: at for at, one in enumerate(tokens)}
    last = {one.end: at for at, one in enumerate(tokens)}

    def span(one: Entity, *, bare: bool = False) -> Span:
        made = Span(one.start, one.end, one.label, first[one.start], last[one.end])
        if bare:
            return made
        return structs.replace(
            made, id=one.id, score=one.score, value=one.value, proposers=one.proposers
        )

    return Task(
        text=text,
        id=ident,
        document=about(record.document),
        tokens=[
            Token(text[one.start : one.end], one.start, one.end, at, one.blank)
            for at, one in enumerate(tokens)
        ],
        spans=[span(one) for one in entities] if found else None,
        relations=_relations(ident, found, span, last, losses) if found else None,
        answer=_ANSWERS.get(found.status) if found else None,  # pyright: ignore[reportArgumentType]
    )


def _relations(
    ident: str, found: Annotation, span: Any, last: dict[int, int], losses: Losses
) -> list[Relation]:
    unsaid.events(ident, found, losses)
    entities = {one.id: one for one in found.entities}
    firsts: dict[tuple[int, int, str], str] = {}
    for one in found.entities:
        firsts.setdefault((one.start, one.end, one.label), one.id)
    made: list[Relation] = []
    for one in found.relations:
        ends = [entities[one.head], entities[one.tail]]
        for end in ends:
            if firsts[end.start, end.end, end.label] != end.id:
                reason = "the format names a span, on which another entity stands first"
                losses.add(ident, "relation", one.id, "entity", end.id, reason)
        head, child = (span(end, bare=True) for end in ends)
        given = "" if one.id == relation_id(one.label, one.head, one.tail) else one.id
        made.append(Relation(one.label, last[head.end], last[child.end], head, child, given))
    return made


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each line; a document that has no id is named by the file and a number. The
    annotator that Prodigy notes is the author, where the readings are people's."""
    count = 0

    def build(raw: Raw) -> Record:
        nonlocal count
        count += 1
        task = msgspec.convert(raw, Task)
        made = document(str(task.id) or f"{named(path)}-{count}", task.text, task.document)
        found = _reading(made.id, task, raw, origin, losses)
        _left(made.id, raw, losses)
        return Record(made, () if found is None else (found,))

    return records(path, rejects, build)


def _reading(ident: str, task: Task, raw: Raw, origin: Origin, losses: Losses) -> Annotation | None:
    if task.spans is None and task.relations is None and task.answer is None:
        return None
    if task.answer == "reject":
        said = {"spans": raw.get("spans"), "relations": raw.get("relations")}
        reason = "it was rejected, and records say what is there"
        losses.add(ident, "reading", "", "span", said, reason)
        return None
    built = Built(Characters(task.text))
    on: dict[tuple[int, int, str | None], str] = {}
    for one in task.spans or ():
        if not one.label:
            said = f"{one.start}:{one.end}"
            losses.add(ident, "entity", str(one.id), "span", said, "it has no label")
            continue
        made = built.entity(one.start, one.end, one.label, str(one.id), one.score, one.value)
        built.entities[-1] = structs.replace(made, proposers=one.proposers)
        on.setdefault((one.start, one.end, one.label), made.id)
    for one in task.relations or ():
        ends = [
            on.get((end.start, end.end, end.label)) if end else None
            for end in (one.head_span, one.child_span)
        ]
        if ends[0] and ends[1]:
            built.relation(one.label, ends[0], ends[1], one.id)
        else:
            said = msgspec.json.encode(one).decode()
            reason = "no entity stands on one of its spans"
            losses.add(ident, "relation", one.id, "span", said, reason)
    found = built.reading(origin)
    annotator = raw.get("_annotator_id") or raw.get("_session_id")
    if task.answer == "ignore":
        found = structs.replace(found, by=Author("human", found.by.agent), status="skipped")
    if annotator and found.by.kind == "human":
        found = structs.replace(found, by=Author("human", str(annotator)))
    elif annotator:
        reason = "the reading is said to be no person's"
        losses.add(ident, "reading", "", "author", annotator, reason)
    return found


def _left(ident: str, raw: Raw, losses: Losses) -> None:
    for what, value in unused(raw, Task.__struct_fields__):
        losses.add(ident, "document", "", what, value, _NO_PLACE)
    known = {*Span.__struct_fields__, "text", "type", "source", "color"}
    for one in raw.get("spans") or ():
        for what, value in unused(one, known):
            losses.add(ident, "entity", str(one.get("id", "")), what, value, _NO_PLACE)
