"""Where documents come from, as far as their `source` says it."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import urlsplit

#: Where in a file or a dataset a row stands, as ingest says it: `#line` or `#part/line`.
_ROW = re.compile(r"(?<=[^\s#])#(?:[^#/\s]+/)?\d+\Z")


def without_row(source: str) -> str:
    """A source as a whole: rows of one file are of one source.

    >>> without_row("raw.jsonl#5"), without_row("hf:owner/news#train/12"), without_row("No. #7")
    ('raw.jsonl', 'hf:owner/news', 'No. #7')
    """
    return _ROW.sub("", source)


def origin(source: str | None) -> str:
    """Where a source belongs: the host of an address (never who logs in there), the folder of a
    file; of one that says where a machine keeps things, that folder's name alone.

    >>> origin("https://www.aljazeera.net/news/1"), origin("seeds/documents/a.txt"), origin(None)
    ('www.aljazeera.net', 'seeds/documents', '')
    >>> origin("https://amal:secret@archive.example.org/1")
    'archive.example.org'
    >>> origin("/home/amal/news/a.txt"), origin("file:///home/amal/a.txt")
    ('news', 'amal')
    """
    if not source:
        return ""
    try:
        address = urlsplit(source)
        host = address.netloc.rpartition("@")[2]
    except ValueError:
        address, host = None, ""
    if host:
        return host
    path = PurePath(address.path if address and address.scheme == "file" else source)
    if path.is_absolute():
        return path.parent.name or path.name
    return source if str(path.parent) == "." else str(path.parent)
