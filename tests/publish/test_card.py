"""The card as users see it: every number in it, its tables, its pictures and its head is counted
once more from the rows, and a number that is not known here fails the test."""

from __future__ import annotations

import html
import json
import re
import warnings
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.errors import Corrupted
from curation.publish import Splits, publish, verify
from curation.publish.shelf.manifest import read_manifest
from tests.publish.builders import RABAT, agreed, reading, save, schema
from tests.publish.corpora import corpus
from tests.publish.recount import VIEWS, Bars, Recount, n

LANGUAGES = {
    "ar": "Arabic (ar)",
    "ar-EG": "Arabic (ar-EG)",
    "fr": "French (fr)",
    "en": "English (en)",
    "qqq": "qqq",
    "": "not known",
}
SVG = "{http://www.w3.org/2000/svg}"


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


def check(folder: Path) -> None:
    """Everything a version says of itself, against its rows."""
    text = (folder / "README.md").read_text()
    check_head(folder, text)
    check_body(folder, text)
    check_pictures(folder)
    check_croissant(folder)
    verify(folder.parent.parent)


def check_head(folder: Path, text: str) -> None:
    head = yaml.safe_load(text.split("---\n")[1])
    manifest = read_manifest(folder)
    count = Recount(folder, manifest)
    assert len({config["config_name"] for config in head["configs"]}) == len(head["configs"])
    infos = {info["config_name"]: info for info in head["dataset_info"]}
    named: set[str] = set()
    for config in head["configs"]:
        assert config["version"] == manifest.version
        info = infos.pop(config["config_name"])
        splits = {split["name"]: split for split in info["splits"]}
        sizes = {"download_size": 0, "dataset_size": 0}
        for part in config["data_files"]:
            files = [folder / path for path in part["path"]]
            named |= {*part["path"]}
            tables = [pq.read_table(path) for path in files]
            split = splits.pop(part["split"])
            assert split["num_examples"] == sum(table.num_rows for table in tables)
            assert split["num_bytes"] == sum(table.nbytes for table in tables)
            sizes["download_size"] += sum(path.stat().st_size for path in files)
            sizes["dataset_size"] += split["num_bytes"]
        assert not splits
        assert sizes == {name: info[name] for name in sizes}
        columns = pq.read_schema(files[0]).names
        assert [feature["name"] for feature in info["features"]] == columns
    assert not infos
    held = {path for path in folder.glob("*/*.parquet") if pq.read_metadata(path).num_rows}
    assert {folder / path for path in named} >= held
    assert head["size_categories"] == ["n<1K"]  # none of these datasets has more
    assert count.documents < 1_000
    tags = [tag for (tag,) in count.rows("select distinct language from documents") if tag]
    assert head.get("language", []) == sorted({tag.split("-")[0] for tag in tags})
    assert head.get("language_details", []) == [tag for tag in tags if "-" in tag]
    known = {
        None: {},
        "cc-by-4.0": {"license": "cc-by-4.0"},
        "Our own terms 2": {
            "license": "other",
            "license_name": "our-own-terms-2",
            "license_details": "Our own terms 2",
        },
    }[manifest.license]
    assert {key: value for key, value in head.items() if key.startswith("license")} == known
    people = count.one("select count(*) from annotations where status in ('submitted', 'agreed')")
    machines = count.one("select count(*) from annotations where status = 'proposed'")
    creators = ["expert-generated"] * bool(people) + ["machine-generated"] * bool(machines)
    assert head["annotations_creators"] == creators


def check_body(folder: Path, text: str) -> None:
    """Each block of the card against what it has to say; a digit in any other block is a fault."""
    manifest = read_manifest(folder)
    count = Recount(folder, manifest)
    drawn = count.bars()
    tables = {tuple(rows[0]): rows for rows in expected_tables(count) if rows}
    said = {*expected_lines(count)}
    pictures = dict(drawn)
    for block in blocks(text):
        if block.startswith("|"):
            rows = [[plain(c) for c in split_row(line)] for line in block.splitlines()]
            del rows[1]
            wanted = tables.pop(tuple(rows[0]), None)
            assert wanted is not None, f"a table that nobody counted: {rows[0]}"
            assert rows == [[one_line(cell) for cell in row] for row in wanted]
        elif block.startswith("!["):
            found = re.fullmatch(r"!\[(.*)\]\(assets/(\w+)\.svg\)", block, re.DOTALL)
            assert found
            title, bars = pictures.pop(found[2])
            assert plain(found[1]) == alt(title, bars)
        elif block.startswith("```bibtex"):
            check_citation(block, count)
        elif block.startswith("```python"):
            assert set(re.findall(r"\d+\.\d+\.\d+", block)) == {manifest.version}
            assert not re.search(r"\d", block.replace(manifest.version, ""))
        else:
            for line in block.splitlines():
                shown = plain(line)
                if shown in said:
                    said.remove(shown)
                else:
                    unnamed = re.sub(r"\b(IOB2|F1)\b", "", shown)
                    assert not re.search(r"\d", unnamed), f"a number nobody counted: {shown}"
    assert (tables, pictures, said) == ({}, {}, set())


def blocks(text: str) -> list[str]:
    """The paragraphs, tables and fenced code of a card's body."""
    parts = re.split(r"(```.*?```)", text.split("\n---\n", 1)[1], flags=re.DOTALL)
    found = [[part] if part.startswith("```") else part.split("\n\n") for part in parts]
    return [block.strip("\n") for group in found for block in group if block.strip("\n")]


def expected_tables(count: Recount) -> list[list[list[str]]]:
    known = any(count.rows("select 1 from documents where language is not null"))
    two = count.read_by_two()
    return [
        count.facts(),
        count.views(),
        count.languages(LANGUAGES) if known else [],
        count.sources() if any(count.origins()) else [],
        count.labels(),
        count.types(),
        count.roles(),
        count.relations(),
        *(count.decisions(head) for head in ("", "entity proposed as", "proposed by")),
        *((count.agreed_in_all(), count.agreed_by_pair()) if two else ()),
        *(count.agreed(sort) if two else [] for sort in ("entity", "event")),
    ]


def expected_lines(count: Recount) -> list[str]:
    manifest = count.manifest
    kinds = manifest.schema
    lines = [
        f"# {kinds.name} {manifest.version}: entities and events in text",
        f"## Labels (schema {kinds.name} {kinds.version})",
        count.lengths(),
        count.who(),
        *(f"- {gap}" for gap in count.gaps()),
        *(f"> {line}" for line in kinds.guidelines.strip().splitlines()),
    ]
    if len(manifest.splits.shares) > 1:
        lines.append(count.shares())
    if manifest.leaks:
        lines.append(f"Pairs of near-duplicates that lie in different splits: {n(manifest.leaks)}.")
    if count.type_counts():
        lines.append(count.modalities())
    if two := count.read_by_two():
        lines.append(
            f"{n(two)} documents were read by two people or more, each for themselves. The share "
            "that two readings have in common (F1): the same span and label of entities, the same "
            "trigger and type of events."
        )
    return [one_line(line) for line in lines]


def check_citation(block: str, count: Recount) -> None:
    manifest = count.manifest
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", block, re.MULTILINE))
    assert fields.pop("version") == manifest.version
    assert fields.pop("note") == f"content {manifest.content}"
    newest = count.newest()
    assert fields.pop("year", None) == (str(newest.year) if newest else None)
    assert fields.pop("title").endswith(f" {manifest.version}: entities and events in text")
    people = "select distinct agent from annotations where status = 'submitted' order by 1"
    authors = " and ".join(f"{{{who}}}" for (who,) in count.rows(people))
    assert fields.pop("author", "").replace("\\", "") == authors
    assert not fields
    first, *_, last, end = block.splitlines()[1:]
    assert first == f"@misc{{{manifest.schema.name}-{manifest.version.replace('.', '-')},"
    assert (last, end) == ("}", "```")


def check_pictures(folder: Path) -> None:
    drawn = Recount(folder, read_manifest(folder)).bars()
    assert {path.stem for path in folder.glob("assets/*")} == {*drawn}
    for name, (title, bars) in drawn.items():
        picture = ElementTree.parse(folder / "assets" / f"{name}.svg").getroot()
        assert picture.get("role") == "img"
        assert picture.findtext(f"{SVG}title") == title
        assert bare(picture.findtext(f"{SVG}desc") or "") == alt(title, bars)
        texts = picture.findall(f"{SVG}text")
        heading, *labels = [text for text in texts if text.get("class") != "n"]
        assert heading.text == title
        shown = [text.text for text in texts if text.get("class") == "n"]
        assert shown == [number for _, number, _ in bars]
        assert [label.text for label in labels] == [label for label, _, _ in bars]
        whole = 1 if name in ("acceptance", "agreement") else max(value for _, _, value in bars)
        rects = [rect for rect in picture.findall(f"{SVG}rect") if rect.get("class") == "b"]
        for rect, (_, _, value) in zip(rects, bars, strict=True):
            assert float(rect.get("width") or "") == pytest.approx(320 * value / whole, abs=0.06)
        for label in labels:
            arabic = bool(re.match(r"[^a-z]*[\u0600-\u06ff]", label.text or "", re.IGNORECASE))
            assert (label.get("direction") == "rtl") == arabic


def check_croissant(folder: Path) -> None:
    said = json.loads((folder / "croissant.json").read_text())
    manifest = read_manifest(folder)
    count = Recount(folder, manifest)
    files = {one["@id"]: one for one in said["distribution"] if one["@type"] == "cr:FileObject"}
    assert {folder / path for path in files} == {*folder.glob("*/*.parquet")}
    for path, one in files.items():
        held = (folder / path).read_bytes()
        assert one["sha256"] == sha256(held).hexdigest()
        assert one["contentSize"] == f"{len(held)} B"
        assert one["contentUrl"] == path
    sets = {one["@id"]: one["includes"] for one in said["distribution"] if "includes" in one}
    records = {one["@id"]: one for one in said["recordSet"]}
    for view in VIEWS:
        rows = count.one(f"select count(*) from {view}")
        if not rows:
            assert view not in records
            continue
        one = records.pop(view)
        assert re.findall(r"\d+", one["description"].replace("GLiNER", "")) == [str(rows)]
        assert sets.pop(f"{view}-files") == f"{view}/*.parquet"
        columns = pq.read_schema(next(folder.glob(f"{view}/*.parquet"))).names
        assert [field["name"].removeprefix(f"{view}/") for field in one["field"]] == [
            "split",
            *columns,
        ]
    assert not sets
    for ident, names in (
        ("label_id", manifest.labels.entities),
        ("type_id", manifest.labels.events),
        ("ner_tags", manifest.tags),
    ):
        data = records.pop(f"classes-of-{ident}")["data"]
        assert [tuple(row.values()) for row in data] == [*enumerate(names)]
    assert not records
    entities, events = count.entities, count.one("select count(*) from event")
    relations = count.one("select sum(len(relations)) from documents")
    assert said["description"] == (
        f"Entities and events in text: {count.documents} documents, {entities} entities, "
        f"{relations} relations, {events} events."
    )
    assert said["version"] == manifest.version
    # A citation has a test of its own; nothing else in it is a number.
    assert {"name", "citeAs", "conformsTo"} <= said.keys()


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


def alt(title: str, bars: Bars) -> str:
    return f"{title}: " + "; ".join(f"{one_line(label)} {shown}" for label, shown, _ in bars)


def split_row(line: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<!\\)\|", line)[1:-1]]


def plain(text: str) -> str:
    """What a reader sees of Markdown whose content was data."""
    return one_line(html.unescape(re.sub(r"\\([\\`*_\[\]|#~])", r"\1", bare(text))))


def bare(text: str) -> str:
    """Without the isolates, each of which has its end."""
    assert text.count("\u2068") == text.count("\u2069")
    return text.replace("\u2068", "").replace("\u2069", "")


def one_line(text: str) -> str:
    return " ".join(text.split())
