"""The shards of a version, written to a folder and read back before anybody believes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.errors import Corrupted
from curation.publish.counts.statistics import counted
from curation.publish.shelf.manifest import sha256
from curation.publish.shelf.objects import link, sync_file
from curation.publish.shelf.shards import Part, Shard
from curation.publish.views.columns import table_of
from curation.publish.views.features import KEYS, VIEWS, Labels, features
from curation.publish.views.plain import plain
from curation.publish.views.rows import Published, document_row, token_row
from curation.publish.views.tables import read_table, write_table
from curation.publish.views.view_rows import annotation_rows, gliner_row, span_rows

#: The rows that each view has of a document. Those of the ledger are what a merge wrote.
ROWS: dict[str, Callable[[Published, Labels], Iterable[Struct]]] = {
    "documents": lambda item, labels: (document_row(item),),
    "tokens": lambda item, labels: (token_row(item, labels),),
    "spans": span_rows,
    "annotations": lambda item, labels: annotation_rows(item),
    "ledger": lambda item, labels: item.ledger,
    "gliner": lambda item, labels: (gliner_row(item),),
}


def rows_of(view: str, items: Iterable[Published], labels: Labels, schema: Any) -> Any:
    """The Arrow table of a view's rows of these documents, in their order."""
    rows = [row for item in items for row in ROWS[view](item, labels)]
    return table_of(rows, schema, labels)


class Builder:
    """Makes the shards of a version in `folder`. What did not change is taken from the version in
    `base`, whose rows were made the same way. It can be pickled."""

    def __init__(self, folder: Path, labels: Labels, base: Path | None = None) -> None:
        self.labels = labels
        self._folder = folder
        self._base = base
        self._schemas = {view: features(view, labels).arrow_schema for view in VIEWS}
        for view in VIEWS:
            (folder / view).mkdir()

    def carry(self, shard: Shard) -> Shard:
        """Take a shard of the base as it is: the same file under another name."""
        assert self._base is not None
        for part in shard.parts.values():
            link(self._base / part.path, self._folder / part.path)
        return shard

    def build(
        self,
        number: int,
        split: str,
        fresh: Mapping[str, Published],
        size: int,
        old: Shard | None = None,
        kept: Iterable[str] = (),
    ) -> Shard:
        """Write a shard of the documents `fresh`, and of those `kept` from the base's shard `old`.

        Raises: Corrupted if what is read back is not what was written.
        """
        kept = list(kept)
        name = f"{split}-{number:05d}"
        made = {view: self._view(view, name, fresh, old, kept) for view in VIEWS}
        figures = counted(*(made[view][0] for view in ("documents", "tokens", "annotations")))
        parts = {view: part for view, (_, part) in made.items()}
        return Shard(number, split, len(fresh) + len(kept), size, parts, figures)

    def _view(
        self,
        view: str,
        name: str,
        fresh: Mapping[str, Published],
        old: Shard | None,
        kept: list[str],
    ) -> tuple[Any, Part]:
        table = self._table(view, fresh, old, kept)
        part = self._write(view, name, table)
        if old is not None and self._base is not None and part.path == old.parts[view].path:
            # An edit that this view does not show: the same file, once.
            (self._folder / part.path).unlink()
            link(self._base / part.path, self._folder / part.path)
        return table, part

    def _table(
        self, view: str, fresh: Mapping[str, Published], old: Shard | None, kept: list[str]
    ) -> Any:
        """Rows in the order of their documents' ids, those of one document as they came."""
        import pyarrow as pa

        schema, key = self._schemas[view], KEYS[view]
        table = rows_of(view, fresh.values(), self.labels, schema)
        ids: list[str] = plain(table[key].combine_chunks())
        order = range(len(ids))
        if old is not None and kept:
            assert self._base is not None
            before = read_table(self._base / old.parts[view].path).cast(schema)
            table = pa.concat_tables([before, table])
            still, was = set(kept), plain(before[key].combine_chunks())
            ids = [*was, *ids]
            order = [at for at, i in enumerate(ids) if at >= len(was) or i in still]
        order = sorted(order, key=ids.__getitem__)
        if order != list(range(len(ids))):
            table = table.combine_chunks().take(order)
        return table.combine_chunks()

    def _write(self, view: str, name: str, table: Any) -> Part:
        path = self._folder / view / f"{name}.part"
        write_table(path, table)
        again = read_table(path)
        if not again.equals(table) or again.schema.metadata != table.schema.metadata:
            raise Corrupted(
                f"{path}: what was read back is not what was written",
                hint="The disk or pyarrow failed; nothing was published. Run it again.",
            )
        sync_file(path)
        path = path.rename(path.with_name(f"{name}-{sha256(path)[:12]}.parquet"))
        return Part(path.relative_to(self._folder).as_posix(), table.num_rows, again.nbytes)
