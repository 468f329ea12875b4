"""Which shard holds which document: a document keeps its shard as long as it stays.

The documents that come in one version are spread over new shards by a hash of their ids (or fill up
the newest shard, if they fit into it). So an edit rewrites the shards of the documents it touches,
a new batch touches no full shard, and corrections of one batch leave the other batches alone. What
can not be helped: corrections that are strewn over all documents touch all shards once they are
more than there are shards, though what did not change in them is copied, not made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.errors import Corrupted
from curation.model.ids import digest
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Inside

SHARDS = "shards.json"

#: Documents that a shard is meant to hold, and bytes of their lines.
SHARD_DOCUMENTS = 256
SHARD_BYTES = 8 << 20


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A shard's file of one view: its path within the version folder, how many rows, and the bytes
    they take in Arrow."""

    path: Inside
    rows: int
    size: int


class Shard(Struct, frozen=True, forbid_unknown_fields=True):
    """The same documents in every view, and what was counted in them. `bytes` is how long their
    lines were when they were first published."""

    number: int
    split: Inside
    documents: int
    bytes: int
    parts: dict[str, Part]
    counted: Statistics


# Made on import: msgspec crashes if two threads are the first to look at a struct's fields.
_DECODER = msgspec.json.Decoder(tuple[Shard, ...])


def read_shards(folder: Path) -> tuple[Shard, ...]:
    """The shards of a version folder, in the order of their numbers.

    Raises: Corrupted if its list of them is none.
    """
    try:
        return _DECODER.decode((folder / SHARDS).read_bytes())
    except (OSError, msgspec.MsgspecError) as fault:
        raise Corrupted(f"{folder / SHARDS} can not be read: {fault}") from fault


def encode_shards(shards: Iterable[Shard]) -> bytes:
    """The bytes of `shards.json`: a line a shard."""
    lines = (msgspec.json.encode(shard, order="deterministic") for shard in shards)
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def placed(new: Mapping[str, int], shards: Iterable[Shard], first: int = 0) -> dict[str, int]:
    """The shard of each new document (id → bytes of its line) of one split, beside the `shards` of
    that split; `first` is the number of the next shard.

    >>> placed({"a": 10, "b": 20}, [], first=7)
    {'a': 7, 'b': 7}
    """
    if not new:
        return {}
    there = sorted(shards, key=lambda shard: shard.number)
    size = sum(new.values())
    if there:
        last = there[-1]
        if last.documents + len(new) <= SHARD_DOCUMENTS and last.bytes + size <= SHARD_BYTES:
            return dict.fromkeys(new, last.number)
    count = max(-(-len(new) // SHARD_DOCUMENTS), -(-size // SHARD_BYTES))
    return {ident: first + int(digest("shard", ident), 16) % count for ident in new}
