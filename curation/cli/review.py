"""`curation review`: people correct the proposals in Label Studio."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import (
    CLEAR,
    Waiting,
    counted,
    progress,
    report_rejects,
    result,
    result_json,
    say,
)
from curation.cli.review_reports import say_pulled, say_pushed, show_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curation.model import Record

app = typer.Typer(no_args_is_help=True)

#: Spans of one document from which Label Studio's import and page are slow (3,000 spans took 3 s
#: to import, 10,000 took 19 s, on two cores).
HEAVY = 2_000

ProjectName = Annotated[str, typer.Option("--project", help="The project's name on the server.")]
Url = Annotated[
    str | None,
    typer.Option(
        help="Your own server (else LABEL_STUDIO_URL, else the local one); "
        "its key is in LABEL_STUDIO_API_KEY."
    ),
]
Data = Annotated[Path | None, typer.Option(help="The local server's data folder.")]
State = Annotated[Path | None, typer.Option(help="Where our copy of what was pushed is kept.")]
SchemaName = Annotated[str, typer.Option("--schema", help="A schema's name, or its .toml file.")]
Strict = Annotated[bool, typer.Option("--strict", help="Fail if anything was refused.")]


class Order(StrEnum):
    """What people see first."""

    UNCERTAIN = "uncertain"
    FILE = "file"


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="The port; without it 8080 or a free one.")
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the server.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the address and the login as JSON, every time.")
    ] = False,
) -> None:
    """Start the local Label Studio in the background, or stop it."""
    from curation.review import LOOPBACK, local_folder, serve, stop_server

    folder = local_folder(data)
    if stop:
        stopped = stop_server(folder)
        say(f"stopped {stopped.url}" if stopped else "it does not run")
        return
    if host not in LOOPBACK:
        say(f"warning: {host} can be reached from other machines, without encryption")
    served = serve(folder, host=host, port=port, progress=Waiting())
    local = served.local
    how = "running" if served.started else "already running"
    typer.echo(f"{CLEAR}{how} at {local.url}", err=True)
    if (port or local.port) != local.port or host not in (local.host, "127.0.0.1"):
        say("to move it to another address, stop it first (--stop)")
    shown = {"url": local.url, "user": local.user, "password": local.password}
    shown["token"] = local.token
    if json:
        result_json(shown)
    elif served.fresh:
        for name, value in shown.items():
            result(f"{name:<9} {value}")
    say(f"the login is kept in {folder / 'server.json'}, the log in {folder / 'server.log'}")


@app.command()
def push(
    source: Annotated[str, typer.Argument(metavar="PROPOSED", help="Records, or -.")],
    project: Annotated[str, typer.Option("--project", help="The project's name.")] = "",
    schema: SchemaName = "news",
    to: Annotated[
        Path | None, typer.Option(help="Write the tasks here, for import by hand.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Write the configuration (XML) here.")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Replace older proposals and configuration.")
    ] = False,
    annotators: Annotated[
        int | None, typer.Option(min=1, help="How many people review each document (1 at first).")
    ] = None,
    order: Annotated[
        Order,
        typer.Option(help="What people see first: the most uncertain, or the first in the file."),
    ] = Order.UNCERTAIN,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent.")] = False,
    url: Url = None,
    data: Data = None,
    state: State = None,
    strict: Strict = False,
    json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Send documents with their proposals to a project.

    Each document is there once. People get them in the order they are sent: first those with the
    highest `uncertainty` (corrections to be expected a word); last, as in the file, those without
    one. What is sent later comes after what is there, and what is updated keeps its place: to mix
    them, order the Data Manager by `uncertainty` and choose "Label Tasks As Displayed".
    """
    from curation import review
    from curation.errors import UsageError
    from curation.store import Rejects, load_schema

    if to and project:
        raise UsageError("a file or a project?", hint="Give --to TASKS.json or --project NAME.")
    labels = load_schema(schema)
    if config:
        config.write_text(review.label_config(labels), "utf-8")
        say(f"wrote {config}")
    outcome = to or (f"{source}.push" if source != "-" else "-")
    with Rejects(outcome) as rejects, review.queue(source, order.value, rejects) as found:
        records = _weighed(progress(found, "pushing"))
        if to:
            taken = review.write_tasks(to, records, labels, rejects)
            say(f"wrote {counted(taken, 'task')} to {to}")
        elif not project:
            raise UsageError("which project?", hint="Give --project NAME, or --to TASKS.json.")
        else:
            server, home = review.connect(url, data=data, memory=state)
            with server:
                if dry_run:
                    report = review.foresee(
                        server, project, records, labels, rejects, update=update
                    )
                else:
                    desk = review.open_desk(
                        server, home, project, labels, update=update, annotators=annotators
                    )
                    report = review.push(desk, records, labels, rejects, update=update)
                    say(f"review at {desk.address}")
            say_pushed(report, "would be sent" if dry_run else "sent")
            taken = report.sent + report.there + report.kept + report.updated
            if json:
                result_json(report)
    report_rejects(rejects, strict=strict, taken=taken)


def _weighed(records: Iterable[Record]) -> Iterator[Record]:
    """The records; those that the server and its page take long for are told."""
    for record in records:
        newest = record.annotations[-1:]
        spans = sum(len(a.entities) + len(a.events) for a in newest)
        if spans > HEAVY:
            say(
                f"document {record.document.id!r} has {spans:,} spans: Label Studio takes a while, "
                "and its page is slow; better split the document before ingest"
            )
        yield record


@app.command()
def pull(
    output: Annotated[str, typer.Option("-o", "--output", help="Where the records go, or -.")],
    project: ProjectName = "",
    source: Annotated[
        Path | None, typer.Option("--from", help="A raw JSON export, instead of a server.")
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="With --from: the documents or proposals that were pushed.")
    ] = None,
    schema: SchemaName = "news",
    full: Annotated[bool, typer.Option("--full", help="Read every task again.")] = False,
    url: Url = None,
    data: Data = None,
    state: State = None,
    strict: Strict = False,
    json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Bring every annotator's reading back.

    Submitted, empty, skipped and drafts are told apart.
    """
    from curation import review
    from curation.errors import UsageError
    from curation.store import Rejects, load_schema

    if bool(project) == bool(source):
        raise UsageError("from where?", hint="Give --project NAME, or --from EXPORT.json.")
    labels = load_schema(schema)
    with Rejects(output) as rejects:
        if source:
            report = review.read_export(source, labels, output, rejects, documents=documents)
        else:
            server, home = review.connect(url, data=data, memory=state)
            with server:
                desk = review.find_desk(server, home, project)
                report = review.pull(desk, labels, output, rejects, full=full)
        say_pulled(report)
        if json and output != "-":
            result_json(report)
    if project and not (report.documents or rejects.count or rejects.noted):
        say(f"note: {project} has no task (curation review push PROPOSED --project {project})")
        return
    report_rejects(rejects, strict=strict, taken=report.documents)


@app.command()
def status(
    project: ProjectName,
    url: Url = None,
    data: Data = None,
    state: State = None,
    json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Say how far a project is."""
    from curation import review

    server, home = review.connect(url, data=data, memory=state)
    with server:
        found = review.status(review.find_desk(server, home, project))
    if json:
        result_json(found)
    else:
        show_status(found)
