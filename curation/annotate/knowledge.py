"""Knowledge as files: one folder a language, TSV for lists, TOML for rules.

A folder is named by an annotator's option `knowledge`: a shipped one by its language (`ar`), or
any other by its path. Lines that start with `#` are comments; the first names source and licence.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from curation.annotate.protocol import Options
from curation.errors import AnnotatorError, CurationError
from curation.store import shipped


def folder(options: Options) -> Path:
    """The folder that the option `knowledge` names.

    Raises: AnnotatorError if it is not given, or is not there.
    """
    name = str(options.get("knowledge", ""))
    if not name:
        raise AnnotatorError("the option `knowledge` is missing", hint="Give a language, as in ar.")
    try:
        return shipped("seeds", "knowledge", name)
    except CurationError as fault:
        if Path(name).is_dir():
            return Path(name)
        raise AnnotatorError(f"there is no knowledge folder {name!r}", hint=fault.hint) from fault


@lru_cache(maxsize=64)
def rules(path: Path) -> dict[str, Any]:
    """A TOML file as a table. It is read once; do not change it."""
    try:
        return msgspec.toml.decode(path.read_bytes())
    except (OSError, UnicodeError, msgspec.MsgspecError) as fault:
        raise AnnotatorError(f"{path}: {fault}") from fault


@lru_cache(maxsize=64)
def rows(path: Path, columns: int) -> tuple[tuple[str, ...], ...]:
    """The rows of a TSV file, each filled up with empty fields to `columns`."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as fault:
        raise AnnotatorError(f"{path}: {fault}") from fault
    found: list[tuple[str, ...]] = []
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) > columns:
            raise AnnotatorError(f"{path}:{number}: more than {columns} fields")
        found.append((*fields, *[""] * (columns - len(fields))))
    return tuple(found)
