"""`curation hub`: versions onto the Hugging Face Hub, and from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import counted, result, result_json, say

if TYPE_CHECKING:
    from curation.publish import Pulled, Pushed

app = typer.Typer(no_args_is_help=True)

Repo = Annotated[str, typer.Argument(metavar="OWNER/NAME", help="The repository on the Hub.")]
Token = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN",
        help="A token of the Hub; HF_TOKEN or that of `hf auth login` if not given.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]


@app.command()
def push(
    dataset: Annotated[str, typer.Argument(help="The dataset directory, or s3://bucket/prefix.")],
    repo: Repo,
    public: Annotated[
        bool, typer.Option("--public", help="Everybody may see it; else a new one is private.")
    ] = False,
    over: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT",
            help="Go on top of this commit, though it is not the newest version: what it changed "
            "is gone from the head (and stays in the history).",
        ),
    ] = None,
    token: Token = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring what the repository does not have to the Hub.

    Each version is a commit and a tag. Stopped in between, the same command goes on where it was.
    HF_ENDPOINT names another hub.
    """
    from curation.publish import push as bring

    done = bring(
        dataset, repo, public=public, over=over, token=token, dry_run=dry_run, progress=say
    )
    if as_json:
        result_json({**_plain(done), "dry_run": dry_run})
    else:
        result(_pushed(done, dataset, dry_run))


@app.command()
def pull(
    repo: Repo,
    dataset: Annotated[str, typer.Argument(help="The dataset directory; made if it is new.")],
    version: Annotated[
        str | None, typer.Option(metavar="X.Y.Z", help="This version and those before it only.")
    ] = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Bring the versions of a repository here.

    Every byte is checked. A directory that holds the first of them gets the others; one with
    another history is refused.
    """
    from curation.publish import pull as bring

    done = bring(repo, dataset, version=version, token=token, progress=say)
    if as_json:
        result_json(_plain(done))
    else:
        result(_pulled(done, dataset))


def _pushed(done: Pushed, dataset: str, dry_run: bool) -> str:
    said = {
        "committed": "would be committed and tagged" if dry_run else "committed and tagged",
        "tagged": "would be tagged: its commit is there"
        if dry_run
        else "tagged: its commit was there",
        "again": "would be the head again" if dry_run else "is the head again",
    }
    lines = [f"{done.repo} is not there; it would be made"] if done.created and dry_run else []
    for step in done.steps:
        line = f"{step.version}  {said[step.done]}"
        if step.done != "tagged":
            line += f": {counted(step.files, 'file')} ({step.bytes:,} bytes), "
            line += f"{step.stale} stale removed"
        lines.append(line)
    if not done.steps:
        lines.append(f"nothing to do: {done.url} has {', '.join(done.there)}")
    if done.strange_head:
        lines.append(
            f"careful: its head is not the newest version, somebody committed {done.strange_head}; "
            f"--over {done.strange_head[:12]} makes it so again"
        )
    if done.steps:
        names = ", ".join(done.by) or "nobody by name"
        lines.append(f"published by, as the list of versions there says: {names}")
    lines.append(f"{'private' if done.private else 'public'}: {done.url}")
    if not dry_run:
        lines.append(f"next: python -c \"import curation; print(curation.load('{done.repo}'))\"")
    else:
        lines.append(f"nothing was changed; next: curation hub push {dataset} {done.repo}")
    return "\n".join(lines)


def _pulled(done: Pulled, dataset: str) -> str:
    if done.came:
        line = f"{', '.join(done.came)} of {done.repo} in {dataset}, every byte checked"
    else:
        line = f"nothing new: {dataset} has {done.there[-1]} of {done.repo} already"
    return f"{line}\nnext: curation versions {dataset}"


def _plain(done: Pushed | Pulled) -> dict[str, object]:
    from msgspec import structs

    return structs.asdict(done)
