"""The views that show what readings say: `annotations` all of them, `documents` and `spans` the
published one, whose entities and events are taken from there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import msgspec

from curation.model import Document
from curation.publish.views.columns import array_of, column, each, lists_of
from curation.publish.views.features import Labels
from curation.publish.views.rows import Published, source_of

#: Code points of a text that a row of `spans` shows before and after its span.
CONTEXT = 80

#: What a reading says.
_SAID = ("entities", "relations", "events")


def annotations_table(items: Sequence[Published], schema: Any, labels: Labels) -> Any:
    """A row for each reading of each document, in their order."""
    import pyarrow as pa

    arrow: Any = pa
    readings = [reading for item in items for reading in item.record.annotations]
    sources = [source_of(reading) for reading in readings]
    places = [(item, at) for item in items for at in range(len(item.record.annotations))]
    values: dict[str, list[Any]] = {
        "document": [item.document.id for item, _ in places],
        "reading": [at for _, at in places],
        "published": [at == item.at for item, at in places],
        **{name: each(readings, name) for name in _SAID},
    }
    values |= {name: each(sources, name) for name in schema.names if name not in values}
    columns = [array_of(values[field.name], field.type, labels) for field in schema]
    return arrow.Table.from_arrays(columns, schema=schema)


def documents_table(
    items: Sequence[Published], annotations: Any, schema: Any, labels: Labels
) -> Any:
    """A row for each document; `annotations` is the table of their readings."""
    import pyarrow as pa

    arrow: Any = pa
    sizes = [len(item.record.annotations) for item in items]
    begins = accumulate(sizes, initial=0)
    at = arrow.array([begin + item.at for item, begin in zip(items, begins, strict=False)], "int64")
    published = {name: column(annotations, name).take(at) for name in _SAID}
    published["provenance"] = _provenance(annotations, at, sizes, schema.field("provenance").type)
    documents = [item.document for item in items]
    columns = [
        published[field.name]
        if field.name in published
        else array_of(_told(documents, field.name), field.type, labels)
        for field in schema
    ]
    return arrow.Table.from_arrays(columns, schema=schema)


def _told(documents: Sequence[Document], name: str) -> list[Any]:
    told = each(documents, name)
    if name != "meta":
        return told
    return [msgspec.json.encode(meta, order="deterministic").decode() for meta in told]


def _provenance(annotations: Any, at: Any, sizes: Sequence[int], kind: Any) -> Any:
    """Who made the published reading, and who made those that stand in the record."""
    import pyarrow as pa

    arrow: Any = pa
    one = kind.field("readings").type.value_type
    who = [column(annotations, field.name) for field in one]
    all_of_them = lists_of(
        sizes,
        arrow.StructArray.from_arrays(who, fields=list(one)),
        kind.field("readings").type,
    )
    columns = [*(column.take(at) for column in who), all_of_them]
    return arrow.StructArray.from_arrays(columns, fields=list(kind))


def spans_table(items: Sequence[Published], documents: Any, schema: Any) -> Any:
    """For each document a row for each entity, then one for each event, with the text around it;
    `documents` is their table."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    arrow: Any = pa
    compute: Any = pc
    entities, events = (column(documents, name) for name in ("entities", "events"))
    parents = [compute.list_parent_indices(one).to_numpy() for one in (entities, events)]
    entity, event = entities.flatten(), events.flatten()
    trigger = event.field("trigger")
    order = arrow.array(np.argsort(np.concatenate(parents), kind="stable"))
    sides = {
        "document": [column(documents, "id").take(arrow.array(one)) for one in parents],
        "kind": [
            arrow.repeat(kind, len(rows)) for kind, rows in (("entity", entity), ("trigger", event))
        ],
        "id": [entity.field("id"), event.field("id")],
        "text": [entity.field("text"), trigger.field("text")],
        "start": [entity.field("start"), trigger.field("start")],
        "end": [entity.field("end"), trigger.field("end")],
        "label": [entity.field("label"), event.field("type")],
        "label_id": [entity.field("label_id"), None],
        "type_id": [None, event.field("type_id")],
        "value": [entity.field("value"), None],
        "score": [entity.field("score"), event.field("score")],
    }
    around = dict(zip(("before", "after"), _around(items), strict=True))
    columns: list[Any] = []
    for field in schema:
        if field.name in around:
            columns.append(arrow.array(around[field.name], field.type))
            continue
        parts = [
            arrow.nulls(len(rows), field.type) if part is None else part
            for part, rows in zip(sides[field.name], (entity, event), strict=True)
        ]
        columns.append(arrow.concat_arrays(parts).take(order))
    return arrow.Table.from_arrays(columns, schema=schema)


def _around(items: Sequence[Published]) -> tuple[list[str], list[str]]:
    """The text before and the text after each entity, then each event, of each document."""
    before: list[str] = []
    after: list[str] = []
    for item in items:
        text, reading = item.document.text, item.reading
        for span in (*reading.entities, *(event.trigger for event in reading.events)):
            before.append(text[max(0, span.start - CONTEXT) : span.start])
            after.append(text[span.end : span.end + CONTEXT])
    return before, after
