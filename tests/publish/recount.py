"""Every figure of a card once more, with DuckDB from the Parquet files of a version.

Nothing here comes from `curation.publish` but the manifest's own words (schema, shares, what was
left out), which no row holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.publish.counting import VIEWS, Bars, Rows, counted, listed, n, ranked
from tests.publish.recount_people import People

CLASSES = (0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


class Recount(People):
    """The figures of a whole card."""

    # What is in it

    def facts(self) -> Rows:
        first, last = self.rows("select min(published), max(published) from documents")[0]
        values = self.one("select count(value) from entity")
        events = self.one("select count(*) from event")
        arguments = self.one("select coalesce(sum(len(e.arguments)), 0) from event")
        parent = self.manifest.parent or "nothing: the first one"
        gone_back = self.manifest.rolled_back_to
        back = f", rolled back to {gone_back}" if gone_back else ""
        return [
            ["", ""],
            ["Documents", n(self.documents)],
            ["Characters", n(self.one("select sum(length(text)) from documents"))],
            ["Words", n(self.words)],
            ["Entities", f"{n(self.entities)}, {n(values)} of them with a value"],
            ["Relations", n(self.one("select sum(len(relations)) from documents"))],
            ["Events", f"{n(events)} with {n(arguments)} arguments"],
            ["Published", f"{first} to {last}" if first else "not known"],
            ["Licence", self.manifest.license or "none was stated"],
            ["Version", f"{self.manifest.version}, from {parent}{back}"],
        ]

    def views(self) -> Rows:
        by = "select split, count(*) from {} group by 1"
        counts = {view: self.pairs(by.format(view)) for view in VIEWS}
        return [
            ["rows of", *self.splits],
            *([view, *(n(counts[view].get(s, 0)) for s in self.splits)] for view in VIEWS),
        ]

    def lengths(self) -> str:
        least, most = self.rows("select min(len(tokens)), max(len(tokens)) from tokens")[0]
        span = n(least) if least == most else f"{n(least)} to {n(most)}"
        return f"Words a document: {span}, {self.words / self.documents:,.1f} on average."

    def languages(self, names: dict[str, str]) -> Rows:
        found = ranked(self.pairs("select language, count(*) from documents group by 1"))
        return [["language", "documents"], *([names[tag], n(count)] for tag, count in found)]

    def origins(self) -> dict[str, int]:
        return dict(
            Counter(_origin(source) for (source,) in self.rows("select source from documents"))
        )

    def sources(self) -> Rows:
        found = ranked(self.origins())
        rows = [["source", "documents"], *([name or "not known", n(c)] for name, c in found[:12])]
        if found[12:]:
            rows.append([f"and {len(found) - 12} others", n(sum(c for _, c in found[12:]))])
        return rows

    def shares(self) -> str:
        shares = ", ".join(
            f"{name} {share} %" for name, share in self.manifest.splits.shares.items()
        )
        return (
            f"Split by {self.manifest.splits.by} ({shares} of the groups). "
            "A document never changes its split."
        )

    # Labels

    def label_counts(self) -> dict[str, int]:
        return self.pairs("select label, count(*) from entity group by 1")

    def type_counts(self) -> dict[str, int]:
        return self.pairs("select e.type, count(*) from event group by 1")

    def labels(self) -> Rows:
        return self._kinds("entity", "examples", self.label_counts(), self.manifest.labels.entities)

    def types(self) -> Rows:
        return self._kinds("event", "triggers", self.type_counts(), self.manifest.labels.events)

    def _kinds(self, kind: str, last: str, counts: dict[str, int], names: tuple[str, ...]) -> Rows:
        schema = self.manifest.schema
        about = {one.name: one.description for one in (*schema.entities, *schema.events)}
        sort = "entity" if kind == "entity" else "trigger"
        shown: dict[str, dict[str, None]] = {}
        # Entities stand in the order of the reading, documents in the order of their ids.
        for label, text in self.rows(
            "select label, text from (select *, row_number() over () as place from spans) "
            f"where kind = '{sort}' order by document, place"
        ):
            shown.setdefault(label, {})[text] = None
        return [
            ["id", kind, "count", "what it is", last],
            *(
                [
                    str(at),
                    name,
                    n(counts.get(name, 0)),
                    about.get(name, "no longer in the schema; it keeps its id"),
                    " · ".join([*shown.get(name, {})][:3]),
                ]
                for at, name in enumerate(names)
            ),
        ]

    def roles(self) -> Rows:
        counts = self.pairs(
            "select a.role, count(*) from (select unnest(e.arguments) as a from event) group by 1"
        )
        about = {role.name: role.description for role in self.manifest.schema.roles}
        names = self.manifest.labels.roles
        rows = [[name, n(counts.get(name, 0)), about[name]] for name in names]
        return [["role in an event", "count", "what it is"], *rows]

    def relations(self) -> Rows:
        counts = self.pairs(
            "select r.label, count(*) from (select unnest(relations) as r from documents) "
            "group by 1"
        )
        about = {one.name: one.description for one in self.manifest.schema.relations}
        names = self.manifest.labels.relations
        rows = [[name, n(counts.get(name, 0)), about[name]] for name in names]
        return [["relation", "count", "what it is"], *rows]

    def modalities(self) -> str:
        found = self.pairs("select e.modality, count(*) from event group by 1")
        return f"Modality of events: {listed(found)}."

    # What is missing

    def gaps(self) -> list[str]:
        losses = self.pairs(
            "select l.reason, count(*) from (select unnest(losses) as l from tokens) group by 1"
        )
        lost = sum(losses.values())
        statuses = self.pairs("select provenance.status, count(*) from documents group by 1")
        unagreed = {name: count for name, count in statuses.items() if name != "agreed"}
        schema = self.manifest.schema
        unseen = [k.name for k in schema.entities if k.name not in self.label_counts()]
        unseen_events = [k.name for k in schema.events if k.name not in self.type_counts()]
        empty = "len(entities) + len(relations) + len(events) = 0"
        missing = {
            "without a date of publication": "published is null",
            "without a language": "language is null",
            "without a source": "source is null",
            "with nothing marked": empty,
        }
        counts = {
            what: self.one(f"select count(*) from documents where {where}")
            for what, where in missing.items()
        }
        gaps = [
            f"`tokens` can not express {n(lost)} of {n(self.entities)} entities: {listed(losses)}. "
            "They are listed row by row in `losses`."
            if lost
            else "",
            f"Left out, for want of a reading to publish: {listed(self.manifest.left_out)}."
            if self.manifest.left_out
            else "",
            f"Not agreed by people: {listed(unagreed)} readings." if unagreed else "",
            f"No example of these entities: {', '.join(unseen)}." if unseen else "",
            f"No example of these events: {', '.join(unseen_events)}." if unseen_events else "",
            *(f"Documents {what}: {n(count)}." if count else "" for what, count in counts.items()),
            "" if self.manifest.license else "No licence was stated: ask before you use it.",
        ]
        return [gap for gap in gaps if gap]

    # Pictures

    def bars(self) -> dict[str, tuple[str, Bars]]:
        """The title and the bars of every picture, of which those without bars are not drawn."""
        unit, dates = self._dates()
        found: dict[str, tuple[str, Bars]] = {
            "entities": ("Entities by label", counted(ranked(self.label_counts()))),
            "events": ("Events by type", counted(ranked(self.type_counts()))),
            "lengths": ("Documents by number of words", counted(self._classes())),
            "dates": (f"Documents by {unit}", counted(dates)),
            "sources": ("Documents by source", self._source_bars()),
            "acceptance": (
                "Proposed entities that reviewers accepted as they were",
                self.acceptance_bars(),
            ),
            "agreement": ("Entities that two people marked the same (F1)", self.agreement_bars()),
        }
        return {name: drawn for name, drawn in found.items() if drawn[1]}

    def _source_bars(self) -> Bars:
        found = ranked({name: count for name, count in self.origins().items() if name})
        bars = counted(found[:12])
        if found[12:]:
            rest = sum(count for _, count in found[12:])
            bars.append((f"and {len(found) - 12} others", n(rest), rest))
        return bars

    def _classes(self) -> list[tuple[str, int]]:
        words = [size for (size,) in self.rows("select len(tokens) from tokens")]
        tops = [*CLASSES[1:], 10**9]
        counts = [
            (low, top, sum(low <= size < top for size in words))
            for low, top in zip(CLASSES, tops, strict=True)
        ]
        held = [at for at, (_, _, count) in enumerate(counts) if count]
        return [
            (f"{n(low)} to {n(top - 1)} words" if top < 10**9 else f"{n(low)} or more words", count)
            for low, top, count in counts[held[0] : held[-1] + 1]
        ]

    def _dates(self) -> tuple[str, list[tuple[str, int]]]:
        days = [day for (day,) in self.rows("select published from documents") if day]
        if not days:
            return "month", []
        units: list[tuple[str, Callable[[Any], int], Callable[[int], str]]] = [
            ("month", lambda d: d.year * 12 + d.month - 1, lambda k: f"{k // 12}-{k % 12 + 1:02}"),
            ("year", lambda d: d.year, str),
            ("decade", lambda d: d.year // 10, lambda k: f"{k}0s"),
            ("century", lambda d: d.year // 100, lambda k: f"{k}00s"),
        ]
        for unit, key, show in units:
            counts = Counter(map(key, days))
            span = range(min(counts), max(counts) + 1)
            if len(span) <= 24:
                return unit, [(show(at), counts[at]) for at in span]
        raise AssertionError("dates of more than 24 centuries")


def _origin(source: str | None) -> str:
    if not source:
        return ""
    host = re.match(r"https?://([^/]+)", source)
    if source.startswith("/"):
        return source.rsplit("/", 2)[-2] or source.lstrip("/")
    return host[1] if host else source.rpartition("/")[0] or re.sub(r"#\d+$", "", source)
