"""Text in: from files, folders, tables, datasets and streams to records without readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import structs

from curation.errors import CurationError, DataError, UsageError
from curation.ingest.columns import read_parquet
from curation.ingest.delimited import read_delimited
from curation.ingest.document import document
from curation.ingest.files import read_html, read_text
from curation.ingest.huggingface import read_dataset
from curation.ingest.lines import read_jsonl
from curation.ingest.options import Options
from curation.ingest.row import Place, Reader, Ready, Row, Source, refuse
from curation.ingest.seen import Seen
from curation.ingest.sources import find_sources
from curation.model import Record
from curation.store import Rejects

READERS: dict[str, Reader] = {
    "text": read_text,
    "html": read_html,
    "jsonl": read_jsonl,
    "csv": read_delimited,
    "tsv": read_delimited,
    "parquet": read_parquet,
    "huggingface": read_dataset,
}


def ingest(
    paths: Sequence[str], options: Options | None = None, rejects: Rejects | None = None
) -> Iterator[Record]:
    """One record for every document in these files, folders, datasets or `-` (stdin), in order.

    Text is exactly what the source has. What can not be a document goes to `rejects` with its
    reason, and the rest goes on; without `rejects` the first one is raised. Sources are read as
    the records are taken, so memory does not grow with them (but for the ids, see `Seen`).

    Raises: CurationError at once if a path names nothing; UsageError later if a dataset can not be
    loaded.
    """
    options = options or Options()
    return _records(find_sources(paths, options, rejects), options, rejects)


def _records(
    sources: Sequence[Source], options: Options, rejects: Rejects | None
) -> Iterator[Record]:
    seen, count = Seen(), 0
    for source in sources:
        for row in _rows(source, options, rejects):
            try:
                said = str(structs.replace(row.place, file=source.said))
                record = (
                    row.record if isinstance(row, Ready) else Record(document(row, options, said))
                )
                seen.add(record.document, str(row.place))
            except DataError as fault:
                refuse(rejects, fault, row.place, row.content())
                continue
            yield record
            count += 1
            if count == options.limit:
                return


def _rows(source: Source, options: Options, rejects: Rejects | None) -> Iterator[Row | Ready]:
    """The rows of a source; where it can not be read any further, the rest of it is refused."""
    rows = READERS[source.kind](source, options, rejects)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except UsageError:
            raise
        except (CurationError, OSError, UnicodeError) as fault:
            refuse(rejects, _as_data_error(fault), Place(source.path))
            return
        yield row


def _as_data_error(fault: Exception) -> DataError:
    if isinstance(fault, DataError):
        return fault
    if isinstance(fault, CurationError):
        return DataError(fault.message, hint=fault.hint)
    reason = fault.strerror if isinstance(fault, OSError) else None
    return DataError(f"it can not be read: {reason or fault}")
