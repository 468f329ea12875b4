"""What a source says beside the text is understood or kept, never lost."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import DataError
from curation.ingest import Options
from curation.ingest.document import document, jsonable
from curation.ingest.row import Place, Row
from curation.model import Document
from tests.strategies import documents

DAY = datetime.date(2022, 10, 1)


def said(rest: dict[str, Any], **options: Any) -> Document:
    row = Row(Place("in.jsonl", 3), "some text", "a", rest)
    return document(row, Options(**({"language": "und"} | options)), str(row.place))


@pytest.mark.parametrize(
    ("rest", "language", "meta"),
    [
        ({"language": "ar"}, "ar", {}),
        ({"lang": "AR_eg"}, "ar-eg", {}),
        ({"language": "zh-Hant"}, "zh-Hant", {}),
        ({"language": "Arabic"}, "und", {"language": "Arabic"}),
        ({"language": None}, "und", {"language": None}),
        ({"language": 3, "lang": "fr"}, "fr", {"language": 3}),
    ],
)
def test_language(rest: dict[str, Any], language: str, meta: dict[str, Any]) -> None:
    found = said(rest)
    assert (found.language, found.meta) == (language, meta)


@pytest.mark.parametrize(
    ("rest", "published", "meta"),
    [
        ({"published": "2022-10-01"}, DAY, {}),
        ({"date": "2022-10-01"}, DAY, {}),
        ({"date": DAY}, DAY, {}),
        ({"date": "2022-10-01T23:30:00+03:00"}, DAY, {"date": "2022-10-01T23:30:00+03:00"}),
        (
            {"published": datetime.datetime(2022, 10, 1, 12, 30)},
            DAY,
            {"published": "2022-10-01T12:30:00"},
        ),
        ({"published": "2022-10-01", "date": "2021-01-01"}, DAY, {"date": "2021-01-01"}),
        ({"published": "yesterday", "date": "2022-10-01"}, DAY, {"published": "yesterday"}),
        ({"date": "1/10/2022"}, None, {"date": "1/10/2022"}),
        ({"date": 20221001}, None, {"date": 20221001}),
        ({"date": ""}, None, {"date": ""}),
    ],
)
def test_published(
    rest: dict[str, Any], published: datetime.date | None, meta: dict[str, Any]
) -> None:
    found = said(rest)
    assert (found.published, found.meta) == (published, meta)


def test_options_speak_for_documents_that_do_not() -> None:
    other = datetime.date(2020, 1, 1)
    assert said({}, published=other, language="fa").published == other
    assert said({"date": DAY}, published=other).published == DAY
    assert said({"language": "ar"}, language="fa").language == "ar"
    assert said({}, language="fa").language == "fa"


@pytest.mark.parametrize(
    ("rest", "source", "meta"),
    [
        ({}, "in.jsonl#3", {}),
        ({"source": "https://example.org/1"}, "https://example.org/1", {}),
        ({"source": ""}, "in.jsonl#3", {"source": ""}),
        ({"source": {"name": "x"}}, "in.jsonl#3", {"source": {"name": "x"}}),
    ],
)
def test_source(rest: dict[str, Any], source: str, meta: dict[str, Any]) -> None:
    found = said(rest)
    assert (found.source, found.meta) == (source, meta)


def test_an_object_called_meta_is_the_metadata() -> None:
    assert said({"meta": {"a": 1, "language": "ar"}, "b": 2}).meta == {"b": 2, "a": 1}
    assert said({"meta": {"language": "ar"}}).language == "ar"
    assert said({"meta": {"b": 1}, "b": 2}).meta == {"meta": {"b": 1}, "b": 2}
    assert said({"meta": "x"}).meta == {"meta": "x"}


@given(documents())
def test_a_flat_document_is_the_document(given_document: Document) -> None:
    fields = msgspec.to_builtins(given_document)
    meta = fields.get("meta", {})
    if meta.keys() & {*Document.__struct_fields__, "lang", "date"}:
        return
    row = Row(
        Place("f", 1), "text", fields.pop("id"), {k: v for k, v in fields.items() if k != "text"}
    )
    found = document(row, Options(language="und"), str(row.place))
    assert found.meta == given_document.meta
    assert found.language == (given_document.language or "und")
    assert found.published == given_document.published


def test_what_tables_hold_becomes_json() -> None:
    values = {
        "when": datetime.datetime(2022, 10, 1, 12, tzinfo=datetime.UTC),
        "time": datetime.time(12, 30),
        "price": Decimal("1.10"),
        "missing": float("nan"),
        "list": [DAY, (1, 2)],
        "map": {"a": {"b": DAY}},
        "nul": "a\x00",
    }
    assert said(values).meta == {
        "when": "2022-10-01T12:00:00+00:00",
        "time": "12:30:00",
        "price": "1.10",
        "missing": None,
        "list": ["2022-10-01", [1, 2]],
        "map": {"a": {"b": "2022-10-01"}},
        "nul": "a\x00",
    }


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (b"x", "k"),
        ([1, b"x"], "k[1]"),
        ({"a": b"x"}, "k.a"),
        (float("inf"), "k"),
        ("\ud83d", "k"),
        ({1: 2}, "k"),
        ({"\ud83d": 2}, "k"),
        (datetime.timedelta(1), "k"),
    ],
)
def test_what_json_can_not_hold_is_refused(value: Any, field: str) -> None:
    with pytest.raises(DataError, match="JSON can not") as caught:
        said({"k": value})
    assert caught.value.field == field


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)


@given(json_values)
def test_json_stays_as_it_is(value: Any) -> None:
    kept = jsonable(value, "k")
    assert kept == value
    assert msgspec.json.decode(msgspec.json.encode(kept)) == value
