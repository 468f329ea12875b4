"""Every figure of a card once more, with DuckDB from the Parquet files of a version.

Nothing here comes from `curation.publish` but the manifest's own words (schema, shares, what was
left out), which no row holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from curation.publish.shelf.manifest import Manifest

VIEWS = ("documents", "tokens", "spans", "annotations", "ledger", "gliner")
DECIDED = ("accepted", "relabelled", "moved", "moved+relabelled", "revalued", "removed")
CLASSES = (0, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

Rows = list[list[str]]
Bars = list[tuple[str, str, float]]


class Recount:
    """Queries over a version folder; `one` gives a single value, `pairs` names with counts."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.base = duckdb.connect()
        for view in VIEWS:
            files = f"{folder}/{view}/*.parquet"
            self.base.sql(
                f"create view {view} as select *, regexp_extract(filename, "
                f"'{view}/([a-z]+)-', 1) as split from read_parquet('{files}', filename = true)"
            )
        self.base.sql(
            "create view entity as select e.* from (select unnest(entities) as e from documents)"
        )
        self.base.sql("create view event as select unnest(events) as e from documents")
        self.base.sql(
            "create view latest as select * from annotations where kind = 'human' and "
            "status = 'submitted' qualify row_number() over (partition by document, agent "
            'order by "at" desc nulls last, reading desc) = 1'
        )
        self.base.sql(
            "create view marks as select distinct document, agent, 'entity' as sort, e.start as s, "
            'e."end" as e, e.label as label from (select document, agent, unnest(entities) as e '
            "from latest) union all select distinct document, agent, 'event', e.trigger.start, "
            'e.trigger."end", e.type from (select document, agent, unnest(events) as e from latest)'
        )
        self.base.sql(
            "create view pair as select a.document, a.agent as one, b.agent as other "
            "from latest a join latest b on a.document = b.document and a.agent < b.agent"
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.base.sql(query).fetchall()

    def one(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def pairs(self, query: str) -> dict[str, int]:
        return {name or "": count for name, count in self.rows(query)}

    # What is in it

    @property
    def documents(self) -> int:
        return self.one("select count(*) from documents")

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

    @property
    def words(self) -> int:
        return self.one("select sum(len(tokens)) from tokens")

    @property
    def entities(self) -> int:
        return self.one("select count(*) from entity")

    @property
    def splits(self) -> list[str]:
        there = {split for (split,) in self.rows("select distinct split from documents")}
        return [split for split in ("train", "validation", "test") if split in there]

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

    # Who made it

    def who(self) -> str:
        by = (
            "select agent, count(distinct document) from annotations where status = '{}' group by 1"
        )
        statuses = self.pairs("select provenance.status, count(*) from documents group by 1")
        newest = self.newest()
        when = f"{newest.replace(microsecond=0)}+00:00" if newest else "not dated"
        return (
            f"Proposed by: {listed(self.pairs(by.format('proposed')))}. "
            f"Reviewed by: {listed(self.pairs(by.format('submitted')))}. "
            f"Published readings: {listed(statuses)}. "
            f"Latest reading: {when}. (Numbers are documents.)"
        )

    def newest(self) -> Any:
        """The time of the latest reading, in UTC."""
        return self.one("""select max("at") at time zone 'UTC' from annotations""")

    def decisions(self, head: str) -> Rows:
        name, where = {
            "": ("item", "true"),
            "entity proposed as": ("coalesce(before.label, after.label)", "item = 'entity'"),
            "proposed by": ("unnest(proposers)", "true"),
        }[head]
        found: dict[str, dict[str, int]] = {}
        for group, decision, count in self.rows(
            f"select g, decision, count(*) from (select {name} as g, decision from ledger "
            f"where {where}) group by all order by g"
        ):
            found.setdefault(group, {})[decision] = count
        columns = [*DECIDED, "added", "unreviewed"]
        shown = ["not reviewed" if c == "unreviewed" else c for c in columns]
        rows = [
            [group, *(n(counts.get(c, 0)) for c in columns), _accepted(counts)[0] or "none decided"]
            for group, counts in found.items()
        ]
        return [[head, *shown, "accepted as it was"], *rows] if rows else []

    def acceptance_bars(self) -> Bars:
        found: dict[str, dict[str, int]] = {}
        for label, decision, count in self.rows(
            "select coalesce(before.label, after.label), decision, count(*) from ledger "
            "where item = 'entity' group by all"
        ):
            found.setdefault(label, {})[decision] = count
        sizes = {label: _accepted(counts)[2] for label, counts in found.items()}
        bars = []
        for label, size in ranked({label: size for label, size in sizes.items() if size}):
            shown, share, _ = _accepted(found[label])
            bars.append((label, f"{shown} of {n(size)}", share))
        return bars

    def agreement(self, group: str) -> list[tuple[str, int, int, int]]:
        """Name, documents, marks of both and marks of one, over all pairs of people; `group` is
        SQL over a pair `p` and a mark `m`."""
        query = (
            f"with each as (select {group} as g, p.document, p.one, p.other, m.sort, m.s, m.e, "
            "m.label, count(*) as readings from pair p join marks m on m.document = p.document and "
            "m.agent in (p.one, p.other) group by all) "
            "select g, count(distinct document), sum((readings = 2)::int), "
            "sum((readings = 1)::int) from each group by 1 order by 1"
        )
        return [(g, d, int(both), int(apart)) for g, d, both, apart in self.rows(query)]

    def agreed(self, sort: str) -> Rows:
        found = self.agreement(f"case when m.sort = '{sort}' then m.label end")
        rows = [[g, n(both), n(apart), _f1(both, apart)[0]] for g, _, both, apart in found if g]
        return [[sort, "in both", "in one only", "agreement"], *rows] if rows else []

    def agreed_in_all(self) -> Rows:
        found = {g: (both, apart) for g, _, both, apart in self.agreement("m.sort")}
        rows = []
        for name, sort in (("entities", "entity"), ("events", "event")):
            both, apart = found.get(sort, (0, 0))
            rows.append([name, n(both), n(apart), _f1(both, apart)[0] or "nothing to compare"])
        return [["", "in both", "in one only", "agreement"], *rows]

    def agreed_by_pair(self) -> Rows:
        marks = {
            g: (both, apart) for g, _, both, apart in self.agreement("[p.one, p.other]::varchar")
        }
        names = self.rows(
            "select one, other, count(*), [one, other]::varchar from pair group by all "
            "order by 3 desc, 1, 2"
        )
        rows = []
        for one, other, documents, key in names[:20]:
            both, apart = marks.get(key, (0, 0))
            share = _f1(both, apart)[0] or "nothing to compare"
            rows.append([f"{one} and {other}", n(documents), n(both), n(apart), share])
        return [["two people", "documents", "in both", "in one only", "agreement"], *rows]

    def read_by_two(self) -> int:
        return self.one("select count(distinct document) from pair")

    def agreement_bars(self) -> Bars:
        found = self.agreement("case when m.sort = 'entity' then m.label end")
        bars = []
        for g, _, both, apart in sorted(found, key=lambda one: (-(one[2] + one[3]), one[0] or "")):
            share, value = _f1(both, apart)
            if g:
                bars.append((g, f"{share}, {n(both + apart)} marked", value))
        return bars

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
            "entities": ("Entities by label", _counted(ranked(self.label_counts()))),
            "events": ("Events by type", _counted(ranked(self.type_counts()))),
            "lengths": ("Documents by number of words", _counted(self._classes())),
            "dates": (f"Documents by {unit}", _counted(dates)),
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
        bars = _counted(found[:12])
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


def n(count: int) -> str:
    return f"{count:,}"


def ranked(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def listed(counts: dict[str, int]) -> str:
    shown = [f"{name or 'not known'} ({n(count)})" for name, count in ranked(counts)]
    more = [f"and {len(shown) - 10} more"] if len(shown) > 10 else []
    return ", ".join(shown[:10] + more) or "nobody"


def _counted(counts: list[tuple[str, int]]) -> Bars:
    return [(name, n(count), count) for name, count in counts]


def _accepted(counts: dict[str, int]) -> tuple[str, float, int]:
    decided = sum(counts.get(kind, 0) for kind in DECIDED)
    share = counts.get("accepted", 0) / decided if decided else 0
    return f"{100 * share:.1f}%" if decided else "", share, decided


def _f1(both: int, apart: int) -> tuple[str, float]:
    if not both + apart:
        return "", 0
    precision_and_recall = 2 * both / (2 * both + apart)
    return f"{100 * precision_and_recall:.1f}%", precision_and_recall


def _origin(source: str | None) -> str:
    if not source:
        return ""
    host = re.match(r"https?://([^/]+)", source)
    if source.startswith("/"):
        return source.rsplit("/", 2)[-2] or source.lstrip("/")
    return host[1] if host else source.rpartition("/")[0] or source
