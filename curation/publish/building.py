"""The rows of a version, written to a folder and read back before anybody believes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from curation.errors import Corrupted
from curation.publish.features import VIEWS, Labels, features
from curation.publish.manifest import View
from curation.publish.rows import Published, document_row, token_row
from curation.publish.shards import Content, Writer, read_rows, sync_file
from curation.publish.statistics import Statistics
from curation.store import sync_folder


class Built(Struct, frozen=True):
    """The views that lie in a folder, the bytes each takes in Arrow, and what was counted when
    they were read back."""

    views: dict[str, View]
    sizes: dict[str, int]
    counted: Statistics


def build(folder: Path, items: Iterable[Published], labels: Labels, shards: int) -> Built:
    """Write both views of readings that come in the order of their document ids.

    Raises: Corrupted if what is read back is not what was written.
    """
    documents, tokens = (Writer(folder / view, features(view, labels), shards) for view in VIEWS)
    for item in items:
        documents.put(document_row(item, labels))
        tokens.put(token_row(item, labels))
    counted = Statistics()
    counts = {"documents": counted.add_document, "tokens": counted.add_tokens}
    views: dict[str, View] = {}
    for view, writer in zip(VIEWS, (documents, tokens), strict=True):
        paths = writer.close()
        sync_folder(folder / view)
        found = Content()
        for row in read_rows(paths):
            found.add(row)
            counts[view](row)
        if found != writer.content:
            raise Corrupted(
                f"{folder / view}: what was read back is not what was written",
                hint="The disk or pyarrow failed; nothing was published. Run it again.",
            )
        names = tuple(path.relative_to(folder).as_posix() for path in paths)
        views[view] = View(found.rows, names, found.sha256)
    return Built(views, {VIEWS[0]: documents.size, VIEWS[1]: tokens.size}, counted)


def write_text(path: Path, text: str | bytes) -> None:
    """Write a small file durably."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    sync_file(path)
