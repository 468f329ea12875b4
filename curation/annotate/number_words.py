"""Numbers in words and figures, of a language that multiplies by hundreds and thousands, as a
pattern over folded text and as an amount. The words are the language's `numbers.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import regex

from curation.annotate.figures import figure
from curation.text import fold_key


def either(words: Iterable[str]) -> str:
    """A pattern for any of the words (folded), the longest first; blanks may be any on one line,
    and an apostrophe of either shape."""
    keys = sorted({fold_key(word) for word in words}, key=lambda key: (-len(key), key))
    escaped = (regex.escape(key).replace(r"\ ", r"\h+").replace("'", "['’]") for key in keys)
    return "(?:" + "|".join(escaped) + ")"


class NumberWords:
    """The numbers of a language. `figure` and `words` are patterns; `amount` reads what they match,
    `multiplier` pattern and `scale` included."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._cardinals = {fold_key(w): Decimal(str(v)) for w, v in table["cardinals"].items()}
        self._scales = {fold_key(w): Decimal(str(v)) for w, v in table["multipliers"].items()}
        self._short = {fold_key(w): Decimal(str(v)) for w, v in table["short_multipliers"].items()}
        self._long_tens = frozenset(table.get("long_tens", ()))
        groups, point = table["thousands"], table["decimal"]
        self._groups, self._point = groups, point
        other = "," if point == "." else "."
        thousands = rf"\d{{1,3}}(?:[{groups}]\d{{3}})+(?:[{point}]\d+)?"
        # as other languages have them: 1.500,50, 1.250.000, 1'500, 1,5 where it is 1.5 here
        others = (
            rf"\d{{1,3}}(?:[{point}]\d{{3}})+[{other}]\d{{1,2}}|\d{{1,3}}(?:[{point}]\d{{3}}){{2,}}"
            rf"|\d{{1,3}}(?:['’]\d{{3}})+(?:[.,]\d+)?|\d+[{other}]\d{{1,2}}"
        )
        self.figure = rf"(?:{thousands}|{others}|\d+(?:[.,]\d+)?)(?![.,]?\d)"
        #: 1.500 where it is 1,500 elsewhere: money, which has no thousandths, may be either.
        self.doubtful = regex.compile(rf"[1-9]\d{{0,2}}[{point}]\d{{3}}")
        self.foreign = regex.compile(rf"\d+[{other}]\d{{1,2}}" if other == "," else "(?!)")
        word = either((*self._cardinals, *self._scales))
        unit = either(self._cardinals)
        # Bounded and never given back: a long row of number words costs no more than its length.
        self.words = rf"(?:{unit}(?:(?:{table['joins']}){word}(?!\w)){{0,12}}+)"
        self.multiplier = either(self._scales)
        self.short = either(self._short)
        self.firsts = [*self._cardinals, *self._scales]
        parts = either((*self._cardinals, *self._scales, *self._short))
        self._parts = regex.compile(rf"(?P<figure>{self.figure})|(?P<word>{parts})(?!\w)")

    def amount(self, text: str) -> Decimal | None:
        """What a folded text that the patterns match amounts to; None where it can not be told.

        Hundreds multiply what stands before them, thousands and more all of it so far. Words that
        do not add up by grammar (`three four`, `nineteen eighty-four`) are no one amount.
        """
        total = current = last = Decimal(0)
        scaled: Decimal | None = None
        seen = False
        for match in self._parts.finditer(text):
            key = " ".join(match[0].split())
            if match["figure"]:
                if seen:
                    return None
                read = figure(match[0], self._groups, self._point)
                if read is None:
                    return None
                current = read
            elif key in self._scales or key in self._short:
                scale = self._scales.get(key) or self._short[key]
                if scaled is not None and current and scale >= scaled:
                    return None
                total = total * scale if seen and not current else total + (current or 1) * scale
                current, last, scaled = Decimal(0), scale, scale
            elif self._cardinals[key] == 100:
                if current >= 100:
                    return None
                current, last = max(current, Decimal(1)) * 100, Decimal(100)
            elif seen and not self._adds(last, self._cardinals[key]):
                return None
            else:
                last = self._cardinals[key]
                current += last
            seen = True
        return total + current if seen else None

    def _adds(self, last: Decimal, more: Decimal) -> bool:
        """Whether a word adds to the one before it: to hundreds, or a unit to tens."""
        if last >= 100:
            return 1 <= more < 100
        tens = last >= 20 and last % 10 == 0
        return (tens and 1 <= more < 10) or (last in self._long_tens and 10 <= more < 20)
