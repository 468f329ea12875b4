"""Text in: files, folders, tables, datasets and streams become records without readings."""

from curation.ingest.options import Format, Options
from curation.ingest.run import ingest

__all__ = ["Format", "Options", "ingest"]
