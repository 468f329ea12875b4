"""A version appears: its card, changelog and manifest are written, all of it is checked, and one
rename puts it in its place."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from curation.errors import Corrupted, VersionExists
from curation.model import Schema
from curation.model.ids import digest
from curation.publish.card.pages import write_pages
from curation.publish.changes.changelog import CHANGELOG, changelog
from curation.publish.changes.differences import Difference, compare, counted, difference
from curation.publish.counts.acceptance import Acceptance
from curation.publish.counts.statistics import merged
from curation.publish.making.numbering import following, proposed
from curation.publish.making.revising import Built
from curation.publish.making.sketches import SKETCHES, write_sketches
from curation.publish.proof import proven, root_card, version_faults
from curation.publish.shelf.index import INDEX, content, write_index
from curation.publish.shelf.manifest import (
    MANIFEST,
    Manifest,
    View,
    encode_manifest,
    file_of,
    sha256,
)
from curation.publish.shelf.objects import Digests, Objects, sync_file, write_file
from curation.publish.shelf.shards import SHARDS, Shard, encode_shards
from curation.publish.shelf.splits import Splits
from curation.publish.shelf.versions import (
    CARD,
    VERSIONS,
    Bump,
    Entry,
    bumped,
    folder_of,
    write_list,
)
from curation.publish.views.features import FORMAT, VIEWS, Labels
from curation.store import replacing, sync_folder

_TOOLS = ("curation", "datasets", "pyarrow")


class Outcome(Struct, frozen=True):
    """What a publish led to: a `new` version, or the one that holds the same content already.
    `difference` is against the parent, None for a first version or when nothing is new; `why` says
    what made the number go up as it did; `leaks` are pairs of near-duplicates in different splits;
    `bare` are the splits that no document fell into;
    `left` are the first documents that were left out, and `takes` counts those that `include` would
    take in, by its value.
    """

    new: bool
    version: str
    parent: str | None
    folder: Path
    counts: dict[str, int]
    left_out: dict[str, int]
    difference: Difference | None = None
    why: str = ""
    leaks: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    takes: dict[str, int] = {}
    bare: tuple[str, ...] = ()


class Draft(Struct, frozen=True):
    """What a version is to be, apart from its rows."""

    schema: Schema
    labels: Labels
    license: str | None
    acceptance: Acceptance | None
    splits: Splits
    left_out: dict[str, int]
    version: str | None = None
    bump: Bump | None = None
    by: str = ""
    rolled_back_to: str | None = None
    left: tuple[str, ...] = ()
    takes: dict[str, int] = {}


def release(
    dataset: Path,
    entries: tuple[Entry, ...],
    parent: Manifest | None,
    folder: Path,
    built: Built,
    draft: Draft,
    digests: Digests,
    progress: Callable[[str], None],
) -> Outcome:
    """Make the shards in `folder` the next version, unless one holds the same already.

    Raises: VersionExists if the number that was asked for is taken by other content; Corrupted if
    what lies in the folder is not what was meant.
    """
    manifest = _manifest(entries, parent, built, draft)
    twin = _twin(dataset, entries, parent, manifest, draft, digests)
    if twin is not None:
        return _outcome(dataset, twin, draft, new=False, leaks=built.leaks)
    write_index(folder, built.index)
    sync_file(folder / INDEX)
    if built.sketches:
        write_sketches(folder, built.sketches)
        sync_file(folder / SKETCHES)
    write_file(folder / SHARDS, encode_shards(built.shards))
    changed, why = None, "the first version"
    if parent is not None:
        changed = _difference(folder_of(dataset, parent.version), folder, built)
        bump, why = proposed(parent.schema, draft.schema, changed.documents)
        if manifest.content == parent.content:
            why = f"the same content as {parent.version}: only the number is new"
        bump = draft.bump or bump
        name = draft.version or following(entries, bump)
        manifest = structs.replace(manifest, version=name)
        changed.old, changed.new = parent.version, name
    manifest = _finish(dataset, folder, manifest, built, changed, digests)
    progress(f"compared with {manifest.parent or 'nothing: this is the first version'}")
    stored = Objects(dataset)
    carried = {file.sha256 for file in parent.files} if parent else set[str]()
    for file in manifest.files:
        if file.path.partition("/")[0] in VIEWS and file.sha256 not in carried:
            stored.keep(folder / file.path, file.sha256)
    _appear(dataset, folder, entries, manifest, draft.by, progress)
    return _outcome(
        dataset, manifest, draft, new=True, difference=changed, why=why, leaks=built.leaks
    )


def _difference(before: Path, folder: Path, built: Built) -> Difference:
    """What changed against the parent, whose folder is `before`."""
    if built.tally is None:
        return compare(before, folder, "", "")
    now = merged(shard.counted for shard in built.shards)
    return difference(built.tally, counted(before), now)


def _manifest(
    entries: tuple[Entry, ...], parent: Manifest | None, built: Built, draft: Draft
) -> Manifest:
    documents = content(built.index)
    there = {shard.split for shard in built.shards}
    held = [split for split in draft.splits.shares if split in there]
    said = (draft.schema, draft.labels, draft.license, draft.acceptance, draft.splits, documents)
    counted = merged(shard.counted for shard in built.shards)
    return Manifest(
        version=draft.version or following(entries, draft.bump or "patch"),
        parent=parent.version if parent else None,
        parent_manifest=entries[-1].manifest if entries else None,
        content=digest(*(msgspec.json.encode(part).decode() for part in said), size=32),
        documents=documents,
        format=FORMAT,
        license=draft.license,
        newest=counted.newest,
        counts=counted.totals(),
        left_out=draft.left_out,
        labels=draft.labels,
        tags=draft.labels.ner_tags,
        schema=draft.schema,
        acceptance=draft.acceptance,
        splits=draft.splits,
        leaks=len(built.leaks),
        views={view: {split: _view(view, split, built.shards) for split in held} for view in VIEWS},
        files=(),
        tools={name: metadata.version(name) for name in _TOOLS},
        rolled_back_to=draft.rolled_back_to,
    )


def _view(view: str, split: str, shards: tuple[Shard, ...]) -> View:
    parts = [shard.parts[view] for shard in shards if shard.split == split]
    return View(
        rows=sum(part.rows for part in parts),
        size=sum(part.size for part in parts),
        files=tuple(part.path for part in parts),
    )


def _twin(
    dataset: Path,
    entries: tuple[Entry, ...],
    newest: Manifest | None,
    manifest: Manifest,
    draft: Draft,
    digests: Digests,
) -> Manifest | None:
    """The version that already is what we were asked to make."""
    if draft.version is None:
        return newest if newest and newest.content == manifest.content else None
    for entry in entries:
        if entry.version == draft.version:
            taken = proven(dataset, entry, digests)
            if taken.content == manifest.content:
                return taken
            raise VersionExists(
                f"{dataset} has a version {draft.version} already, with other content",
                hint="Leave --version out for the next number: "
                f"{bumped(entries[-1].version, 'patch')} or higher.",
            )
    return None


def _finish(
    dataset: Path,
    folder: Path,
    manifest: Manifest,
    built: Built,
    difference: Difference | None,
    digests: Digests,
) -> Manifest:
    """Write what stands beside the rows; the manifest comes last and knows every other file."""
    parent = folder_of(dataset, manifest.parent) if manifest.parent else None
    counted = merged(shard.counted for shard in built.shards)
    write_file(folder / CHANGELOG, changelog(manifest, difference, parent))
    views = [view for splits in manifest.views.values() for view in splits.values()]
    data = [folder / path for view in views for path in view.files]
    files = tuple(file_of(folder, path, digests) for path in data)
    pages = write_pages(folder, structs.replace(manifest, files=files), counted)
    beside = [*pages, CHANGELOG, INDEX, SHARDS, *([SKETCHES] if built.sketches else [])]
    files += tuple(file_of(folder, folder / name, digests) for name in beside)
    complete = structs.replace(manifest, files=files)
    write_file(folder / MANIFEST, encode_manifest(complete))
    for view in VIEWS:
        sync_folder(folder / view)
    sync_folder(folder)
    broken = version_faults(folder, digests=digests)
    if broken:
        raise Corrupted("\n".join(["the new version is broken; nothing was published", *broken]))
    return complete


def _appear(
    dataset: Path,
    folder: Path,
    entries: tuple[Entry, ...],
    manifest: Manifest,
    by: str,
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
    entry = Entry(manifest.version, manifest.parent, now, sha256(place / MANIFEST), by)
    write_list(dataset, (*entries, entry))
    progress(f"{manifest.version} is in the list")
    show_newest(dataset, (*entries, entry))


def show_newest(dataset: Path, entries: tuple[Entry, ...]) -> None:
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
    draft: Draft,
    *,
    new: bool,
    difference: Difference | None = None,
    why: str = "",
    leaks: tuple[tuple[str, str], ...] = (),
) -> Outcome:
    return Outcome(
        new,
        manifest.version,
        manifest.parent,
        folder_of(dataset, manifest.version),
        manifest.counts,
        draft.left_out,
        difference,
        why,
        leaks,
        draft.left,
        draft.takes,
        tuple(split for split in manifest.splits.shares if split not in manifest.views[VIEWS[0]]),
    )
