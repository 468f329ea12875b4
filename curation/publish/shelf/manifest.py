"""What a version holds and what its bytes are: `manifest.json`, one a version folder."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from curation.errors import Corrupted
from curation.model import Schema
from curation.publish.counts.acceptance import Acceptance
from curation.publish.shelf.objects import Digests
from curation.publish.shelf.splits import Splits
from curation.publish.views.features import Labels

MANIFEST = "manifest.json"

# A manifest or a list may come from others: what is a path, or becomes part of one, stays inside.
_PART = "[A-Za-z0-9_-][A-Za-z0-9_.-]*"
Inside = Annotated[str, Meta(pattern=rf"^{_PART}(/{_PART})*\Z")]
Number = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}\Z")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a version: its path within the version folder, size in bytes, SHA-256."""

    path: Inside
    size: int
    sha256: Sha256


class View(Struct, frozen=True, forbid_unknown_fields=True):
    """A split of a view: how many rows, how many bytes they take in Arrow, in which files."""

    rows: int
    size: int
    files: tuple[str, ...]


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One version. `parent_manifest` is the SHA-256 of the parent's manifest.json, so that the
    newest manifest's digest proves the whole history. `content` says what was published, whatever
    it is called and whatever wrote it (`documents` is its part without schema, labels, licence and
    acceptance); `format` says how records became rows; `newest` is the time of the latest reading
    in it; `left_out` counts the records without a reading to publish, by how far they came; `leaks`
    counts the pairs of near-duplicates in different splits; `views` are by view, then by split;
    `tools` are those that made what is new in it; `rolled_back_to` is the version that a
    rollback took up again, and stands in no other manifest. Who published it and when stands in
    `versions.json`, so that the same content gives the same bytes. The rest is as its name says.
    """

    version: Number
    parent: Number | None
    parent_manifest: Sha256 | None
    content: str
    documents: str
    format: int
    license: str | None
    newest: datetime.datetime | None
    counts: dict[str, int]
    left_out: dict[str, int]
    labels: Labels
    tags: tuple[str, ...]
    schema: Schema
    acceptance: Acceptance | None
    splits: Splits
    leaks: int
    views: dict[str, dict[str, View]]
    files: tuple[File, ...]
    tools: dict[str, str]
    rolled_back_to: str | None = None


# Made on import: msgspec crashes if two threads are the first to look at a struct's fields.
_DECODER = msgspec.json.Decoder(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version folder.

    Raises: Corrupted if it is not there or is none.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Corrupted(f"{path} can not be read: {fault}") from fault
    return decode_manifest(data, str(path))


def decode_manifest(data: bytes, place: str) -> Manifest:
    """What a manifest says; `place` is where it came from.

    Raises: Corrupted if it is none, or a view has a file whose bytes it does not tell.
    """
    try:
        manifest = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError) as fault:
        raise Corrupted(f"{place} can not be read: {fault}") from fault
    known = {file.path for file in manifest.files}
    views = [view for splits in manifest.views.values() for view in splits.values()]
    if strange := [path for view in views for path in view.files if path not in known]:
        raise Corrupted(f"{place}: a view has {strange[0]!r}, which is not among its files")
    return manifest


def encode_manifest(manifest: Manifest) -> bytes:
    """The bytes of a manifest: readable JSON, one way only."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def file_of(folder: Path, path: Path, digests: Digests) -> File:
    """What the manifest says about a file of a version folder."""
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digests.of(path))
