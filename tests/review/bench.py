"""A project on a real server, and what people do in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from curation.model import Annotation, Record, Schema
from curation.review import Home, LabelStudio, open_desk, pull, push
from curation.review.desk import Desk
from curation.review.exports import Report
from curation.review.listing import listing
from curation.store import Reject, Rejects, read
from tests.conftest import Running
from tests.review.samples import SCHEMA


class Bench:
    """A project with some documents, and a file that it is pulled into."""

    def __init__(
        self,
        studio: Running,
        server: LabelStudio,
        home: Home,
        title: str,
        folder: Path,
        records: list[Record],
        schema: Schema = SCHEMA,
    ) -> None:
        self.studio, self.server, self.home, self.title = studio, server, home, title
        self.schema = schema
        self.output = folder / "reviewed.jsonl"
        self.desk = open_desk(server, home, title, schema)
        with Rejects(folder / "push.jsonl") as rejects:
            push(self.desk, records, schema, rejects)

    def task(self, number: int) -> int:
        return listing(self.server, self.desk.project)[f"doc-{number}"].tasks[0]

    def draft(self, number: int, body: dict[str, Any]) -> int:
        """Unsaved work, as the page keeps it."""
        reply = httpx.post(
            f"{self.studio.local.url}/api/tasks/{self.task(number)}/drafts",
            headers={"Authorization": f"Token {self.studio.local.token}"},
            json={"lead_time": 1.0, **body},
        )
        return int(reply.raise_for_status().json()["id"])

    def drop_draft(self, number: int) -> None:
        httpx.delete(
            f"{self.studio.local.url}/api/drafts/{number}",
            headers={"Authorization": f"Token {self.studio.local.token}"},
        ).raise_for_status()

    def submit(self, number: int, body: list[dict[str, Any]], **rest: Any) -> None:
        self.server.annotate(self.task(number), {"result": body, "was_cancelled": False, **rest})

    def pull(self, desk: Desk | None = None, *, full: bool = False) -> Report:
        with Rejects(self.output) as rejects:
            return pull(desk or self.desk, self.schema, self.output, rejects, full=full)

    def records(self) -> dict[str, Record]:
        return {r.document.id: r for r in read(self.output, Record)}

    def human(self, number: int) -> list[Annotation]:
        made = self.records()[f"doc-{number}"].annotations
        return [a for a in made if a.by.kind == "human"]

    def rejected(self) -> list[Reject]:
        path = self.output.with_name(self.output.name + ".rejects.jsonl")
        return list(read(path, Reject)) if path.exists() else []

    def reasons(self) -> list[str]:
        return [reject.reason for reject in self.rejected()]
