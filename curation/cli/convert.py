"""`curation convert`: records in the formats of other tools, and back."""

from __future__ import annotations

from enum import StrEnum
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
from curation.errors import UsageError

if TYPE_CHECKING:
    from curation.convert import Losses

#: What each of `curation.convert.FORMATS` keeps; a test compares the names.
KEEPS = {
    "records": "JSON lines of this project: everything, every reading",
    "oneie": "JSON lines: text; entities, relations, events on whole words",
    "wikievents": "the same, a document a line",
    "dygie": "DyGIE++, JSON lines: the same, without ids",
    "conll2003": "CoNLL-2003: words; entities that do not nest",
    "iob2": "token, IOB2 tag: the same",
    "bioes": "token, BIOES tag: the same",
    "conllup": "CoNLL-U Plus: the document; entities that do not nest",
    "spacy": "DocBin: the document; entities with ids and values",
    "gliner": "JSON: the document; entities on whole words",
    "brat": "a folder: text, id; entities, relations, events, whole",
    "prodigy": "JSON lines: the document; whole entities, relations",
    "doccano": "JSON lines: the document; entities",
    "doccano-relations": "JSON lines: the document; entities, relations",
    "labelstudio": "JSON: the document; every reading, all but relations' ids",
    "webanno": "WebAnno TSV 3.3, a folder: text, id; entities with values",
    "cas": "UIMA CAS of INCEpTION, a folder: text; entities, relations, events",
}
EPILOG = "\b\nFormats, and what they keep:\n" + "\n".join(
    f"  {name:<17} {keeps}" for name, keeps in KEEPS.items()
)
#: How many kinds of loss are shown to people; the file and --json have all.
SHOWN = 12


class Status(StrEnum):
    """What the reading of a file is that names no author."""

    proposed = "proposed"
    submitted = "submitted"
    agreed = "agreed"


KINDS = {Status.proposed: "machine", Status.submitted: "human", Status.agreed: "merge"}


def convert(
    source: Annotated[str, typer.Argument(metavar="FILE", help="What to convert; - for stdin.")],
    output: Annotated[str, typer.Option("-o", "--output", help="Where it goes; - for stdout.")],
    read_as: Annotated[
        str, typer.Option("--from", metavar="FORMAT", help="One of those below.")
    ] = "records",
    write_as: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help="One of those below.")
    ] = "records",
    by: Annotated[
        str | None,
        typer.Option(
            metavar="AGENT",
            help="Convert the last reading by this author, instead of the agreed one (else the "
            "last submitted by a person, else the last by a machine).",
        ),
    ] = None,
    status: Annotated[
        Status,
        typer.Option(help="What the readings of a format are that names no author."),
    ] = Status.proposed,
    agent: Annotated[
        str | None, typer.Option(help="And whose they are; without it, the format's name.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if anything was refused.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Convert records to the format of another tool, or back.

    Everything that the format can not say is listed in OUTPUT.losses.jsonl, with the reason; what
    can not be read is kept in OUTPUT.rejects.jsonl.
    """
    from curation.convert import Losses, Origin, find_format
    from curation.store import STREAM, Rejects

    if output == STREAM and as_json:
        raise UsageError("stdout can not take both the output and --json", hint="Give -o FILE.")
    reader, writer = find_format(read_as), find_format(write_as)
    if by is not None and write_as == "records":
        raise UsageError(
            "--by picks one reading, and records carry all of them", hint="Leave it out."
        )
    keep_apart(output, source)
    origin = Origin(KINDS[status], status.value, agent or read_as)  # pyright: ignore[reportArgumentType]
    with Rejects(output) as rejects, Losses(output) as losses:
        records = reader.read(source, origin, losses, rejects)
        count = writer.write(output, progress(records, "converting"), losses, by)
    if as_json:
        result_json(
            {
                "documents": count,
                "refused": rejects.count,
                "lost": losses.counts.total(),
                "losses": [
                    {"item": item, "what": what, "reason": reason, "count": number}
                    for (item, what, reason), number in losses.counts.most_common()
                ],
            }
        )
    _report(output, count, losses)
    report_rejects(rejects, strict=strict, taken=count)


def _report(output: str, count: int, losses: Losses) -> None:
    every = losses.counts.most_common()
    for (item, what, reason), number in every[:SHOWN]:
        field = "" if what == "span" else f" {what}"
        say(f"  lost: {item}{field}, {counted(number, 'time')}: {reason}")
    if len(every) > SHOWN:
        say(f"  and {len(every) - SHOWN} more kinds of loss")
    kept = f", listed in {losses.path}" if losses.path and every else ""
    lost = f"{counted(losses.counts.total(), 'loss')}{kept}" if every else "nothing lost"
    lost = lost if count or every else "nothing written"
    say(f"{output}: {counted(count, 'document')}, {lost}")
