"""`curation merge`: what reviewers decided, and one agreed reading where they agree."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import (
    counted,
    keep_apart,
    progress,
    report_rejects,
    result_json,
    say,
)
from curation.errors import DataError, UsageError

if TYPE_CHECKING:
    from curation.merge import Tally
    from curation.store import Lookup, Rejects


def merge(
    proposed: Annotated[Path, typer.Argument(help="What was pushed: a file of records.")],
    reviewed: Annotated[Path, typer.Argument(help="What came back: the output of `review pull`.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Records with the agreed readings.")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Fail if anything was refused.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Bring proposals and reviews together.

    Writes OUTPUT, the ledger beside it (.ledger.jsonl: one entry for every proposed and every
    final span), and the disputed spans (.conflicts.jsonl) where reviewers do not agree.
    """
    from curation.store import Rejects

    if str(output) == "-":
        raise UsageError(
            "merge writes three files, which stdout can not take", hint="Give -o FILE."
        )
    keep_apart(output, proposed, reviewed)
    if reviewed.is_file() and proposed.is_file() and reviewed.samefile(proposed):
        raise UsageError(
            f"{reviewed} is given twice",
            hint="Give what was pushed, then what came back: the output of `curation review pull`.",
        )
    with Rejects(output) as rejects:
        tally = merge_files(proposed, reviewed, output, rejects)
    if as_json:
        result_json(summary(tally))
    else:
        _report(tally, reviewed, output)
    report_rejects(rejects, strict=strict, taken=tally.documents)


def _report(tally: Tally, reviewed: Path, output: Path) -> None:
    say(
        f"{output}: {counted(tally.documents, 'document')}, {tally.agreed} agreed, "
        f"{tally.disputed} disputed, {tally.unreviewed} not reviewed "
        f"({tally.skipped} skipped, {tally.drafts} with a draft only)"
    )
    if tally.decisions:
        say("  decisions: " + ", ".join(f"{n} {d}" for d, n in sorted(tally.decisions.items())))
    if tally.acceptance is not None:
        say(f"  acceptance: {tally.acceptance:.0%} of the judged proposals stand as they were made")
    if tally.changed_since_push:
        anew = counted(tally.changed_since_push, "document")
        say(
            f"  proposed anew since they were pushed: {anew}; "
            "decisions are measured against what the reviewers saw"
        )
    if tally.disputed:
        say(f"  disputed: see {beside(output, 'conflicts')}")
    if tally.agreed:
        say(f"next: curation publish {output} DATASET_DIR")
    else:
        nobody = tally.unreviewed == tally.documents and not (tally.skipped or tally.drafts)
        why = f"nobody has reviewed anything in {reviewed}" if nobody else "nothing is agreed yet"
        say(f"{why}: pull the reviews first, as in `curation review pull`")


def merge_files(proposed: Path, reviewed: Path, output: Path, rejects: Rejects) -> Tally:
    """Merge two files into OUTPUT, its ledger and its conflicts; returns the counts."""
    from curation.merge import Tally, merge
    from curation.store import Lookup, writer

    tally = Tally()
    with (
        ExitStack() as stack,
        writer(output) as put,
        writer(beside(output, "ledger")) as put_entry,
        writer(beside(output, "conflicts")) as put_conflict,
    ):
        before = stack.enter_context(closing(Lookup(proposed, rejects)))
        after = stack.enter_context(closing(Lookup(reviewed, rejects)))
        _check_same_corpus(before, after)
        merged = merge(before, after, rejects, tally)
        for outcome in progress(merged, "merging", total=len(before)):
            put(outcome.record)
            for entry in outcome.ledger:
                put_entry(entry)
            for conflict in outcome.conflicts:
                put_conflict(conflict)
    return tally


def _check_same_corpus(before: Lookup, after: Lookup) -> None:
    """Raises: DataError if what came back has nothing of what was pushed."""
    if not len(after) or set(before) & set(after):
        return
    one, other = (next(iter(side), "no document") for side in (before, after))
    raise DataError(
        f"no document of {after.path} is in {before.path} ({other}, … and {one}, …)",
        hint="Give the proposals that were pushed, and what `curation review pull` brought back of "
        "them.",
    )


def beside(output: Path, kind: str) -> Path:
    """The file of this kind that belongs to OUTPUT: agreed.jsonl → agreed.ledger.jsonl.

    >>> beside(Path("a/agreed.jsonl"), "ledger").name
    'agreed.ledger.jsonl'
    """
    return output.with_name(f"{output.name.removesuffix('.jsonl')}.{kind}.jsonl")


def summary(tally: Tally) -> dict[str, object]:
    """The counts, and the share of proposals that were accepted as they were."""
    import msgspec

    return {**msgspec.to_builtins(tally), "acceptance": tally.acceptance}
