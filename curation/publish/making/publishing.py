"""Publish records as the next version: look, check, write what is new, and let it appear."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from curation.errors import ChecksFailed
from curation.publish.card.hub_terms import stated_license
from curation.publish.counts.acceptance import acceptance
from curation.publish.making.assigning import assign
from curation.publish.making.building import Builder
from curation.publish.making.checks import Records, on_disk
from curation.publish.making.decisions import Decisions
from curation.publish.making.faults import Faults
from curation.publish.making.numbering import check_number
from curation.publish.making.release import Draft, Outcome, release, show_newest
from curation.publish.making.remembered import keep_lines, known_lines
from curation.publish.making.revising import base_of, revise
from curation.publish.making.scan import Scan, scan
from curation.publish.making.shard_making import Maker
from curation.publish.making.unlisted import list_unlisted
from curation.publish.proof import proven
from curation.publish.shelf.mirror import anywhere
from curation.publish.shelf.objects import Digests
from curation.publish.shelf.splits import Splits, agreed_splits
from curation.publish.shelf.versions import Bump, changing, folder_of, versions
from curation.publish.views.features import grown
from curation.quality import Include
from curation.store import DEFAULT, load_schema

#: Documents that were left out which an outcome names.
LEFT = 3


@anywhere(maybe="version", changes=True)
def publish(
    records: Path | str,
    dataset: Path | str,
    *,
    bump: Bump | None = None,
    version: str | None = None,
    schema: str = DEFAULT,
    ledger: Path | None = None,
    include: Include = "agreed",
    license: str | None = None,
    splits: Splits | None = None,
    by: str = "",
    workers: int | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Outcome:
    """Publish the readings of a JSONL file of records as the next version of a dataset directory,
    or of a dataset in a store (`s3://…`; what is published there is also in `Outcome.folder`).

    `version` names it, else it is the newest one's number raised by `bump`, 0.1.0 at first. Without
    a `bump` it follows from what changed: `proposed` in `numbering`. `ledger` holds what people
    decided; by default it is the file beside `records` that a merge wrote, if there is one. Without
    a `license` the parent's stays. `splits` says how to divide the first version, and with it all
    that follow; by default everything is train. `by` is who publishes, for the list of versions.
    `workers` processes make the shards, by default one a core if there are many; what they make is
    the same. `progress` is told each step that has been done.

    The same content gives the same version folder, byte for byte, wherever and whenever it is
    published after the same versions with the same tools. Only lines that changed since the newest
    version are read, and only shards that hold a changed document are written. Memory: one shard a
    process (256 documents, or one, or 8 MB of lines), and about 1 KB a document.

    Raises: ChecksFailed if the records are not fit (nothing is published then); VersionExists if
    `version` is taken by other content; UsageError if it does not come after the newest one, or the
    licence is none of the Hub's (one's own is `other: NAME`);
    Corrupted if the newest version is broken; PublishError if the folder holds other things, the
    disk is full, or somebody else is publishing there; Diverged if somebody else was faster in a
    store.
    """
    dataset = Path(dataset)
    license = stated_license(license)
    kinds = load_schema(schema)
    with changing(dataset) as staging:
        entries = list_unlisted(dataset)
        show_newest(dataset, entries)
        check_number(entries, version)
        digests, faults = Digests(), Faults()
        parent = proven(dataset, entries[-1], digests) if entries else None
        parts = agreed_splits(splits, parent.splits if parent else None)
        labels = grown(parent.labels if parent else None, kinds)
        source, ledger = on_disk(records, staging), ledger or ledger_beside(records)
        with _decisions(ledger) as decisions:
            seen = scan(source, str(records), include, decisions, faults)
            progress(f"looked at {len(seen.chosen) + len(seen.left)} records")
            known = known_lines(dataset, entries[-1].manifest, kinds) if entries else {}
            base = base_of(folder_of(dataset, parent.version), parent) if parent else None
            folder = staging / "version"
            folder.mkdir()
            builder = Builder(folder, labels, base.folder if base else None)
            maker = Maker(builder, kinds, str(records), str(ledger or ""))
            with closing(Records(source, str(records), decisions)) as lines:
                homes = assign(dataset, entries, seen, known, parts, lines)
                built = revise(maker, base, seen, homes, known, lines, faults, workers)
        _check_any(seen, include)
        progress(f"wrote and read back {len(built.index)} documents")
        draft = Draft(
            kinds,
            labels,
            license or (parent.license if parent else None),
            acceptance(ledger, seen.chosen) if ledger else None,
            parts,
            dict(sorted(seen.left_out.items())),
            version,
            bump,
            by,
            left=tuple(islice(seen.left, LEFT)),
            takes=dict(seen.takes),
        )
        outcome = release(dataset, entries, parent, folder, built, draft, digests, progress)
        newest = versions(dataset)[-1]
        if newest.version == outcome.version:
            keep_lines(dataset, newest.manifest, kinds, seen)
        return outcome


def ledger_beside(records: Path | str) -> Path | None:
    """The ledger that a merge wrote beside `agreed.jsonl`: `agreed.ledger.jsonl`, if it is there.

    >>> ledger_beside("no/such.jsonl") is None
    True
    """
    path = Path(records)
    ledger = path.with_name(f"{path.name.removesuffix('.jsonl')}.ledger.jsonl")
    return ledger if ledger.is_file() and ledger != path else None


@contextmanager
def _decisions(ledger: Path | None) -> Generator[Decisions | None]:
    if ledger is None:
        yield None
        return
    with closing(Decisions(ledger)) as decisions:
        yield decisions


def _check_any(seen: Scan, include: Include) -> None:
    if seen.chosen:
        return
    why = ", ".join(f"{number} {stage}" for stage, number in sorted(seen.left_out.items()))
    raise ChecksFailed(
        f"there is nothing to publish: no record has an {include} reading ({why or 'no records'})",
        hint="Merge what was reviewed (curation merge), or publish what there is: "
        "--include submitted, --include proposed.",
    )
