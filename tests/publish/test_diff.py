import tempfile
from collections import Counter
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from curation.model import Annotation, Argument, Event, Record, Relation, Trigger
from curation.publish import Difference, changes, diff, publish, tally
from tests.publish.builders import (
    ISRAELI,
    MINISTER,
    RABAT,
    VISIT,
    agreed,
    entity,
    reading,
    save,
    schema,
)
from tests.publish.test_round_trip import agreed_records


def between(tmp_path: Path, old: list[Record], new: list[Record]) -> Difference:
    kinds = str(schema(tmp_path / "s.toml", ["TITLE", "NORP", "GPE", "LOC"], ["CONSULT", "AGREE"]))
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


def test_the_changelog_tells_the_changes_and_what_came_before(tmp_path: Path) -> None:
    relabelled = structs.replace(RABAT, label="LOC")
    between(tmp_path, [agreed("a")], [agreed("a", reading([MINISTER, ISRAELI, relabelled]))])
    text = (tmp_path / "ds" / "versions" / "0.1.1" / "CHANGELOG.md").read_text()
    assert "## 0.1.1, from 0.1.0" in text
    assert "Documents: 0 added, 0 removed, 1 changed, 0 the same." in text
    assert "| entities | 0 | 0 | 1 | 0 | 0 |" in text
    assert "- entity relabelled: GPE “الرباط” 27:33 = iso3166:MA → LOC" in text
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


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
        for change in changes(one, two):
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
