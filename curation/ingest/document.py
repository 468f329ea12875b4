"""From a row to a document: the text exactly as it is, the rest as far as it is understood.

Nothing a source says is lost: what is no text, id, language, day or source becomes metadata.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from curation.errors import DataError
from curation.ingest.decoding import line_and_column
from curation.ingest.language import identify
from curation.ingest.options import Options, language_code
from curation.ingest.row import Row
from curation.model import Document, document_id, unstorable


def document(row: Row, options: Options, said: str) -> Document:
    """The document that a row says; `said` is where it comes from, if it does not say so itself.

    Raises: DataError, with its field, if it says none or one that can not be stored.
    """
    text = _text(row, options)
    ident = _id(row, text, options)
    rest = _flat(row.rest)
    language = _take_language(rest)
    if language is None:
        language = identify(text) if options.language == "auto" else language_code(options.language)
    published = _take_day(rest) or options.published
    source = rest.pop("source") if rest.get("source") and _is_text(rest["source"]) else None
    meta = {name: jsonable(value, name) for name, value in rest.items()}
    return Document(ident, text, language, source or said, published, meta)


def _text(row: Row, options: Options) -> str:
    text, name = row.text, options.text_field
    if text is None:
        names = ", ".join(map(repr, row.rest)) or "nothing else"
        raise DataError(
            f"there is no text in {name!r}; it has {names}",
            field=name,
            hint="Name the field that holds the text: --text-field NAME.",
        )
    if not isinstance(text, str):
        raise DataError(
            f"{name!r} is not text but {type(text).__name__}",
            field=name,
            hint="Name the field that holds the text: --text-field NAME.",
        )
    at = unstorable(text)
    if at is not None:
        line, column = line_and_column(text, at)
        raise DataError(
            f"the text has U+{ord(text[at]):04X} at code point {at} (line {line}, column "
            f"{column}), which no JSON, Parquet or review server carries",
            hint="Take it out, or look whether the encoding is right (--encoding).",
        )
    if not text.strip():
        raise DataError("the text is empty" if not text else "the text is only white space")
    return text


def _id(row: Row, text: str, options: Options) -> str:
    if row.id is None or row.id == "":
        if options.id_field is not None and row.place.line:
            raise DataError(f"there is no id in {options.id_field!r}", field=options.id_field)
        return document_id(text)
    if isinstance(row.id, int) and not isinstance(row.id, bool):
        return str(row.id)
    if not isinstance(row.id, str):
        raise DataError(
            f"the id {row.id!r} is neither text nor a whole number",
            field=options.id_field or "id",
            hint="Name another field: --id-field NAME.",
        )
    return row.id


def _flat(rest: dict[str, Any]) -> dict[str, Any]:
    """The fields, with those of an object called `meta` beside them if no name clashes."""
    rest = dict(rest)
    inner: Any = rest.get("meta")
    if isinstance(inner, dict) and not (inner.keys() & rest.keys()):
        del rest["meta"]
        rest |= inner
    return rest


def _take_language(rest: dict[str, Any]) -> str | None:
    for name in ("language", "lang"):
        code = language_code(rest.get(name))
        if code is not None:
            del rest[name]
            return code
    return None


def _take_day(rest: dict[str, Any]) -> datetime.date | None:
    """The day in `published` or `date`. With a time beside it the field stays, for the time."""
    for name in ("published", "date"):
        day, exact = _day(rest.get(name))
        if day is not None:
            if exact:
                del rest[name]
            return day
    return None


def _day(value: Any) -> tuple[datetime.date | None, bool]:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value), True
        except ValueError:
            pass
        try:
            value = datetime.datetime.fromisoformat(value)
        except ValueError:
            return None, False
    if isinstance(value, datetime.datetime):
        return value.date(), False
    return (value, True) if isinstance(value, datetime.date) else (None, False)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and unstorable(value) is None


def _is_encodable(value: Any) -> bool:
    """Text without lone surrogates; NUL is no trouble in JSON."""
    return isinstance(value, str) and unstorable(value.replace("\x00", "")) is None


def jsonable(value: Any, name: str) -> Any:
    """A value of the metadata as JSON has it: dates and times in ISO 8601, decimals as text, NaN
    (which tables have for what is missing) as null.

    >>> jsonable({"on": [datetime.date(2022, 10, 1)]}, "x")
    {'on': ['2022-10-01']}

    Raises: DataError for what JSON can not hold, such as bytes.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if _is_encodable(value) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)
        return [jsonable(item, f"{name}[{at}]") for at, item in enumerate(items)]
    if isinstance(value, dict):
        fields = cast("dict[Any, Any]", value)
        if all(_is_encodable(key) for key in fields):
            return {key: jsonable(item, f"{name}.{key}") for key, item in fields.items()}
    kind = type(cast("object", value)).__name__
    raise DataError(
        f"{name!r} holds what JSON can not: {kind}",
        field=name,
        hint="Leave the field out, or turn it into text before.",
    )
