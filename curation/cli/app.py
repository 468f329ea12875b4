"""The commands, put together."""

from __future__ import annotations

import typer

import curation
from curation.cli import hub, review
from curation.cli.annotate import annotate
from curation.cli.convert import EPILOG, convert
from curation.cli.demo import demo
from curation.cli.diff import diff
from curation.cli.doctor import doctor
from curation.cli.evaluate import evaluate
from curation.cli.ingest import ingest
from curation.cli.merge import merge
from curation.cli.publish import publish
from curation.cli.rollback import rollback
from curation.cli.schema import schema
from curation.cli.verify import verify
from curation.cli.versions import versions

app = typer.Typer(
    name="curation",
    help="Text in, a dataset people trust out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    # Plain help: drawing it with rich costs more CPU than everything else together.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"curation {curation.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True),
) -> None:
    """Text in, a dataset people trust out: entities and events, reviewed, versioned."""


# The order of the journey is the order of the help. Every module here is light: what is heavy is
# imported inside the commands.
app.command()(ingest)
app.command()(annotate)
app.add_typer(review.app, name="review", help="Let people correct the proposals in Label Studio.")
app.command()(merge)
app.command()(publish)
app.command()(versions)
app.command()(diff)
app.command()(verify)
app.command()(evaluate)
app.command(epilog=EPILOG)(convert)
app.command()(rollback)
app.add_typer(hub.app, name="hub", help="Versions onto the Hugging Face Hub, and from there.")
app.add_typer(schema, name="schema")
app.command()(demo)
app.command()(doctor)
