"""`curation review`: people correct the proposals in Label Studio."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import progress, report_rejects, result, result_json, say

if TYPE_CHECKING:
    from curation.review import Report

app = typer.Typer(no_args_is_help=True)

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


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="The port; without it 8080 or a free one.")
    ] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the server.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the address and login as JSON.")
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
    served = serve(folder, host=host, port=port, progress=_waiting)
    local = served.local
    say(f"{'running' if served.started else 'already running'} at {local.url}")
    if json:
        result_json({"url": local.url, "user": local.user, "password": local.password})
    elif served.fresh:
        result(f"address   {local.url}")
        result(f"user      {local.user}")
        result(f"password  {local.password}")
        result(f"token     {local.token}")
    say(f"the login is kept in {folder / 'server.json'}, the log in {folder / 'server.log'}")


def _waiting(seconds: float, first: bool) -> None:
    import sys

    what = "first start runs migrations, about a minute" if first else "starting"
    if sys.stderr.isatty():
        typer.echo(f"\r{what} … {seconds:.0f} s ", err=True, nl=False)
    elif int(seconds * 2) % 20 == 0:
        say(f"{what} … {seconds:.0f} s")


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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent.")] = False,
    url: Url = None,
    data: Data = None,
    state: State = None,
    strict: Strict = False,
    json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Send proposals to a project: each document once, with its proposals to correct."""
    from curation import review
    from curation.errors import UsageError
    from curation.model import Record
    from curation.store import Rejects, load_schema, read

    labels = load_schema(schema)
    if config:
        config.write_text(review.label_config(labels), "utf-8")
        say(f"wrote {config}")
    outcome = to or (f"{source}.push" if source != "-" else "-")
    with Rejects(outcome) as rejects:
        records = progress(read(source, Record, rejects=rejects), "pushing")
        if to:
            count = review.write_tasks(to, records, labels, rejects)
            say(f"wrote {count} tasks to {to}")
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
                    desk = review.open_desk(server, home, project, labels, update=update)
                    report = review.push(desk, records, labels, rejects, update=update)
                    say(f"review at {desk.address}")
            _say_pushed(report, "would be sent" if dry_run else "sent")
            if json:
                result_json(report)
    report_rejects(rejects, strict=strict)


def _say_pushed(report: Report, sent: str) -> None:
    parts = [f"{report.sent} {sent}"]
    for count, what in (
        (report.there, "already there"),
        (report.kept, "already there with another proposal, kept (--update replaces it)"),
        (report.updated, "updated"),
        (report.repaired, "lost predictions restored"),
    ):
        if count:
            parts.append(f"{count} {what}")
    say(", ".join(parts))
