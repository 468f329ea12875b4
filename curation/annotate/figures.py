"""Figures: which of their marks part thousands, which a fraction; and amounts written as figures.

Amounts are decimals, so that a value has the digits of the text or is not told.
"""

from __future__ import annotations

from decimal import Decimal

import regex

#: Amounts from here on are not told: not every reader of JSON holds each of their digits.
EXACT = 2**53
#: A figure of more digits is not read, so that decimal arithmetic (28 of them) rounds nothing.
_DIGITS = 20
_BLANKS = str.maketrans("٬٫", ",.", " '’")


def figure(text: str, groups: str = ",", point: str = "") -> Decimal | None:
    """A figure's amount; None where its marks can be read in two ways. One mark before three digits
    parts thousands if it is among the `groups`, and a fraction if it is the `point`; but nobody
    writes thousands after a zero.

    >>> figure("1,250,000"), figure("1.500,50"), figure("1,5"), figure("0,500")
    (Decimal('1250000'), Decimal('1500.50'), Decimal('1.5'), Decimal('0.500'))
    >>> figure("12.345"), figure("12.345", point="."), figure("1,2,3")
    (None, Decimal('12.345'), None)
    >>> figure("000"), figure("0")
    (None, Decimal('0'))
    """
    plain = text.translate(_BLANKS)
    first, *parts = regex.split(r"[.,]", plain)
    marks = regex.findall(r"[.,]", plain)
    if len(plain) - len(marks) > _DIGITS:
        return None
    if not parts:  # 000 is the rest of a figure with blanks: 1 000 euros
        return None if first.startswith("00") else Decimal(first)
    last = marks[-1]
    if len(parts) > 1:  # several of one mark, or several of one and the other behind them
        if marks.count(last) not in (1, len(marks)):
            return None
        thousands, fraction = (parts[:-1], parts[-1]) if marks.count(last) == 1 else (parts, "")
    elif len(parts[0]) != 3 or len(first) > 3 or first == "0" or last == point:
        thousands, fraction = [], parts[0]
    elif last in groups:
        thousands, fraction = parts, ""
    else:
        return None
    if thousands and (len(first) > 3 or first[0] == "0" or {*map(len, thousands)} != {3}):
        return None
    whole = "".join((first, *thousands))
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def only_digits(text: str) -> bool:
    """Whether a text has no raised figure or fraction sign, which folding makes plain digits.

    >>> only_digits("٥٠٠"), only_digits("500¹")
    (True, False)
    """
    return all(char.isdecimal() or not char.isnumeric() for char in text)


def shown(value: Decimal | None) -> str | None:
    """An amount as digits, without a needless fraction; None if it is not known, or too large.

    >>> shown(Decimal("5E6")), shown(Decimal("2.50")), shown(Decimal("1e16"))
    ('5000000', '2.5', None)
    """
    if value is None or value >= EXACT:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
