"""Where a model's quotes stand in a text.

A language model gives no offsets: it writes out what it found, perhaps with the words around it. A
quote stands where the text says the same: exactly, else folded (`curation.text.fold`), else with
other white space or quotation marks. It begins and ends where words do (`quote_edges.py`). Where
that is so at several places, first the context tells, then the order, if what is already placed
follows the text's. What is left open is given with its reason: no place is ever guessed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from curation.annotate.quote_edges import Edges
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


_Places: TypeAlias = tuple[_Place, ...]


def align(text: str, mentions: Sequence[Mention]) -> list[Span | str]:
    """For each mention its span (code points, without white space at its edges), or the reason why
    it has none.

    >>> text = "Rabat: he left Rabat."
    >>> align(text, [Mention("rabat", "GPE", before="left"), Mention("Fez", "GPE")])
    [(15, 20), 'not in the text']
    >>> align(text, [Mention("Rabat", "GPE")])
    ['stands 2 times in the text, and nothing tells where it is meant']
    >>> align("The Iranian team", [Mention("Iran", "GPE")])
    ['stands in the text only as a part of words']
    """
    loose, edges = _loose(text), Edges.of(text)
    alike: dict[tuple[str, str, str], _Places] = {}  # a model may say the same a thousand times
    places: list[_Places] = []
    for mention in mentions:
        said = mention.quote, mention.before, mention.after
        if said not in alike:
            alike[said] = tuple(_likeliest(text, loose, edges, mention))
        places.append(alike[said])
    open_ = _by_number(mentions, places)
    _by_order(places, open_)
    return [
        _outcome(loose, mention, found) for mention, found in zip(mentions, places, strict=True)
    ]


def loose_key(text: str) -> str:
    """What two strings share that differ in form, white space and quotation marks at most.

    >>> loose_key(" “Le  Monde”") == loose_key("'le monde'")
    True
    """
    return " ".join(fold_key(text).translate(_MARKS).split())


def _outcome(loose: Folded, mention: Mention, found: Sequence[_Place]) -> Span | str:
    if len(found) == 1:
        return found[0].start, found[0].end
    if found:
        return f"stands {len(found)} times in the text, and nothing tells where it is meant"
    if not mention.quote.strip():
        return "an empty quote"
    if loose_key(mention.quote) in loose.text:
        return "stands in the text only as a part of words"
    return "not in the text"


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


def _places(text: str, loose: Folded, edges: Edges, quote: str) -> list[_Place]:
    """Everywhere the text says the quote, in order."""
    exact = [
        _Place(at, at + len(quote), 0)
        for at in _occurrences(text, quote)
        if edges.are_around(at, at + len(quote))
    ]
    found = list(exact)
    key, folded = loose_key(quote), fold_key(quote)
    for at in _occurrences(loose.text, key):
        start, end = loose.span(at, at + len(key))
        said = text[start:end]
        i = bisect_left(exact, start + 1, key=lambda place: place.end)
        taken = i < len(exact) and exact[i].start < end
        if taken or loose_key(said) != key:  # it begins or ends inside a character
            continue
        if edges.are_around(start, end):
            found.append(_Place(start, end, 1 if fold_key(said) == folded else 2))
    return sorted(set(found), key=lambda place: (place.start, place.end))


def _likeliest(text: str, loose: Folded, edges: Edges, mention: Mention) -> list[_Place]:
    """The places that are as good as each other and better than all others."""
    places = _places(text, loose, edges, mention.quote.strip())
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


def _by_number(mentions: Sequence[Mention], places: list[_Places]) -> list[int]:
    """Settle in turn what is quoted exactly as often as it stands there; gives those still open."""
    taken = {found[0] for found in places if len(found) == 1}
    same: dict[int, _Places] = {}
    by_places: dict[_Places, _Places] = {}
    groups: dict[int, list[int]] = defaultdict(list)
    for i, found in enumerate(places):
        if len(found) > 1:
            if id(found) not in same:  # to hash thousands of places once, not for each mention
                same[id(found)] = by_places.setdefault(found, found)
            groups[id(same[id(found)])].append(i)
    for key, group in groups.items():
        free = [place for place in same[key] if place not in taken]
        if len(free) == len(group) and len({mentions[i].label for i in group}) == 1:
            for i, place in zip(group, free, strict=True):
                places[i] = (place,)
    return [i for i, found in enumerate(places) if len(found) > 1]


def _by_order(places: list[_Places], still: Sequence[int]) -> None:
    """Settle what can stand at one place only between its neighbours, if they are in order."""
    settled = [found[0].start for found in places if len(found) == 1]
    if any(a > b for a, b in pairwise(settled)):
        return
    open_, passed, earlier = set(still), 0, 0
    for i, found in enumerate(places):
        if i in open_:
            first = bisect_left(found, earlier, key=lambda place: place.start)
            last = len(found)
            if passed < len(settled):
                last = bisect_right(found, settled[passed], key=lambda place: place.start)
            if last - first == 1:
                places[i] = (found[first],)
                earlier = found[first].start
        elif len(found) == 1:
            earlier, passed = found[0].start, passed + 1
