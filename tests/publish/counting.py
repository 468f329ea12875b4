"""The Parquet files of a version as tables that DuckDB reads, and how a card writes numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from curation.publish.shelf.manifest import Manifest

VIEWS = ("documents", "tokens", "spans", "annotations", "ledger", "gliner")

Rows = list[list[str]]
Bars = list[tuple[str, str, float]]


class Tables:
    """Queries over a version folder; `one` gives a single value, `pairs` names with counts."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.base = duckdb.connect()
        for view in VIEWS:
            files = f"{folder}/{view}/*.parquet"
            self.base.sql(
                f"create view {view} as select *, regexp_extract(filename, "
                f"'{view}/([a-z]+)-', 1) as split from read_parquet('{files}', filename = true)"
            )
        self.base.sql(
            "create view entity as select e.* from (select unnest(entities) as e from documents)"
        )
        self.base.sql("create view event as select unnest(events) as e from documents")
        self.base.sql(
            "create view latest as select * from annotations where kind = 'human' and "
            "status = 'submitted' qualify row_number() over (partition by document, agent "
            'order by "at" desc nulls last, reading desc) = 1'
        )
        self.base.sql(
            "create view marks as select distinct document, agent, 'entity' as sort, e.start as s, "
            'e."end" as e, e.label as label from (select document, agent, unnest(entities) as e '
            "from latest) union all select distinct document, agent, 'event', e.trigger.start, "
            'e.trigger."end", e.type from (select document, agent, unnest(events) as e from latest)'
        )
        self.base.sql(
            "create view pair as select a.document, a.agent as one, b.agent as other "
            "from latest a join latest b on a.document = b.document and a.agent < b.agent"
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.base.sql(query).fetchall()

    def one(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def pairs(self, query: str) -> dict[str, int]:
        return {name or "": count for name, count in self.rows(query)}

    @property
    def documents(self) -> int:
        return self.one("select count(*) from documents")

    @property
    def words(self) -> int:
        return self.one("select sum(len(tokens)) from tokens")

    @property
    def entities(self) -> int:
        return self.one("select count(*) from entity")

    @property
    def splits(self) -> list[str]:
        there = {split for (split,) in self.rows("select distinct split from documents")}
        return [split for split in ("train", "validation", "test") if split in there]


def n(count: int) -> str:
    return f"{count:,}"


def ranked(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def listed(counts: dict[str, int]) -> str:
    shown = [f"{name or 'not known'} ({n(count)})" for name, count in ranked(counts)]
    more = [f"and {len(shown) - 10} more"] if len(shown) > 10 else []
    return ", ".join(shown[:10] + more) or "nobody"


def counted(counts: list[tuple[str, int]]) -> Bars:
    return [(name, n(count), count) for name, count in counts]
