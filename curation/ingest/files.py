"""Files that are one document each: plain text and Markdown as they are, HTML as its main text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curation.errors import DataError
from curation.ingest.decoding import decode, is_encoding, opened
from curation.ingest.main_text import main_text
from curation.ingest.options import Options
from curation.ingest.row import Place, Row, Source, refuse
from curation.store import STREAM, Rejects

# Where a page says its encoding: https://html.spec.whatwg.org/#determining-the-character-encoding
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 1024


def read_text(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row]:
    """The one document of a text file: every code point of it."""
    with opened(source.path) as stream:
        data = stream.read()
    place = Place(source.path)
    try:
        text = decode(data, options.encoding)
    except DataError as fault:
        refuse(rejects, fault, place, data if source.path == STREAM else b"")
        return
    yield Row(place, text, source.id)


def read_html(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row]:
    """The one document of a page: its main text; its title and the like become metadata."""
    with opened(source.path) as stream:
        data = stream.read()
    place = Place(source.path)
    try:
        page = decode(data, options.encoding or _charset(data))
        text, said = main_text(page)
    except DataError as fault:
        refuse(rejects, fault, place, data if source.path == STREAM else b"")
        return
    yield Row(place, text, source.id, said)


def _charset(data: bytes) -> str | None:
    """The encoding that a page says it has, unless a byte order mark says it first."""
    found = _CHARSET.search(data[:_HEAD])
    if found is None or data.startswith(b"\xef\xbb\xbf"):
        return None
    name = found[1].decode("ascii")
    if not is_encoding(name):
        raise DataError(
            f"the page says it is in {name!r}, which is not known here",
            hint="Say how it is encoded: --encoding NAME.",
        )
    return name
