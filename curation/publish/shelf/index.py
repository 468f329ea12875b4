"""The documents of a version: what each says (a digest), and where it lies. `index.parquet`, beside
the manifest, is what makes it quick to see what changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from curation.errors import Corrupted
from curation.publish.shelf.splits import NAMES
from curation.publish.views.columns import column
from curation.publish.views.plain import plain
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
    """The documents of a version folder.

    Raises: Corrupted if what lies there is no such list; it may come from others.
    """
    path = folder / INDEX
    try:
        table = read_table(path)
        _check(table)
    except (OSError, ValueError, KeyError) as fault:
        raise Corrupted(f"{path}: {fault}", hint="Restore it from a copy.") from fault
    ids, *columns = (plain(column(table, name)) for name in ("id", *Indexed._fields))
    return dict(zip(ids, map(Indexed, *columns), strict=True))


def _check(table: Any) -> None:
    """Raises: ValueError or KeyError if a column is not what `write_index` writes: splits become
    parts of file names."""
    import pyarrow.compute as pc

    compute: Any = pc
    for name, kind in _kinds().items():
        if table[name].type != kind or table[name].null_count:
            raise ValueError(f"the column {name} is not {kind} throughout")
    if strange := set(compute.unique(table["split"]).to_pylist()) - {*NAMES}:
        raise ValueError(f"{sorted(strange)[0]!r} is no split; known: {', '.join(NAMES)}")
    if compute.count_distinct(table["id"]).as_py() != table.num_rows:
        raise ValueError("a document stands in it twice")
    if compute.any(compute.equal(table["id"], "")).as_py():
        raise ValueError("a document has no id")
    if compute.any(compute.less(table["shard"], 0)).as_py():
        raise ValueError("a shard has a number below 0")


def _kinds() -> dict[str, Any]:
    import pyarrow as pa

    arrow: Any = pa
    text, number = arrow.string(), arrow.int32()
    return {"id": text, "digest": text, "shard": number, "split": text, "group": text}


def write_index(folder: Path, index: Index) -> None:
    """Write them, in the order of their ids."""
    import pyarrow as pa

    arrow: Any = pa
    kinds = _kinds()
    columns = {"id": arrow.array([*index], kinds.pop("id"))} | {
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
