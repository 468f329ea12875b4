"""The command line: one file per command; arguments, one call, some printing."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 the data is wrong, 2 the command is wrong, 3 a
    service is not there.
    """
    from curation.cli.app import app
    from curation.cli.console import fail
    from curation.errors import CurationError

    try:
        app(args=argv)
    except CurationError as error:
        sys.exit(fail(error))
    except OSError as fault:
        # A full disk, a folder that may not be written to.
        sys.exit(fail(CurationError(str(fault))))
    except SystemExit as stop:
        # The reader of our output went away (`| head`): typer exits 1, but nothing is wrong here.
        if isinstance(stop.__context__, BrokenPipeError):
            sys.exit(0)
        raise
