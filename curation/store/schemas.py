"""Schemas by name or by path."""

from __future__ import annotations

from pathlib import Path

import msgspec

from curation.errors import SchemaError
from curation.model import Schema
from curation.store.shipped import shipped

#: The schema that is used where none is named.
DEFAULT = "news"


def load_schema(name: str = DEFAULT) -> Schema:
    """The schema that ships under this name, or the one in this TOML file.

    >>> load_schema("news").name
    'news'

    Raises: SchemaError if there is none, or if it is not sound.
    """
    path = Path(name)
    if path.suffix != ".toml":
        path = shipped("schemas") / f"{name}.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Schema)
    except FileNotFoundError as fault:
        raise SchemaError(
            f"there is no schema {name!r}",
            hint=f"Known schemas: {', '.join(schema_names())}; or give the path of a .toml file.",
        ) from fault
    except OSError as fault:
        raise SchemaError(f"{path}: {fault.strerror or fault}") from fault
    except (msgspec.MsgspecError, UnicodeError) as fault:
        raise SchemaError(f"{path}: {fault}") from fault


def schema_names() -> list[str]:
    """The names of the schemas that ship with the package."""
    return sorted(path.stem for path in shipped("schemas").glob("*.toml"))
