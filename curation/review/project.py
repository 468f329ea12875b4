"""What a server tells of a project: itself, its tasks, and what it took of an import."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Project(Struct, frozen=True):
    """A project of the server. `created_at` tells it from another one that got its number."""

    id: int
    title: str
    created_at: str
    config: str
    model_version: str


class Task(Struct, frozen=True):
    """A task as it is listed, without what people did to it."""

    id: int
    data: dict[str, Any]
    updated_at: str
    submitted: int
    skipped: int
    predictions: int


class Imported(Struct, frozen=True):
    """What the server says it took of one import."""

    tasks: int
    predictions: int
