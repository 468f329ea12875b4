"""doccano's JSON lines (https://doccano.github.io/doccano), one for each document.

`doccano` writes `label` (`[start, end, label]`), as projects of sequence labelling take it;
`doccano-relations` writes `entities` and `relations` (`from_id`, `to_id`, `type`), as those do that
have relations. Both read both, and `labels`, as older versions wrote. Offsets are UTF-16 code
units, as doccano's page counts (https://github.com/doccano/doccano/issues/2290) unless a project
counts grapheme clusters: turn that off. doccano keeps fields that it does not know with the text;
in those are the document's id and what it has beside. Entities may nest, if the project allows it.
Ids, scores, values, proposers and events have no place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from curation.convert import unsaid
from curation.convert.built import Built, Origin, unused
from curation.convert.characters import Characters
from curation.convert.expressed import carried
from curation.convert.lines import About, Raw, about, document, named, records, write_lines
from curation.convert.losses import Losses
from curation.errors import DataError
from curation.model import Annotation, Record, relation_id
from curation.store import Rejects
from curation.text.offsets import code_points_to_utf16, utf16_to_code_points

Triple = tuple[int, int, str]


class Entity(Struct, frozen=True):
    """One entity; its id is a number, by which relations name it."""

    id: int
    start_offset: int
    end_offset: int
    label: str


class Relation(Struct, frozen=True):
    """One relation; doccano's own have a number too."""

    from_id: int
    to_id: int
    type: str


class Line(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line: with `label` (or `labels`), or with `entities` and `relations`."""

    text: str
    id: int | str | None = None
    label: list[Triple] | None = None
    labels: list[Triple] | None = None
    entities: list[Entity] | None = None
    relations: list[Relation] | None = None
    document_id: str = ""
    document: About | None = None


class Doccano(Struct, frozen=True):
    """The format with relations or without."""

    relations: bool

    def write(
        self, path: Path | str, records: Iterable[Record], losses: Losses, by: str | None
    ) -> int:
        """Write the reading that counts of each record; returns how many documents."""
        before = 0

        def lines() -> Iterator[list[Line]]:
            nonlocal before
            for record in records:
                found = carried(record, by, losses)
                yield [self._line(record, found, before, losses)]
                before += len(found.entities) if found else 0

        return write_lines(path, lines())

    def _line(self, record: Record, found: Annotation | None, before: int, losses: Losses) -> Line:
        ident, text = record.document.id, record.document.text
        beside = about(record.document)
        if found is None:
            return Line(text=text, document_id=ident, document=beside)
        (unsaid.events if self.relations else unsaid.links)(ident, found, losses)
        units = code_points_to_utf16(text)
        for one in found.entities:
            unsaid.fields(ident, one, losses)
            unsaid.entity_ident(ident, one, losses)
        spans = [(units[one.start], units[one.end], one.label) for one in found.entities]
        if not self.relations:
            return Line(text=text, label=spans, document_id=ident, document=beside)
        numbers = {one.id: before + at for at, one in enumerate(found.entities)}
        for one in found.relations:
            if one.id != relation_id(one.label, one.head, one.tail):
                losses.add(ident, "relation", one.id, "id", one.id, unsaid.NO_IDS)
        return Line(
            text=text,
            entities=[Entity(before + at, *span) for at, span in enumerate(spans)],
            relations=[
                Relation(numbers[one.head], numbers[one.tail], one.label) for one in found.relations
            ],
            document_id=ident,
            document=beside,
        )

    def read(
        self, path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
    ) -> Iterator[Record]:
        """A record for each line. A document that we did not write is named by the file and
        doccano's number, or its own."""
        count = 0

        def build(raw: Raw) -> Record:
            nonlocal count
            count += 1
            line = msgspec.convert(raw, Line)
            number = count if line.id is None else line.id
            made = document(line.document_id or f"{named(path)}-{number}", line.text, line.document)
            for what, value in unused(raw, Line.__struct_fields__):
                losses.add(made.id, "document", "", what, value, "records have no place for it")
            built = Built(Characters(made.text))
            read_by_somebody = _entities(line, built)
            return Record(made, (built.reading(origin),) if read_by_somebody else ())

        return records(path, rejects, build)


def _entities(line: Line, built: Built) -> bool:
    points = utf16_to_code_points(line.text)

    def point(at: int, place: str) -> int:
        if not 0 <= at < len(points) or points[at] < 0:
            raise DataError(
                f"{at} is no place between characters, in UTF-16 code units, of a text of "
                f"{len(points) - 1}",
                field=place,
                hint="Export it from a project that does not count grapheme clusters.",
            )
        return points[at]

    def add(start: int, end: int, label: str, place: str) -> str:
        return built.entity(point(start, place), point(end, place), label).id

    for name in ("label", "labels"):
        triples: list[Triple] = getattr(line, name) or []
        for at, triple in enumerate(triples):
            add(*triple, f"$.{name}[{at}]")
    names: dict[int, str] = {}
    for at, one in enumerate(line.entities or ()):
        place = f"$.entities[{at}]"
        if one.id in names:
            raise DataError(f"the id {one.id} is used twice", field=place)
        names[one.id] = add(one.start_offset, one.end_offset, one.label, place)
    for at, one in enumerate(line.relations or ()):
        for end in (one.from_id, one.to_id):
            if end not in names:
                raise DataError(f"there is no entity {end}", field=f"$.relations[{at}]")
        built.relation(one.type, names[one.from_id], names[one.to_id])
    lists: list[Any] = [line.label, line.labels, line.entities, line.relations]
    return any(one is not None for one in lists)


LABELS = Doccano(relations=False)
RELATIONS = Doccano(relations=True)
