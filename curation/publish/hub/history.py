"""What a repository of the Hub holds of a dataset.

A version is one commit, tagged `v1.2.0`. The tree of that commit is the version folder, byte for
byte, and `versions.json`, the list up to it: so a revision loads with plain `datasets`, by its own
card, and the head of the repository is the newest version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from curation.errors import Corrupted, Diverged
from curation.publish.hub.client import Blob, Hub, Refs
from curation.publish.shelf.manifest import MANIFEST, Manifest, read_manifest
from curation.publish.shelf.versions import LIST, Entry, decode_list, is_number, number


class History(Struct, frozen=True):
    """The branch and tags of a repository; the commits of tagged versions, by version and oldest
    first; and the list that the newest of them has."""

    refs: Refs
    tagged: dict[str, str]
    entries: tuple[Entry, ...]


def tag_of(version: str) -> str:
    """The tag of a version.

    >>> tag_of("1.2.0")
    'v1.2.0'
    """
    return f"v{version}"


def version_of(tag: str) -> str | None:
    """The version that a tag is of.

    >>> version_of("v1.2.0"), version_of("1.2.0"), version_of("v1")
    ('1.2.0', None, None)
    """
    name = tag.removeprefix("v")
    return name if tag.startswith("v") and is_number(name) else None


def history(hub: Hub) -> History:
    """What the repository holds.

    Raises: Diverged if its newest version is not ours; else as `Hub`.
    """
    refs = hub.refs()
    found = {version: commit for tag, commit in refs.tags.items() if (version := version_of(tag))}
    tagged = {version: found[version] for version in sorted(found, key=number)}
    if not tagged:
        return History(refs, tagged, ())
    newest = list(tagged)[-1]
    entries = listed_at(hub, tagged[newest])
    if not entries or entries[-1].version != newest:
        raise Diverged(
            f"the tag {tag_of(newest)} of {hub.url} was not made by this program: no {LIST} there "
            "ends with it",
            hint="Give another repository, or delete that tag if nobody uses it.",
        )
    return History(refs, tagged, entries)


def listed_at(hub: Hub, revision: str) -> tuple[Entry, ...]:
    """The list of versions in a commit; empty if there is none."""
    path = hub.fetch(LIST, revision)
    return decode_list(path.read_bytes(), f"{LIST} of {hub.repo}") if path else ()


def shared(here: tuple[Entry, ...], there: tuple[Entry, ...], place: str, hub: Hub) -> int:
    """How many versions both have; they are the first ones of either side.

    Raises: Diverged if the two histories part.
    """
    for mine, other in zip(here, there, strict=False):
        if (mine.version, mine.manifest) != (other.version, other.manifest):
            raise Diverged(
                f"{place} and {hub.url} hold different datasets: {mine.version} here is not "
                f"{other.version} there",
                hint="Nothing was changed. Give another folder or another repository; what was "
                "published on both sides has to be published again on one.",
            )
    return min(len(here), len(there))


def read_checked_manifest(hub: Hub, entry: Entry, commit: str, into: Path | None) -> Manifest:
    """The manifest of a version, if it is the one that the list names.

    Raises: Corrupted if it is not.
    """
    path = hub.fetch(MANIFEST, commit, into)
    if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != entry.manifest:
        raise Corrupted(
            f"{MANIFEST} of {hub.repo} {entry.version} is not the one in its list of versions",
            hint="Tell who published it; a published version never changes.",
        )
    return read_manifest(path.parent)


def same_tree(tree: Mapping[str, Blob], folder: Path, files: Mapping[str, Blob]) -> bool:
    """Whether a commit holds exactly these files of a folder; what its list of versions says is
    not looked at."""
    paths = set(tree) - {LIST}
    return paths == set(files) and all(
        same(tree[path], files[path], folder / path) for path in paths
    )


def same(there: Blob, here: Blob, path: Path) -> bool:
    """Whether a file of the Hub is the one that lies here."""
    if there.size != here.size:
        return False
    if there.sha256 or not there.git:
        return there.sha256 == here.sha256
    data = path.read_bytes()
    return there.git == hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
