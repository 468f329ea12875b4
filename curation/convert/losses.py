"""What a format could not say, item by item, with the reason: nothing is dropped silently."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from curation.store.beside import Beside

Item = Literal["document", "reading", "entity", "relation", "event", "argument"]


class Loss(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that was not carried over: of which document and item (`id` is that of the entity,
    relation or event; an argument has its event's), `what` of it (`span` is the whole of it, else
    the name of a field), what it `said`, and why."""

    document: str
    item: Item
    id: str
    what: str
    said: str
    reason: str


class Losses(Beside):
    """Collects losses in `<output>.losses.jsonl`, and counts them by item, what and reason.

    Use it as a context manager. For output to a stream (`-`) they are only counted.
    """

    def __init__(self, output: Path | str) -> None:
        super().__init__(output, "losses")
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def add(
        self, document: str, item: Item, ident: str, what: str, said: object, reason: str
    ) -> None:
        """Keep one loss."""
        self.counts[item, what, reason] += 1
        self.put(Loss(document, item, ident, what, _text(said), reason))


def _text(said: object) -> str:
    return said if isinstance(said, str) else msgspec.json.encode(said).decode()
