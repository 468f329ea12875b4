"""Run ingest to its end, and show what came out and what was refused."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from curation.errors import DataError
from curation.ingest import Options, ingest
from curation.model import Document, Record
from curation.store import Rejects


class Kept(Rejects):
    """Refusals, kept in memory."""

    def __init__(self) -> None:
        super().__init__("-")
        self.errors: list[DataError] = []
        self.contents: list[str | bytes] = []

    def add(self, error: DataError, content: str | bytes = "") -> None:
        super().add(error, content)
        self.errors.append(error)
        self.contents.append(content)


def read_records(*paths: Path | str, **options: Any) -> tuple[list[Record], Kept]:
    """Every record in these paths, and the refusals. Nothing is guessed about the language."""
    rejects = Kept()
    options = {"language": "und"} | options
    found = ingest([str(path) for path in paths], Options(**options), rejects)
    return list(found), rejects


def read_documents(*paths: Path | str, **options: Any) -> tuple[list[Document], Kept]:
    """The documents of the records, which have no reading, and the refusals."""
    records, rejects = read_records(*paths, **options)
    assert all(record.annotations == () for record in records)
    return [record.document for record in records], rejects


def one(*paths: Path | str, **options: Any) -> Document:
    """The one document in these paths, when nothing is refused."""
    documents, rejects = read_documents(*paths, **options)
    assert [str(error) for error in rejects.errors] == []
    (document,) = documents
    return document


def refusal(*paths: Path | str, **options: Any) -> DataError:
    """The one refusal of these paths, in which nothing else is."""
    documents, rejects = read_documents(*paths, **options)
    assert documents == []
    (error,) = rejects.errors
    return error


def ids(documents: Iterable[Document]) -> list[str]:
    return [document.id for document in documents]
