"""Pieces of Markdown whose content is data."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence


def cell(value: object) -> str:
    """A value as it can stand in a table or a line: one line, nothing in it is markup.

    >>> cell("a|b\\n<i>*c*")
    'a\\\\|b &lt;i&gt;\\\\*c\\\\*'
    """
    text = f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; numbers have thousands separators.

    >>> print(table(["a", "b"], [[1000, None]]))
    | a | b |
    |---|---|
    | 1,000 |  |
    """
    lines = [head, *rows]
    body = [f"| {' | '.join(cell(value) for value in line)} |" for line in lines]
    return "\n".join([body[0], "|" + "---|" * len(head), *body[1:]])
