"""Schemas by name or by path."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import msgspec

from curation.errors import SchemaError
from curation.model import Schema
from curation.store.explaining import explained
from curation.store.shipped import shipped

_HEAD = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")
_FIELD = re.compile(r"((?P<table>\w+)\[(?P<at>\d+)\])?\.?(?P<name>\w*)")

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
    text = ""
    try:
        text = path.read_bytes().decode()
        return msgspec.toml.decode(text, type=Schema)
    except OSError as fault:
        if path == Path(name):
            raise SchemaError(fault.strerror or str(fault), file=name) from fault
        raise SchemaError(
            f"there is no schema {name!r}",
            hint=f"Known schemas: {', '.join(schema_names())}; or give the path of a .toml file.",
        ) from fault
    except UnicodeError as fault:
        raise SchemaError(str(fault), file=str(path)) from fault
    except msgspec.MsgspecError as fault:
        raise _placed(fault, text, str(path)) from fault


def _placed(fault: msgspec.MsgspecError, text: str, file: str) -> SchemaError:
    message, field = explained(fault, Schema)
    if isinstance(fault.__cause__, SchemaError):
        message, field = fault.__cause__.message, fault.__cause__.field
    field = field.removeprefix("$").removeprefix(".")
    told = re.search(r"at line (\d+)", message)
    line = int(told[1]) if told else _line(text, field)
    return SchemaError(message, file=file, line=line, field=field)


def _line(text: str, field: str) -> int:
    """The line of a field like `entities[2].color`; of its table's head where it is missing; 0
    where neither is found."""
    found = _FIELD.match(field)
    if found is None:
        return 0
    head = 0
    table = ("", -1)
    seen: Counter[str] = Counter()
    wanted = (found["table"] or "", int(found["at"] or -1), found["name"] or None)
    for number, line in enumerate(text.split("\n"), start=1):
        if opened := _HEAD.match(line):
            table = (opened[1], seen[opened[1]])
            seen[opened[1]] += 1
            head = number if table == wanted[:2] else head
            continue
        key = line.partition("=")[0].strip()
        if (*table, key) in (wanted, ("", -1, found["table"])):
            return number
    return head


def schema_names() -> list[str]:
    """The names of the schemas that ship with the package."""
    return sorted(path.stem for path in shipped("schemas").glob("*.toml"))
