"""The one module that speaks Label Studio's API. It gives plain structs and dicts.

Requests that change something are never repeated here: a commit whose reply was lost would be
done twice. Whoever sends them looks at what is there and goes on from that.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from curation.errors import CurationError, ReviewError, ServerUnavailable, UsageError
from curation.review.project import Imported, Project, Task

T = TypeVar("T")

#: How many tasks a request lists, and how many an export request asks for.
LIST_PAGE, EXPORT_PAGE = 2000, 100
#: Seconds. An import of a full batch takes seconds on a quiet machine, more on a busy one.
_TIMEOUT = 300
_DRAFTS = json.dumps(
    {
        "filters": {
            "conjunction": "and",
            "items": [
                {
                    "filter": "filter:tasks:draft_exists",
                    "operator": "equal",
                    "type": "Boolean",
                    "value": True,
                }
            ],
        }
    }
)


class LabelStudio:
    """A server that lets us in. Use it as a context manager.

    Raises: ServerUnavailable if nothing answers at `url` or the key is not accepted.
    """

    def __init__(self, url: str, api_key: str) -> None:
        import httpx
        from label_studio_sdk import LabelStudio as Client

        self.url = url.rstrip("/")
        # A proxy of the environment has no business with this machine.
        local = (urlsplit(self.url).hostname or "") in ("localhost", "127.0.0.1", "::1")
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=True, trust_env=not local)
        self._once: Any = {"max_retries": 0, "timeout_in_seconds": _TIMEOUT}
        try:
            self._client: Any = Client(
                base_url=self.url, api_key=api_key, httpx_client=self._http, timeout=_TIMEOUT
            )
            self.login: str = self._call(lambda: self._client.users.whoami().email)
        except BaseException:
            self._http.close()
            raise

    def __enter__(self) -> LabelStudio:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def project(self, title: str) -> Project | None:
        """The project of exactly this title, or None. White space around a title is none of it:
        the server takes it away.

        Raises: ReviewError if there are several.
        """
        title = title.strip()
        found = [
            p for p in self._call(lambda: list(self._client.projects.list())) if p.title == title
        ]
        if len(found) > 1:
            raise ReviewError(
                f"{len(found)} projects are called {title!r}: numbers "
                + ", ".join(str(p.id) for p in found),
                hint="Rename all but one in Label Studio.",
            )
        return self._project(found[0].id) if found else None

    def _project(self, number: int) -> Project:
        p = self._call(lambda: self._client.projects.get(number))
        return Project(
            p.id, p.title, p.created_at.isoformat(), p.label_config or "", p.model_version or ""
        )

    def create_project(self, title: str, config: str, instructions: str) -> Project:
        """A new project whose reviewers see the proposals and the instructions.

        Raises: UsageError for a title that the server does not take.
        """
        if not 3 <= len(title.strip()) <= 50:
            raise UsageError(
                f"{title!r} can not be a project's name",
                hint="Label Studio takes 3 to 50 characters.",
            )
        made = self._call(
            lambda: self._client.projects.create(
                title=title,
                label_config=config,
                expert_instruction=instructions,
                show_instruction=True,
                show_collab_predictions=True,
                request_options=self._once,
            )
        )
        return self._project(made.id)

    def configure(self, project: int, config: str, instructions: str) -> None:
        """Replace a project's labelling configuration and instructions."""
        self._call(
            lambda: self._client.projects.update(
                project, label_config=config, expert_instruction=instructions
            )
        )

    def ask(self, project: int, annotators: int) -> None:
        """Give each task to this many people, where they label as tasks come."""
        self._call(lambda: self._client.projects.update(project, maximum_annotations=annotators))

    def show_predictions(self, project: int, model_version: str) -> None:
        """Show reviewers the predictions of this model version: with another one set, the page
        opens without them and an untouched submission would look like "everything removed"."""
        self._call(
            lambda: self._client.projects.update(
                project, model_version=model_version, show_collab_predictions=True
            )
        )

    def tasks(self, project: int) -> Iterator[Task]:
        """Every task of a project, by number."""
        include = "id,data,updated_at,total_annotations,cancelled_annotations,total_predictions"
        for t in self._listed(project, include=include):
            yield Task(
                t.id,
                t.data,
                t.updated_at.isoformat(),
                t.total_annotations or 0,
                t.cancelled_annotations or 0,
                t.total_predictions or 0,
            )

    def with_drafts(self, project: int) -> set[int]:
        """The numbers of the tasks where somebody has unsaved work: saving a draft does not move
        a task's `updated_at`."""
        return {t.id for t in self._listed(project, include="id", query=_DRAFTS)}

    def _listed(self, project: int, **options: str) -> Iterator[Any]:
        pages = self._call(
            lambda: self._client.tasks.list(
                project=project, fields="task_only", page_size=LIST_PAGE, **options
            )
        )
        tasks = iter(pages)
        while (task := self._call(lambda: next(tasks, None))) is not None:
            yield task

    def import_tasks(self, project: int, tasks: Sequence[dict[str, Any]]) -> Imported:
        """Send tasks, once. After a ServerUnavailable they may be there or not."""
        reply = self._call(
            lambda: self._client.projects.import_tasks(
                project, request=tasks, return_task_ids=True, request_options=self._once
            )
        )
        return Imported(reply.task_count or 0, reply.prediction_count or 0)

    def import_predictions(self, project: int, rows: Sequence[dict[str, Any]]) -> None:
        """Add predictions (`task`, `result`, `model_version`, `score`) to tasks that are there."""
        self._call(
            lambda: self._client.projects.import_predictions(
                project, request=rows, request_options=self._once
            )
        )

    def predictions(self, task: int) -> list[dict[str, Any]]:
        """The predictions of a task, oldest first."""
        found = self._call(lambda: self._client.predictions.list(task=task))
        return sorted((p.model_dump(mode="json") for p in found), key=lambda p: p["id"])

    def delete_predictions(self, task: int) -> None:
        """Remove a task's predictions; what people made of them stays."""
        for prediction in self.predictions(task):
            number = prediction["id"]
            self._call(lambda number=number: self._client.predictions.delete(number))

    def delete_task(self, task: int) -> None:
        """Remove a task with all that belongs to it."""
        self._call(lambda: self._client.tasks.delete(str(task)))

    def update_data(self, task: int, data: dict[str, Any]) -> None:
        """Replace a task's data."""
        self._call(lambda: self._client.tasks.update(str(task), data=data))

    def export(self, project: int, tasks: Sequence[int]) -> list[dict[str, Any]]:
        """These tasks as the server's raw JSON export has them: everybody's annotations and
        drafts, in the order asked for."""
        numbers = [str(number) for number in tasks]
        body = self._call(
            lambda: b"".join(
                self._client.projects.exports.download_sync(
                    project,
                    download_all_tasks=True,
                    export_type="JSON",
                    # The SDK's own `ids` is sent under a name that the server does not read.
                    request_options={"additional_query_parameters": {"ids[]": numbers}},
                )
            )
        )
        found = {t["id"]: t for t in msgspec.json.decode(body, type=list[dict[str, Any]])}
        return [found[number] for number in tasks if number in found]

    def users(self) -> dict[int, str]:
        """Everybody's login (e-mail) by number."""
        return {u.id: u.email for u in self._call(lambda: self._client.users.list())}

    def create_user(self, login: str, password: str) -> int:
        """A new user; returns the number."""
        return self._call(
            lambda: (
                self._client.users.create(
                    username=login, email=login, password=password, request_options=self._once
                ).id
            )
        )

    def annotate(self, task: int, body: dict[str, Any]) -> int:
        """A new annotation, as a reviewer's page would send it; returns its number."""
        return self._call(
            lambda: self._client.annotations.create(task, request_options=self._once, **body).id
        )

    def update_annotation(self, annotation: int, body: dict[str, Any]) -> None:
        """Change an annotation in place, as a reviewer's page would."""
        self._call(
            lambda: self._client.annotations.update(annotation, request_options=self._once, **body)
        )

    def _call(self, request: Callable[[], T]) -> T:
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            return request()
        except httpx.HTTPError as fault:
            raise ServerUnavailable(
                f"{self.url} does not answer: {fault}",
                hint="Start the local server with `curation review serve`, or give --url.",
            ) from fault
        except ApiError as fault:
            raise self._refusal(fault.status_code, fault.body) from fault

    def _refusal(self, status: int | None, body: Any) -> CurationError:
        if status in (401, 403):
            return ServerUnavailable(
                f"{self.url} does not accept the key ({status})",
                hint="Set LABEL_STUDIO_API_KEY to an access token of your account there.",
            )
        said = str(body)[:500]
        if status is None or status >= 500:
            return ServerUnavailable(f"{self.url} failed ({status}): {said}")
        return ReviewError(f"{self.url} refused the request ({status}): {said}")


def moment(text: str) -> datetime.datetime:
    """A time as the server writes it."""
    return datetime.datetime.fromisoformat(text)
