"""The shards of a version, written to a folder and read back before anybody believes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from curation.errors import Corrupted
from curation.publish.counts.statistics import counted
from curation.publish.making.splicing import spliced
from curation.publish.shelf.manifest import sha256
from curation.publish.shelf.objects import link, sync_files
from curation.publish.shelf.shards import Part, Shard
from curation.publish.views.features import KEYS, VIEWS, Labels, schemas
from curation.publish.views.rows import Published
from curation.publish.views.tables import read_table, write_table
from curation.publish.views.view_tables import tables_of


class Builder:
    """Makes the shards of a version in `folder`. What did not change is taken from the version in
    `base`, whose rows were made the same way. It can be pickled."""

    def __init__(self, folder: Path, labels: Labels, base: Path | None = None) -> None:
        self.labels = labels
        self._folder = folder
        self.base = base
        self._schemas = schemas(labels)
        for view in VIEWS:
            (folder / view).mkdir()

    def carry(self, shard: Shard) -> Shard:
        """Take a shard of the base as it is: the same file under another name."""
        assert self.base is not None
        for part in shard.parts.values():
            link(self.base / part.path, self._folder / part.path)
        return shard

    def before(self, shard: Shard | None) -> dict[str, Any]:
        """View → the rows of a shard of the base."""
        if shard is None:
            return {}
        assert self.base is not None
        return {
            view: read_table(self.base / shard.parts[view].path).cast(schema)
            for view, schema in self._schemas.items()
        }

    def fresh(self, items: Iterable[Published]) -> dict[str, Any]:
        """View → the rows of new documents."""
        return tables_of([*items], self.labels, self._schemas)

    def build(
        self,
        number: int,
        split: str,
        size: int,
        fresh: Mapping[str, Any],
        old: Shard | None = None,
        before: Mapping[str, Any] = {},
        kept: Iterable[str] = (),
    ) -> Shard:
        """Write a shard of the rows `fresh`, and of those that stood `before` in the base's shard
        `old` of the documents `kept`.

        Raises: Corrupted if what is read back is not what was written.
        """
        still = set(kept)
        name = f"{split}-{number:05d}"
        tables: dict[str, Any] = {}
        parts: dict[str, Part] = {}
        for view in VIEWS:
            there = before.get(view, fresh[view].slice(0, 0))
            tables[view] = spliced(there, still, fresh[view], KEYS[view])
            parts[view] = self._write(view, name, tables[view])
            if old is not None and parts[view].path == old.parts[view].path:
                self._take(old.parts[view])
        sync_files(self._folder / part.path for part in parts.values())
        figures = counted(*(tables[view] for view in ("documents", "tokens", "annotations")))
        return Shard(number, split, tables["documents"].num_rows, size, parts, figures)

    def _take(self, part: Part) -> None:
        """An edit that a view does not show: the same file, once."""
        assert self.base is not None
        (self._folder / part.path).unlink()
        link(self.base / part.path, self._folder / part.path)

    def _write(self, view: str, name: str, table: Any) -> Part:
        path = self._folder / view / f"{name}.part"
        write_table(path, table)
        again = read_table(path)
        if not again.equals(table) or again.schema.metadata != table.schema.metadata:
            raise Corrupted(
                f"{path}: what was read back is not what was written",
                hint="The disk or pyarrow failed; nothing was published. Run it again.",
            )
        path = path.rename(path.with_name(f"{name}-{sha256(path)[:12]}.parquet"))
        return Part(path.relative_to(self._folder).as_posix(), table.num_rows, again.nbytes)
