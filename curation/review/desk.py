"""A project of a server, and what we remember of it: where pushing, pulling and counting start."""

from __future__ import annotations

import shlex
from pathlib import Path

from msgspec import Struct

from curation.errors import ReviewError
from curation.model import Schema
from curation.review.config import differences, instructions, label_config
from curation.review.labelstudio import LabelStudio
from curation.review.project import Project
from curation.review.state import ProjectState


class Desk(Struct, frozen=True):
    """An open project."""

    server: LabelStudio
    project: Project
    state: ProjectState

    @property
    def address(self) -> str:
        """Where people review it."""
        return f"{self.server.url}/projects/{self.project.id}/data"


class Home(Struct, frozen=True):
    """What names a server in our memory, and the folder that memory lies in."""

    name: str
    root: Path


def find_desk(server: LabelStudio, home: Home, title: str) -> Desk:
    """The project of this title.

    Raises: ReviewError if there is none.
    """
    project = server.project(title)
    if project is None:
        raise ReviewError(
            f"{server.url} has no project {title!r}",
            hint=f"Make it with `curation review push FILE --project {shlex.quote(title)}`.",
        )
    return _desk(server, home, project)


def open_desk(
    server: LabelStudio,
    home: Home,
    title: str,
    schema: Schema,
    *,
    update: bool = False,
    annotators: int | None = None,
) -> Desk:
    """The project of this title, made if there is none, with the schema's configuration.
    `annotators` people are asked for each document; None leaves it (1 in a new project).

    Raises: ReviewError if it has another configuration and `update` does not allow to change it.
    """
    config = label_config(schema)
    project = server.project(title)
    if project is None:
        project = server.create_project(title, config, instructions(schema))
    elif check_config(project, schema, update=update):
        server.configure(project.id, config, instructions(schema))
    if annotators is not None:
        server.ask(project.id, annotators)
    return _desk(server, home, project)


def check_config(project: Project, schema: Schema, *, update: bool) -> bool:
    """Whether the project's configuration has to be changed to the schema's.

    Raises: ReviewError if it has to, and `update` does not allow it.
    """
    found = differences(project.config, label_config(schema))
    if found and not update:
        raise ReviewError(
            f"project {project.title!r} is not set up for schema {schema.name!r} "
            f"{schema.version}: {'; '.join(found)}",
            hint="Give --update to change it, or another --project.",
        )
    return bool(found)


def _desk(server: LabelStudio, home: Home, project: Project) -> Desk:
    state = ProjectState(home.root, home.name, project.id, project.created_at, project.title)
    return Desk(server, project, state)
