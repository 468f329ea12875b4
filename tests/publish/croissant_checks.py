"""What `croissant.json` says of a version, against the files and rows beside it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq

from curation.publish.shelf.manifest import read_manifest
from tests.publish.counting import VIEWS
from tests.publish.recount import Recount


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
