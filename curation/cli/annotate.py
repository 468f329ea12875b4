"""`curation annotate`: propose entities and events."""

from __future__ import annotations

import gc
from collections import Counter
from itertools import tee
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
    renames: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="LABEL=LABEL",
            help="What the schema calls a label, role or type of the pipeline: --map GPE=PLACE. "
            "Can be given again.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if a line was refused.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON on stdout.")
    ] = False,
) -> None:
    """Propose entities and events for every document.

    A record keeps its earlier readings and the new one comes last; annotating twice appends
    twice. A document in a language no pipeline is for is written as it is, with a note that names
    the languages there are pipelines for. What a model or the schema has no place
    for is left out, and listed there too, as are proposals that cross others, and documents whose
    letters speak against their language.
    """
    from curation.annotate import Pipelines, numbered_records, parse_renames
    from curation.annotate import annotate as read_all
    from curation.cli.console import counted, progress, report_rejects, result_json, say
    from curation.cli.left_out import LeftOut
    from curation.store import STREAM, Rejects, load_schema, writer

    if output == STREAM and as_json:
        raise UsageError(
            "--json and -o - both write to stdout", hint="Give a file for the records: -o FILE."
        )
    labels = load_schema(schema)
    pipelines = Pipelines(labels, pipeline, parse_renames(renames or (), labels))
    # What was loaded stays to the end, and readings hold no cycles: the collector, which would walk
    # it all again and again, seldom has work.
    gc.freeze()
    gc.set_threshold(50_000)
    entities: Counter[str] = Counter()
    events: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    count = failed = 0
    with Rejects(output) as rejects, writer(output) as put:
        left_out = LeftOut(rejects, source)
        lines, places = tee(numbered_records(source, rejects=rejects))
        readings = read_all((record for _, record in lines), pipelines)
        for (line, _), done in zip(places, progress(readings, "annotating"), strict=True):
            put(done.record)
            count += 1
            document = done.record.document
            if done.proposal is None:
                if done.fault is not None:
                    failed += 1
                    refusal = _failed(document.id, done.fault)
                else:
                    unread[done.language or "unknown"] += 1
                    refusal = _unread(document.id, done.language, pipelines.covered())
                refusal.file, refusal.line = source, line
                rejects.add(refusal, document.text, written=True)
                continue
            entities.update(entity.label for entity in done.proposal.annotation.entities)
            events.update(event.type for event in done.proposal.annotation.events)
            left_out.add(line, document.id, done.proposal)
            if done.doubt:
                left_out.doubt(line, document.id, done.doubt)
    kinds = left_out.kinds
    unknown = left_out.unknown()
    if unknown:
        named = ", ".join(f"{name} ({times:,})" for name, times in unknown.most_common(_SHOWN))
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        say(f"left out, as schema {labels.name} has no label of that name: {named}{more}")
        say(f"  --map {next(iter(unknown))}=LABEL says which of its labels is meant")
    misfits = left_out.misfits()
    for line, times in sorted(misfits.most_common(_SHOWN)):
        often = counted(times, "time")
        say(f"left out, not in schema {schema} or not in the text: {line} ({often})")
    if len(misfits) > _SHOWN:
        say(f"left out: {len(misfits) - _SHOWN} more kinds of things (--json lists them all)")
    if kinds and rejects.path:
        say(f"{counted(kinds.total(), 'thing')} left out, each kept in {rejects.path}")
    if left_out.doubts:
        number = counted(left_out.doubts, "document")
        kept = f", each kept with the reason in {rejects.path}" if rejects.path else ""
        say(f"{number} can hardly be in the language they are marked with{kept}")
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
                "left_out": dict(sorted(kinds.items())),
                "overlapping": dict(sorted(left_out.overlaps.items())),
                "doubtful": left_out.doubts,
                "no_pipeline": dict(sorted(unread.items())),
                "refused": rejects.count,
                "noted": rejects.noted,
            }
        )
    annotated = count - unread.total() - failed
    say(
        f"{annotated} of {counted(count, 'document')} annotated: "
        f"{counted(entities.total(), 'entity')}, {counted(events.total(), 'event')}"
        f"{_gave_way(left_out.overlaps)}"
    )
    if output != STREAM and annotated:
        say(f"next: curation review push {Path(output)} --project NAME")
    report_rejects(rejects, strict=strict, taken=annotated)


def _gave_way(overlaps: Counter[str]) -> str:
    """What was not proposed because of what stands on its text.

    >>> _gave_way(Counter({"inside": 3, "crossing": 1}))
    '; 4 proposals gave way to others on their text (1 crossing, 3 inside)'
    """
    from curation.cli.console import counted

    if not overlaps:
        return ""
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(overlaps.items()))
    return f"; {counted(overlaps.total(), 'proposal')} gave way to others on their text ({kinds})"


def _unread(document: str, language: str | None, covered: str) -> DataError:
    reason = f"no pipeline is for language {language}" if language else "its language is not known"
    remedy = "Name another with --pipeline" if language else "Say it with ingest --language"
    return DataError(
        f"document {document!r} is written without a proposal: {reason}",
        hint=f"{remedy}: {covered}.",
    )


def _failed(document: str, fault: AnnotatorError) -> DataError:
    return DataError(
        f"document {document!r} is written without a proposal: {fault.message}", hint=fault.hint
    )
