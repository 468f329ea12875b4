"""Pieces of Markdown whose content is data."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

from curation.wording import visible

#: Unicode's first strong isolate and its end: what stands between them is set in its own direction
#: and does not move what stands around it (UAX 9). Plain characters, where `<bdi>` would be markup
#: that some pages take away.
_ISOLATE, _END = "\u2068", "\u2069"
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def isolated(text: str) -> str:
    """A piece of data that can stand beside others: right-to-left text is isolated, and no mark or
    control of direction in the data can turn what comes after it.

    >>> isolated("Rabat"), isolated("الرباط") == "\\u2068الرباط\\u2069"
    ('Rabat', True)
    """
    plain = _CONTROLS.sub("", text)
    return f"{_ISOLATE}{plain}{_END}" if right_to_left(plain, anywhere=True) else plain


def right_to_left(text: str, *, anywhere: bool = False) -> bool:
    """Whether a text is set from right to left, which its first strong character says (UAX 9, P2);
    or whether any of its characters is.

    >>> right_to_left("Rabat الرباط"), right_to_left("Rabat الرباط", anywhere=True)
    (False, True)
    """
    kinds = (unicodedata.bidirectional(character) for character in text)
    strong = (kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL"))
    return any(strong) if anywhere else next(strong, False)


def cell(value: object) -> str:
    """A value as it can stand in a table or a line: one line, nothing in it is markup or controls
    anything, and numbers have thousands separators. Right-to-left text is isolated, whole unless
    parts of it are.

    >>> cell("a|b\\n<i>*c*")
    'a\\\\|b &lt;i&gt;\\\\*c\\\\*'
    """
    text = f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)
    text = text if _ISOLATE in text else isolated(text)
    plain = visible(" ".join(text.split()))
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", html.escape(plain, quote=False))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table.

    >>> print(table(["a", "b"], [[1000, None]]))
    | a | b |
    |---|---|
    | 1,000 |  |
    """
    lines = [head, *rows]
    body = [f"| {' | '.join(cell(value) for value in line)} |" for line in lines]
    return "\n".join([body[0], "|" + "---|" * len(head), *body[1:]])


def percent(share: float | None) -> str:
    """A share as the card writes it; nothing where there is none.

    >>> percent(2 / 3), percent(None)
    ('66.7%', '')
    """
    return "" if share is None else f"{share:.1%}"
