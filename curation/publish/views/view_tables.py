"""Every view of some documents, as Arrow tables; what several views show is made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curation.publish.views.columns import table_of
from curation.publish.views.features import Labels
from curation.publish.views.reading_tables import annotations_table, documents_table, spans_table
from curation.publish.views.rows import Published
from curation.publish.views.word_tables import gliner_table, tokens_table


def tables_of(
    items: Sequence[Published], labels: Labels, schemas: Mapping[str, Any]
) -> dict[str, Any]:
    """View → its rows of these documents, in their order; `schemas` are the Arrow schemas of the
    views. The ledger's rows are what a merge wrote."""
    annotations = annotations_table(items, schemas["annotations"], labels)
    documents = documents_table(items, annotations, schemas["documents"], labels)
    tokens = tokens_table(items, schemas["tokens"], labels)
    entries = [entry for item in items for entry in item.ledger]
    return {
        "documents": documents,
        "tokens": tokens,
        "spans": spans_table(items, documents, schemas["spans"]),
        "annotations": annotations,
        "ledger": table_of(entries, schemas["ledger"], labels),
        "gliner": gliner_table(documents, tokens, schemas["gliner"]),
    }
