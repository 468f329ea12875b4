"""Rows that stay and rows that come, put together without touching what they say."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from curation.publish.views.columns import column
from curation.publish.views.plain import plain


def spliced(before: Any, kept: Container[str], fresh: Any, key: str) -> Any:
    """The rows of the documents `kept` from an Arrow table and all `fresh` ones, in the order of
    their documents' ids, those of one document as they came; `key` is the column of the ids, and
    the rows of a document stand beside each other."""
    import pyarrow as pa

    arrow: Any = pa
    runs = [(*run, before) for run in _runs(before, key) if run[0] in kept]
    runs += [(*run, fresh) for run in _runs(fresh, key)]
    stretches: list[tuple[Any, int, int]] = []
    for _, begin, end, table in sorted(runs, key=lambda run: run[0]):
        if stretches and stretches[-1][0] is table and stretches[-1][2] == begin:
            begin = stretches.pop()[1]
        stretches.append((table, begin, end))
    slices = [table.slice(begin, end - begin) for table, begin, end in stretches]
    return arrow.concat_tables(slices or [fresh.slice(0, 0)]).combine_chunks()


def _runs(table: Any, key: str) -> Iterator[tuple[str, int, int]]:
    """Each document with the rows (from, to) that it has."""
    import pyarrow.compute as pc

    compute: Any = pc
    runs = compute.run_end_encode(column(table, key))
    begin = 0
    for ident, end in zip(plain(runs.values), plain(runs.run_ends), strict=True):
        yield ident, begin, end
        begin = end
