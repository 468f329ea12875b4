"""What a proposal leaves out or leaves in doubt: kept beside the output, and counted by kind."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from curation.errors import DataError
from curation.store import Rejects

if TYPE_CHECKING:
    from curation.annotate import Proposal

#: How many kinds are told apart; a model may invent labels without end.
KINDS = 200
OTHERS = "other things"
_QUOTE = re.compile(r"""^quote (?:'.*'|".*") \(""", re.DOTALL)
_LABEL = re.compile(r"(?:entity label|event type|relation) (\w+)(?:, from .*)?\Z")
_NUMBER = re.compile(r"^(entry|.*: stands) \d+ (?=of|times)", re.DOTALL)


class LeftOut:
    """Writes what was left out of each document into the rejects; memory grows with the kinds,
    of which there are at most KINDS and OTHERS.
    """

    def __init__(self, rejects: Rejects, source: str) -> None:
        self._rejects = rejects
        self._source = source
        self.kinds: Counter[str] = Counter()
        self.overlaps: Counter[str] = Counter()
        self.doubts = 0

    def add(self, line: int, document: str, proposal: Proposal) -> None:
        """Count what was left out of the document with this id, in this line, and keep it; of what
        gave way to others, what crosses them: the text of the rest is marked."""
        for what in proposal.left_out:
            self._keep(line, f"document {document!r}: left out: {what}")
            kind = kind_of(what)
            known = kind in self.kinds or len(self.kinds) < KINDS
            self.kinds[kind if known else OTHERS] += 1
        for overlap in proposal.overlaps:
            kind, lost, to = overlap.kind, overlap.lost, overlap.to
            self.overlaps[kind] += 1
            if kind == "crossing":
                what = f"{lost.label} {lost.text!r} ({lost.start} to {lost.end})"
                why = f"crosses {to.label} {to.text!r} ({to.start} to {to.end})"
                self._keep(line, f"document {document!r}: left out: {what}, which {why}")

    def unknown(self) -> Counter[str]:
        """The labels and types that the schema does not have, with how often an annotator gave
        each."""
        found: Counter[str] = Counter()
        for kind, times in self.kinds.items():
            if named := _LABEL.match(kind):
                found[named[1]] += times
        return found

    def misfits(self) -> Counter[str]:
        """The other kinds: what the schema or the text has no place for under a label it has."""
        return Counter({kind: n for kind, n in self.kinds.items() if not _LABEL.match(kind)})

    def doubt(self, line: int, document: str, why: str) -> None:
        """Keep why a document can hardly be in its language, and count it."""
        self.doubts += 1
        hint = "Mark it with its language, and annotate it again."
        self._keep(line, f"document {document!r} was read, but in doubt: {why}", hint)

    def _keep(self, line: int, message: str, hint: str = "") -> None:
        self._rejects.keep(DataError(message, file=self._source, line=line, hint=hint))


def kind_of(line: str) -> str:
    """A line without what is different each time.

    >>> kind_of("quote 'Fez' (GPE): stands 2 times in the text, from a@1")
    'quote … (GPE): stands … times in the text, from a@1'
    """
    return _NUMBER.sub(r"\1 … ", _QUOTE.sub("quote … (", line))
