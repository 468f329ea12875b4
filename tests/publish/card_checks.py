"""What a card says, its head, tables, sentences and pictures, against the rows beside it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import yaml

from curation.publish import verify
from curation.publish.shelf.manifest import read_manifest
from tests.publish.counting import Bars, n
from tests.publish.croissant_checks import check_croissant
from tests.publish.recount import Recount

LANGUAGES = {
    "ar": "Arabic (ar)",
    "ar-EG": "Arabic (ar-EG)",
    "fr": "French (fr)",
    "en": "English (en)",
    "qqq": "qqq",
    "": "not known",
}
SVG = "{http://www.w3.org/2000/svg}"


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
