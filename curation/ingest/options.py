"""What a run of ingest may be told."""

from __future__ import annotations

import datetime
import re
from typing import Literal, get_args

from msgspec import Struct

from curation.errors import UsageError
from curation.ingest.decoding import is_encoding

Format = Literal["text", "html", "jsonl", "csv", "tsv", "parquet"]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*\Z")


def language_code(value: object) -> str | None:
    """A BCP 47 code as it is usually written, or None if the value is none.

    >>> language_code("AR_eg"), language_code("Arabic")
    ('ar-eg', None)
    """
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        return None
    first, *rest = value.replace("_", "-").split("-")
    return "-".join((first.lower(), *rest))


class Options(Struct, frozen=True, kw_only=True):
    """How to read, and what to say of documents that do not say it themselves.

    `text_field` and `id_field` name the fields of a row; with None, "id" is taken where there is
    one, while an id field that is named must be in every row. `format` overrides what a file's
    suffix says, for stdin and for files named one by one. `encoding` is that of text, HTML and
    CSV files (UTF-8 unless the page says otherwise; JSONL and Parquet are always UTF-8).
    `language` is a BCP 47 code, or "auto". `split` and `config` choose within a Hugging Face
    dataset. `limit` ends the run after so many documents. `output` is the file that the run
    writes: it and its rejects are not read again when they lie in a folder of the input.

    Raises: UsageError if a value makes no sense.
    """

    text_field: str = "text"
    id_field: str | None = None
    format: Format | None = None
    encoding: str | None = None
    language: str = "auto"
    published: datetime.date | None = None
    split: str | None = None
    config: str | None = None
    limit: int | None = None
    output: str | None = None

    def __post_init__(self) -> None:
        if self.language != "auto" and language_code(self.language) is None:
            raise UsageError(
                f"{self.language!r} is no language code",
                hint="Give auto, or a BCP 47 code such as ar, en or zh-Hant.",
            )
        if self.format is not None and self.format not in get_args(Format):
            raise UsageError(
                f"{self.format!r} is no format", hint=f"Known: {', '.join(get_args(Format))}."
            )
        if self.encoding is not None and not is_encoding(self.encoding):
            raise UsageError(
                f"{self.encoding!r} is no text encoding",
                hint="For example utf-8, utf-16, windows-1256, iso-8859-6.",
            )
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"a limit of {self.limit} leaves nothing", hint="Give 1 or more.")
