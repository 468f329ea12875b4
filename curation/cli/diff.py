"""`curation diff`: what changed between two versions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import result, result_json, say

if TYPE_CHECKING:
    from curation.publish import Difference


def diff(
    dataset: Annotated[str, typer.Argument(help="The dataset directory, or s3://bucket/prefix.")],
    old: Annotated[str, typer.Argument(metavar="A", help="The version to start from.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The version to go to.")],
    full: Annotated[bool, typer.Option("--full", help="Every change, not only examples.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
    page: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page that shows the texts, marked."),
    ] = None,
) -> None:
    """Show what changed from version A to version B.

    Documents, entities, relations and events are compared. An entity is the same one if it kept its
    id, else if it overlaps most. What came with a new document counts as added. --json --full lists
    every change.
    """
    from curation.publish import diff as compare
    from curation.publish import lines, summary, tally
    from curation.publish.shelf.mirror import anywhere

    found = compare(dataset, old, new, full=full)
    old, new = found.old, found.new
    if page is not None:
        anywhere("old", "new")(_write_page)(page, dataset, old, new, found, full)
    if as_json:
        more = {"labels": found.labels, "agreement": found.agreement, "by": found.by}
        changes = {"changes": found.changes} if full else {}
        result_json({"from": old, "to": new, **tally(found), **more, **changes})
        return
    result("\n".join([f"{old} → {new}", *summary(found)]))
    shown = found.changes if found.changes is not None else found.examples
    if shown:
        result("")
        result("\n".join(lines(shown)))
    if not full and shown:
        result(f"\nall of it: curation diff {dataset} {old} {new} --full")
        result(f"in the texts: curation diff {dataset} {old} {new} --html diff.html")


def _write_page(
    page: Path, dataset: Path | str, old: str, new: str, found: Difference, full: bool
) -> None:
    from curation.publish import differing_page, pair
    from curation.publish.shelf.manifest import read_manifest
    from curation.publish.shelf.versions import folder_of
    from curation.store import replacing

    folders = [folder_of(dataset, version) for version in (old, new)]
    schema = read_manifest(folders[1]).schema
    pieces = differing_page(found, pair(*folders), schema, **({"shown": None} if full else {}))
    with replacing(page) as stream:
        stream.writelines(piece.encode() for piece in pieces)
    say(f"the texts, marked: {page}")
