"""A WebAnno TSV 3 file read, and how it escapes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curation.convert.built import Built, Origin
from curation.convert.characters import Characters
from curation.convert.losses import Losses
from curation.errors import DataError, SpanMismatch
from curation.model import Annotation, Document, Record
from curation.text.offsets import utf16_length, utf16_to_code_points

VERSION = "WebAnno TSV 3.3"
LAYER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
#: Other layers of these are of grammar; what else a project defines is taken for entities.
_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."

_VALUE = {"\t": "\\t", "\n": "\\n"} | {one: "\\" + one for one in ("\\", *"[]|_;*", "->")}
_TEXT = {"\t": "\\t", "\f": "\\f", "\r": "\\r", "\b": "\\b", "\\": "\\\\"} | {
    chr(at): "\\" + chr(at) for at in (*range(8), *range(14, 32))
}
_ROW = re.compile(r"([0-9]+-[0-9]+(\.[0-9]+)?)\t([0-9]+)-([0-9]+)\t([^\t]*)\t(.*)", re.DOTALL)
_STACKED = re.compile(r"(?<!\\)\|")


def _replacing(table: dict[str, str], said: str) -> str:
    pattern = "|".join(re.escape(one) for one in sorted(table, key=len, reverse=True))
    return re.sub(pattern, lambda found: table[found[0]], said)


def escape_value(said: str) -> str:
    """A label as it stands in a cell."""
    return _replacing(_VALUE, said)


def escape_text(said: str) -> str:
    """A line of text as it stands after `#Text=`."""
    return _replacing(_TEXT, said)


def unescape_value(said: str) -> str:
    """A label from a cell.

    >>> unescape_value(escape_value("a_[b]->\\\\t"))
    'a_[b]->\\\\t'
    """
    return _replacing({escaped: one for one, escaped in _VALUE.items()}, said)


def unescape_text(said: str) -> str:
    """A line of text from after `#Text=`."""
    return _replacing({escaped: one for one, escaped in _TEXT.items()}, said)


class Read:
    """One file, of the document with this id."""

    def __init__(self, name: str, losses: Losses) -> None:
        self._name, self._losses = name, losses
        self._text = ""
        self._length = 0  # of the text, in UTF-16 code units
        #: Of every column its layer and feature.
        self._columns: list[tuple[str, str]] = []
        #: The entities by layer and number, or place: begin, end (UTF-16) and features.
        self._found: dict[tuple[str, str], tuple[int, int, dict[str, str]]] = {}
        self._rows: list[tuple[int, int, int, str]] = []
        self._lost: dict[str, list[str]] = {}

    def record(self, content: str, origin: Origin) -> Record:
        """All of it.

        Raises: DataError with the line, for what is not of the format.
        """
        lines = content.removeprefix("\ufeff").split("\n")
        if not lines[0].startswith("#FORMAT=WebAnno TSV 3."):
            raise DataError("the first line is not #FORMAT=WebAnno TSV 3.x", line=1)
        pending: list[str] | None = None
        for number, line in enumerate(lines[1:], start=2):
            line = line.removesuffix("\r")
            if line.startswith("#T_"):
                self._layer(line)
            elif line.startswith("#Text="):
                pending = [*(pending or ()), unescape_text(line.removeprefix("#Text="))]
            elif line and not (line[0] == "#" and "\t" not in line):
                self._row(number, line, pending)
                pending = None
        self._text = self._text.removesuffix("\n")
        return Record(Document(self._name, self._text), (self._reading(origin),))

    def _layer(self, line: str) -> None:
        kind, _, rest = line.partition("=")
        layer, *features = rest.split("|")
        if kind != "#T_SP":
            layer = f"{kind[1:]} {layer}"
        self._columns += [(layer, feature) for feature in features or [""]]

    def _row(self, number: int, line: str, pending: Sequence[str] | None) -> None:
        found = _ROW.fullmatch(line)
        if found is None:
            raise DataError("not of the form NUMBER<tab>BEGIN-END<tab>WORD<tab>…", line=number)
        start, end = int(found[3]), int(found[4])
        if pending is not None:
            self._sentence(number, start, "\n".join(pending) + "\n")
        self._rows.append((number, start, end, found[5]))
        cells = found[6].split("\t")
        if len(cells) < len(self._columns):
            raise DataError(f"{len(self._columns)} columns, but {len(cells)} cells", line=number)
        for (layer, feature), cell in zip(self._columns, cells, strict=False):
            if cell == "_":
                continue
            if layer.startswith("T_") or (layer.startswith(_DKPRO) and layer != LAYER):
                self._lost.setdefault(layer, []).append(f"{found[1]} {cell}")
                continue
            for at, said in enumerate(_STACKED.split(cell)):
                self._value(layer, feature, said, f"{found[1]}|{at}", start, end)

    def _sentence(self, number: int, start: int, text: str) -> None:
        """Add a sentence as INCEpTION does: over the last one's line end, or after blanks."""
        if self._length == start + 1 and self._text.endswith("\n"):
            self._text, self._length = self._text[:-1], start
        if self._length > start:
            raise DataError(f"a sentence at {start} begins inside the one before", line=number)
        self._text += " " * (start - self._length) + text
        self._length = start + utf16_length(text)

    def _value(self, layer: str, feature: str, cell: str, place: str, start: int, end: int) -> None:
        said, number = cell, ""
        if cell.endswith("]") and not cell.endswith("\\]"):
            said, _, number = cell[:-1].rpartition("[")
        key = layer, number or place
        first, _, features = self._found.get(key, (start, end, dict[str, str]()))
        if said != "*":
            features.setdefault(feature, unescape_value(said))
        self._found[key] = first, end, features

    def _reading(self, origin: Origin) -> Annotation:
        points = utf16_to_code_points(self._text)

        def span(start: int, end: int) -> tuple[int, int]:
            if not 0 <= start < end < len(points) or -1 in (points[start], points[end]):
                raise DataError(f"{start}-{end} is no span of the text, in UTF-16 code units")
            return points[start], points[end]

        for number, start, end, said in self._rows:
            if start == end:
                continue
            try:
                first, last = span(start, end)
            except DataError as fault:
                raise DataError(fault.message, line=number) from fault
            if self._text[first:last] != said:
                raise SpanMismatch(
                    f"it says {said!r}, but the text has {self._text[first:last]!r} there",
                    line=number,
                )
        built = Built(Characters(self._text))
        for (layer, _), (start, end, features) in self._found.items():
            names = [one for of, one in self._columns if of == layer and one != "identifier"]
            label = features.pop("value" if "value" in names else names[0], None) if names else None
            value = features.pop("identifier", None)
            if start == end or not label:
                said = f"{start}-{end}"
                reason = "it has no label" if start < end else "it is empty"
                self._losses.add(self._name, "entity", "", "span", said, reason)
                continue
            made = built.entity(*span(start, end), label, value=value)
            for what, other in features.items():
                reason = "records have no place for it"
                self._losses.add(self._name, "entity", made.id, what, other, reason)
        for layer, cells in self._lost.items():
            reason = "records have no place for it"
            self._losses.add(self._name, "document", "", layer, " ".join(cells), reason)
        return built.reading(origin)
