"""What a version holds and what its bytes are: `manifest.json`, one a version folder."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.errors import Corrupted
from curation.model import Schema
from curation.publish.acceptance import Acceptance
from curation.publish.features import Labels
from curation.publish.objects import Digests
from curation.publish.splits import Splits

MANIFEST = "manifest.json"


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a version: its path within the version folder, size in bytes, SHA-256."""

    path: str
    size: int
    sha256: str


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

    version: str
    parent: str | None
    parent_manifest: str | None
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


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version folder.

    Raises: Corrupted if it is not there or is none.
    """
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError, ValueError) as fault:
        raise Corrupted(f"{path} can not be read: {fault}") from fault


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
