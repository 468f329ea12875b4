"""`curation doctor`: what is installed, what is missing and how to get it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Annotated, Literal

import msgspec
import typer

from curation.cli.console import result, result_json

State = Literal["ok", "missing", "broken"]

REQUIRED = ("spacy", "datasets", "jsonlines", "label-studio-sdk", "msgspec", "ahocorasick-rs")
EXTRAS = {
    "label-studio": "labelstudio",
    "ray": "ray",
    "torch": "transformers",
    "transformers": "transformers",
    "gliner": "gliner",
    "spacy-llm": "llm",
    "dkpro-cassis": "uima",
}


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `fix` says what to do where it is not ok; `needed` whether
    the journey stops without it."""

    what: str
    state: State
    detail: str = ""
    fix: str = ""
    needed: bool = True


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Say what is installed, what is missing and how to get it.

    Also whether a review server answers.
    """
    findings = list(examine())
    if as_json:
        result_json(findings)
    else:
        marks = {"ok": "ok", "missing": "--", "broken": "!!"}
        for finding in findings:
            result(f"{marks[finding.state]}  {finding.what}: {finding.detail}")
            if finding.fix:
                result(f"      {finding.fix}")
    if any(finding.needed and finding.state != "ok" for finding in findings):
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Look at everything, in the order of the journey."""
    python = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info < (3, 14)
    fix = "" if fits else "Use Python 3.11, 3.12 or 3.13."
    yield Finding("python", "ok" if fits else "broken", python, fix)
    for name in REQUIRED:
        yield _package(name, "pip install --force-reinstall curation", needed=True)
    for name, extra in EXTRAS.items():
        yield _package(name, f"pip install 'curation[{extra}]'", needed=False)
    yield from _schemas()
    yield from _annotators()
    yield from _server()


def _package(name: str, fix: str, *, needed: bool) -> Finding:
    try:
        return Finding(name, "ok", metadata.version(name), needed=needed)
    except metadata.PackageNotFoundError:
        detail = "not installed" if needed else "not installed (optional)"
        return Finding(name, "missing", detail, fix, needed)


def _schemas() -> Iterator[Finding]:
    from curation.errors import CurationError
    from curation.store import load_schema, schema_names

    for name in schema_names():
        try:
            schema = load_schema(name)
        except CurationError as error:
            yield Finding(f"schema {name}", "broken", error.message, error.hint)
        else:
            labels = f"{len(schema.entities)} entity types, {len(schema.events)} event types"
            yield Finding(f"schema {name}", "ok", f"{schema.version}, {labels}")


def _annotators() -> Iterator[Finding]:
    from curation.annotate import known

    names = sorted(known())
    fix = "" if names else "Install the package again: pip install --force-reinstall curation"
    yield Finding("annotators", "ok" if names else "broken", ", ".join(names), fix)


def _server() -> Iterator[Finding]:
    from curation.errors import CurationError
    from curation.review import connect

    try:
        server, _ = connect()
        with server:
            yield Finding("review server", "ok", server.url, needed=False)
    except CurationError as error:
        yield Finding("review server", "missing", error.message, error.hint, needed=False)
