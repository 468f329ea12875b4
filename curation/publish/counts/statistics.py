"""What the card says about the data, counted shard by shard from the rows that were written."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from curation.publish.counts.agreement import Agreement, agreement
from curation.publish.counts.origins import origin, without_row
from curation.publish.views.columns import column
from curation.publish.views.plain import plain

#: How many different examples of a label the card shows.
EXAMPLES = 3

#: Lengths of documents are counted by these: the least number of words of each class.
LENGTHS = (0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

Counts = dict[str, int]


class Statistics(Struct, forbid_unknown_fields=True):
    """Counts over rows. `authors` counts documents by status, then by name. `examples` are the
    first different surface forms of a label in the order of ids, each with the document it stands
    in, so that they are the same on every machine; `values` counts the entities that have one.
    `lengths` counts documents by the least words of their class (LENGTHS), `shortest` and `longest`
    are in words; `months` counts documents by month, as "2022-10"."""

    documents: int = 0
    characters: int = 0
    tokens: int = 0
    empty: int = 0
    undated: int = 0
    values: int = 0
    entities: Counts = {}
    events: Counts = {}
    relations: Counts = {}
    roles: Counts = {}
    modalities: Counts = {}
    languages: Counts = {}
    origins: Counts = {}
    statuses: Counts = {}
    losses: Counts = {}
    lengths: Counts = {}
    months: Counts = {}
    authors: dict[str, Counts] = {}
    examples: dict[str, list[tuple[str, str]]] = {}
    first: datetime.date | None = None
    last: datetime.date | None = None
    newest: datetime.datetime | None = None
    shortest: int | None = None
    longest: int | None = None
    agreement: Agreement = msgspec.field(default_factory=Agreement)

    def totals(self) -> Counts:
        """The counts that the manifest keeps."""
        return {
            "documents": self.documents,
            "characters": self.characters,
            "tokens": self.tokens,
            "entities": sum(self.entities.values()),
            "relations": sum(self.relations.values()),
            "events": sum(self.events.values()),
            "arguments": sum(self.roles.values()),
            "losses": sum(self.losses.values()),
        }


def counted(documents: Any, tokens: Any, annotations: Any) -> Statistics:
    """Counts over the Arrow tables of a shard's `documents`, `tokens` and `annotations` views."""
    import pyarrow.compute as pc

    compute: Any = pc
    table = documents.combine_chunks()
    entities, relations, events = (_flat(table, n) for n in ("entities", "relations", "events"))
    status = table["provenance"].combine_chunks()
    readings = status.field("readings").flatten()
    lengths = [compute.list_value_length(table[n]) for n in ("entities", "relations", "events")]
    marked = compute.add(compute.add(lengths[0], lengths[1]), lengths[2])
    days = compute.min_max(table["published"]).as_py()
    times = [compute.max(at).as_py() for at in (status.field("at"), readings.field("at"))]
    ids = plain(table["id"].combine_chunks())
    owners = [
        [ids[at] for at in plain(compute.list_parent_indices(table[n]).combine_chunks())]
        for n in ("entities", "events")
    ]
    examples = _examples("entity", entities.field("label"), entities.field("text"), owners[0])
    examples |= _examples(
        "event", events.field("type"), events.field("trigger").field("text"), owners[1]
    )
    words = plain(compute.list_value_length(column(tokens, "tokens")))
    authors = {"proposed": Counter[str](), "submitted": Counter[str]()}
    columns = (plain(column(annotations, name)) for name in ("document", "status", "agent"))
    for _, stage, agent in dict.fromkeys(zip(*columns, strict=True)):
        if stage in authors:
            authors[stage][agent] += 1
    return Statistics(
        documents=table.num_rows,
        characters=compute.sum(compute.utf8_length(table["text"])).as_py() or 0,
        tokens=sum(words),
        empty=compute.sum(compute.equal(marked, 0)).as_py() or 0,
        undated=table["published"].null_count,
        values=len(entities) - entities.field("value").null_count,
        entities=_counts(entities.field("label")),
        events=_counts(events.field("type")),
        relations=_counts(relations.field("label")),
        roles=_counts(events.field("arguments").flatten().field("role")),
        modalities=_counts(events.field("modality")),
        languages=_counts(table["language"]),
        origins=dict(Counter(map(origin, plain(column(table, "source"))))),
        statuses=_counts(status.field("status")),
        losses=_counts(_flat(tokens.combine_chunks(), "losses").field("reason")),
        lengths=dict(Counter(str(LENGTHS[bisect_right(LENGTHS, n) - 1]) for n in words)),
        months=dict(Counter(str(day)[:7] for day in table["published"].to_pylist() if day)),
        authors={stage: dict(counts) for stage, counts in authors.items() if counts},
        examples=examples,
        first=days["min"],
        last=days["max"],
        newest=max((time for time in times if time is not None), default=None),
        shortest=min(words, default=None),
        longest=max(words, default=None),
        agreement=agreement(annotations),
    )


_NUMBERS = ("documents", "characters", "tokens", "empty", "undated", "values")
_GROUPS = (
    "entities",
    "events",
    "relations",
    "roles",
    "modalities",
    "languages",
    "origins",
    "statuses",
    "losses",
    "lengths",
    "months",
)


def merged(parts: Iterable[Statistics]) -> Statistics:
    """The counts of several shards together."""
    total = Statistics()
    examples: dict[str, list[tuple[str, str]]] = {}
    for part in parts:
        for name in _NUMBERS:
            setattr(total, name, getattr(total, name) + getattr(part, name))
        for name in _GROUPS:
            _add(getattr(total, name), getattr(part, name))
        for status, counts in part.authors.items():
            _add(total.authors.setdefault(status, {}), counts)
        for key, found in part.examples.items():
            examples.setdefault(key, []).extend(found)
        total.first = min((d for d in (total.first, part.first) if d), default=None)
        total.last = max((d for d in (total.last, part.last) if d), default=None)
        total.shortest = min(
            (n for n in (total.shortest, part.shortest) if n is not None), default=None
        )
        total.longest = max(
            (n for n in (total.longest, part.longest) if n is not None), default=None
        )
        total.agreement.add(part.agreement)
        total.newest = max((t for t in (total.newest, part.newest) if t), default=None)
    total.examples = {key: _first(found) for key, found in examples.items()}
    # Here and not where a shard is counted: so shards from before stay as they are.
    origins, total.origins = total.origins, {}
    for name, count in origins.items():
        _add(total.origins, {without_row(name): count})
    return total


def _add(total: Counts, counts: Counts) -> None:
    for name, count in counts.items():
        total[name] = total.get(name, 0) + count


def _first(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    shown: dict[str, tuple[str, str]] = {}
    # By document; within one they stand in the order of the reading.
    for document, text in sorted(found, key=lambda one: one[0]):
        if text not in shown:
            shown[text] = document, text
        if len(shown) == EXAMPLES:
            break
    return list(shown.values())


def _flat(table: Any, column: str) -> Any:
    return table[column].combine_chunks().flatten()


def _counts(values: Any) -> Counts:
    pairs = values.value_counts()
    found = zip(pairs.field("values").to_pylist(), pairs.field("counts").to_pylist(), strict=True)
    return {name or "": count for name, count in found}


def _examples(
    kind: str, labels: Any, texts: Any, owners: list[str]
) -> dict[str, list[tuple[str, str]]]:
    """The first different texts of each label."""
    found: dict[str, dict[str, str]] = {}
    for label, text, owner in zip(plain(labels), plain(texts), owners, strict=True):
        seen = found.setdefault(f"{kind} {label}", {})
        if len(seen) < EXAMPLES and text not in seen:
            seen[text] = owner
    return {key: [(owner, text) for text, owner in seen.items()] for key, seen in found.items()}
