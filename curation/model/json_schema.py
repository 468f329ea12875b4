"""The JSON Schema of a record, for programs that are not this one."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from curation.model.record import Record


def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line of every file between two stages, with sorted
    keys, so that the same structs give the same bytes.

    It says the shapes. What it can not say, the structs check: spans are code points and prove
    their text, ids are unique within an annotation, and every id that is named exists in it.

    >>> record_schema()["$ref"]
    '#/$defs/Record'
    """
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(Record),
    }
    for definition in schema["$defs"].values():
        prose, _, _ = inspect.cleandoc(definition["description"]).partition("\n\n>>>")
        definition["description"] = prose
    return msgspec.json.decode(msgspec.json.encode(schema, order="sorted"))
