"""How data lies on disk: JSONL streams, atomic files, refusals, shipped resources."""

from curation.store.atomic import new_part, replacing, sync_folder
from curation.store.jsonl import Line, read, read_at, read_line, read_lines, write, writer
from curation.store.lookup import Lookup
from curation.store.rejects import Reject, Rejects, rejects_path
from curation.store.schemas import DEFAULT, load_schema, schema_names
from curation.store.shipped import shipped
from curation.store.streams import STREAM, opened, written

__all__ = [
    "DEFAULT",
    "STREAM",
    "Line",
    "Lookup",
    "Reject",
    "Rejects",
    "load_schema",
    "new_part",
    "opened",
    "read",
    "read_at",
    "read_line",
    "read_lines",
    "rejects_path",
    "replacing",
    "schema_names",
    "shipped",
    "sync_folder",
    "write",
    "writer",
    "written",
]
