"""`curation schema`: the labels of a project, and what follows from them."""

from __future__ import annotations

from typing import Annotated

import typer

from curation.cli.console import result, result_json, say

schema = typer.Typer(help="Label schemas: list, show, check, and what follows from them.")

Name = Annotated[str, typer.Argument(help="A shipped schema's name, or the path of a .toml file.")]


@schema.command("list")
def list_() -> None:
    """The schemas that ship with the package."""
    from curation.store import load_schema, schema_names

    for name in schema_names():
        found = load_schema(name)
        result(
            f"{name}  {found.version}  {len(found.entities)} entity types, "
            f"{len(found.events)} event types, {len(found.roles)} roles"
        )


@schema.command()
def show(
    name: Name = "news",
    as_json: Annotated[bool, typer.Option("--json", help="The whole schema as JSON.")] = False,
) -> None:
    """The labels of a schema, with what they mean."""
    from curation.store import load_schema

    found = load_schema(name)
    if as_json:
        result_json(found)
        return
    for title, kinds in (
        ("entities", found.entities),
        ("relations", found.relations),
        ("roles", found.roles),
        ("events", found.events),
    ):
        if kinds:
            result(f"{title}:")
        for kind in kinds:
            example = getattr(kind, "example", "")
            result(f"  {kind.name:12} {kind.description}" + (f": {example}" if example else ""))


@schema.command()
def check(name: Name = "news") -> None:
    """Whether a schema is sound.

    Exits 1 and says what is wrong if it is not.
    """
    from curation.store import load_schema

    found = load_schema(name)
    say(f"schema {found.name} {found.version} is sound")


@schema.command("label-studio")
def label_studio(name: Name = "news") -> None:
    """The labelling configuration for Label Studio.

    It is what `review push` makes.
    """
    from curation.review import label_config
    from curation.store import load_schema

    result(label_config(load_schema(name)))


@schema.command()
def record() -> None:
    """The JSON Schema of a record.

    A record is one line of every file between two stages (schemas/record.schema.json).
    """
    from curation.model import record_schema

    result_json(record_schema())
