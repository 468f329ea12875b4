"""What msgspec found wrong: where, and what would be right there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import inspect

from curation.wording import choices

_PATH = re.compile(r" - at `(?P<path>[^`]+)`\Z")
_STEP = re.compile(r"\.(?P<name>\w+)|\[[^]]*\]")
_GIVEN = re.compile(
    r"(Invalid enum value '(?P<value>.*)'|Object contains unknown field `(?P<field>.*)`)\Z",
    re.DOTALL,
)


def explained(fault: Exception, kind: Any) -> tuple[str, str]:
    """The message of a fault in decoding a `kind`, and the path of its field (`$.document.id`, may
    be empty). If a value or a field is none of those that may stand there, they are named.

    >>> from curation.model import Author
    >>> explained(ValueError("Invalid enum value 'machin' - at `$.kind`"), Author)[0]
    "Invalid enum value 'machin'; did you mean machine? Allowed: human, machine, merge"
    """
    message, path = str(fault), ""
    if found := _PATH.search(message):
        message, path = message[: found.start()], found["path"]
    if given := _GIVEN.match(message):
        place = _place(kind, path)
        if given["field"] is None:
            allowed = [str(value) for one in place for value in _values(one)]
        else:
            allowed = [name for one in place for name in _fields(one)]
        if allowed:
            message += "; " + choices(given["value"] or given["field"] or "", allowed)
    return message, path


def _place(kind: Any, path: str) -> list[inspect.Type]:
    """What may stand at a path in a `kind`."""
    found = list(_each(inspect.type_info(kind)))
    for step in _STEP.finditer(path):
        found = [one for outer in found for inner in _inside(outer, step) for one in _each(inner)]
    return found


def _inside(kind: inspect.Type, step: re.Match[str]) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        yield from (one.type for one in kind.fields if one.encode_name == step["name"])
    elif isinstance(kind, inspect.VarTupleType | inspect.ListType):
        yield kind.item_type
    elif isinstance(kind, inspect.DictType):
        yield kind.value_type


def _each(kind: inspect.Type) -> Iterator[inspect.Type]:
    """The types of a union; of another type, it alone."""
    yield from kind.types if isinstance(kind, inspect.UnionType) else (kind,)


def _values(kind: inspect.Type) -> tuple[Any, ...]:
    return kind.values if isinstance(kind, inspect.LiteralType) else ()


def _fields(kind: inspect.Type) -> Iterator[str]:
    if isinstance(kind, inspect.StructType):
        yield from (one.encode_name for one in kind.fields)
