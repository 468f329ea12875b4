"""`curation versions`: what a dataset directory holds."""

from __future__ import annotations

from typing import Annotated

import typer

from curation.cli.console import result, result_json, say
from curation.wording import visible

HEAD = ("version", "parent", "documents", "entities", "events", "created", "by")


def versions(
    dataset: Annotated[str, typer.Argument(help="The dataset directory, or s3://bucket/prefix.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the versions of a dataset, oldest first."""
    from curation.publish import versions as known
    from curation.publish.shelf.proving_store import manifest_of

    rows: list[dict[str, object]] = []
    for entry in known(dataset):
        manifest = manifest_of(dataset, entry)
        rows.append({"version": entry.version, "parent": entry.parent, **manifest.counts})
        rows[-1] |= {"created": entry.created, "by": entry.by}
        rows[-1] |= {"rolled_back_to": manifest.rolled_back_to}
    if as_json:
        result_json(rows)
        return
    lines = [(*HEAD, ""), *((*(_shown(row[name]) for name in HEAD), _note(row)) for row in rows)]
    result(_table(lines))
    say(f"next: curation verify {dataset}")


def _note(row: dict[str, object]) -> str:
    back = row["rolled_back_to"]
    return f"rolled back to {back}" if back else ""


def _shown(value: object) -> str:
    return "-" if value in (None, "") else visible(str(value))


def _table(lines: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
