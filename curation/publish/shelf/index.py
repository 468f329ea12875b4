"""The documents of a version: what each says (a digest), and where it lies. `index.parquet`, beside
the manifest, is what makes it quick to see what changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from curation.publish.views.tables import read_table, write_table

INDEX = "index.parquet"


class Indexed(NamedTuple):
    """A document of a version: the digest of what is published of it, the number of the shard that
    holds its rows, its split, and the group that it shares it with (empty without splits).
    """

    digest: str
    shard: int
    split: str = "train"
    group: str = ""


#: Document id → where it is, in the order of the ids.
Index = Mapping[str, Indexed]


def read_index(folder: Path) -> dict[str, Indexed]:
    """The documents of a version folder."""
    table = read_table(folder / INDEX)
    ids, *columns = (table[name].to_pylist() for name in ("id", *Indexed._fields))
    return dict(zip(ids, map(Indexed, *columns), strict=True))


def write_index(folder: Path, index: Index) -> None:
    """Write them, in the order of their ids."""
    import pyarrow as pa

    arrow: Any = pa
    text, number = arrow.string(), arrow.int32()
    kinds = {"digest": text, "shard": number, "split": text, "group": text}
    columns = {"id": arrow.array([*index], text)} | {
        name: arrow.array([getattr(where, name) for where in index.values()], kind)
        for name, kind in kinds.items()
    }
    table = arrow.table(columns)
    write_table(folder / INDEX, table)


def members(index: Index) -> dict[int, list[str]]:
    """The documents of each shard, in the order of their ids."""
    found: dict[int, list[str]] = defaultdict(list)
    for ident, where in index.items():
        found[where.shard].append(ident)
    return found


def content(index: Index) -> str:
    """SHA-256 of what the documents say and which split they are in, whatever the shards."""
    said = hashlib.sha256()
    for ident, where in index.items():
        said.update(f"{len(ident)} {ident} {where.digest} {where.split}\n".encode())
    return said.hexdigest()
