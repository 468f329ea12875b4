"""The sketches of a version's texts: `sketches.parquet`, where a dataset has splits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from curation.publish.views.tables import read_table, write_table

SKETCHES = "sketches.parquet"


def read_sketches(folder: Path) -> dict[str, bytes]:
    """Document id → sketch; empty if the version has none."""
    if not (folder / SKETCHES).is_file():
        return {}
    table = read_table(folder / SKETCHES)
    return dict(zip(table["id"].to_pylist(), table["sketch"].to_pylist(), strict=True))


def write_sketches(folder: Path, sketches: Mapping[str, bytes]) -> None:
    """Write them, in the order of the ids."""
    import pyarrow as pa

    arrow: Any = pa
    ids = sorted(sketches)
    columns = (arrow.array(ids, arrow.string()), arrow.array([sketches[i] for i in ids], "binary"))
    write_table(folder / SKETCHES, arrow.table(columns, names=["id", "sketch"]))
