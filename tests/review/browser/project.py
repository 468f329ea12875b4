"""A project that people review in a browser, pushed and pulled with our own commands."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from curation.cli import main
from curation.model import Annotation, Record
from curation.review import LabelStudio
from curation.store import read, write
from tests.conftest import Running


class Said(NamedTuple):
    """A reading as (status, entities, events), without ids."""

    status: str
    entities: set[tuple[str, str, int, int]]
    events: set[tuple[str, str, frozenset[tuple[str, str]]]]


def said(annotation: Annotation) -> Said:
    where = {e.id: e.text for e in annotation.entities}
    return Said(
        annotation.status,
        {(e.label, e.text, e.start, e.end) for e in annotation.entities},
        {
            (v.type, v.trigger.text, frozenset((a.role, where[a.entity]) for a in v.arguments))
            for v in annotation.events
        },
    )


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    assert not stop.value.code


class Project:
    """A project on the real server, pushed and pulled with our own commands."""

    def __init__(
        self, studio: Running, server: LabelStudio, folder: Path, records: list[Record]
    ) -> None:
        name = f"browser {folder.name}"
        self.at = ("--project", name, "--data", studio.folder)
        self.file = folder / "proposed.jsonl"
        self.reviewed = folder / "reviewed.jsonl"
        write(self.file, records)
        run("review", "push", self.file, *self.at)
        found = server.project(name)
        assert found is not None
        self.number = found.id
        self.tasks = {task.data["doc_id"]: task.id for task in server.tasks(found.id)}

    def pull(self) -> dict[str, Said]:
        """The people's readings, by document; documents that nobody touched are left out."""
        run("review", "pull", *self.at, "-o", self.reviewed)
        return {
            record.document.id: said(annotation)
            for record in read(self.reviewed, Record)
            for annotation in record.annotations
            if annotation.by.kind == "human"
        }
