"""The split of every document: kept if it ever had one, else given by its group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from curation.publish.counts.origins import without_row
from curation.publish.making.checks import Records
from curation.publish.making.nearness import near_pairs, sketch
from curation.publish.making.scan import Scan
from curation.publish.making.sketches import read_sketches
from curation.publish.shelf.index import Index, read_index
from curation.publish.shelf.splits import Splits
from curation.publish.shelf.versions import Entry, folder_of

#: Split and group.
Home = tuple[str, str]
Pair = tuple[str, str]


class Assignment(Struct, frozen=True):
    """The split and group of each document, the sketches of their texts, and the pairs of
    near-duplicates that lie in different splits. Without splits there is nothing to sketch."""

    homes: dict[str, Home]
    sketches: dict[str, bytes]
    leaks: tuple[Pair, ...]


def assign(
    dataset: Path,
    entries: tuple[Entry, ...],
    seen: Scan,
    known: Mapping[str, bytes],
    splits: Splits,
    records: Records,
) -> Assignment:
    """Give every document of a scan its split.

    Who ever was in a version, be it an old one, keeps its split and group. A new document goes by
    its own id or its source (the file, of a row of one), or with its near-duplicates: new ones that
    hang together go where the nearest document that has a home is, or else by the first of their
    ids. Should they be near to several groups, those groups stay apart and nobody moves; where
    their splits differ, that is a leak, and told.
    """
    if len(splits.shares) == 1:
        (only,) = splits.shares
        return Assignment({ident: (only, "") for ident in seen.chosen}, {}, ())
    homes = _homes(dataset, entries, seen)
    sketches = read_sketches(folder_of(dataset, entries[-1].version)) if entries else {}
    sketches = {ident: one for ident, one in sketches.items() if ident in seen.chosen}
    sources: dict[str, str | None] = {}
    for ident, place in seen.chosen.items():
        if known.get(ident) != place.digest or ident not in sketches or ident not in homes:
            text, sources[ident] = records.origin(place)
            sketches[ident] = sketch(text)
    pairs = list(near_pairs(sketches))
    new = [ident for ident in sorted(seen.chosen) if ident not in homes]
    if splits.by == "near-duplicates":
        homes |= _with_neighbours(new, homes, pairs, splits)
    else:
        for ident in new:
            source = sources[ident] if splits.by == "source" else None
            group = without_row(source) if source else ident
            homes[ident] = splits.split_of(group), group
    return Assignment(homes, sketches, _leaks(pairs, homes))


def leaks_of(sketches: Mapping[str, bytes], homes: Mapping[str, Home]) -> tuple[Pair, ...]:
    """The pairs of near-duplicates among these documents that lie in different splits."""
    return _leaks(near_pairs(sketches), homes)


def _leaks(pairs: Iterable[tuple[str, str, float]], homes: Mapping[str, Home]) -> tuple[Pair, ...]:
    return tuple(sorted((a, b) for a, b, _ in pairs if homes[a][0] != homes[b][0]))


def _homes(dataset: Path, entries: tuple[Entry, ...], seen: Scan) -> dict[str, Home]:
    """Where the documents of a scan were, in the newest version that had them."""
    homes: dict[str, Home] = {}
    for entry in reversed(entries):
        if len(homes) == len(seen.chosen):
            break
        index: Index = read_index(folder_of(dataset, entry.version))
        for ident, where in index.items():
            if ident in seen.chosen:
                homes.setdefault(ident, (where.split, where.group))
    return homes


def _with_neighbours(
    new: list[str], homes: Mapping[str, Home], pairs: list[tuple[str, str, float]], splits: Splits
) -> dict[str, Home]:
    heads = {ident: ident for ident in new}

    def head(ident: str) -> str:
        while heads[ident] != ident:
            heads[ident] = heads[heads[ident]]
            ident = heads[ident]
        return ident

    settled: list[tuple[float, str, str]] = []
    for one, other, near in pairs:
        if one in heads and other in heads:
            first, second = sorted((head(one), head(other)))
            heads[second] = first
        elif one in heads or other in heads:
            old, come = (other, one) if one in heads else (one, other)
            settled.append((-near, old, come))
    nearest: dict[str, str] = {}
    for _, old, come in sorted(settled):
        nearest.setdefault(head(come), old)
    found: dict[str, Home] = {}
    for ident in new:
        first = head(ident)
        old = nearest.get(first)
        found[ident] = homes[old] if old is not None else (splits.split_of(first), first)
    return found
