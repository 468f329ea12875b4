"""`croissant.json`: a version for programs that read Croissant 1.1 (http://mlcommons.org/croissant/1.1):
every file of rows with its SHA-256, and the fields of every view, from the same features as the
card's head.

`url` and `datePublished`, which the specification also asks for, are not in it: a version knows
neither where it will lie nor a clock, so that the same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import msgspec

from curation.publish.card.citing import citation
from curation.publish.counts.languages import base_codes
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest
from curation.publish.views.features import VIEWS, Labels, features

CROISSANT = "croissant.json"

Json = dict[str, Any]

#: The context of the specification, word for word.
_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "string": "sc:Text",
    "bool": "sc:Boolean",
    "int32": "cr:Int32",
    "float64": "cr:Float64",
    "date32": "sc:Date",
    "timestamp[us, tz=UTC]": "sc:DateTime",
}
_PARQUET = "application/x-parquet"
#: What a row of each view is of.
_ROWS = {
    "documents": "a document and its published reading",
    "tokens": "a document as words and tags",
    "spans": "an entity or a trigger, with the text around it",
    "annotations": "a reading of a document by one author",
    "ledger": "a decision about a proposal",
    "gliner": "a document as GLiNER trains on it",
}


def croissant(manifest: Manifest, counted: Statistics) -> bytes:
    """The bytes of `croissant.json` of a version folder."""
    held = {
        view: sum(part.rows for part in splits.values()) for view, splits in manifest.views.items()
    }
    views = [view for view in VIEWS if held[view]]
    counts, name = manifest.counts, manifest.schema.name
    people = sorted(counted.authors.get("submitted", {}))
    said: Json = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": name,
        "description": f"Entities and events in text: {counts['documents']} documents, "
        f"{counts['entities']} entities, {counts['relations']} relations, "
        f"{counts['events']} events.",
        "version": manifest.version,
        "license": manifest.license,
        "creator": [{"@type": "sc:Person", "name": who} for who in people],
        "dateModified": manifest.newest,
        "inLanguage": base_codes(counted.languages),
        "citeAs": citation(manifest, counted),
        "isLiveDataset": False,
        "distribution": [*_files(manifest), *(_file_set(view) for view in views)],
        "recordSet": [
            *_classes(manifest.labels),
            *(_records(view, manifest, held[view]) for view in views),
        ],
    }
    known = {key: value for key, value in said.items() if value not in (None, [])}
    return msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n"


def _files(manifest: Manifest) -> Iterator[Json]:
    for file in manifest.files:
        yield {
            "@type": "cr:FileObject",
            "@id": file.path,
            "name": file.path,
            "contentUrl": file.path,
            "contentSize": f"{file.size} B",
            "encodingFormat": _PARQUET,
            "sha256": file.sha256,
        }


def _file_set(view: str) -> Json:
    return {
        "@type": "cr:FileSet",
        "@id": f"{view}-files",
        "name": f"{view}-files",
        "encodingFormat": _PARQUET,
        "includes": f"{view}/*.parquet",
    }


def _records(view: str, manifest: Manifest, rows: int) -> Json:
    columns = features(view, manifest.labels)
    splits = "|".join(manifest.views[view])
    split: Json = {
        "@type": "cr:Field",
        "@id": f"{view}/split",
        "name": "split",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": f"{view}-files"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": f"{view}/({splits})-.+"},
        },
    }
    deep: list[str] = []
    fields = [_field(view, (name,), kind, deep) for name, kind in columns.items()]
    more = f" The files also hold {', '.join(deep)}, which no field can reach." if deep else ""
    return {
        "@type": "cr:RecordSet",
        "@id": view,
        "name": view,
        "description": f"{rows} rows, each {_ROWS[view]}.{more}",
        "field": [split, *fields],
    }


def _field(
    view: str, path: tuple[str, ...], kind: Any, deep: list[str], *, listed: bool = False
) -> Json:
    """One column, or what stands at a path in it; `kind` is its feature, and `listed` says that it
    stands in a list. A list of objects in a list of objects has no field (mlcroissant 1.1 follows
    one list only, and reads no row of a record set that names two): its path is added to `deep`.
    """
    depth = 0
    while hasattr(kind, "feature"):  # a List
        kind, depth = kind.feature, depth + 1
    name = "/".join((view, *path))
    source: Json = {"fileSet": {"@id": f"{view}-files"}, "extract": {"column": path[0]}}
    if path[1:]:
        source["transform"] = [{"jsonPath": step} for step in path[1:]]
    field: Json = {"@type": "cr:Field", "@id": name, "name": name}
    if depth:
        field |= {"isArray": True, "arrayShape": ",".join(["-1"] * depth)}
    if isinstance(kind, dict):
        inside = listed or depth > 0
        inner: list[Json] = []
        for key, of in cast("dict[str, Any]", kind).items():
            if inside and isinstance(getattr(of, "feature", None), dict):
                deep.append("/".join((*path, key)))
            else:
                inner.append(_field(view, (*path, key), of, deep, listed=inside))
        return field | {"subField": inner}
    classes = hasattr(kind, "names")
    about = {"description": "The id of a class; nothing where there is none."}
    return {
        **field,
        **(about if classes else {}),
        "dataType": "cr:Int64" if classes else _TYPES[kind.dtype],
        "source": source,
    }


def _classes(labels: Labels) -> Iterator[Json]:
    """What the ids of classes stand for, a record set each."""
    for name, names in (
        ("label_id", labels.entities),
        ("type_id", labels.events),
        ("ner_tags", labels.ner_tags),
    ):
        if not names:
            continue
        ident = f"classes-of-{name}"
        fields: list[Json] = [
            {"@type": "cr:Field", "@id": f"{ident}/{key}", "name": key, "dataType": of}
            for key, of in (("id", "cr:Int64"), ("name", "sc:Text"))
        ]
        yield {
            "@type": "cr:RecordSet",
            "@id": ident,
            "name": ident,
            "dataType": "sc:Enumeration",
            "key": {"@id": f"{ident}/id"},
            "field": fields,
            "data": [{f"{ident}/id": at, f"{ident}/name": one} for at, one in enumerate(names)],
        }
