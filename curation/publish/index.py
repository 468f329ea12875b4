"""The documents of a version: what each says (a digest), and where it lies. `index.parquet`, beside
the manifest, is what makes it quick to see what changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from curation.publish.tables import read_table, write_table

INDEX = "index.parquet"


class Indexed(NamedTuple):
    """A document of a version: the digest of what is published of it, and the number of the shard
    that holds its rows."""

    digest: str
    shard: int


#: Document id → where it is, in the order of the ids.
Index = Mapping[str, Indexed]


def read_index(folder: Path) -> dict[str, Indexed]:
    """The documents of a version folder."""
    table = read_table(folder / INDEX)
    columns = (table[name].to_pylist() for name in ("id", "digest", "shard"))
    return {ident: Indexed(digest, shard) for ident, digest, shard in zip(*columns, strict=True)}


def write_index(folder: Path, index: Index) -> None:
    """Write them, in the order of their ids."""
    import pyarrow as pa

    arrow: Any = pa
    kinds = {"id": arrow.string(), "digest": arrow.string(), "shard": arrow.int32()}
    columns = (
        [*index],
        [where.digest for where in index.values()],
        [where.shard for where in index.values()],
    )
    table = arrow.table(
        [arrow.array(column, kind) for column, kind in zip(columns, kinds.values(), strict=True)],
        names=list(kinds),
    )
    write_table(folder / INDEX, table)


def members(index: Index) -> dict[int, list[str]]:
    """The documents of each shard, in the order of their ids."""
    found: dict[int, list[str]] = defaultdict(list)
    for ident, where in index.items():
        found[where.shard].append(ident)
    return found


def content(index: Index) -> str:
    """SHA-256 of what the documents say, whatever shards they lie in."""
    said = hashlib.sha256()
    for ident, where in index.items():
        said.update(f"{len(ident)} {ident} {where.digest}\n".encode())
    return said.hexdigest()
