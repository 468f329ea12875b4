"""What a card says of the people who made a version, once more: who, what they decided, and how far
they agree."""

from __future__ import annotations

from typing import Any

from tests.publish.counting import Bars, Rows, Tables, listed, n, ranked

DECIDED = ("accepted", "relabelled", "moved", "moved+relabelled", "revalued", "removed")


class People(Tables):
    """The figures of a card's part "Who made it"."""

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


def _accepted(counts: dict[str, int]) -> tuple[str, float, int]:
    decided = sum(counts.get(kind, 0) for kind in DECIDED)
    share = counts.get("accepted", 0) / decided if decided else 0
    return f"{100 * share:.1f}%" if decided else "", share, decided


def _f1(both: int, apart: int) -> tuple[str, float]:
    if not both + apart:
        return "", 0
    precision_and_recall = 2 * both / (2 * both + apart)
    return f"{100 * precision_and_recall:.1f}%", precision_and_recall
