"""`curation annotate`: propose entities and events."""

from __future__ import annotations

import gc
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from curation.errors import AnnotatorError, DataError, UsageError

#: How many kinds of things that were left out are shown.
_SHOWN = 40


def annotate(
    source: Annotated[
        str, typer.Argument(help="Documents or records, JSONL; - for stdin.", metavar="FILE")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="Where the records go; - for stdout.")
    ],
    schema: Annotated[
        str, typer.Option(help="A schema's name, or the path of a .toml file.")
    ] = "news",
    pipeline: Annotated[
        str | None,
        typer.Option(
            help="A shipped pipeline's name, a .toml file, a model's folder (spaCy, transformers, "
            "GLiNER), hf:owner/name, or a spaCy package. Without it each document's language "
            "decides."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if a line was refused.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON on stdout.")
    ] = False,
) -> None:
    """Propose entities and events for every document.

    A record keeps its earlier readings and the new one comes last; annotating twice appends
    twice. A document in a language no pipeline is for is written as it is, and listed among what
    was refused with the languages there are pipelines for.
    """
    from curation.annotate import Pipelines, read_records
    from curation.annotate import annotate as read_all
    from curation.cli.console import counted, progress, report_rejects, result_json, say
    from curation.store import STREAM, Rejects, load_schema, writer

    if output == STREAM and as_json:
        raise UsageError(
            "--json and -o - both write to stdout", hint="Give a file for the records: -o FILE."
        )
    pipelines = Pipelines(load_schema(schema), pipeline)
    # What was loaded stays to the end, and readings hold no cycles: the collector, which would walk
    # it all again and again, seldom has work.
    gc.freeze()
    gc.set_threshold(50_000)
    entities: Counter[str] = Counter()
    events: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    count = failed = 0
    with Rejects(output) as rejects, writer(output) as put:
        records = read_records(source, rejects=rejects)
        for done in progress(read_all(records, pipelines), "annotating"):
            put(done.record)
            count += 1
            if done.fault is not None:
                failed += 1
                rejects.add(_failed(done.record.document.id, done.fault), done.record.document.text)
            elif done.proposal is None:
                unread[done.language or "unknown"] += 1
                refusal = _unread(done.record.document.id, done.language, pipelines.covered())
                rejects.add(refusal, done.record.document.text)
            else:
                entities.update(entity.label for entity in done.proposal.annotation.entities)
                events.update(event.type for event in done.proposal.annotation.events)
                left_out.update(done.proposal.left_out)
    for line, times in sorted(left_out.most_common(_SHOWN)):
        say(f"left out, not in schema {schema} or not in the text: {line} ({times} times)")
    if len(left_out) > _SHOWN:
        say(f"left out: {len(left_out) - _SHOWN} more kinds of things (--json lists them all)")
    for language, documents in sorted(unread.items()):
        number = counted(documents, "document")
        say(f"{number} in language {language} got no proposal: {pipelines.covered()}")
    if as_json:
        result_json(
            {
                "documents": count,
                "annotated": count - unread.total() - failed,
                "failed": failed,
                "entities": dict(sorted(entities.items())),
                "events": dict(sorted(events.items())),
                "left_out": dict(sorted(left_out.items())),
                "no_pipeline": dict(sorted(unread.items())),
                "refused": rejects.count,
            }
        )
    annotated = count - unread.total() - failed
    say(
        f"{annotated} of {counted(count, 'document')} annotated: "
        f"{counted(entities.total(), 'entity')}, {counted(events.total(), 'event')}"
    )
    if output != STREAM:
        say(f"next: curation review push {Path(output)} --project NAME")
    report_rejects(rejects, strict=strict, taken=annotated)


def _unread(document: str, language: str | None, covered: str) -> DataError:
    reason = f"no pipeline is for language {language}" if language else "its language is not known"
    remedy = "name another with --pipeline" if language else "say it with ingest --language"
    return DataError(
        f"document {document!r} is written without a proposal: {reason}",
        hint=f"{covered[0].upper()}{covered[1:]}; {remedy}.",
    )


def _failed(document: str, fault: AnnotatorError) -> DataError:
    return DataError(f"document {document!r} is written without a proposal: {fault.message}")
