"""Words for people: what may stand where something else was given, and numbers with their nouns."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

#: How many of what is allowed are named.
SHOWN = 12


def choices(given: str, allowed: Iterable[str]) -> str:
    """The nearest of what is allowed, if one is near whatever its case, then all of it, shortened.

    >>> choices("PRSON", ["GPE", "PERSON"])
    'did you mean PERSON? Allowed: GPE, PERSON'
    >>> choices("x", [])
    'none is allowed'
    """
    known = list(dict.fromkeys(allowed))
    if not known:
        return "none is allowed"
    by_case = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(given.casefold(), by_case, n=1)
    question = f"did you mean {by_case[near[0]]}? Allowed: " if near else "allowed: "
    rest = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return question + ", ".join(known[:SHOWN]) + rest


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "document"), counted(2, "entity"), counted(3, "loss")
    ('1 document', '2 entities', '3 losses')
    """
    if number != 1:
        ending = "es" if noun.endswith("s") else "s"
        noun = f"{noun.removesuffix('y')}ies" if noun.endswith("y") else noun + ending
    return f"{number:,} {noun}"


def visible(text: str, keep: str = "") -> str:
    r"""Text whose control characters are seen and do nothing, but for those to `keep`: what comes
    from data turns no terminal's colours and starts no line of its own.

    >>> visible("a\x1b[31mb\n"), visible("\x07\n", keep="\n"), visible("\x9b") == "\\x9b"
    ('a␛[31mb␊', '␇\n', True)
    """

    def picture(found: re.Match[str]) -> str:
        code = ord(found[0])
        if found[0] in keep:
            return found[0]
        return chr(0x2400 + code) if code < 0x20 else ascii(found[0])[1:-1]

    return _CONTROLS.sub(picture, text)
