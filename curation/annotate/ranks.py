"""Ordinal words: الثالث, الحادي عشر, الخامس والعشرين.

From the language's `numbers.toml`: units, what makes a teen of them, tens that are joined to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from curation.annotate.clitics import Clitics, load_clitics
from curation.annotate.knowledge import rules
from curation.text import fold_key


class Ranks:
    """The ordinal words of a language (folded)."""

    def __init__(self, table: Mapping[str, Any], clitics: Clitics) -> None:
        self.units = {fold_key(word): int(rank) for word, rank in table["units"].items()}
        self.tens = {fold_key(word): int(rank) for word, rank in table["tens"].items()}
        self.teens = frozenset(map(fold_key, table["teen"]))
        #: Units that are ranks only with a teen or tens after them: الحادي عشر.
        self.leaning = {fold_key(word): int(rank) for word, rank in table["leaning"].items()}
        self._clitics = clitics

    def read(self, words: Sequence[str]) -> tuple[int, int] | None:
        """(how many words, the rank) of the rank that some words begin with; a teen or tens may
        follow a unit. Tens alone are a rank only for who asks `ten`."""
        if not words:
            return None
        unit = self.units.get(words[0]) or self.leaning.get(words[0])
        if unit is None:
            return None
        after = words[1] if len(words) > 1 else ""
        if unit < 10 and after in self.teens:
            return 2, unit + 10
        ten = self.ten(after[1:]) if after[:1] in self._clitics.conjunctions[:1] else None
        if unit < 10 and ten:
            return 2, unit + ten
        return (1, unit) if words[0] in self.units else None

    def ten(self, word: str) -> int | None:
        """العشرين, عشرون: 20."""
        return self.tens.get(self._clitics.bare(word))

    def value(self, phrase: str) -> int | None:
        """The rank that a whole phrase is, or figure."""
        words = phrase.split()
        if phrase.isdigit():
            return int(phrase)
        found = self.read(words)
        if found and found[0] == len(words):
            return found[1]
        return self.ten(words[0]) if len(words) == 1 else None


@lru_cache(maxsize=8)
def load_ranks(home: Path) -> Ranks:
    """The ordinal words of a knowledge folder."""
    return Ranks(rules(home / "numbers.toml")["ordinals"], load_clitics(home))
