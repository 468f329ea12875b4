"""Where a model's quotes stand in a text.

A language model gives no offsets: it writes out what it found, perhaps with the words around it. A
quote stands where the text says the same: exactly, else folded (`curation.text.fold`), else with
other white space or quotation marks. Where that is so at several places, first the context tells,
then the order, if what is already placed follows the text's. What is left open is given with its
reason: no place is ever guessed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from curation.text import Folded, Span, fold, fold_key

#: How much white space may lie between a quote and its context.
_SLACK = 100
_MARKS = dict.fromkeys(map(ord, "«»„‟“”‘’‚‛‹›`´′″'"), '"')


class Mention(Struct, frozen=True):
    """What a model says is in the text, and the text it says stands before and after it."""

    quote: str
    label: str
    before: str = ""
    after: str = ""


class _Place(Struct, frozen=True):
    """A span, and how like the quote it is: 0 exact, 1 folded, 2 loose."""

    start: int
    end: int
    form: int


def align(text: str, mentions: Sequence[Mention]) -> list[Span | str]:
    """For each mention its span (code points, without white space at its edges), or the reason why
    it has none.

    >>> text = "Rabat: he left Rabat."
    >>> align(text, [Mention("rabat", "GPE", before="left"), Mention("Fez", "GPE")])
    [(15, 20), 'not in the text']
    >>> align(text, [Mention("Rabat", "GPE")])
    ['stands 2 times in the text, and nothing tells where it is meant']
    """
    loose = _loose(text)
    places = [_likeliest(text, loose, mention) for mention in mentions]
    open_ = _by_number(mentions, places)
    _by_order(places, open_)
    return [_outcome(mention, found) for mention, found in zip(mentions, places, strict=True)]


def loose_key(text: str) -> str:
    """What two strings share that differ in form, white space and quotation marks at most.

    >>> loose_key(" “Le  Monde”") == loose_key("'le monde'")
    True
    """
    return " ".join(fold_key(text).translate(_MARKS).split())


def _outcome(mention: Mention, found: Sequence[_Place]) -> Span | str:
    if len(found) == 1:
        return found[0].start, found[0].end
    if found:
        return f"stands {len(found)} times in the text, and nothing tells where it is meant"
    return "not in the text" if mention.quote.strip() else "an empty quote"


def _loose(text: str) -> Folded:
    folded = fold(text)
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, char in enumerate(folded.text.translate(_MARKS)):
        if not char.isspace():
            chars.append(char)
        elif chars and chars[-1] == " ":
            ends[-1] = folded.ends[i]
            continue
        else:
            chars.append(" ")
        starts.append(folded.starts[i])
        ends.append(folded.ends[i])
    return Folded("".join(chars), starts, ends)


def _occurrences(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece) if piece else -1
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _places(text: str, loose: Folded, quote: str) -> list[_Place]:
    """Everywhere the text says the quote, in order."""
    exact = [_Place(at, at + len(quote), 0) for at in _occurrences(text, quote)]
    found = list(exact)
    key, folded = loose_key(quote), fold_key(quote)
    for at in _occurrences(loose.text, key):
        start, end = loose.span(at, at + len(key))
        said = text[start:end]
        i = bisect_left(exact, start + 1, key=lambda place: place.end)
        taken = i < len(exact) and exact[i].start < end
        if not taken and loose_key(said) == key:  # else it begins or ends inside a character
            found.append(_Place(start, end, 1 if fold_key(said) == folded else 2))
    return sorted(set(found), key=lambda place: (place.start, place.end))


def _likeliest(text: str, loose: Folded, mention: Mention) -> list[_Place]:
    """The places that are as good as each other and better than all others."""
    places = _places(text, loose, mention.quote.strip())
    if len(places) < 2:
        return places
    before, after = loose_key(mention.before), loose_key(mention.after)
    scores = [_agreement(text, loose, place, mention, before, after) for place in places]
    best = max(scores)
    if best[0] * 2 < len(before) + len(after):  # a context that is nowhere to be found
        return places
    places = [place for place, score in zip(places, scores, strict=True) if score == best]
    form = min(place.form for place in places)
    return [place for place in places if place.form == form]


def _agreement(
    text: str, loose: Folded, place: _Place, mention: Mention, before: str, after: str
) -> tuple[int, int]:
    """How many characters of the context stand around a place: loosely, and exactly."""
    first, last = bisect_left(loose.starts, place.start), bisect_left(loose.starts, place.end)
    left = loose.text[max(0, first - len(before) - 1) : first].rstrip()
    right = loose.text[last : last + len(after) + 1].lstrip()
    near = max(0, place.start - len(mention.before) - _SLACK)
    far = place.end + len(mention.after) + _SLACK
    return (
        _shared(left[::-1], before[::-1]) + _shared(right, after),
        _shared(text[near : place.start].rstrip()[::-1], mention.before.rstrip()[::-1])
        + _shared(text[place.end : far].lstrip(), mention.after.lstrip()),
    )


def _shared(a: str, b: str) -> int:
    """How many characters two strings have in common from their beginning."""
    return next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def _by_number(mentions: Sequence[Mention], places: list[list[_Place]]) -> list[int]:
    """Settle in turn what is quoted exactly as often as it stands there; gives those still open."""
    taken = {place for found in places if len(found) == 1 for place in found}
    groups: dict[tuple[_Place, ...], list[int]] = defaultdict(list)
    for i, found in enumerate(places):
        if len(found) > 1:
            groups[tuple(found)].append(i)
    for found, group in groups.items():
        free = [place for place in found if place not in taken]
        if len(free) == len(group) and len({mentions[i].label for i in group}) == 1:
            for i, place in zip(group, free, strict=True):
                places[i] = [place]
    return [i for i, found in enumerate(places) if len(found) > 1]


def _by_order(places: list[list[_Place]], still: Sequence[int]) -> None:
    """Settle what can stand at one place only between its neighbours, if they are in order."""
    settled = [found[0].start for found in places if len(found) == 1]
    if any(a > b for a, b in pairwise(settled)):
        return
    for i in still:
        earlier = [found[0].start for found in places[:i] if len(found) == 1]
        later = [found[0].start for found in places[i + 1 :] if len(found) == 1]
        fitting = [
            place
            for place in places[i]
            if (not earlier or place.start >= earlier[-1])
            and (not later or place.start <= later[0])
        ]
        if len(fitting) == 1:
            places[i] = fitting
