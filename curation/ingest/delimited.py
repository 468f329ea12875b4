"""CSV and TSV: a header, then one document a row. Newlines inside quotes stay as they are."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from curation.errors import DataError
from curation.ingest.decoding import as_text, opened, undecodable
from curation.ingest.options import Options
from curation.ingest.row import Place, Row, Source, check_fields, refuse, split
from curation.store import Rejects

_DELIMITER = {"csv": ",", "tsv": "\t"}

#: The longest cell, in code points: a quote that is never closed must not take all memory.
LONGEST = 100_000_000


def read_delimited(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row]:
    """Every row, by the names in the first one. Lines count from 1, the header's included."""
    csv.field_size_limit(LONGEST)  # of the whole process; there is no other way to set it
    with opened(source.path) as stream, as_text(stream, options.encoding) as text:
        taken: list[str] = []  # the lines of the row that is being read
        lines = (taken.append(line) or line for line in text)
        reader = csv.reader(lines, delimiter=_DELIMITER[source.kind], strict=True)
        header = _header(reader, options)
        while True:
            taken.clear()
            place = Place(source.path, reader.line_num + 1)
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells, fault = list[str](), _no_row(source.kind, error)
            else:
                fault = _fault(cells, header, options)
            if fault is not None:
                content = "".join(taken).encode("utf-8", "surrogateescape")
                refuse(rejects, fault, place, content)
            elif cells:  # not an empty line
                yield split(dict(zip(header, cells, strict=True)), options, place)


def _no_row(kind: str, error: csv.Error) -> DataError:
    return DataError(f"not {kind.upper()}: {error}", hint='Inside quotes a quote is doubled: "".')


def _fault(cells: list[str], header: list[str], options: Options) -> DataError | None:
    if cells and len(cells) != len(header):
        return DataError(f"the row has {len(cells)} cells, the header {len(header)}")
    return undecodable(cells, options.encoding)


def _header(rows: Iterator[list[str]], options: Options) -> list[str]:
    try:
        header = next(rows, list[str]())
    except csv.Error as fault:
        raise DataError(f"the header can not be read: {fault}", line=1) from fault
    if fault := undecodable(header, options.encoding):
        raise DataError(fault.message, line=1, hint=fault.hint)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(f"the header has {twice[0]!r} twice", line=1)
    check_fields(header, options)
    return header
