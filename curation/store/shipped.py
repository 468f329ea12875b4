"""Files that come with the package: schemas, seed documents and knowledge, the demo's readings.

In a wheel they lie inside the package; in a checkout they are the project's top-level folders.
"""

from __future__ import annotations

from pathlib import Path

from curation.errors import CurationError

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(*parts: str) -> Path:
    """The path of a shipped file or folder, as in `shipped("schemas", "news.toml")`.

    Raises: CurationError if the installation does not have it.
    """
    for root in (_PACKAGE / "shipped", _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise CurationError(
        f"this installation of curation has no {'/'.join(parts)}",
        hint="Install the package again: pip install --force-reinstall curation",
    )
