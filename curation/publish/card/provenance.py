"""The part of a card that says who made it, how far that can be trusted, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from curation.publish.card.charts import Chart, shown
from curation.publish.card.listing import listed
from curation.publish.card.markdown import cell, isolated, percent, table
from curation.publish.card.pictures import ranked
from curation.publish.counts.acceptance import DECIDED, share
from curation.publish.counts.agreement import AND, Counts, f1
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest

#: Pairs of people that the card names.
PAIRS = 20


def making(manifest: Manifest, counted: Statistics, charts: dict[str, Chart]) -> Iterator[str]:
    """Proposers, reviewers, what these decided, and how far they agree."""
    yield "## Who made it"
    newest = manifest.newest.replace(microsecond=0) if manifest.newest else "not dated"
    proposed, reviewed = (counted.authors.get(one, {}) for one in ("proposed", "submitted"))
    yield (
        f"Proposed by: {cell(listed(proposed))}. Reviewed by: {cell(listed(reviewed))}. "
        f"Published readings: {cell(listed(counted.statuses))}. "
        f"Latest reading: {newest}. (Numbers are documents.)"
    )
    yield from _acceptance(manifest, charts)
    yield from _agreement(counted, charts)


def _acceptance(manifest: Manifest, charts: dict[str, Chart]) -> Iterator[str]:
    yield "### What reviewers decided"
    figures = manifest.acceptance
    if figures is None or not figures.items:
        yield "Not known: no decision about a proposal was published with these documents."
        return
    yield "What reviewers decided about what was proposed, one count a reviewer and item:"
    head = [*DECIDED, "added", "not reviewed", "accepted as it was"]
    for name, groups in (
        ("", figures.items),
        ("entity proposed as", figures.labels),
        ("proposed by", figures.proposers),
    ):
        if groups:
            rows = [_decisions(group, found) for group, found in groups.items()]
            yield table([name, *head], rows)
    if figures.proposers:
        yield "What several proposed counts for each of them."
    yield from shown(charts, "acceptance")


def _decisions(name: str, found: Counts) -> list[object]:
    counts = (found.get(kind, 0) for kind in (*DECIDED, "added", "unreviewed"))
    return [isolated(name), *counts, percent(share(found)) or "none decided"]


def _agreement(counted: Statistics, charts: dict[str, Chart]) -> Iterator[str]:
    found = counted.agreement
    yield "### How far reviewers agree"
    if not found.people:
        yield "Not known: no document was read by two people, each for themselves."
        return
    read = sum(count for people, count in found.readers.items() if people != "1")
    yield (
        f"{cell(read)} documents were read by two people or more, each for themselves. The share "
        "that two readings have in common (F1): the same span and label of entities, the same "
        "trigger and type of events."
    )
    head = ["in both", "in one only", "agreement"]
    whole = {"entities": _together(found.entities), "events": _together(found.events)}
    yield table(["", *head], [_shares(name, counts) for name, counts in whole.items()])
    pairs = ranked({pair: counts["documents"] for pair, counts in found.people.items()})
    rows = [
        [_pair(pair), documents, *_shares("", found.people[pair])[1:]]
        for pair, documents in pairs[:PAIRS]
    ]
    yield table(["two people", "documents", *head], rows)
    if rest := pairs[PAIRS:]:
        yield f"And {cell(len(rest))} other pairs."
    for name, groups in (("entity", found.entities), ("event", found.events)):
        if groups:
            yield table([name, *head], [_shares(one, groups[one]) for one in sorted(groups)])
    yield from shown(charts, "agreement")


def _pair(pair: str) -> str:
    return " and ".join(isolated(name) for name in pair.split(AND))


def _shares(name: str, counts: Counts) -> list[object]:
    same = "nothing to compare" if f1(counts) is None else percent(f1(counts))
    return [isolated(name), counts.get("both", 0), counts.get("apart", 0), same]


def _together(groups: dict[str, Counts]) -> Counts:
    total: Counter[str] = Counter()
    for counts in groups.values():
        total.update(counts)
    return total


def gaps(manifest: Manifest, counted: Statistics, charts: dict[str, Chart]) -> Iterator[str]:
    """What a user should know is missing."""
    yield "## Known gaps"
    schema = manifest.schema
    losses = manifest.counts["losses"]
    unseen = [kind.name for kind in schema.entities if not counted.entities.get(kind.name)]
    unseen_events = [kind.name for kind in schema.events if not counted.events.get(kind.name)]
    unagreed = {name: n for name, n in counted.statuses.items() if name != "agreed"}
    found = [
        f"`tokens` can not express {cell(losses)} of {cell(manifest.counts['entities'])} entities: "
        f"{cell(listed(counted.losses))}. They are listed row by row in `losses`."
        if losses
        else "",
        f"Left out, for want of a reading to publish: {cell(listed(manifest.left_out))}."
        if manifest.left_out
        else "",
        f"Not agreed by people: {cell(listed(unagreed))} readings." if unagreed else "",
        f"No example of these entities: {_names(unseen)}." if unseen else "",
        f"No example of these events: {_names(unseen_events)}." if unseen_events else "",
        _some(counted.undated, "without a date of publication"),
        _some(counted.languages.get("", 0), "without a language"),
        _some(counted.origins.get("", 0), "without a source"),
        _some(counted.empty, "with nothing marked"),
        "" if manifest.license else "No licence was stated: ask before you use it.",
    ]
    yield "\n".join(f"- {gap}" for gap in found if gap) or "None that can be counted."


def _names(names: list[str]) -> str:
    return cell(", ".join(isolated(name) for name in names))


def _some(count: int, what: str) -> str:
    return f"Documents {what}: {cell(count)}." if count else ""
