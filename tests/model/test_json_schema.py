"""The published JSON Schema is the one that the structs say."""

from __future__ import annotations

from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given

from curation.model import Record, record_schema
from curation.store import shipped
from tests.strategies import records

VALIDATOR = jsonschema.Draft202012Validator(record_schema())


def test_the_file_is_what_the_structs_say() -> None:
    file = shipped("schemas", "record.schema.json")
    expected = msgspec.json.format(msgspec.json.encode(record_schema()), indent=2) + b"\n"
    assert file.read_bytes() == expected, (
        "schemas/record.schema.json is not what the structs in curation/model say. "
        "Write it anew: curation schema record > schemas/record.schema.json"
    )


@given(records())
def test_every_record_is_valid(record: Record) -> None:
    VALIDATOR.validate(msgspec.json.decode(msgspec.json.encode(record)))


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"document": {"id": "d"}},
        {"document": {"id": "d", "text": "a", "unknown": 1}},
        {"document": {"id": "d", "text": "a"}, "annotations": [{"status": "proposed"}]},
    ],
)
def test_what_is_no_record_is_not(value: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(value)
