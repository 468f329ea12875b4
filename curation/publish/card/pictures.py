"""The charts of a card, from the same counts as its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from curation.publish.card.charts import MOST, Bar, Chart, counts_chart
from curation.publish.card.markdown import percent
from curation.publish.counts.acceptance import DECIDED, share
from curation.publish.counts.agreement import f1
from curation.publish.counts.statistics import LENGTHS, Statistics
from curation.publish.shelf.manifest import Manifest

#: Sources that the picture and the table of sources name.
SOURCES = 12

Counts = dict[str, int]


def charts(manifest: Manifest, counted: Statistics) -> dict[str, Chart]:
    """Every chart that the data gives, by name: `entities`, `events`, `lengths`, `dates`,
    `sources`, `acceptance`, `agreement`. Of what is not known there is none."""
    found = (
        counts_chart("entities", "Entities by label", ranked(counted.entities)),
        counts_chart("events", "Events by type", ranked(counted.events)),
        counts_chart("lengths", "Documents by number of words", list(lengths(counted))),
        counts_chart("dates", f"Documents by {dates(counted)[0]}", dates(counted)[1]),
        counts_chart("sources", "Documents by source", _sources(counted), most=SOURCES),
        _acceptance(manifest),
        _agreement(counted),
    )
    return {chart.name: chart for chart in found if chart.bars}


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names with their counts, the most frequent first, the same on every machine."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def lengths(counted: Statistics) -> Iterator[tuple[str, int]]:
    """Classes of words a document, from the first that holds any to the last."""
    held = [at for at, least in enumerate(LENGTHS) if counted.lengths.get(str(least))]
    for at in range(held[0], held[-1] + 1) if held else ():
        top = f"{LENGTHS[at]:,} or more"
        if at + 1 < len(LENGTHS):
            top = f"{LENGTHS[at]:,} to {LENGTHS[at + 1] - 1:,}"
        yield f"{top} words", counted.lengths.get(str(LENGTHS[at]), 0)


def dates(counted: Statistics) -> tuple[str, list[tuple[str, int]]]:
    """What dates are counted by (month, year or decade: the finest that needs no more than MOST
    bars), and the counts from the first to the last; a time without a document counts 0."""
    if not counted.months:
        return "month", []
    months = {12 * int(m[:4]) + int(m[5:]) - 1: n for m, n in counted.months.items()}
    first, last = min(months), max(months)
    sizes = {"month": 1, "year": 12, "decade": 120, "century": 1200}
    fits = (name for name, size in sizes.items() if last // size - first // size < MOST)
    name = next(fits, "century")
    size = sizes[name]
    by: Counter[int] = Counter()
    for month, count in months.items():
        by[month // size] += count
    return name, [(_time(at * size, name), by[at]) for at in range(min(by), max(by) + 1)]


def _time(month: int, unit: str) -> str:
    year = f"{month // 12:04}"
    return f"{year}-{month % 12 + 1:02}" if unit == "month" else year + "s" * (unit != "year")


def _sources(counted: Statistics) -> list[tuple[str, int]]:
    known = {name: count for name, count in counted.origins.items() if name}
    return ranked(known)


def _acceptance(manifest: Manifest) -> Chart:
    labels = manifest.acceptance.labels if manifest.acceptance else {}
    by = [(name, sum(found.get(kind, 0) for kind in DECIDED)) for name, found in labels.items()]
    rows = [(name, labels[name]) for name, decided in ranked(dict(by)) if decided]

    def bar(name: str, found: Counts) -> Bar:
        decided = sum(found.get(kind, 0) for kind in DECIDED)
        right = share(found) or 0
        return Bar(name, right, f"{percent(right)} of {decided:,}")

    title = "Proposed entities that reviewers accepted as they were"
    return Chart("acceptance", title, _bars(rows, bar), whole=1)


def _agreement(counted: Statistics) -> Chart:
    found = counted.agreement.entities
    size = {name: sum(counts.values()) for name, counts in found.items()}

    def bar(name: str, counts: Counts) -> Bar:
        same = f1(counts) or 0
        return Bar(name, same, f"{percent(same)}, {sum(counts.values()):,} marked")

    rows = [(name, found[name]) for name, _ in ranked(size)]
    title = "Entities that two people marked the same (F1)"
    return Chart("agreement", title, _bars(rows, bar), whole=1)


def _bars(
    rows: list[tuple[str, dict[str, int]]], bar: Callable[[str, Counts], Bar]
) -> tuple[Bar, ...]:
    """A bar a row; those beyond MOST together in one."""
    bars = [bar(name, counts) for name, counts in rows[:MOST]]
    if rest := rows[MOST:]:
        bars.append(bar(f"and {len(rest):,} others", _together(counts for _, counts in rest)))
    return tuple(bars)


def _together(rows: Iterable[Counts]) -> Counts:
    total: Counter[str] = Counter()
    for counts in rows:
        total.update(counts)
    return dict(total)
