"""`curation publish`: the agreed readings as the next version of a dataset."""

from __future__ import annotations

import getpass
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import counted, result, result_json, say
from curation.errors import UsageError

if TYPE_CHECKING:
    from curation.publish import Outcome


class Bump(StrEnum):
    """Which part of the version number goes up."""

    major = "major"
    minor = "minor"
    patch = "patch"


class SplitBy(StrEnum):
    """What stays together in one split."""

    document = "document"
    source = "source"
    near_duplicates = "near-duplicates"


class Include(StrEnum):
    """What stands in where nothing was agreed."""

    proposed = "proposed"
    submitted = "submitted"


def publish(
    records: Annotated[Path, typer.Argument(help="Records with agreed readings, or - for stdin.")],
    dataset: Annotated[
        str, typer.Argument(help="The dataset directory; made if it is new. Or s3://bucket/prefix.")
    ],
    bump: Annotated[
        Bump | None,
        typer.Option(
            help="Which part of the version number goes up. By default: major if a label was "
            "removed or renamed, minor if labels or documents came or documents went, else patch. "
            "0.1.0 comes first."
        ),
    ] = None,
    version: Annotated[
        str | None, typer.Option(metavar="X.Y.Z", help="The version number, instead of --bump.")
    ] = None,
    schema: Annotated[str, typer.Option(help="A schema's name, or the path of one.")] = "news",
    ledger: Annotated[
        Path | None,
        typer.Option(
            help="Decisions, for the acceptance figures; RECORDS's .ledger.jsonl if there is one."
        ),
    ] = None,
    include: Annotated[
        Include | None,
        typer.Option(
            help="Where nothing is agreed, publish the newest submitted reading; with `proposed` "
            "also the last machine reading where nothing was submitted."
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            metavar="80/10/10",
            help="Percent of train, validation and test, for the first version and all after it.",
        ),
    ] = None,
    split_by: Annotated[
        SplitBy | None,
        typer.Option(
            help="What stays together in one split, with --split; by default near-duplicates."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes that make the files; by default one a core if there is much to do.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Who publishes, for the list of versions, which hub push shows to others; "
            "your login; '' for nobody."
        ),
    ] = None,
    license: Annotated[
        str | None,
        typer.Option(
            help="The licence: one of the Hub's list, such as cc-by-4.0, or 'other: NAME' for one "
            "of your own; the parent's if not given."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Publish agreed readings as a new, immutable version.

    Nothing is published if any line is damaged, has drifted from its text, repeats a document or
    breaks the schema. What is already published is not published again.
    """
    from curation.publish import Splits, parse_shares
    from curation.publish import publish as make

    if split_by and not split:
        raise UsageError(
            f"--split-by {split_by.value} divides nothing without --split",
            hint="Give the percent of train, validation and test too: --split 80/10/10.",
        )
    kept = split_by or SplitBy.near_duplicates
    outcome = make(
        records,
        dataset,
        bump=bump.value if bump else None,
        version=version,
        schema=schema,
        ledger=ledger,
        include=include.value if include else "agreed",
        license=license,
        splits=Splits(kept.value, parse_shares(split)) if split else None,
        by=login() if by is None else by,
        workers=workers,
        progress=say if sys.stderr.isatty() else _silent,
    )
    if as_json:
        result_json(as_plain(outcome, dataset))
    else:
        result(report(outcome, dataset))


def report(outcome: Outcome, dataset: str) -> str:
    """What a publish led to, for people."""
    from curation.publish import summary

    counts = outcome.counts
    lines: list[str] = []
    if outcome.new:
        lines.append(f"published {outcome.version}: {_place(outcome, dataset)}")
        lines.append(f"  {outcome.why}")
    else:
        lines.append(f"nothing new: {outcome.version} holds this content already")
    lines.append(
        f"  {counted(counts['documents'], 'document')}, {counted(counts['entities'], 'entity')}, "
        f"{counted(counts['relations'], 'relation')}, {counted(counts['events'], 'event')}"
    )
    if outcome.left_out:
        why = ", ".join(f"{n} {stage}" for stage, n in outcome.left_out.items())
        if outcome.left:
            more = ", …" if sum(outcome.left_out.values()) > len(outcome.left) else ""
            why += f": {', '.join(outcome.left)}{more}"
        ways = [f"--include {name} takes in {n}" for name, n in outcome.takes.items()]
        lines.append(f"  left out: {why}" + (f" ({', '.join(ways)})" if ways else ""))
    if outcome.difference is not None:
        lines += [f"  {line}" for line in summary(outcome.difference)]
        if gone := outcome.difference.documents.removed:
            lines.append(
                f"  careful: {counted(gone, 'document')} of {outcome.parent} left the dataset. A "
                "version holds what it is given; to add to it, give old and new together: "
                "cat old.jsonl new.jsonl > all.jsonl"
            )
    if outcome.leaks:
        one, other = outcome.leaks[0]
        lines.append(
            f"  careful: {counted(len(outcome.leaks), 'pair')} of near-duplicates in different "
            f"splits, such as {one} and {other}"
        )
    lines.append(f"  card: {_card(outcome, dataset)}")
    if outcome.new and outcome.parent:
        lines.append(f"next: curation diff {dataset} {outcome.parent} {outcome.version}")
    else:
        lines.append(f'next: python -c "import curation; print(curation.load({str(dataset)!r}))"')
    return "\n".join(lines)


def as_plain(outcome: Outcome, dataset: str) -> dict[str, object]:
    """The same for programs."""
    return {
        "new": outcome.new,
        "version": outcome.version,
        "parent": outcome.parent,
        "why": outcome.why,
        "path": str(outcome.folder),
        "card": str(_card(outcome, dataset)),
        "counts": outcome.counts,
        "left_out": outcome.left_out,
        "leaks": outcome.leaks,
    }


def _place(outcome: Outcome, dataset: str) -> str:
    """Where the version is: in a store there are no folders."""
    return dataset if "://" in dataset else str(outcome.folder)


def _card(outcome: Outcome, dataset: str) -> Path:
    """The card of the dataset; of one in a store, that of the version as it was made here."""
    return (outcome.folder if "://" in dataset else Path(dataset)) / "README.md"


def login() -> str:
    """Who is at the keyboard; empty where the system has no name for them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _silent(step: str) -> None:
    """Not on a terminal: say nothing on the way."""
