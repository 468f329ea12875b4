"""Counts in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from curation.publish.card.markdown import isolated
from curation.publish.card.pictures import ranked


def listed(counts: Mapping[str, int], most: int = 10) -> str:
    """The most frequent names with their counts, the same on every machine.

    >>> listed({"ar": 2, "": 1})
    'ar (2), not known (1)'
    """
    found = ranked(counts)
    shown = [f"{isolated(name) or 'not known'} ({count:,})" for name, count in found[:most]]
    if len(found) > most:
        shown.append(f"and {len(found) - most:,} more")
    return ", ".join(shown) or "nobody"
