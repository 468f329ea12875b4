"""`curation ingest`: text in, as records that every later step reads."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

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


def ingest(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files or folders of .txt, .md, .html, .jsonl, .csv, .tsv, .parquet; a Hugging "
            "Face dataset (a folder or owner/name); - is stdin.",
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the records go.")],
    text_field: Annotated[str, typer.Option(help="The field or column with the text.")] = "text",
    id_field: Annotated[
        str | None,
        typer.Option(help="The field or column with the id; without it, id if there is one."),
    ] = None,
    language: Annotated[
        str, typer.Option(help="Of documents that do not say theirs: a code such as ar, or auto.")
    ] = "auto",
    published: Annotated[
        str | None, typer.Option(help="The day of documents that do not say theirs: 2022-10-01.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Of text, HTML and CSV files, if it is not UTF-8.")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(help="text, html, jsonl, csv, tsv or parquet, whatever the suffix says."),
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="One split of a Hugging Face dataset; without it, all.")
    ] = None,
    config: Annotated[
        str | None, typer.Option(help="One of several configurations of a Hugging Face dataset.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Stop after so many documents.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if anything was refused.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Read documents and write them as records.

    A record has the exact text, a stable id, and language, day and source as far as known. What can
    not be a document is refused, and kept with the reason in OUTPUT.rejects.jsonl.
    """
    from curation.ingest import Options
    from curation.ingest import ingest as read
    from curation.store import STREAM, Rejects, writer

    if as_json and str(output) == STREAM:
        raise UsageError("stdout can not take both the records and --json", hint="Give -o FILE.")
    options = Options(
        text_field=text_field,
        id_field=id_field,
        format=format,  # pyright: ignore[reportArgumentType]  (checked there)
        encoding=encoding,
        language=language,
        published=_day(published),
        split=split,
        config=config,
        limit=limit,
        output=str(output),
    )
    keep_apart(output, *paths)
    documents = code_points = unknown = 0
    with Rejects(output) as rejects:
        records = read(paths, options, rejects)
        with writer(output) as put:
            for record in progress(records, "ingesting"):
                put(record)
                documents += 1
                unknown += record.document.language is None
                code_points += len(record.document.text)
    say(f"{output}: {counted(documents, 'document')}, {code_points:,} code points")
    if unknown:
        say(f"language not known: {counted(unknown, 'document')}; --language CODE says it for them")
    if as_json:
        counts = {"documents": documents, "code_points": code_points, "refused": rejects.count}
        result_json(counts)
    if documents and str(output) != STREAM:
        say(f"next: curation annotate {output} -o proposed.jsonl")
    report_rejects(rejects, strict=strict, taken=documents)


def _day(value: str | None) -> datetime.date | None:
    try:
        return None if value is None else datetime.date.fromisoformat(value)
    except ValueError as fault:
        raise UsageError(
            f"{value!r} is no day", hint="Write it as in --published 2022-10-01."
        ) from fault
