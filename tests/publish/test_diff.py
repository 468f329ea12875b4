import html
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from curation.model import Annotation, Argument, Event, Record, Relation, Trigger
from curation.publish import (
    Difference,
    changes,
    diff,
    differing_page,
    pair,
    publish,
    summary,
    tally,
)
from curation.publish.changes import pairing
from curation.publish.shelf import shards
from curation.publish.shelf.manifest import read_manifest
from curation.store import load_schema
from tests.publish.builders import (
    ISRAELI,
    MINISTER,
    NOON,
    RABAT,
    TEXT,
    VISIT,
    agreed,
    entity,
    reading,
    save,
    schema,
)
from tests.publish.test_round_trip import agreed_records, table

ENTITIES = ["TITLE", "NORP", "GPE", "LOC", "PERSON"]


def between(tmp_path: Path, old: list[Record], new: list[Record]) -> Difference:
    kinds = str(schema(tmp_path / "s.toml", ENTITIES, ["CONSULT", "AGREE"]))
    path = tmp_path / "s.toml"
    path.write_text(path.read_text().replace('"about CONSULT"', '"about"\nmodes = ["visit"]'))
    publish(save(tmp_path / "a.jsonl", *old), tmp_path / "ds", schema=kinds)
    path = save(tmp_path / "b.jsonl", *new)
    version = publish(path, tmp_path / "ds", schema=kinds).version
    return diff(tmp_path / "ds", "0.1.0", version, full=True)


def nonzero(found: Difference) -> dict[str, dict[str, int]]:
    return {
        item: {kind: n for kind, n in counts.items() if n}
        for item, counts in tally(found).items()
        if any(counts.values())
    }


def test_documents_come_go_change_and_stay(tmp_path: Path) -> None:
    changed = agreed("c", reading([RABAT], []))
    found = between(
        tmp_path, [agreed("a"), agreed("b"), agreed("c")], [agreed("b"), changed, agreed("d")]
    )
    assert nonzero(found)["documents"] == {"added": 1, "removed": 1, "changed": 1, "same": 1}
    assert nonzero(found)["entities"] == {"added": 3, "removed": 3 + 2}
    assert nonzero(found)["events"] == {"added": 1, "removed": 1 + 1}
    shown = {(change.document, change.item, change.kinds[0]) for change in found.examples}
    assert shown == {
        ("a", "document", "removed"),
        ("c", "document", "changed"),
        ("c", "entity", "removed"),
        ("c", "event", "removed"),
        ("d", "document", "added"),
    }


def test_an_entity_is_the_same_by_its_id_else_by_its_place(tmp_path: Path) -> None:
    longer = entity("الرباط ووقّع", "GPE")
    moved = structs.replace(longer, id=RABAT.id, label="LOC", value=RABAT.value)
    other_id = structs.replace(ISRAELI, id="e9", label="GPE")
    revalued = structs.replace(MINISTER, value="role:minister")
    found = between(
        tmp_path,
        [agreed("a", reading(events=[]))],
        [agreed("a", reading([revalued, other_id, moved], []))],
    )
    assert nonzero(found) == {
        "documents": {"changed": 1},
        "entities": {"relabelled": 2, "moved": 1, "revalued": 1},
    }
    both = next(one for one in found.changes or () if one.id == RABAT.id)
    assert both.kinds == ("relabelled", "moved")
    assert both.before == msgspec.to_builtins(RABAT)
    assert both.after == msgspec.to_builtins(moved)


def test_events_and_relations_are_followed(tmp_path: Path) -> None:
    link = Relation("r1", "part_of", RABAT.id, MINISTER.id)
    old = structs.replace(
        reading(), relations=(link, Relation("r2", "employs", RABAT.id, RABAT.id))
    )
    new = structs.replace(
        reading(
            events=[
                structs.replace(
                    VISIT,
                    type="AGREE",
                    mode=None,
                    trigger=Trigger(0, 2, "زا"),
                    arguments=(Argument("actor", RABAT.id),),
                ),
                Event("v2", "CONSULT", VISIT.trigger),
            ]
        ),
        relations=(
            Relation("r1", "employs", MINISTER.id, RABAT.id),
            Relation("r3", "part_of", RABAT.id, MINISTER.id),
        ),
    )
    found = between(tmp_path, [agreed("a", old)], [agreed("a", new)])
    assert nonzero(found) == {
        "documents": {"changed": 1},
        "relations": {"added": 1, "removed": 1, "relabelled": 1, "moved": 1},
        "events": {"added": 1, "relabelled": 1, "moved": 1, "revalued": 1},
    }


def test_an_argument_that_names_the_same_entity_by_another_id_is_the_same(tmp_path: Path) -> None:
    renamed = [structs.replace(one, id=f"x{one.id}") for one in (MINISTER, ISRAELI, RABAT)]
    arguments = tuple(Argument(one.role, f"x{one.entity}") for one in VISIT.arguments)
    new = reading(renamed, [structs.replace(VISIT, arguments=arguments)])
    found = between(tmp_path, [agreed("a")], [agreed("a", new)])
    assert nonzero(found) == {"documents": {"changed": 1}}


def test_a_version_does_not_differ_from_itself(tmp_path: Path) -> None:
    publish(save(tmp_path / "a.jsonl", agreed("a")), tmp_path / "ds")
    found = diff(tmp_path / "ds", "0.1.0", "0.1.0", full=True)
    assert nonzero(found) == {"documents": {"same": 1}}
    assert found.changes == found.examples == []


def test_labels_agreement_and_people_are_counted(tmp_path: Path) -> None:
    relabelled = structs.replace(RABAT, label="LOC")
    corrected = agreed("a", reading([MINISTER, relabelled]))
    other = structs.replace(corrected.annotations[1], at=NOON.replace(hour=13))
    corrected = Record(
        corrected.document, (corrected.annotations[0], other, *corrected.annotations[2:])
    )
    found = between(tmp_path, [agreed("a"), agreed("gone")], [corrected, agreed("new")])
    assert found.by == {"amal": 2}, "the new document is of amal too"
    assert {name: (one.before, one.after) for name, one in found.labels["entities"].items()} == {
        "GPE": (2, 1),
        "LOC": (0, 1),
        "NORP": (2, 1),
    }
    assert found.labels["events"] == {}
    # Of three and two entities in the document that both have, one is the same.
    assert found.agreement == {"entities": 0.4, "events": 1.0}
    assert {change.by for change in found.changes or () if change.document == "a"} == {("amal",)}
    told = "\n".join(summary(found))
    assert "labels of entities: GPE 2 → 1, LOC 0 → 1, NORP 2 → 1" in told
    assert "agreement on what both have (F1): entities 40.0%, events 100.0%" in told
    assert "documents changed by: amal (2)" in told


def test_only_shards_that_differ_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD_DOCUMENTS", 2)
    records = [agreed(f"d{at}") for at in range(12)]
    publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds")
    records[5] = agreed("d5", reading([RABAT], []))
    publish(save(tmp_path / "b.jsonl", *records), tmp_path / "ds")
    read: list[Path] = []
    table = pairing.read_table
    monkeypatch.setattr(pairing, "read_table", lambda path: read.append(path) or table(path))
    assert diff(tmp_path / "ds", "0.1.0", "0.1.1").documents.same == 11
    assert sorted(path.parts[-3] for path in read) == ["0.1.0", "0.1.1"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(agreed_records(), min_size=1, max_size=3, unique_by=lambda one: one.document.id),
    st.lists(agreed_records(), min_size=1, max_size=3, unique_by=lambda one: one.document.id),
)
def test_agreement_is_that_of_sets(old: list[Record], new: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as name:
        kinds = str(schema(Path(name) / "s.toml"))
        publish(save(Path(name) / "a.jsonl", *old), Path(name) / "ds", schema=kinds)
        path = save(Path(name) / "b.jsonl", *new)
        version = publish(path, Path(name) / "ds", schema=kinds).version
        found = diff(Path(name) / "ds", "0.1.0", version)
    common = {one.document.id for one in old} & {one.document.id for one in new}
    sets = [
        {
            (one.document.id, e.start, e.end, e.label)
            for one in records
            for e in one.annotations[-1].entities
            if one.document.id in common
        }
        for records in (old, new)
    ]
    both = len(sets[0]) + len(sets[1])
    expected = 2 * len(sets[0] & sets[1]) / both if both else 1.0
    assert found.agreement["entities"] == pytest.approx(expected, abs=1e-6)


def page_of(tmp_path: Path, version: str, **more: Any) -> str:
    folders = [tmp_path / "ds" / "versions" / name for name in ("0.1.0", version)]
    found = diff(tmp_path / "ds", "0.1.0", version)
    return "".join(differing_page(found, pair(*folders), load_schema(), **more))


def test_the_page_shows_the_texts_with_the_changes_marked(tmp_path: Path) -> None:
    longer = structs.replace(entity("الرباط ووقّع", "LOC"), id=RABAT.id)
    new = reading([structs.replace(MINISTER, label="PERSON"), longer])
    between(tmp_path, [agreed("a"), agreed("<b>")], [agreed("a", new), agreed("n")])
    page = page_of(tmp_path, "0.2.0")
    assert "http" not in page
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.replace("<b><bdi>", "")
    assert '<div class="text" dir="auto">' in page
    assert "TITLE → PERSON" in page
    assert "GPE → LOC (was “\u2068الرباط\u2069”)" in page
    told = "GPE “\u2068الرباط\u2069” 27:33 = iso3166:MA → LOC “\u2068الرباط ووقّع\u2069” 27:39"
    assert told in page, "what stands beside a word in Arabic keeps its place"
    assert '<mark class="removed">الإسرائيلي</mark>' in page
    texts = re.findall(r'<div class="text"[^>]*>(.*?)</div>', page, re.DOTALL)
    for text in texts:
        assert re.sub(r"<[^>]*>", "", re.sub(r"<b>.*?</b>", "", text)) == TEXT
    assert len(texts) == 3
    assert "and 2 more documents that differ" in page_of(tmp_path, "0.2.0", shown=1)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(agreed_records(), agreed_records())
def test_a_page_keeps_every_text(old: Record, new: Record) -> None:
    kinds = load_schema()
    rows = [table("documents", one).to_pylist()[0] for one in (old, new)]
    page = "".join(differing_page(Difference("1", "2"), [(rows[0], None), (None, rows[1])], kinds))
    texts = re.findall(r'<div class="text" dir="auto">(.*?)</div>', page, re.DOTALL)
    plain = [
        html.unescape(re.sub(r"<b>.*?</b>|</?mark[^>]*>", "", text, flags=re.DOTALL))
        for text in texts
    ]
    assert plain == [old.document.text, new.document.text]


def test_the_changelog_tells_the_changes_and_what_came_before(tmp_path: Path) -> None:
    relabelled = structs.replace(RABAT, label="LOC")
    between(tmp_path, [agreed("a")], [agreed("a", reading([MINISTER, ISRAELI, relabelled]))])
    text = (tmp_path / "ds" / "versions" / "0.1.1" / "CHANGELOG.md").read_text()
    assert "## 0.1.1, from 0.1.0" in text
    assert "Documents: 0 added, 0 removed, 1 changed, 0 the same." in text
    assert "| entities | 0 | 0 | 1 | 0 | 0 |" in text
    assert "- entity relabelled: GPE “\u2068الرباط\u2069” 27:33 = iso3166:MA → LOC" in text
    assert text.index("## 0.1.1") < text.index("## 0.1.0\n")
    assert text.count("# Changelog\n") == 1


def sizes(records: list[Record]) -> Counter[str]:
    count: Counter[str] = Counter(documents=len(records))
    for record in records:
        last: Annotation = record.annotations[-1]
        count["entities"] += len(last.entities)
        count["relations"] += len(last.relations)
        count["events"] += len(last.events)
    return count


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(agreed_records(), min_size=1, max_size=3, unique_by=lambda one: one.document.id),
    st.lists(agreed_records(), min_size=1, max_size=3, unique_by=lambda one: one.document.id),
)
def test_before_and_added_and_removed_make_after(old: list[Record], new: list[Record]) -> None:
    new = [*new, *(one for one in old[1:] if one.document.id not in {r.document.id for r in new})]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = str(schema(folder / "s.toml"))
        one = publish(save(folder / "a.jsonl", *old), folder / "one", schema=kinds).folder
        two = publish(save(folder / "b.jsonl", *new), folder / "two", schema=kinds).folder
        count: Counter[tuple[str, str]] = Counter()
        for change in changes(pair(one, two)):
            count.update((change.item, kind) for kind in change.kinds)
        before, after = sizes(old), sizes(new)
        for item, name in (
            ("document", "documents"),
            ("entity", "entities"),
            ("relation", "relations"),
            ("event", "events"),
        ):
            moved = count[item, "added"] - count[item, "removed"]
            assert before[name] + moved == after[name], name


def test_the_page_says_of_what_was_revalued_what_it_was(tmp_path: Path) -> None:
    folders = [publish(save(tmp_path / "a.jsonl", agreed("a")), tmp_path / "ds").folder]
    event = structs.replace(VISIT, modality="negated", mode=None, arguments=VISIT.arguments[:1])
    entities = [MINISTER, ISRAELI, structs.replace(RABAT, value="iso3166:MA#RBA")]
    path = save(tmp_path / "a.jsonl", agreed("a", reading(entities, [event])))
    folders.append(publish(path, tmp_path / "ds").folder)
    found = diff(tmp_path / "ds", "0.1.0", "0.1.1")
    page = "".join(differing_page(found, pair(*folders), read_manifest(folders[1]).schema))
    shown = html.unescape(page).replace("\u2068", "").replace("\u2069", "")
    visit = "location: “الرباط” → –, modality: asserted → negated, mode: visit → –"
    assert f'<mark class="revalued">زار</mark><b><bdi>CONSULT ({visit})</bdi></b>' in shown
    place = "value: iso3166:MA → iso3166:MA#RBA"
    assert f'<mark class="revalued">الرباط</mark><b><bdi>GPE ({place})</bdi></b>' in shown
