"""brat's standoff (https://brat.nlplab.org/standoff.html), a folder with a `.txt` and a `.ann` for
each document; offsets are code points.

`T` lines are entities and triggers, `R` relations (Arg1, Arg2), `E` events; a role that an event
has twice is numbered (`actor`, `actor2`); `A … Modality` is an event's modality. What else an item
has (its id where content does not give it, score, value, proposers, mode) is JSON in a note of type
Curation. A span with line ends inside is written in fragments, as brat writes it, and read as one;
other discontinuous spans are refused. Names of types hold no white space and no colon. A document
without a `.ann` is one that nobody has read; brat does not show those, so we write one for each.
Of a document there is the text, and its id as the name of its files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from curation.convert import unsaid
from curation.convert.brat_lines import ENDS, MODALITY, NOTE, Note, Read, unnumbered
from curation.convert.built import Origin
from curation.convert.expressed import carried
from curation.convert.folders import Names, ident, new_folder, old_folder
from curation.convert.lines import refuse
from curation.convert.losses import Losses
from curation.errors import DataError
from curation.model import (
    Annotation,
    Argument,
    Document,
    Entity,
    Event,
    Record,
    Relation,
    entity_id,
    event_id,
    relation_id,
)
from curation.store import Rejects

_RUN = re.compile(f"[^{ENDS}]+")
_END = re.compile(f"[{ENDS}]")
_UNNAMABLE = re.compile(r"[\s:]")


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    names, count = Names(), 0
    with new_folder(path) as folder:
        for record in records:
            document = record.document
            name = names.new(document.id)
            if ident(name) != document.id:
                reason = "no file can have it as its name"
                losses.add(document.id, "document", "", "id", document.id, reason)
            unsaid.beside(document, losses)
            found = carried(record, by, losses)
            if found is None:
                unsaid.unread(document.id, losses)
            lines = _Lines(document, losses).all(found) if found else []
            (folder / f"{name}.txt").write_bytes(document.text.encode())
            (folder / f"{name}.ann").write_bytes("".join(one + "\n" for one in lines).encode())
            count += 1
    return count


class _Lines:
    """The lines of one document."""

    def __init__(self, document: Document, losses: Losses) -> None:
        self._document, self._losses = document, losses
        self._lines: list[str] = []
        self._count: Counter[str] = Counter()
        self._names: dict[str, str] = {}

    def all(self, found: Annotation) -> list[str]:
        """All of a reading."""
        for entity in found.entities:
            self._entity(entity)
        for relation in found.relations:
            self._relation(relation)
        for event in found.events:
            self._event(event)
        return self._lines

    def _put(self, kind: str, rest: str) -> str:
        self._count[kind] += 1
        name = f"{kind}{self._count[kind]}"
        self._lines.append(f"{name}\t{rest}")
        return name

    def _span(self, label: str, start: int, end: int) -> str | None:
        """A T line's content, or None if its span can not be written."""
        text = self._document.text
        runs = [(start + run.start(), start + run.end()) for run in _RUN.finditer(text[start:end])]
        if not runs or (runs[0][0], runs[-1][1]) != (start, end):
            return None
        places = ";".join(f"{first} {last}" for first, last in runs)
        words = " ".join(text[first:last] for first, last in runs)
        return f"{label} {places}\t{words}"

    def _note(self, name: str, note: Note) -> None:
        if note != Note():
            said = _END.sub(lambda end: f"\\u{ord(end[0]):04x}", msgspec.json.encode(note).decode())
            self._put("#", f"{NOTE} {name}\t{said}")

    def _entity(self, one: Entity) -> None:
        rest = self._span(one.label, one.start, one.end)
        if reason := _why(one.label, rest):
            unsaid.entity(self._document.id, one, reason, self._losses)
            return
        name = self._names[one.id] = self._put("T", rest or "")
        given = "" if one.id == entity_id(one.start, one.end, one.label) else one.id
        self._note(name, Note(given, one.score, one.value, one.proposers))

    def _relation(self, one: Relation) -> None:
        head, tail = self._names.get(one.head), self._names.get(one.tail)
        reason = _why(one.label, "" if head and tail else None, "one end is lost")
        if reason:
            unsaid.relation(self._document.id, one, reason, self._losses)
            return
        name = self._put("R", f"{one.label} Arg1:{head} Arg2:{tail}")
        given = "" if one.id == relation_id(one.label, one.head, one.tail) else one.id
        self._note(name, Note(given))

    def _event(self, one: Event) -> None:
        trigger = one.trigger
        rest = self._span(one.type, trigger.start, trigger.end)
        if reason := _why(one.type, rest):
            unsaid.event(self._document.id, one, reason, self._losses)
            return
        arguments = "".join(self._arguments(one))
        on = self._put("T", rest or "")
        name = self._put("E", f"{one.type}:{on}{arguments}")
        if one.modality != "asserted":
            self._put("A", f"{MODALITY} {name} {one.modality}")
        given = "" if one.id == event_id(trigger.start, trigger.end, one.type) else one.id
        self._note(name, Note(given, one.score, proposers=one.proposers, mode=one.mode))

    def _arguments(self, one: Event) -> Iterator[str]:
        def lose(argument: Argument, reason: str) -> None:
            said = f"{argument.role} {argument.entity}"
            self._losses.add(self._document.id, "argument", one.id, "span", said, reason)

        kept: list[Argument] = []
        for argument in one.arguments:
            target = self._names.get(argument.entity)
            if reason := _why(argument.role, target, "its entity is lost"):
                lose(argument, reason)
            else:
                kept.append(argument)
        roles = numbered([argument.role for argument in kept])
        for argument, role, back in zip(kept, roles, unnumbered(roles), strict=True):
            if back == argument.role:
                yield f" {role}:{self._names[argument.entity]}"
            else:
                lose(argument, "its role looks like another one with a number")


def _why(label: str, rest: str | None, otherwise: str = "it begins or ends with a line end") -> str:
    """Why something can not be written; empty if it can."""
    if _UNNAMABLE.search(label):
        return "its name has white space or a colon"
    return otherwise if rest is None else ""


def numbered(roles: Sequence[str]) -> list[str]:
    """Roles as brat names them where one comes more than once.

    >>> numbered(["actor", "place", "actor"])
    ['actor', 'place', 'actor2']
    """
    seen: Counter[str] = Counter()
    made: list[str] = []
    for role in roles:
        seen[role] += 1
        made.append(role if seen[role] == 1 else f"{role}{seen[role]}")
    return made


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each `.txt` of the folder and of those in it, in the order of their names. A
    line that is wrong is refused, and what hangs on it; a text that is, with all of its lines."""
    folder = old_folder(path)
    for place in sorted(folder.rglob("*.txt")):
        lines = place.with_suffix(".ann")
        try:
            text = place.read_bytes().decode()
            name = ident(place.relative_to(folder).with_suffix("").as_posix())
            document = Document(name, text)
            content = lines.read_bytes().decode() if lines.exists() else None
        except (UnicodeDecodeError, DataError) as fault:
            error = fault if isinstance(fault, DataError) else DataError(f"no UTF-8: {fault}")
            refuse(rejects, error, place, 0, place.read_bytes())
            continue
        if content is None:
            yield Record(document)
            continue
        try:
            found = Read(document, lines, losses, rejects).reading(content, origin)
        except DataError as fault:
            if fault.file:
                raise
            refuse(rejects, fault, lines, 0, content.encode())
        else:
            yield Record(document, (found,))
    for lines in sorted(folder.rglob("*.ann")):
        if not lines.with_suffix(".txt").exists():
            error = DataError("there is no .txt beside it", hint="Put the text there.")
            refuse(rejects, error, lines, 0, lines.read_bytes())
