"""A document as the `data` of a task, and back."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from curation.errors import MalformedRecord
from curation.model import Document, document_id
from curation.wire.shapes import WireTask, read_item
from curation.wire.units import fits


def data_of(document: Document) -> dict[str, Any]:
    """The data of a task: the text, who it is, and what it has beside."""
    data: dict[str, Any] = {"text": document.text, "doc_id": document.id}
    for name in ("language", "source"):
        if value := getattr(document, name):
            data[name] = value
    if document.published:
        data["published"] = document.published.isoformat()
    if document.meta:
        data["meta"] = document.meta
    return data


def text_of(task: WireTask) -> str:
    """The text that a task shows: `data.text`, else the field named like the Text control, else
    the only one that its spans fit.

    Raises: MalformedRecord if it can not be told.
    """
    data = task.data
    if isinstance(data.get("text"), str):
        return data["text"]
    items = [
        read_item(raw, i)
        for annotation in task.annotations
        for i, raw in enumerate(annotation.result)
        if isinstance(raw, dict) and cast("dict[str, Any]", raw).get("type") != "relation"
    ]
    for name in sorted({item.to_name for item in items}):
        if isinstance(data.get(name), str):
            return data[name]
    fields = [value for value in data.values() if isinstance(value, str)]
    spans = [(*i.offsets, i.shown) for i in items if i.offsets and i.shown]
    fitting = [text for text in fields if spans and all(fits(text, *span) for span in spans)]
    chosen = fitting if len(fields) > 1 else fields
    if len(chosen) != 1:
        raise MalformedRecord(
            f"task {task.id}: which field of its data is the text?",
            field="$.data",
            hint="Name the field `text`.",
        )
    return chosen[0]


def document_of(task: WireTask, text: str) -> str:
    """The id of a task's document: `data.doc_id`, `data.id`, else a hash of the text."""
    given = task.data.get("doc_id") or task.data.get("id")
    return str(given) if given is not None and given != "" else document_id(text)


def made_document(task: WireTask, ident: str, text: str) -> Document:
    """The document of a task, with what its data has beside the text."""
    known = {n: task.data.get(n) for n in ("language", "source", "published", "meta")}
    try:
        return msgspec.convert(
            {"id": ident, "text": text} | {n: v for n, v in known.items() if v}, Document
        )
    except msgspec.ValidationError:
        # A project of somebody else's gives these names to other things.
        return Document(ident, text)
