"""`curation rollback`: an old version once more, as the newest."""

from __future__ import annotations

from typing import Annotated

import typer

from curation.cli.console import result, result_json
from curation.cli.publish import Bump, as_plain, login, report


def rollback(
    dataset: Annotated[str, typer.Argument(help="The dataset directory, or s3://bucket/prefix.")],
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version to go back to.")],
    bump: Annotated[
        Bump | None, typer.Option(help="Which part of the version number goes up, as in publish.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who does it, for the list of versions; your login.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Make a new version that holds what an old one holds.

    It is verified. No version is deleted: those in between stay where they are.
    """
    from curation.publish import rollback as go_back
    from curation.publish.shelf.versions import named

    asked = named(version)
    outcome = go_back(
        dataset, asked, bump=bump.value if bump else None, by=login() if by is None else by
    )
    if as_json:
        result_json(as_plain(outcome, dataset))
    else:
        result(report(outcome, dataset))
        held = f"holds what {asked} holds" if outcome.version != asked else "is the newest already"
        result(f"{outcome.version} {held}; every byte of it is proven")
