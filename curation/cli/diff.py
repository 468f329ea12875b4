"""`curation diff`: what changed between two versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from curation.cli.console import result, result_json


def diff(
    dataset: Annotated[Path, typer.Argument(help="The dataset directory.")],
    old: Annotated[str, typer.Argument(metavar="A", help="The version to start from.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The version to go to.")],
    full: Annotated[bool, typer.Option("--full", help="Every change, not only examples.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Show what changed from version A to version B: documents, entities, relations, events.

    An entity is the same one if it kept its id, else if it overlaps most. What came with a new
    document counts as added.
    """
    from curation.publish import diff as compare
    from curation.publish import lines, summary, tally

    found = compare(dataset, old, new, full=full)
    if as_json:
        changes = {"changes": found.changes} if full else {}
        result_json({"from": old, "to": new, **tally(found), **changes})
        return
    result("\n".join([f"{old} → {new}", *summary(found)]))
    shown = found.changes if found.changes is not None else found.examples
    if shown:
        result("")
        result("\n".join(lines(shown)))
    if not full and shown:
        result(f"\nall of it: curation diff {dataset} {old} {new} --full")
