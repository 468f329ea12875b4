"""What a proposal leaves out: each kept beside the output, and counted by kind."""

from __future__ import annotations

import re
from collections import Counter

from curation.errors import DataError
from curation.store import Rejects

#: How many kinds are told apart; a model may invent labels without end.
KINDS = 200
OTHERS = "other things"
_QUOTE = re.compile(r"""^quote (?:'.*'|".*") \(""", re.DOTALL)
_NUMBER = re.compile(r"^(entry|.*: stands) \d+ (?=of|times)", re.DOTALL)


class LeftOut:
    """Writes what was left out of each document into the rejects; memory grows with the kinds,
    of which there are at most KINDS and OTHERS.
    """

    def __init__(self, rejects: Rejects) -> None:
        self._rejects = rejects
        self.kinds: Counter[str] = Counter()

    def add(self, document: str, lines: tuple[str, ...]) -> None:
        """Keep what was left out of the document with this id."""
        for line in lines:
            self._rejects.keep(DataError(f"document {document!r}: left out: {line}"))
            kind = kind_of(line)
            known = kind in self.kinds or len(self.kinds) < KINDS
            self.kinds[kind if known else OTHERS] += 1


def kind_of(line: str) -> str:
    """A line without what is different each time.

    >>> kind_of("quote 'Fez' (GPE): stands 2 times in the text, from a@1")
    'quote … (GPE): stands … times in the text, from a@1'
    """
    return _NUMBER.sub(r"\1 … ", _QUOTE.sub("quote … (", line))
