"""Parquet files in and out of Arrow, and their rows as plain Python values."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from curation.publish.views.plain import plain
from curation.publish.views.rows import Row

#: What repeats so much that a dictionary of it pays: anything else is read and written faster, and
#: is as small, without one.
_REPEATED = ["tokens.list.element", "tokenized_text.list.element"]


def read_table(path: Path) -> Any:
    """One file as an Arrow table."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as opened:
        file: Any = opened
        return file.read()


def write_table(path: Path, table: Any) -> None:
    """An Arrow table as one file; the same table gives the same bytes. The least and the greatest
    value are told of columns only: nobody looks for a row by what stands in its lists. Without a
    row it has no row group either: `datasets` reads no file that has an empty one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow: Any = pa
    parquet: Any = pq
    with parquet.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        use_dictionary=_REPEATED,
        write_statistics=[one.name for one in table.schema if not arrow.types.is_nested(one.type)],
        write_page_index=True,
    ) as writer:
        if table.num_rows:
            writer.write_table(table)


def only(table: Any, documents: Collection[str]) -> Any:
    """The rows of these documents in an Arrow table of the `documents` view, in its order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    return table.filter(compute.is_in(table["id"], value_set=pa.array([*documents], pa.string())))


def rows_of(table: Any) -> list[Row]:
    """The rows of an Arrow table, in its order."""
    return plain(table.combine_chunks().to_struct_array().combine_chunks())


def read_rows(path: Path) -> list[Row]:
    """The rows of one file."""
    return rows_of(read_table(path))
