"""An old version once more, as the newest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from curation.errors import Corrupted, PublishError
from curation.publish.making.assigning import leaks_of
from curation.publish.making.release import Draft, Outcome, release, show_newest
from curation.publish.making.revising import base_of, carry_all
from curation.publish.making.sketches import read_sketches
from curation.publish.making.unlisted import list_unlisted
from curation.publish.proof import proven, verify
from curation.publish.shelf.manifest import read_manifest
from curation.publish.shelf.mirror import anywhere
from curation.publish.shelf.objects import Digests
from curation.publish.shelf.versions import Bump, changing, find, folder_of
from curation.publish.views.features import grown


@anywhere("version", changes=True)
def rollback(
    dataset: Path | str,
    version: str,
    *,
    bump: Bump | None = None,
    by: str = "",
    progress: Callable[[str], None] = lambda step: None,
) -> Outcome:
    """Publish what an old version holds as a new version, and verify that it holds the same: the
    documents, their readings and splits, schema, licence and acceptance figures. Nothing is
    deleted: the versions in between stay, and the new one says which it went back to. Labels that
    came since keep their ids. Where the newest version holds the same already, there is nothing
    new.

    Raises: UsageError for an unknown version; Corrupted if it, or the newest, is not what was
    published; PublishError if its rows were made by an earlier format.
    """
    dataset = Path(dataset)
    find(dataset, version)
    with changing(dataset) as staging:
        entries = list_unlisted(dataset)
        show_newest(dataset, entries)
        digests = Digests()
        old = proven(dataset, find(dataset, version), digests)
        newest = proven(dataset, entries[-1], digests)
        base = base_of(folder_of(dataset, version), old)
        if base is None:
            raise PublishError(
                f"the rows of {version} were made in an earlier format ({old.format})",
                hint="Publish the records that it was made from again.",
            )
        labels = grown(newest.labels, old.schema)
        folder = staging / "version"
        folder.mkdir()
        sketches = read_sketches(base.folder)
        homes = {ident: (where.split, where.group) for ident, where in base.index.items()}
        built = structs.replace(
            carry_all(folder, base, labels), sketches=sketches, leaks=leaks_of(sketches, homes)
        )
        progress(f"took over {len(built.index)} documents of {version}")
        draft = Draft(
            old.schema,
            labels,
            old.license,
            old.acceptance,
            old.splits,
            old.left_out,
            bump=bump,
            by=by,
            rolled_back_to=version,
        )
        outcome = release(dataset, entries, newest, folder, built, draft, digests, progress)
    verify(dataset, outcome.version)
    made = read_manifest(outcome.folder)
    if made.documents != old.documents or made.counts != old.counts:
        raise Corrupted(f"{outcome.version} does not hold what {version} holds")
    return outcome
