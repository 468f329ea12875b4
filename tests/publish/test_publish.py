import datetime
import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from curation.errors import ChecksFailed, PublishError, UsageError, VersionExists
from curation.model import Document, Entity, LedgerEntry, Record, Said, make_entity
from curation.publish import publish, record_of, verify, versions
from curation.publish.shelf.manifest import read_manifest
from curation.publish.views.features import VIEWS
from curation.publish.views.tables import read_rows
from curation.store import write
from tests.publish.builders import (
    ISRAELI,
    MINISTER,
    NOON,
    PERSON,
    RABAT,
    TEXT,
    agreed,
    document,
    proposal,
    reading,
    save,
    schema,
)

LATER = NOON.replace(hour=13)


def data_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.parquet"))


def rows(folder: Path, view: str = "documents") -> list[dict]:
    found = [row for path in folder.glob(f"{view}/*.parquet") for row in read_rows(path)]
    return sorted(found, key=lambda row: row["id"])


def test_the_first_version_is_0_1_0_and_lies_where_the_design_says(tmp_path: Path) -> None:
    outcome = publish(save(tmp_path / "agreed.jsonl", agreed("b"), agreed("a")), tmp_path / "ds")
    assert (outcome.new, outcome.version, outcome.parent) == (True, "0.1.0", None)
    assert outcome.folder == tmp_path / "ds" / "versions" / "0.1.0"
    names = {path.relative_to(outcome.folder).as_posix() for path in outcome.folder.rglob("*.*")}
    assert {"README.md", "manifest.json", "CHANGELOG.md"} < names
    assert {path.parent.name for path in data_files(outcome.folder)} == set(VIEWS)
    assert (tmp_path / "ds" / "README.md").is_file()
    assert [row["id"] for row in rows(outcome.folder)] == ["a", "b"]
    assert not list((tmp_path / "ds").glob(".staging*"))
    verify(tmp_path / "ds")


def test_every_data_file_is_named_after_its_bytes(tmp_path: Path) -> None:
    outcome = publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds")
    known = {file.path: file.sha256 for file in read_manifest(outcome.folder).files}
    for path in data_files(outcome.folder):
        digest = known[path.relative_to(outcome.folder).as_posix()]
        assert path.name == f"train-00000-{digest[:12]}.parquet"


def test_the_row_says_all_the_record_says(tmp_path: Path) -> None:
    record = agreed()
    folder = publish(save(tmp_path / "a.jsonl", record), tmp_path / "ds").folder
    (row,) = rows(folder)
    assert record_of(row) == Record(record.document, record.annotations[-1:])
    assert row["entities"][0]["label_id"] == 6
    assert row["entities"][0]["proposers"] == ["gazetteer.v1"]
    provenance = row["provenance"]
    assert (provenance["status"], provenance["agent"]) == ("agreed", "unanimous@1")
    assert [(one["agent"], one["status"], one["at"]) for one in provenance["readings"]] == [
        ("news-ar@1", "proposed", None),
        ("amal", "submitted", NOON),
        ("unanimous@1", "agreed", NOON),
    ]


def test_tokens_say_what_words_could_not_express(tmp_path: Path) -> None:
    folder = publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds").folder
    (row,) = rows(folder, "tokens")
    spans = zip(row["starts"], row["ends"], strict=True)
    assert [TEXT[start:end] for start, end in spans] == row["tokens"]
    assert row["tags"][:5] == ["O", "B-TITLE", "I-TITLE", "I-TITLE", "B-GPE"]
    names = read_manifest(folder).tags
    assert [names[tag] for tag in row["ner_tags"]] == row["tags"]
    assert row["losses"] == [
        {"entity": ISRAELI.id, "label": "NORP", "text": "الإسرائيلي", "reason": "nested"}
    ]


def test_the_same_content_gives_the_same_bytes_anywhere_in_any_order(tmp_path: Path) -> None:
    one = publish(save(tmp_path / "a.jsonl", agreed("a"), agreed("b")), tmp_path / "one").folder
    two = publish(save(tmp_path / "b.jsonl", agreed("b"), agreed("a")), tmp_path / "two").folder
    files = [sorted(p.relative_to(f) for p in f.rglob("*") if p.is_file()) for f in (one, two)]
    assert files[0] == files[1]
    for name in files[0]:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_publishing_again_makes_no_new_version(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed())
    publish(path, tmp_path / "ds")
    before = (tmp_path / "ds" / "versions.json").read_bytes()
    for more in ({}, {"bump": "major"}, {"version": "0.1.0"}):
        outcome = publish(path, tmp_path / "ds", **more)
        assert (outcome.new, outcome.version) == (False, "0.1.0")
    assert (tmp_path / "ds" / "versions.json").read_bytes() == before
    assert [entry.version for entry in versions(tmp_path / "ds")] == ["0.1.0"]


def test_content_is_what_counts_not_what_is_left_out(tmp_path: Path) -> None:
    publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds")
    again = save(tmp_path / "b.jsonl", agreed(), Record(document("d2"), (proposal(RABAT),)))
    outcome = publish(again, tmp_path / "ds")
    assert not outcome.new
    assert outcome.left_out == {"only proposed": 1}


def test_bump_raises_the_part_that_is_named(tmp_path: Path) -> None:
    made = []
    for at, bump in enumerate(["patch", "patch", "minor", "major"]):
        path = save(tmp_path / f"{at}.jsonl", *(agreed(str(i)) for i in range(at + 1)))
        made.append(publish(path, tmp_path / "ds", bump=bump))
    assert [one.version for one in made] == ["0.1.0", "0.1.1", "0.2.0", "1.0.0"]
    assert [one.parent for one in made] == [None, "0.1.0", "0.1.1", "0.2.0"]
    assert [entry.parent for entry in versions(tmp_path / "ds")] == [one.parent for one in made]


def test_a_number_for_what_is_there_already_is_said_to_be_no_more(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed("a"))
    publish(path, tmp_path / "ds")
    made = publish(path, tmp_path / "ds", version="v1.0.0")
    assert made.version == "1.0.0"
    assert made.why == "the same content as 0.1.0: only the number is new"
    text = (made.folder / "CHANGELOG.md").read_text()
    assert "## 1.0.0, from 0.1.0\n\nThe same content as 0.1.0: only the number is new.\n" in text
    assert "0 added" not in text


def test_the_number_says_what_a_change_means_to_users(tmp_path: Path) -> None:
    text = "سلام"
    one, other = (make_entity(text, 0, 4, label) for label in ("GPE", "ORG"))

    def step(labels: list[str], *readings: Entity) -> tuple[str, str]:
        records = [
            Record(Document(f"d{at}", text), (reading([entity], []),))
            for at, entity in enumerate(readings)
        ]
        kinds = str(schema(tmp_path / "s.toml", labels, ["AGREE"]))
        found = publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds", schema=kinds)
        return found.version, found.why

    assert step(["GPE", "ORG"], one) == ("0.1.0", "the first version")
    assert step(["GPE", "ORG"], other) == ("0.1.1", "corrections only")
    assert step(["GPE", "ORG"], other, one) == ("0.2.0", "documents came")
    assert step(["GPE", "ORG"], other) == ("0.3.0", "documents went")
    assert step(["GPE", "ORG", "LOC"], one) == ("0.4.0", "labels added: entity LOC")
    renamed = "labels removed or renamed: entity ORG"
    assert step(["GPE", "ORGANISATION", "LOC"], one) == ("1.0.0", renamed)
    known = [entry.by for entry in versions(tmp_path / "ds")]
    assert known == [""] * 6


def test_the_list_says_who_published(tmp_path: Path) -> None:
    publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds", by="amal")
    (entry,) = versions(tmp_path / "ds")
    assert entry.by == "amal"
    assert b"amal" not in (tmp_path / "ds" / "versions" / "0.1.0" / "manifest.json").read_bytes()


def test_a_taken_number_with_other_content_is_an_error(tmp_path: Path) -> None:
    publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds", version="1.0.0")
    other = save(tmp_path / "b.jsonl", agreed("other"))
    with pytest.raises(VersionExists, match=r"1\.0\.0 already") as caught:
        publish(other, tmp_path / "ds", version="1.0.0")
    assert "1.0.1" in caught.value.hint
    with pytest.raises(UsageError, match="does not come after"):
        publish(other, tmp_path / "ds", version="0.9.0")
    for wrong in ("1.0", "V1.0.0", "vv1.0.0", "1.0.0-rc1", "01.0.0"):
        with pytest.raises(UsageError, match="no version number"):
            publish(other, tmp_path / "ds", version=wrong)
    assert publish(other, tmp_path / "ds", version="2.0.0").parent == "1.0.0"


def test_the_last_agreed_reading_is_published_and_the_rest_is_counted(tmp_path: Path) -> None:
    older = reading([RABAT], [])
    newest = reading([MINISTER], [])
    records = [
        Record(document("two"), (older, newest, proposal(RABAT))),
        Record(document("submitted"), (reading(by=PERSON, status="submitted"),)),
        Record(document("draft"), (reading(by=PERSON, status="draft"),)),
        Record(document("skipped"), (proposal(), reading([], [], by=PERSON, status="skipped"))),
        Record(document("proposed"), (proposal(RABAT),)),
        Record(document("none")),
    ]
    outcome = publish(save(tmp_path / "a.jsonl", *records), tmp_path / "ds")
    assert [row["id"] for row in rows(outcome.folder)] == ["two"]
    assert [entity["label"] for entity in rows(outcome.folder)[0]["entities"]] == ["TITLE"]
    assert outcome.left_out == {
        "no reading": 1,
        "only a draft": 1,
        "only proposed": 1,
        "skipped": 1,
        "submitted, not agreed": 1,
    }
    assert read_manifest(outcome.folder).left_out == outcome.left_out


def test_include_takes_in_what_was_submitted_or_proposed(tmp_path: Path) -> None:
    newest = reading([RABAT], [], by=PERSON, status="submitted", at=LATER)
    older = reading([MINISTER], [], by=PERSON, status="submitted")
    path = save(
        tmp_path / "a.jsonl",
        agreed("agreed"),
        Record(document("proposed"), (proposal(MINISTER), proposal(RABAT, ISRAELI))),
        Record(document("submitted"), (proposal(ISRAELI), newest, older)),
    )

    def labels(include: str) -> dict[str, list[str]]:
        folder = publish(path, tmp_path / include, include=include).folder
        return {row["id"]: [e["label"] for e in row["entities"]] for row in rows(folder)}

    everything = {"agreed": ["TITLE", "NORP", "GPE"], "submitted": ["GPE"]}
    assert labels("agreed") == {"agreed": everything["agreed"]}
    assert labels("submitted") == everything
    assert labels("proposed") == {**everything, "proposed": ["GPE", "NORP"]}


def test_an_agreed_reading_without_anything_is_published(tmp_path: Path) -> None:
    outcome = publish(save(tmp_path / "a.jsonl", agreed("a", reading([], []))), tmp_path / "ds")
    assert (outcome.counts["documents"], outcome.counts["entities"]) == (1, 0)


def test_nothing_is_published_where_anything_is_wrong(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed("a"), agreed("a"))
    drifted = json.loads(path.read_text().splitlines()[0])
    drifted["document"].update(id="drift", text="x" + TEXT)
    strange = agreed("b", reading([make_entity(TEXT, 0, 3, "NOPE")], []))
    write(tmp_path / "more.jsonl", [strange])
    path.write_text(
        path.read_text()
        + json.dumps(drifted)
        + "\n{broken\n"
        + (tmp_path / "more.jsonl").read_text()
    )
    publish(save(tmp_path / "good.jsonl", agreed("good")), tmp_path / "ds")
    with pytest.raises(ChecksFailed, match="4 faults forbid to publish") as caught:
        publish(path, tmp_path / "ds")
    message = caught.value.message
    assert f"{path}:2: $.document.id: document 'a' stands in line 1 already" in message
    assert f"{path}:3: " in message
    assert "document 'drift' has" in message
    assert f"{path}:4: JSON is malformed" in message
    assert f"{path}:5: $.annotations[2].entities[0].label: 'NOPE' is no entity type" in message
    assert "--schema" in caught.value.hint
    assert [entry.version for entry in versions(tmp_path / "ds")] == ["0.1.0"]
    assert [path.name for path in (tmp_path / "ds" / "versions").iterdir()] == ["0.1.0"]
    assert not list((tmp_path / "ds").glob(".staging*"))


def test_many_faults_are_counted_and_the_first_ten_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("nonsense\n" * 25)
    with pytest.raises(ChecksFailed, match="25 faults") as caught:
        publish(path, tmp_path / "ds")
    assert caught.value.message.endswith("and 15 more")
    assert len(caught.value.message.splitlines()) == 12


def test_without_anything_agreed_it_says_what_to_do(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", Record(document(), (proposal(RABAT),)))
    with pytest.raises(ChecksFailed, match="1 only proposed") as caught:
        publish(path, tmp_path / "ds")
    assert "--include" in caught.value.hint


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "README.md").write_text("mine")
    with pytest.raises(PublishError, match=r"holds 'README\.md' already"):
        publish(save(tmp_path / "a.jsonl", agreed()), folder)
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("README.md", "mine")]


def test_only_one_publishes_at_a_time(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed())
    (tmp_path / "ds").mkdir()
    with (
        FileLock(tmp_path / "ds" / ".publish.lock"),
        pytest.raises(PublishError, match="somebody else is publishing"),
    ):
        publish(path, tmp_path / "ds")
    assert publish(path, tmp_path / "ds").new


def test_label_ids_only_ever_grow(tmp_path: Path) -> None:
    text = "سلام"
    one = make_entity(text, 0, 4, "ORG")

    def record(*entities: object) -> Path:
        return save(tmp_path / "a.jsonl", Record(Document("d", text), (reading(entities, []),)))

    first = schema(tmp_path / "first.toml", ["GPE", "ORG"], ["AGREE"])
    second = schema(tmp_path / "second.toml", ["ARMY", "ORG"], ["MEET", "AGREE"])
    old = publish(record(one), tmp_path / "ds", schema=str(first)).folder
    army = make_entity(text, 0, 2, "ARMY")
    new = publish(record(one, army), tmp_path / "ds", schema=str(second)).folder
    before, after = read_manifest(old), read_manifest(new)
    assert before.labels.entities == ("GPE", "ORG")
    assert after.labels.entities == ("GPE", "ORG", "ARMY")
    assert after.labels.events == ("AGREE", "MEET")
    assert after.tags == ("O", "B-GPE", "I-GPE", "B-ORG", "I-ORG", "B-ARMY", "I-ARMY")
    assert after.tags[: len(before.tags)] == before.tags
    for folder in (old, new):
        assert rows(folder)[0]["entities"][0]["label_id"] == 1
    assert "no longer in the schema" in (new / "README.md").read_text()


def test_the_licence_stays_until_another_is_given(tmp_path: Path) -> None:
    licences = []
    for at, given in enumerate([None, "cc-by-4.0", None, "mit"]):
        path = save(tmp_path / "a.jsonl", *(agreed(str(i)) for i in range(at + 1)))
        folder = publish(path, tmp_path / "ds", license=given).folder
        licences.append(read_manifest(folder).license)
    assert licences == [None, "cc-by-4.0", "cc-by-4.0", "mit"]


def test_a_licence_is_one_that_the_hub_takes_or_is_said_to_be_ones_own(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed("a"))
    with pytest.raises(UsageError, match=r"did you mean cc-by-4\.0\?") as caught:
        publish(path, tmp_path / "ds", license="cc-by4.0")
    assert "--license 'other: NAME'" in caught.value.hint
    assert not (tmp_path / "ds").exists()
    for number, (given, kept, head) in enumerate(
        (
            ("CC-BY-4.0", "cc-by-4.0", "license: cc-by-4.0"),
            ("other", "other", "license: other"),
            ("other: Our terms", "Our terms", "license_name: our-terms"),
        )
    ):
        folder = publish(path, tmp_path / str(number), license=given).folder
        assert read_manifest(folder).license == kept
        assert head in (folder / "README.md").read_text()


def test_times_come_from_the_data_and_the_clock_stands_only_in_the_list(tmp_path: Path) -> None:
    record = agreed("a", reading(at=LATER))
    folder = publish(save(tmp_path / "a.jsonl", record), tmp_path / "ds").folder
    assert read_manifest(folder).newest == LATER
    (entry,) = versions(tmp_path / "ds")
    stamp = entry.created.isoformat()[:16].encode()
    assert not any(stamp in path.read_bytes() for path in folder.rglob("*.*"))


def test_the_card_says_what_reviewers_decided(tmp_path: Path) -> None:
    path = save(tmp_path / "agreed.jsonl", agreed("a"))
    gpe, loc = Said("GPE", 0, 3, "زار"), Said("LOC", 0, 3, "زار")
    entries = [
        LedgerEntry("a", "entity", "e1", "accepted", "amal", NOON, ("g.v1",), gpe, gpe),
        LedgerEntry("a", "entity", "e2", "accepted", "amal", NOON, ("g.v1",), gpe, gpe),
        LedgerEntry("a", "entity", "e3", "relabelled", "amal", NOON, ("g.v1",), gpe, loc),
        LedgerEntry("a", "entity", "e4", "removed", "amal", NOON, ("g.v1",), loc),
        LedgerEntry("a", "entity", "e5", "added", "amal", NOON, (), None, loc),
        LedgerEntry("a", "event", "v1", "unreviewed", proposers=("g.v1",), before=gpe),
        LedgerEntry("elsewhere", "entity", "e1", "removed", "amal", NOON, ("g.v1",), gpe),
    ]
    write(tmp_path / "agreed.ledger.jsonl", entries)
    folder = publish(path, tmp_path / "ds").folder
    figures = read_manifest(folder).acceptance
    assert figures is not None
    assert figures.items == {
        "entity": {"accepted": 2, "added": 1, "relabelled": 1, "removed": 1},
        "event": {"unreviewed": 1},
    }
    assert figures.labels["GPE"] == {"accepted": 2, "relabelled": 1}
    card = (folder / "README.md").read_text()
    assert "| entity | 2 | 1 | 0 | 0 | 0 | 1 | 1 | 0 | 50.0% |" in card
    assert "| GPE | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 66.7% |" in card
    assert "| event | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | none decided |" in card


def test_the_card_counts_what_lies_beside_it(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", agreed("a"), agreed("b"), agreed("c", reading([], [])))
    folder = publish(path, tmp_path / "ds").folder
    card = (folder / "README.md").read_text()
    assert "# news 0.1.0" in card
    assert "| Documents | 3 |" in card
    assert "| Entities | 6, 4 of them with a value |" in card
    assert "| Events | 2 with 4 arguments |" in card
    assert "| seeds/documents | 3 |" in card
    assert "| Published | 2022-10-01 to 2022-10-01 |" in card
    assert (
        "| 3 | GPE | 2 | A country, city, state: a place with a government | \u2068الرباط\u2069 |"
        in card
    )
    assert "`tokens` can not express 2 of 6 entities: nested (2)" in card
    assert "Documents with nothing marked: 1." in card
    manifest = read_manifest(folder)
    assert manifest.counts["tokens"] == sum(len(row["tokens"]) for row in rows(folder, "tokens"))
    assert manifest.counts["characters"] == 3 * len(TEXT)


def test_markup_in_data_stays_text_on_the_card(tmp_path: Path) -> None:
    text = "<script>|`*x*`\n# no"
    record = Record(
        Document("d", text, source="a|b"),
        (reading([make_entity(text, 0, len(text), "ORG")], []),),
    )
    folder = publish(save(tmp_path / "a.jsonl", record), tmp_path / "ds").folder
    card = (folder / "README.md").read_text()
    assert "<script>" not in card
    assert r"&lt;script&gt;\|\`\*x\*\` \# no |" in card


def test_a_version_folder_can_be_read_by_everyone_who_may_read_the_rest(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        folder = publish(save(tmp_path / "a.jsonl", agreed()), tmp_path / "ds").folder
    finally:
        os.umask(old)
    assert folder.stat().st_mode & 0o777 == 0o755
    modes = {path.suffix: path.stat().st_mode & 0o777 for path in folder.glob("*/*.parquet")}
    assert modes == {".parquet": 0o444}, (
        "a file may belong to many versions: nobody may write to it"
    )
    beside = [folder / "README.md", *folder.glob("assets/*.svg")]
    assert {path.stat().st_mode & 0o777 for path in beside} == {0o644}


def test_times_are_kept_as_the_same_moment_in_utc(tmp_path: Path) -> None:
    casablanca = NOON.astimezone(datetime.timezone(datetime.timedelta(hours=1)))
    record = agreed("a", reading(at=casablanca))
    folder = publish(save(tmp_path / "a.jsonl", record), tmp_path / "ds").folder
    at = rows(folder)[0]["provenance"]["at"]
    assert (at, at.utcoffset()) == (NOON, datetime.timedelta())
