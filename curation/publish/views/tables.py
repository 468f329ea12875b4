"""Parquet files in and out of Arrow, and their rows as plain Python values."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from curation.publish.views.plain import plain
from curation.publish.views.rows import Row


def read_table(path: Path) -> Any:
    """One file as an Arrow table."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as opened:
        file: Any = opened
        return file.read()


def write_table(path: Path, table: Any) -> None:
    """An Arrow table as one file; the same table gives the same bytes. Without a row it has no row
    group either: `datasets` reads no file that has an empty one."""
    import pyarrow.parquet as pq

    parquet: Any = pq
    with parquet.ParquetWriter(
        path, table.schema, compression="zstd", write_page_index=True
    ) as writer:
        if table.num_rows:
            writer.write_table(table)


def only(table: Any, documents: Collection[str]) -> Any:
    """The rows of these documents, in the order of the table."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    return table.filter(compute.is_in(table["id"], value_set=pa.array([*documents], pa.string())))


def read_rows(path: Path, documents: Collection[str] | None = None) -> list[Row]:
    """The rows of one file, or of these documents only, in the order of the file."""
    table = read_table(path)
    if documents is not None:
        table = only(table, documents)
    return plain(table.combine_chunks().to_struct_array().combine_chunks())
