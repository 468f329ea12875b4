"""`curation verify`: prove that what lies there is what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import result

if TYPE_CHECKING:
    from curation.publish import Entry


def verify(
    dataset: Annotated[str, typer.Argument(help="The dataset directory, or s3://bucket/prefix.")],
    version: Annotated[str | None, typer.Option(help="Only this version.")] = None,
) -> None:
    """Prove every byte of every version.

    Files are proven against their manifest, each manifest against the list of versions. Names every
    file that is changed, missing or too many; exit code 1 if there is one.
    """
    from curation.publish import verify as prove

    proven = prove(dataset, version)
    result("\n".join(_line(entry) for entry in proven))
    result(f"{dataset}: {len(proven)} proven, nothing is changed, missing or too many")


def _line(entry: Entry) -> str:
    return f"{entry.version}  manifest {entry.manifest[:16]}"
