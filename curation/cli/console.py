"""How every command talks: results on stdout, talk on stderr, errors in two lines, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from curation.errors import CurationError, UsageError
from curation.wording import counted as counted
from curation.wording import visible

if TYPE_CHECKING:
    from curation.store import Rejects

T = TypeVar("T")


def say(message: str = "") -> None:
    """Talk: one line on stderr."""
    typer.echo(visible(message, keep="\n\t"), err=True)


def result(text: str) -> None:
    """A result for people: on stdout."""
    typer.echo(visible(text, keep="\n\t"))


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


def report_rejects(rejects: Rejects, *, strict: bool, taken: int) -> None:
    """The last lines of a command that may refuse input: how many were refused, and how many
    written with a note, the first of them, and where they all are kept. The command fails if there
    were any and `strict` is set, or nothing was `taken`.
    """
    every = rejects.count + rejects.noted
    if not every and not taken:
        raise CurationError("nothing was read: there is no document in what was given")
    if not every:
        return
    parts = [f"{rejects.count:,} refused"] if rejects.count else []
    if rejects.noted:
        parts.append(f"{rejects.noted:,} written with a note")
    kept = f", kept with the reason in {rejects.path}" if rejects.path else ""
    say(f"{', '.join(parts)}{kept}")
    for error in rejects.first:
        say("  " + str(error).replace("\n", "\n    "))
    if every > len(rejects.first):
        say(f"  and {every - len(rejects.first):,} more")
    if strict or not taken:
        raise typer.Exit(1)


def keep_apart(output: Path | str, *inputs: Path | str) -> None:
    """Refuse to write the result over what it is made from.

    Raises: UsageError if OUTPUT is one of the inputs.
    """
    for path in inputs:
        if Path(path).is_file() and Path(output).exists() and Path(output).samefile(path):
            raise UsageError(
                f"{output} is an input, and would be replaced", hint="Give another file with -o."
            )


def progress(items: Iterable[T], label: str, *, total: int | None = None) -> Iterator[T]:
    """The same items, with a progress bar on stderr when it is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, label, total=total, console=Console(stderr=True), transient=True)


#: Back to the start of the line, and empty it: over the progress line on a terminal.
CLEAR = "\r\x1b[K" if sys.stderr.isatty() else ""


class Waiting:
    """One line that counts the seconds a server takes; without a terminal, a line every ten."""

    def __init__(self) -> None:
        self._said = -10.0

    def __call__(self, seconds: float, first: bool) -> None:
        """Seconds since the start, and whether it is the server's first one."""
        what = "first start runs migrations, about a minute" if first else "starting"
        if CLEAR:
            typer.echo(f"{CLEAR}{what} … {seconds:.0f} s ", err=True, nl=False)
        elif seconds >= self._said + 10:
            self._said = seconds
            say(f"{what} … {seconds:.0f} s")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A result as a table on stdout: drawn on a terminal, else plain columns. The first column
    stands on the left, the others on the right."""
    lines = [[visible(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        drawn = Table(title=title, title_justify="left")
        for at, name in enumerate(columns):
            drawn.add_column(name, justify="right" if at else "left")
        for row in lines:
            drawn.add_row(*row)
        Console().print(drawn)
        return
    widths = [max(map(len, cells)) for cells in zip(columns, *lines, strict=True)]
    typer.echo(f"\n{title}")
    for row in (list(columns), *lines):
        first, *rest = (
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        typer.echo("  ".join((first, *rest)).rstrip())
