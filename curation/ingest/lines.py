"""JSONL: one document a line, a row of fields or a record that was ingested before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from curation.errors import MalformedRecord
from curation.ingest.options import Options
from curation.ingest.row import Place, Ready, Row, Source, refuse, split
from curation.model import Record
from curation.store import Rejects, read_lines

_FIELDS = set(Record.__struct_fields__)


def read_jsonl(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row | Ready]:
    """Every line. A line `{"document": {…}}` is a record: it goes through as it is, with its
    readings.
    """
    for line in read_lines(source.path, dict[str, Any], rejects=rejects):
        place = Place(source.path, line.number)
        if not (isinstance(line.item.get("document"), dict) and line.item.keys() <= _FIELDS):
            yield split(line.item, options, place)
            continue
        content = msgspec.json.encode(line.item)
        try:
            record = msgspec.json.decode(content, type=Record)
        except msgspec.MsgspecError as fault:
            refuse(rejects, MalformedRecord(str(fault)), place, content)
        else:
            yield Ready(place, record)
