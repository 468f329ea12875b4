"""Rows in Parquet: written so that the same rows give the same bytes, read in the order of ids.

A shard holds the documents whose hashed id falls into it, sorted by id. Its file is named after
its bytes: `train-00-<12 hex digits of SHA-256>.parquet`.
"""

from __future__ import annotations

import hashlib
import heapq
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from curation.model.ids import digest
from curation.publish.manifest import sha256
from curation.publish.plain import plain
from curation.publish.rows import Row, encoded

SPLIT = "train"

#: Bytes of rows (as JSON) that one shard should hold at most.
SHARD_BYTES = 256 << 20
MOST_SHARDS = 64
#: Bytes of rows (in Arrow) that wait in memory for their row group, over all shards of a view.
HELD_BYTES = 32 << 20
ROW_GROUP = 5000
#: Rows that are plain dicts at one time, many times the size of Arrow.
BATCH = 16

# What makes an edited version share most of its bytes with the one before.
_CHUNKING = {"min_chunk_size": 256 << 10, "max_chunk_size": 1 << 20, "norm_level": 0}


def shard_count(size: int) -> int:
    """How many shards (a power of two) rows of this many bytes are spread over.

    >>> shard_count(1000), shard_count(600 << 20)
    (1, 4)
    """
    count = 1
    while count < MOST_SHARDS and size > count * SHARD_BYTES:
        count *= 2
    return count


class Content:
    """Rows, counted and hashed as canonical JSON lines in the order they come."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()

    def add(self, row: Row) -> None:
        """Take the next row."""
        self.rows += 1
        self._hash.update(encoded(row) + b"\n")

    @property
    def sha256(self) -> str:
        """SHA-256 of all lines so far, as hex."""
        return self._hash.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and (self.rows, self.sha256) == (other.rows, other.sha256)


class Writer:
    """Writes the rows of one view, which must come in the order of their ids, into `folder`.
    `content` is what came.
    """

    def __init__(self, folder: Path, features: Any, shards: int = 1) -> None:
        self.content = Content()
        folder.mkdir()
        limit = HELD_BYTES // shards
        self._shards = [_Shard(folder, at, features, limit) for at in range(shards)]

    def put(self, row: Row) -> None:
        """Take the next row."""
        self.content.add(row)
        self._shards[_bucket(row["id"], len(self._shards))].put(row)

    @property
    def size(self) -> int:
        """Bytes of what was written so far, in Arrow's memory."""
        return sum(shard.size for shard in self._shards)

    def close(self) -> list[Path]:
        """Finish the files, make them durable, give them their names."""
        return [path for shard in self._shards if (path := shard.close()) is not None]


class _Shard:
    def __init__(self, folder: Path, at: int, features: Any, limit: int) -> None:
        self._path = folder / f"{SPLIT}-{at:02d}.part"
        self._schema = features.arrow_schema
        self._limit = limit
        self._rows: list[Row] = []
        self._batches: list[Any] = []
        self._held_rows = self._held_bytes = 0
        self._writer: Any = None
        self.size = 0

    def put(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._pack()
        if self._held_rows >= ROW_GROUP or self._held_bytes >= self._limit:
            self._flush()

    def _pack(self) -> None:
        import pyarrow as pa

        batch = pa.RecordBatch.from_pylist(self._rows, self._schema)
        self._batches.append(batch)
        self._held_rows += batch.num_rows
        self._held_bytes += batch.nbytes
        self._rows.clear()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path,
                self._schema,
                compression="zstd",
                write_page_index=True,
                use_content_defined_chunking=_CHUNKING,
            )
        table = pa.Table.from_batches(self._batches, self._schema).combine_chunks()
        self._writer.write_table(table, table.num_rows)
        self.size += self._held_bytes
        self._batches.clear()
        self._held_rows = self._held_bytes = 0

    def close(self) -> Path | None:
        if self._rows:
            self._pack()
        if self._batches:
            self._flush()
        if self._writer is None:
            return None
        self._writer.close()
        sync_file(self._path)
        name = f"{self._path.stem}-{sha256(self._path)[:12]}.parquet"
        return self._path.rename(self._path.with_name(name))


def read_rows(paths: Iterable[Path], columns: list[str] | None = None) -> Iterator[Row]:
    """The rows of a view's files as plain dicts, in the order of their ids; a few at a time are in
    memory."""
    return heapq.merge(*(_rows(path, columns) for path in paths), key=lambda row: row["id"])


def _rows(path: Path, columns: list[str] | None) -> Iterator[Row]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as opened:
        file: Any = opened
        for batch in file.iter_batches(batch_size=64, columns=columns):
            yield from plain(batch.to_struct_array())


def sync_file(path: Path) -> None:
    """Make a file's bytes survive a power cut."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _bucket(ident: str, shards: int) -> int:
    return int(digest("shard", ident), 16) % shards
