"""Which lines were published last, so that the next publish reads only what changed.

`.lines` in the dataset directory holds a digest of every line that was checked. It is no part of a
version: where it is missing, damaged or older than the newest version, all lines are read.
"""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.model import Schema
from curation.publish.making.scan import Scan
from curation.publish.views.features import FORMAT
from curation.store import replacing

LINES = ".lines"


class _Lines(Struct, frozen=True):
    """`made` says for which version, schema and program the digests count."""

    made: str
    digests: dict[str, bytes]


def known_lines(dataset: Path, manifest: str, schema: Schema) -> dict[str, bytes]:
    """Document id → digest of its line, of those that were checked for the version with this
    manifest digest against this schema; empty if that is not known."""
    try:
        data = (dataset / LINES).read_bytes()
        if hashlib.sha256(data[32:]).digest() != data[:32]:
            return {}
        lines = msgspec.msgpack.decode(data[32:], type=_Lines)
    except (OSError, msgspec.MsgspecError):
        return {}
    return lines.digests if lines.made == _made(manifest, schema) else {}


def keep_lines(dataset: Path, manifest: str, schema: Schema, scan: Scan) -> None:
    """Remember the lines of a scan, all of which were found right."""
    places = (*scan.chosen.items(), *scan.left.items())
    digests = {ident: place.digest for ident, place in places}
    data = msgspec.msgpack.encode(_Lines(_made(manifest, schema), digests))
    with replacing(dataset / LINES) as stream:
        stream.write(hashlib.sha256(data).digest() + data)


def _made(manifest: str, schema: Schema) -> str:
    program = f"{metadata.version('curation')} {FORMAT}"
    schema_digest = hashlib.sha256(msgspec.json.encode(schema)).hexdigest()
    return f"{manifest} {schema_digest} {program}"
