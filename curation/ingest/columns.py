"""Tables of columns: Parquet files, and what they share with Hugging Face datasets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curation.errors import DataError
from curation.ingest.options import Options
from curation.ingest.row import Place, Row, Source, check_fields, refuse, split
from curation.store import STREAM, Rejects

#: Rows that are in memory at a time.
BATCH = 1000


def read_parquet(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row]:
    """Every row of a Parquet file, batch by batch. Rows count from 1."""
    import pyarrow
    from pyarrow import parquet

    if source.path == STREAM:
        raise DataError("Parquet can not be read from a stream", hint="Give the file's path.")
    file: Any
    try:
        with parquet.ParquetFile(source.path) as file:
            check_fields(file.schema_arrow.names, options)
            yield from rows(
                file.iter_batches(batch_size=BATCH), options, rejects, Place(source.path)
            )
    except pyarrow.ArrowException as fault:
        raise DataError(f"the Parquet file can not be read: {fault}") from fault


def rows(
    batches: Iterator[Any], options: Options, rejects: Rejects | None, file: Place
) -> Iterator[Row]:
    """The rows of Arrow batches or tables; one that Python can not hold is refused by itself."""
    number = 0
    for batch in batches:
        for fields in _values(batch):
            number += 1
            place = Place(file.file, number, file.part)
            if isinstance(fields, DataError):
                refuse(rejects, fields, place)
            else:
                yield split(fields, options, place)


def _values(batch: Any) -> Iterator[dict[str, Any] | DataError]:
    try:
        yield from batch.to_pylist()
        return
    except (ValueError, OverflowError):  # bytes that are no UTF-8, dates that no calendar has
        pass
    for at in range(batch.num_rows):
        try:
            yield batch.slice(at, 1).to_pylist()[0]
        except (ValueError, OverflowError) as fault:
            yield DataError(f"the row can not be read: {fault}")
