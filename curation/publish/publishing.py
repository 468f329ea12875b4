"""Make a version: check, sort, write, read back, compare, and let it appear by one rename."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.errors import ChecksFailed, Corrupted, UsageError, VersionExists
from curation.model import Schema
from curation.model.ids import digest
from curation.publish.acceptance import Acceptance, acceptance
from curation.publish.building import Built, build, write_text
from curation.publish.card import card
from curation.publish.changelog import CHANGELOG, changelog
from curation.publish.checks import Checked
from curation.publish.differences import Difference, compare
from curation.publish.features import Labels, grown
from curation.publish.manifest import MANIFEST, Manifest, encode_manifest, file_of, sha256
from curation.publish.proof import proven, root_card, version_faults
from curation.publish.shards import shard_count
from curation.publish.spill import Spill
from curation.publish.unlisted import list_unlisted
from curation.publish.versions import (
    CARD,
    FIRST,
    VERSIONS,
    Bump,
    Entry,
    bumped,
    changing,
    folder_of,
    number,
    write_list,
)
from curation.quality import Include
from curation.store import DEFAULT, load_schema, replacing, sync_folder

_TOOLS = ("curation", "datasets", "pyarrow")


class Outcome(Struct, frozen=True):
    """What a publish led to: a `new` version, or the one that holds the same content already.
    `difference` is against the parent, None for a first version or when nothing is new."""

    new: bool
    version: str
    parent: str | None
    folder: Path
    counts: dict[str, int]
    left_out: dict[str, int]
    difference: Difference | None = None


def publish(
    records: Path | str,
    dataset: Path | str,
    *,
    bump: Bump = "patch",
    version: str | None = None,
    schema: str = DEFAULT,
    ledger: Path | None = None,
    include: Include = "agreed",
    license: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Outcome:
    """Publish the readings of a JSONL file of records as the next version of a dataset directory.

    `version` names it, else it is the newest one's number raised by `bump`, 0.1.0 at first.
    `ledger` gives the acceptance figures; by default it is the file beside `records` that a merge
    wrote, if there is one. Without a `license` the parent's stays. The same content gives the same
    version folder, byte for byte, wherever and whenever it is published with the same tools.
    `progress` is told each step that has been done. Memory: 64 MB of records, a row group of each
    view, and about 150 bytes a document.

    Raises: ChecksFailed if the records are not fit (nothing is published then); VersionExists if
    `version` is taken by other content; UsageError if it does not come after the newest one;
    Corrupted if the newest version is broken; PublishError if the folder holds other things, or
    somebody else is publishing there.
    """
    dataset = Path(dataset)
    kinds = load_schema(schema)
    with changing(dataset) as staging:
        entries = list_unlisted(dataset)
        _write_card(dataset, entries)
        name = _next(entries, version, bump)
        checked = Checked(records, kinds, include)
        spill = Spill(staging)
        for item in checked:
            spill.add(item)
        _check_any(spill.count, checked, include)
        progress(f"checked {spill.count + checked.left_out.total()} records")

        parent = proven(dataset, entries[-1]) if entries else None
        labels = grown(parent.labels if parent else None, kinds)
        folder = staging / "version"
        folder.mkdir()
        built = build(folder, spill, labels, shard_count(spill.bytes))
        progress(f"wrote and read back {spill.count} documents")

        ledger = ledger or ledger_beside(records)
        manifest = _manifest(
            name,
            parent,
            kinds,
            labels,
            built,
            tie=entries[-1].manifest if entries else None,
            left_out=dict(sorted(checked.left_out.items())),
            figures=acceptance(ledger, checked.documents) if ledger else None,
            license=license or (parent.license if parent else None),
        )
        twin = _twin(dataset, entries, version, parent, manifest)
        if twin is not None:
            return _outcome(dataset, twin, checked, new=False)
        difference = _finish(dataset, folder, manifest, built)
        progress(f"compared with {manifest.parent or 'nothing: this is the first version'}")
        _appear(dataset, folder, entries, manifest, progress)
        return _outcome(dataset, manifest, checked, new=True, difference=difference)


def ledger_beside(records: Path | str) -> Path | None:
    """The ledger that a merge wrote beside `agreed.jsonl`: `agreed.ledger.jsonl`, if it is there.

    >>> ledger_beside("no/such.jsonl") is None
    True
    """
    path = Path(records)
    ledger = path.with_name(f"{path.name.removesuffix('.jsonl')}.ledger.jsonl")
    return ledger if ledger.is_file() and ledger != path else None


def _next(entries: tuple[Entry, ...], version: str | None, bump: Bump) -> str:
    if version is None:
        return bumped(entries[-1].version, bump) if entries else FIRST
    wanted = number(version)
    known = [entry.version for entry in entries]
    if version not in known and known and wanted < number(known[-1]):
        raise UsageError(
            f"{version} does not come after {known[-1]}, the newest version",
            hint=f"Give a higher number, or leave it out: the next is {bumped(known[-1], bump)}.",
        )
    return version


def _check_any(count: int, checked: Checked, include: Include) -> None:
    if count:
        return
    why = ", ".join(f"{number} {stage}" for stage, number in sorted(checked.left_out.items()))
    raise ChecksFailed(
        f"there is nothing to publish: no record has an {include} reading ({why or 'no records'})",
        hint="Merge what was reviewed (curation merge), or publish what there is: "
        "--include submitted, --include proposed.",
    )


def _manifest(
    version: str,
    parent: Manifest | None,
    schema: Schema,
    labels: Labels,
    built: Built,
    *,
    tie: str | None,
    left_out: dict[str, int],
    figures: Acceptance | None,
    license: str | None,
) -> Manifest:
    said = (schema, labels, license, figures, [view.content for view in built.views.values()])
    return Manifest(
        version=version,
        parent=parent.version if parent else None,
        parent_manifest=tie,
        content=digest(*(msgspec.json.encode(part).decode() for part in said), size=32),
        license=license,
        newest=built.counted.newest,
        counts=built.counted.totals(),
        left_out=left_out,
        labels=labels,
        tags=labels.ner_tags,
        schema=schema,
        acceptance=figures,
        views=built.views,
        files=(),
        tools={name: metadata.version(name) for name in _TOOLS},
    )


def _twin(
    dataset: Path,
    entries: tuple[Entry, ...],
    version: str | None,
    newest: Manifest | None,
    manifest: Manifest,
) -> Manifest | None:
    """The version that already is what we were asked to make."""
    if version is None:
        return newest if newest and newest.content == manifest.content else None
    for entry in entries:
        if entry.version == version:
            taken = proven(dataset, entry)
            if taken.content == manifest.content:
                return taken
            raise VersionExists(
                f"{dataset} has a version {version} already, with other content",
                hint="Leave --version out for the next number: "
                f"{bumped(entries[-1].version, 'patch')}.",
            )
    return None


def _finish(dataset: Path, folder: Path, manifest: Manifest, built: Built) -> Difference | None:
    """Write what stands beside the rows; the manifest comes last and knows every other file."""
    parent = folder_of(dataset, manifest.parent) if manifest.parent else None
    difference = None
    if parent is not None and manifest.parent is not None:
        difference = compare(parent, folder, manifest.parent, manifest.version)
    write_text(folder / CHANGELOG, changelog(manifest, difference, parent))
    data = [folder / path for view in manifest.views.values() for path in view.files]
    files = tuple(file_of(folder, path) for path in data)
    write_text(
        folder / CARD,
        card(msgspec.structs.replace(manifest, files=files), built.counted, built.sizes),
    )
    files += tuple(file_of(folder, folder / name) for name in (CARD, CHANGELOG))
    complete = msgspec.structs.replace(manifest, files=files)
    write_text(folder / MANIFEST, encode_manifest(complete))
    sync_folder(folder)
    broken = version_faults(folder)
    if broken:
        raise Corrupted("\n".join(["the new version is broken; nothing was published", *broken]))
    return difference


def _appear(
    dataset: Path,
    folder: Path,
    entries: tuple[Entry, ...],
    manifest: Manifest,
    progress: Callable[[str], None],
) -> None:
    """The rename is the moment of publication. What follows only tells of it, and the next publish
    does it if this one is killed before."""
    (dataset / VERSIONS).mkdir(exist_ok=True)
    place = folder_of(dataset, manifest.version)
    folder.rename(place)
    sync_folder(dataset / VERSIONS)
    sync_folder(dataset)
    progress(f"{manifest.version} is in its place")
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    entry = Entry(manifest.version, manifest.parent, now, sha256(place / MANIFEST))
    write_list(dataset, (*entries, entry))
    progress(f"{manifest.version} is in the list")
    _write_card(dataset, (*entries, entry))


def _write_card(dataset: Path, entries: tuple[Entry, ...]) -> None:
    """The newest version's card at the root, if it is not there yet."""
    if not entries:
        return
    text, path = root_card(dataset, entries[-1].version), dataset / CARD
    if not path.is_file() or path.read_bytes() != text:
        with replacing(path) as stream:
            stream.write(text)


def _outcome(
    dataset: Path,
    manifest: Manifest,
    checked: Checked,
    *,
    new: bool,
    difference: Difference | None = None,
) -> Outcome:
    return Outcome(
        new,
        manifest.version,
        manifest.parent,
        folder_of(dataset, manifest.version),
        manifest.counts,
        dict(sorted(checked.left_out.items())),
        difference,
    )
