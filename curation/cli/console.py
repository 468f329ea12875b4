"""How every command talks: results on stdout, talk on stderr, errors in two lines, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from curation.errors import CurationError

if TYPE_CHECKING:
    from curation.store import Rejects

T = TypeVar("T")


def say(message: str = "") -> None:
    """Talk: one line on stderr."""
    typer.echo(message, err=True)


def result(text: str) -> None:
    """A result for people: on stdout."""
    typer.echo(text)


def result_json(value: Any) -> None:
    """A result for programs: one JSON document on stdout."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def fail(error: CurationError) -> int:
    """Print an error and what to do next; returns the exit code it asks for."""
    first, _, rest = str(error).partition("\n")
    say(f"error: {first}")
    if rest:
        say(f"  {rest}".replace("\n", "\n  "))
    return error.exit_code


def report_rejects(rejects: Rejects, *, strict: bool) -> None:
    """The last line of a command that may refuse input: how many, and where they are kept.
    With `strict` the command fails if there were any.
    """
    if not rejects.count:
        return
    kept = f", kept with the reason in {rejects.path}" if rejects.path else ""
    say(f"{rejects.count} refused{kept}")
    if rejects.last is not None:
        say("  the last one: " + str(rejects.last).replace("\n", "\n    "))
    if strict:
        raise typer.Exit(1)


def progress(items: Iterable[T], label: str, *, total: int | None = None) -> Iterator[T]:
    """The same items, with a progress bar on stderr when it is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, label, total=total, console=Console(stderr=True), transient=True)
