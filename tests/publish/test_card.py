"""The card as users see it: every number in it, its tables, its pictures and its head is counted
once more from the rows, and a number that is not known here fails the test."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from curation.errors import Corrupted
from curation.publish import Splits, publish, verify
from curation.publish.shelf.manifest import read_manifest
from tests.publish.builders import RABAT, agreed, reading, save, schema
from tests.publish.card_checks import check, check_body
from tests.publish.corpora import corpus
from tests.publish.counting import VIEWS
from tests.publish.recount import Recount


def made(path: Path, seed: int, *, bare: bool = False, versions: int = 1, **more: object) -> Path:
    """The folder of the last of some versions of a dataset made from a seed."""
    kinds = schema(path / "kinds.toml")
    splits = Splits("document", {"train": 60, "validation": 20, "test": 20}) if seed % 2 else None
    for version in range(versions):
        records = corpus(path / "agreed.jsonl", seed + version, 30 + 5 * version, bare=bare)
        folder = publish(
            records,
            path / "ds",
            schema=str(kinds),
            splits=splits,
            include="proposed" if bare or seed % 3 == 0 else "agreed",
            **more,  # type: ignore[arg-type]
        ).folder
    return folder


@pytest.mark.parametrize("seed", range(4))
def test_every_number_of_the_card_is_in_the_rows(tmp_path: Path, seed: int) -> None:
    licence = (None, "cc-by-4.0", "other: Our own terms 2")[seed % 3]
    folder = made(tmp_path, seed, versions=1 + seed % 2, license=licence)
    check(folder)


def test_rows_of_a_file_are_one_source(tmp_path: Path) -> None:
    rows = [("a", "raw.jsonl#1"), ("b", "raw.jsonl#5"), ("c", "news/x.csv#2")]
    records = [
        structs.replace(one, document=structs.replace(one.document, source=source))
        for one, source in ((agreed(ident), source) for ident, source in rows)
    ]
    path = save(tmp_path / "a.jsonl", *records)
    card = (publish(path, tmp_path / "ds").folder / "README.md").read_text()
    assert re.search(r"\braw\.jsonl\S* *\| *2 *\|", card)
    assert "jsonl#" not in card


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(100, 10**6), documents=st.integers(1, 12))
def test_every_number_of_any_card_is_in_the_rows(
    tmp_path_factory: pytest.TempPathFactory, seed: int, documents: int
) -> None:
    path = tmp_path_factory.mktemp("any")
    kinds = schema(path / "kinds.toml")
    records = corpus(path / "agreed.jsonl", seed, documents)
    save(path / "one.jsonl", agreed("z", reading([RABAT], [])))  # at least one to publish
    records.write_bytes(records.read_bytes() + (path / "one.jsonl").read_bytes())
    check(publish(records, path / "ds", schema=str(kinds), include="submitted").folder)


def test_what_is_not_known_is_said_and_not_shown_as_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path, 2, bare=True)
    check(folder)
    text = (folder / "README.md").read_text()
    for said in (
        "Dates: not known, no document says when it was published.",
        "Languages: not known, no document says its language.",
        "Sources: not known, no document says where it comes from.",
        "Not known: no decision about a proposal was published with these documents.",
        "Not known: no document was read by two people, each for themselves.",
        "No licence was stated: ask before you use it.",
    ):
        assert said in text
    head = yaml.safe_load(text.split("---\n")[1])
    assert head["annotations_creators"] == ["machine-generated"]
    assert not {"language", "license", "language_creators", "multilinguality"} & head.keys()
    assert {path.stem for path in folder.glob("assets/*")} == {"entities", "events", "lengths"}


def test_a_number_that_nobody_counted_is_found(tmp_path: Path) -> None:
    """The check itself: one changed digit anywhere, or one more sentence, and it fails."""
    folder = made(tmp_path, 1)
    text = (folder / "README.md").read_text()
    body = text.index("\n# ")
    places = [found.start() for found in re.finditer(r"\d", text) if found.start() > body]
    for at in places[:: max(1, len(places) // 12)]:
        wrong = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
        with pytest.raises(AssertionError):
            check_body(folder, wrong)
    with pytest.raises(AssertionError, match="nobody counted"):
        check_body(folder, text + "\nAnd 7 more.\n")


def test_mlcroissant_takes_the_description_and_reads_the_rows(tmp_path: Path) -> None:
    """mlcroissant is the reference implementation of the specification."""
    import mlcroissant

    folder = made(tmp_path, 3, license="cc-by-4.0")
    # Its own call of rdflib.
    warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    count = Recount(folder, read_manifest(folder))
    read = [*dataset.records("documents")]
    wanted = count.rows("select id, text, split, language from documents order by id")
    got = [
        tuple(_text(row[f"documents/{name}"]) for name in ("id", "text", "split", "language"))
        for row in read
    ]
    assert sorted(got) == wanted
    for view in VIEWS:
        assert len([*dataset.records(view)]) == count.one(f"select count(*) from {view}")
    where = [
        [
            (int(one["documents/entities/start"]), _text(one["documents/entities/label"]))
            for one in row
        ]
        for row in (row["documents/entities"] for row in read)
    ]
    wanted = count.rows("select sum(len(entities)), sum(entities[1].start) from documents")
    assert wanted == [(sum(map(len, where)), sum(row[0][0] for row in where if row))]


def _text(value: bytes | None) -> str | None:
    return value.decode() if isinstance(value, bytes) else value


def test_the_code_on_the_card_runs(tmp_path: Path) -> None:
    folder = made(tmp_path, 1)
    for place in (folder, tmp_path / "ds"):
        code = re.findall(r"```python\n(.*?)```", (place / "README.md").read_text(), re.DOTALL)
        assert len(code) == 1
        ready = code[0].replace("path/to/this/folder", str(place))
        ready = ready.replace("path/to/dataset", str(tmp_path / "ds"))
        names: dict[str, object] = {}
        exec(ready, names)
        count = Recount(folder, read_manifest(folder))
        rows = count.one("select count(*) from documents where split = 'train'")
        loaded = names["documents"]
        assert loaded.num_rows == rows  # type: ignore[attr-defined]
        assert names["names"] == list(read_manifest(folder).tags)
        assert names["tokens"].num_rows == rows  # type: ignore[attr-defined]


def test_the_card_at_the_root_shows_the_pictures_of_the_newest_version(tmp_path: Path) -> None:
    folder = made(tmp_path, 1, versions=2)
    root = tmp_path / "ds"
    text = (root / "README.md").read_text()
    linked = re.findall(r"\]\(([^)]+)\)", text.split("\n---\n", 1)[1])
    assert {"versions/0.2.0/croissant.json", "versions/0.2.0/assets/entities.svg"} <= {*linked}
    assert all((root / path).is_file() for path in linked if path != "b"), linked
    for path in re.findall(r"\]\(([^)]+)\)", (folder / "README.md").read_text()):
        assert path == "b" or (folder / path).is_file()


def test_a_changed_picture_is_found(tmp_path: Path) -> None:
    folder = made(tmp_path, 2)
    picture = folder / "assets" / "entities.svg"
    picture.write_text(picture.read_text().replace("Entities", "entities"))
    with pytest.raises(Corrupted, match=r"entities\.svg: its bytes have changed"):
        verify(tmp_path / "ds")
