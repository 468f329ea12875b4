"""How far people agree who read the same document, each for themselves.

Two readings are compared as sets, of (start, end, label) of entities and of (trigger, type) of
events. The share they have in common is F1, 2 · both / (2 · both + apart), which is what chance
corrected measures come to where most of a text is not marked (Hripcsak & Rothschild 2005,
doi:10.1197/jamia.M1733). A person who read a document twice counts with the latest reading.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations, islice
from typing import Any

from msgspec import Struct

Counts = dict[str, int]
#: What `names` of two people are joined with.
AND = "\n"


class Agreement(Struct, forbid_unknown_fields=True):
    """`readers` counts documents by how many people read them ("1", "2" …). The others count, by
    label, type or pair of names, what `both` marked and what stands `apart` in one reading only;
    `people` also counts `documents`, and takes entities and events together."""

    readers: Counts = {}
    entities: dict[str, Counts] = {}
    events: dict[str, Counts] = {}
    people: dict[str, Counts] = {}

    def add(self, other: Agreement) -> None:
        """Take the counts of another shard in."""
        for name, count in other.readers.items():
            self.readers[name] = self.readers.get(name, 0) + count
        for group in ("entities", "events", "people"):
            mine: dict[str, Counts] = getattr(self, group)
            for name, counts in getattr(other, group).items():
                mine[name] = dict(Counter(mine.get(name, {})) + Counter(counts))


def f1(counts: Counts) -> float | None:
    """The share that two readings have in common; None where neither marked anything.

    >>> f1({"both": 3, "apart": 2})
    0.75
    """
    both, apart = counts.get("both", 0), counts.get("apart", 0)
    return 2 * both / (2 * both + apart) if both or apart else None


def agreement(annotations: Any) -> Agreement:
    """What people agree on, from the Arrow table of a shard's `annotations` view."""
    import pyarrow.compute as pc

    compute: Any = pc
    people = compute.equal(annotations["kind"], "human")
    done = compute.equal(annotations["status"], "submitted")
    table = annotations.filter(compute.and_(people, done))
    latest: dict[str, dict[str, int]] = {}
    columns = [table[name].to_pylist() for name in ("document", "agent", "at")]
    for at, (document, agent, _) in enumerate(zip(*columns, strict=True)):
        mine = latest.setdefault(document, {})
        if agent not in mine or _when(columns[2][at]) >= _when(columns[2][mine[agent]]):
            mine[agent] = at
    readers = Counter(str(len(mine)) for mine in latest.values())
    shared = [mine for mine in latest.values() if len(mine) > 1]
    if not shared:
        return Agreement(dict(readers))
    return _compared(table, shared, dict(readers))


def _when(time: Any) -> float:
    return time.timestamp() if time else float("-inf")


def _compared(table: Any, shared: list[dict[str, int]], readers: Counts) -> Agreement:
    both: dict[str, Counter[str]] = {"entities": Counter(), "events": Counter()}
    apart: dict[str, Counter[str]] = {"entities": Counter(), "events": Counter()}
    people: dict[str, Counter[str]] = {}
    marks = _marks(table)
    for mine in shared:
        for pair in combinations(sorted(mine), 2):
            tally = people.setdefault(AND.join(pair), Counter())
            tally["documents"] += 1
            first, second = (marks[mine[agent]] for agent in pair)
            for group, one, other in zip(both, first, second, strict=True):
                same, differ = one & other, one ^ other
                both[group].update([label for _, _, label in same])
                apart[group].update([label for _, _, label in differ])
                tally["both"] += len(same)
                tally["apart"] += len(differ)
    groups = {
        group: {
            label: dict(Counter(both=both[group][label], apart=apart[group][label]))
            for label in sorted(both[group] | apart[group])
        }
        for group in both
    }
    return Agreement(readers, groups["entities"], groups["events"], _plain(people))


_Marks = set[tuple[int, int, str]]


def _marks(table: Any) -> list[tuple[_Marks, _Marks]]:
    """The entities and the events of each reading."""
    entities, events = (table[name].combine_chunks() for name in ("entities", "events"))
    one, other = entities.flatten(), events.flatten()
    trigger = other.field("trigger")
    found = (
        _sets(entities, one.field("start"), one.field("end"), one.field("label")),
        _sets(events, trigger.field("start"), trigger.field("end"), other.field("type")),
    )
    return [*zip(*found, strict=True)]


def _sets(lists: Any, *columns: Any) -> list[_Marks]:
    """What stands in each list, from the columns of all that stands in them."""
    import pyarrow.compute as pc

    compute: Any = pc
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return [set(islice(rows, size)) for size in compute.list_value_length(lists).to_pylist()]


def _plain(counts: dict[str, Counter[str]]) -> dict[str, Counts]:
    return {name: dict(counts[name]) for name in sorted(counts)}
