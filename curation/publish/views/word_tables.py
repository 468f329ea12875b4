"""The views that show a text as words: `tokens` with a tag a word, `gliner` with entities by their
words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from curation.publish.views.columns import array_of, column, lists_of
from curation.publish.views.features import Labels
from curation.publish.views.rows import Published
from curation.text import split_words, tag_layers


def tokens_table(items: Sequence[Published], schema: Any, labels: Labels) -> Any:
    """A row for each document: words, where they start and end in the text (code points), IOB2 tags
    of the outermost entities, and under `losses` every entity that these could not express, with
    the reason. `fine` holds what is nested, layer by layer."""
    import pyarrow as pa

    arrow: Any = pa
    names = labels.ner_tags
    ids = {name: at for at, name in enumerate(names)}
    split = [split_words(item.document.text) for item in items]
    layers = [
        tag_layers(found.starts, found.ends, item.reading.entities)
        for found, item in zip(split, items, strict=True)
    ]
    sizes = [len(found.texts) for found in split]
    tags = arrow.array([ids[tag] for tagged, *_ in layers for tag in tagged.tags], arrow.int64())
    said: dict[str, Any] = {
        "id": [item.document.id for item in items],
        "fine": [[[ids[tag] for tag in one.tags] for one in fine] for _, *fine in layers],
        "losses": [tagged.losses for tagged, *_ in layers],
    }
    inside: dict[str, Any] = {
        "tokens": [*chain.from_iterable(found.texts for found in split)],
        "starts": [*chain.from_iterable(found.starts for found in split)],
        "ends": [*chain.from_iterable(found.ends for found in split)],
        "tags": arrow.array(names, arrow.string()).take(tags),
        "ner_tags": tags,
    }
    columns = [
        array_of(said[field.name], field.type, labels)
        if field.name in said
        else lists_of(sizes, arrow.array(inside[field.name], field.type.value_type), field.type)
        for field in schema
    ]
    return arrow.Table.from_arrays(columns, schema=schema)


def gliner_table(documents: Any, tokens: Any, schema: Any) -> Any:
    """A row for each document, from the tables of `documents` and `tokens`: words, and entities by
    their first and last word (the last one included), nested ones too. Those whose edges lie inside
    a word stand under `losses`."""
    import numpy as np
    import pyarrow as pa

    arrow: Any = pa
    entities = column(documents, "entities")
    owners, entity = _owners(entities), entities.flatten()
    first, last = (
        _places(column(tokens, words), owners, entity.field(edge))
        for words, edge in (("starts", "start"), ("ends", "end"))
    )
    covered = (first >= 0) & (last >= 0)
    found = entity.filter(arrow.array(covered))
    lost = entity.filter(arrow.array(~covered))
    reason = arrow.repeat("inside a word", len(lost))
    inside = {
        "ner": (covered, [first[covered], last[covered], found.field("label")]),
        "losses": (~covered, [*map(lost.field, ("id", "label", "text")), reason]),
    }
    whole = {"id": documents["id"], "tokenized_text": tokens["tokens"]}
    columns: list[Any] = []
    for field in schema:
        if field.name in whole:
            columns.append(whole[field.name])
            continue
        which, values = inside[field.name]
        one = field.type.value_type
        parts = [arrow.array(value, kind.type) for value, kind in zip(values, one, strict=True)]
        sizes = np.bincount(owners[which], minlength=len(entities)).tolist()
        rows = arrow.StructArray.from_arrays(parts, fields=list(one))
        columns.append(lists_of(sizes, rows, field.type))
    return arrow.Table.from_arrays(columns, schema=schema)


def _places(edges: Any, owners: Any, wanted: Any) -> Any:
    """Which word of its document each wanted edge (a code point) is of: -1 if it is of none."""
    import numpy as np

    numpy: Any = np
    # One number for document and code point, so that the edges of all documents are in order.
    there = (_owners(edges) << 32) + edges.flatten().to_numpy()
    keys = (owners << 32) + wanted.to_numpy()
    at = numpy.searchsorted(there, keys)
    held = numpy.append(there, -1)[at] == keys
    return numpy.where(held, at - edges.offsets.to_numpy()[owners], -1)


def _owners(lists: Any) -> Any:
    """The row of each value in an array of lists."""
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.list_parent_indices(lists).to_numpy()
