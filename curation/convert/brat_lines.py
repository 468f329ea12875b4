"""The lines of a brat `.ann` file, read one by one: a wrong one is refused, the rest goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, structs

from curation.convert.built import Built, Origin
from curation.convert.characters import Characters
from curation.convert.lines import refuse
from curation.convert.losses import Item, Losses
from curation.errors import DataError, SpanMismatch
from curation.model import Annotation, Argument, Document
from curation.store import Rejects

#: What ends a line for brat, which reads with Python's splitlines.
ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
NOTE, MODALITY = "Curation", "Modality"
#: Attributes that stand in many schemes of brat's users, and the modality that each is.
_FLAGS = {"Negation": "negated", "Speculation": "possible"}
_MODALITIES = ("asserted", "negated", "possible", "future")
_KINDS: dict[str, Item] = {"T": "entity", "R": "relation", "E": "event"}
_NO_PLACE = "records have no place for it"

_LINE = re.compile(r"(?P<name>\*|[A-Za-z#][^\t]*)\t(?P<rest>.*)", re.DOTALL)
_TEXT = re.compile(r"(\S+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)(?:\t(.*))?", re.DOTALL)
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_EVENT = re.compile(r"([^\s:]+):(\S+)((?: +[^\s:]+:\S+)*)\s*")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (.+?))?\s*", re.DOTALL)
_NOTE = re.compile(r"(\S+) (\S+)(?:\t(.*))?", re.DOTALL)


class Note(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an item has that brat has no line for."""

    id: str = ""
    score: float | None = None
    value: str | None = None
    proposers: tuple[str, ...] = ()
    mode: str | None = None


class _Line(NamedTuple):
    number: int
    name: str
    rest: str
    whole: str


class Read:
    """The `.ann` file `path` of a document."""

    def __init__(
        self, document: Document, path: Path, losses: Losses, rejects: Rejects | None
    ) -> None:
        self._text, self._document = document.text, document.id
        self._path, self._losses, self._rejects = path, losses, rejects
        self._built = Built(Characters(document.text))
        self._spans: dict[str, tuple[str, int, int]] = {}
        self._notes: dict[str, Note] = {}
        self._values: dict[str, str] = {}
        self._modalities: dict[str, str] = {}
        #: What each name of the file has become: the kind and the id of an item.
        self._made: dict[str, tuple[Item, str]] = {}
        self._lost: list[tuple[str, str, str]] = []

    def reading(self, content: str, origin: Origin) -> Annotation:
        """All of it.

        Raises: DataError if two items were given one id.
        """
        lines = self._lines(content)
        triggers = {
            found[2] for line in lines if line.name[0] == "E" and (found := _EVENT.match(line.rest))
        }
        self._each(lines, "T", self._span)
        self._each(lines, "#", self._note)
        self._each(lines, "AM", self._attribute)
        self._each(lines, "N", self._norm)
        self._each(lines, "T", lambda line: None if line.name in triggers else self._entity(line))
        self._each(lines, "R", self._relation)
        self._each(lines, "E", self._event)
        self._each(lines, "*", lambda line: self._lost.append(("", "equivalence", line.rest)))
        for target, what, said in self._lost:
            kind, name = self._made.get(target, ("document", ""))
            self._losses.add(self._document, kind, name, what, said, _NO_PLACE)
        return self._built.reading(origin)

    def _lines(self, content: str) -> list[_Line]:
        lines: list[_Line] = []
        names: set[str] = set()
        for number, whole in enumerate(content.split("\n"), start=1):
            whole = whole.rstrip("\r")
            if not whole.strip():
                continue
            found = _LINE.fullmatch(whole)
            line = _Line(number, found["name"], found["rest"], whole) if found else None
            if line is None or line.name[0] not in "TREAMN#*":
                self._refuse(DataError("not a line of the format"), number, whole)
            elif line.name in names:
                self._refuse(DataError(f"{line.name} stands there twice"), number, whole)
            else:
                names |= {line.name} - {"*"}
                lines.append(line)
        return lines

    def _refuse(self, fault: Exception, number: int, whole: str) -> None:
        refuse(self._rejects, fault, self._path, number, whole.encode())

    def _each(self, lines: Sequence[_Line], kinds: str, take: Callable[[_Line], Any]) -> None:
        for line in lines:
            if line.name[0] in kinds:
                try:
                    take(line)
                except (DataError, msgspec.MsgspecError) as fault:
                    self._refuse(fault, line.number, line.whole)

    def _span(self, line: _Line) -> None:
        label, places, said = _matched(_TEXT, line, "TYPE START END<tab>TEXT")
        parts = [(int(a), int(b)) for a, b in (one.split(" ") for one in places.split(";"))]
        for (_, end), (start, _) in pairwise(parts):
            if end > start or self._text[end:start].strip(ENDS):
                raise DataError(
                    "the span is discontinuous, and spans of records are not",
                    hint="Mark it as one, or each part as one.",
                )
        start, end = self._built.units.span(parts[0][0], parts[-1][1])
        stands = " ".join(self._text[a:b] for a, b in parts)
        if said and _plain(said) != _plain(stands):
            raise SpanMismatch(f"it says {said!r}, but the text has {stands!r} there")
        self._spans[line.name] = label, start, end

    def _note(self, line: _Line) -> None:
        kind, target, said = _matched(_NOTE, line, "TYPE TARGET<tab>NOTE")
        if kind == NOTE:
            self._notes[target] = msgspec.json.decode(said, type=Note)
        else:
            self._lost.append((target, kind, said))

    def _attribute(self, line: _Line) -> None:
        kind, target, said = _matched(_ATTRIBUTE, line, "TYPE TARGET VALUE")
        modality = said if kind == MODALITY else _FLAGS.get(kind)
        known = target[0] == "E" and target not in self._modalities
        if known and modality in _MODALITIES:
            self._modalities[target] = modality
        else:
            self._lost.append((target, kind, said or "true"))

    def _norm(self, line: _Line) -> None:
        _, target, rest = _matched(_ATTRIBUTE, line, "TYPE TARGET DB:ID<tab>NAME")
        value, _, name = rest.partition("\t")
        if target in self._values or target[0] != "T" or not value:
            self._lost.append((target, "normalization", rest))
            return
        self._values[target] = value
        if name:
            self._lost.append((target, "normalization", name))

    def _entity(self, line: _Line) -> None:
        if line.name not in self._spans:
            return  # refused already
        label, start, end = self._spans[line.name]
        note = self._notes.get(line.name, Note())
        value = note.value or self._values.get(line.name)
        made = self._built.entity(start, end, label, note.id, note.score, value)
        self._built.entities[-1] = structs.replace(made, proposers=note.proposers)
        self._made[line.name] = "entity", made.id

    def _relation(self, line: _Line) -> None:
        label, head, tail = _matched(_RELATION, line, "TYPE Arg1:ID Arg2:ID")
        ends = [self._entity_of(one) for one in (head, tail)]
        note = self._notes.get(line.name, Note())
        made = self._built.relation(label, ends[0], ends[1], note.id)
        self._made[line.name] = "relation", made.id

    def _entity_of(self, name: str) -> str:
        kind, found = self._made.get(name, ("", ""))
        if kind != "entity":
            raise DataError(f"{name} is no entity of this file")
        return found

    def _event(self, line: _Line) -> None:
        label, trigger, rest = _matched(_EVENT, line, "TYPE:TRIGGER ROLE:ID …")
        if trigger not in self._spans:
            raise DataError(f"{trigger} is no span of this file")
        _, start, end = self._spans[trigger]
        pairs = [one.split(":", 1) for one in rest.split()]
        roles = unnumbered([role for role, _ in pairs])
        arguments: list[Argument] = []
        for role, (_, target) in zip(roles, pairs, strict=True):
            kind, found = self._made.get(target, ("", ""))
            if kind == "entity":
                arguments.append(Argument(role, found))
            else:
                self._lost.append((line.name, role, f"{target}, which is no entity"))
        note = self._notes.get(line.name, Note())
        made = self._built.event(start, end, label, arguments, note.id, note.score)
        modality: Any = self._modalities.get(line.name, "asserted")
        self._built.events[-1] = structs.replace(
            made, modality=modality, mode=note.mode, proposers=note.proposers
        )
        self._made[line.name] = "event", made.id


def _matched(pattern: re.Pattern[str], line: _Line, form: str) -> tuple[str, str, str]:
    found = pattern.fullmatch(line.rest)
    if found is None:
        raise DataError(f"{line.name} is not of the form {form}")
    return found[1], found[2], found[3] or ""


def _plain(said: str) -> str:
    """Words with the line ends and blanks between them as one, as brat's versions differ there."""
    return " ".join(said.split())


def unnumbered(names: Sequence[str]) -> list[str]:
    """The roles of an event that brat has numbered: a number counts where the name before it is
    there too.

    >>> unnumbered(["actor", "place", "actor2", "arg1"])
    ['actor', 'place', 'actor', 'arg1']
    """
    bases = [re.sub(r"[0-9]+\Z", "", name) for name in names]
    return [base if base in names else name for base, name in zip(bases, names, strict=True)]
