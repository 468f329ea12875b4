"""`curation demo`: the whole journey on the seed article, with the commands a person would type."""

from __future__ import annotations

import shlex
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curation.cli.console import result, say
from curation.errors import UsageError

if TYPE_CHECKING:
    from curation.review.server import Local

#: What an earlier demo may have left in its folder, and this one makes anew.
MADE = ("documents", "proposed", "reviewed", "agreed", "agreed.ledger", "agreed.conflicts")

#: Says that a demo made the folder, so that the next one may empty it.
MARK = ".curation-demo"

#: The readings that the scripted reviewer posts, and how the version after each is numbered.
ROUNDS = (("first-reading",), ("second-reading", "--bump", "minor"))


def demo(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="Where everything goes.")] = Path("data/runs/demo"),
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the review server open at the end.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="The review server's data (default: your data folder).")
    ] = None,
) -> None:
    """Take the seed article through every step, and show each."""
    from curation.store import shipped

    began = time.monotonic()
    _clear(out)
    project = f"demo {time.strftime('%Y-%m-%d %H:%M:%S')}"
    was_running = _server(data) is not None
    at = ["--data", str(data)] if data else []
    files = {name: str(out / f"{name}.jsonl") for name in MADE}
    dataset = str(out / "dataset")

    def run(*arguments: str) -> None:
        """Run one command of ours, as typed."""
        say(f"$ curation {shlex.join(arguments)}")
        main = context.find_root().command.main
        if code := main(args=list(arguments), prog_name="curation", standalone_mode=False):
            raise typer.Exit(code)

    _head("1. Text in: the seed article, byte for byte")
    # A copy, so that everything is in one folder, and a document's source names no installation.
    seeds = shutil.copytree(shipped("seeds", "documents"), out / "seeds", dirs_exist_ok=True)
    run("ingest", str(seeds), "-o", files["documents"])
    _head("2. Machines propose: entities and events, each with its proposers")
    run("annotate", files["documents"], "-o", files["proposed"])
    _head("3. People review, in a local Label Studio")
    run("review", "serve", *at)
    try:
        run("review", "push", files["proposed"], "--project", project, *at)
        for number, (reading, *bump) in enumerate(ROUNDS, start=1):
            _head(f"{number + 3}. Review {number}: corrections come back, a version goes out")
            _review(project, shipped("data", "demo", f"{reading}.jsonl"), data)
            run("review", "pull", "--project", project, "-o", files["reviewed"], *at)
            run("merge", files["proposed"], files["reviewed"], "-o", files["agreed"])
            run("publish", files["agreed"], dataset, *bump)
        _head("6. What the second version changed")
        run("diff", dataset, "0.1.0", "0.2.0")
        _head("7. What a training script sees")
        _show(dataset)
    finally:
        if not keep and not was_running:
            run("review", "serve", "--stop", *at)
    say()
    result(f"done in {time.monotonic() - began:.0f} seconds; everything is in {out}")
    result(f"the card:  {dataset}/README.md")
    server = _server(data)
    if keep and server is not None:
        here = f" --data {data}" if data else ""
        result(f"review it: {server.url}, project {project!r}")
        result(f"           user {server.user}, password {server.password}")
        result(
            f"then:      curation review pull --project {project!r} -o {files['reviewed']}{here}"
        )
        result(f"stop it:   curation review serve --stop{here}")
    else:
        result("next:      curation demo --keep   (review the article yourself, in the browser)")
    result("your own:  curation ingest YOUR_TEXTS -o documents.jsonl")


def _clear(out: Path) -> None:
    """Make the folder, and take out what an earlier demo left. Nobody's own files are touched."""
    if out.exists() and not (out / MARK).exists() and any(out.iterdir()):
        raise UsageError(
            f"{out} holds files that no demo made", hint="Give a new folder: --out DIR."
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()
    for name in MADE:
        (out / f"{name}.jsonl").unlink(missing_ok=True)
        (out / f"{name}.jsonl.rejects.jsonl").unlink(missing_ok=True)
    if (out / "dataset").exists():
        shutil.rmtree(out / "dataset")


def _head(title: str) -> None:
    say(f"\n{title}")


def _server(data: Path | None) -> Local | None:
    """The local server, if it runs."""
    from curation.review import local_folder
    from curation.review.server import read_local

    local = read_local(local_folder(data))
    return local if local is not None and local.pid else None


def _review(project: str, readings: Path, data: Path | None) -> None:
    """The scripted reviewer: posts a person's careful reading through Label Studio's API."""
    from curation.model import Record
    from curation.review import connect, find_desk, post_readings
    from curation.store import load_schema, read

    server, home = connect(data=data)
    with server:
        desk = find_desk(server, home, project)
        post_readings(desk, read(readings, Record), load_schema())
    say(f"a scripted reviewer corrects the article at {desk.address}, as {readings.name} says")


def _show(dataset: str) -> None:
    """A few rows of both views, loaded as a training script would."""
    import curation

    documents: Any = curation.load(dataset, version="0.2.0")
    tokens: Any = curation.load(dataset, version="0.2.0", view="tokens")
    row = documents[0]
    text_of = {entity["id"]: entity["text"] for entity in row["entities"]}
    result(f"documents: {len(row['entities'])} entities, {len(row['events'])} events, as in")
    for entity in row["entities"][:6]:
        where = f"{entity['start']}:{entity['end']}"
        result(f"  {where:>10}  {entity['label']:8} {entity['text']}  {entity['value'] or ''}")
    for event in row["events"][4:8]:
        arguments = ", ".join(f"{a['role']} {text_of[a['entity']]}" for a in event["arguments"])
        result(f"  {event['type']:10} {event['trigger']['text']}: {arguments}")
    names = tokens.features["ner_tags"].feature.names
    first = zip(tokens[0]["tokens"], tokens[0]["ner_tags"], strict=True)
    result("tokens: " + "  ".join(f"{word}/{names[tag]}" for word, tag in list(first)[8:16]))
