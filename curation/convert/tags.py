"""Tags in a column: IOB2, the older IOB1, and BIOES. Nothing is repaired silently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from curation.errors import DataError

#: `iob1` takes IOB2 too, which it reads alike: there B- always begins, and I- begins where nothing
#: of its label stands before it.
Scheme = Literal["iob1", "iob2", "bioes"]
_PREFIXES = {"iob1": "BI", "iob2": "BI", "bioes": "BIES"}


def spans(tags: Sequence[str], scheme: Scheme) -> list[tuple[int, int, str]]:
    """The tokens (half-open) and label of each entity.

    >>> spans(["B-GPE", "E-GPE", "O", "S-DATE"], "bioes")
    [(0, 2, 'GPE'), (3, 4, 'DATE')]

    Raises: DataError, whose `line` is the number of the tag from 1, at the first one that is wrong.
    """
    found: list[tuple[int, int, str]] = []
    is_open = False
    for at, tag in enumerate(tags):
        prefix, _, label = tag.partition("-")
        if tag != "O" and (prefix not in tuple(_PREFIXES[scheme]) or not label):
            raise DataError(f"{tag!r} is no {scheme.upper()} tag", line=at + 1)
        goes_on = is_open and prefix in ("I", "E") and label == found[-1][2]
        if scheme == "bioes" and is_open and not goes_on:
            raise DataError(f"{tag!r} stands where {found[-1][2]} has not ended", line=at + 1)
        if goes_on:
            found[-1] = (found[-1][0], at + 1, label)
        elif prefix in ("B", "S") or (prefix == "I" and scheme == "iob1"):
            found.append((at, at + 1, label))
        elif tag != "O":
            raise DataError(f"{tag!r} continues nothing", line=at + 1)
        is_open = prefix in ("B", "I")
    if scheme == "bioes" and is_open:
        raise DataError(f"{tags[-1]!r} is the last tag, and nothing ends it", line=len(tags))
    return found


def bioes(tags: Sequence[str]) -> list[str]:
    """IOB2 tags as BIOES.

    >>> bioes(["B-A", "I-A", "B-A", "O"])
    ['B-A', 'E-A', 'S-A', 'O']
    """
    made: list[str] = []
    for at, tag in enumerate(tags):
        goes_on = at + 1 < len(tags) and tags[at + 1].startswith("I-")
        made.append(tag if tag == "O" or goes_on else {"B": "S", "I": "E"}[tag[0]] + tag[1:])
    return made
