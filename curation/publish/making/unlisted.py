"""Versions that appeared, whose publisher was killed before it wrote them into the list."""

from __future__ import annotations

import datetime
from pathlib import Path

from curation.errors import Corrupted
from curation.publish.proof import version_faults
from curation.publish.shelf.manifest import MANIFEST, read_manifest, sha256
from curation.publish.shelf.versions import VERSIONS, Entry, is_number, listed, number, write_list


def list_unlisted(dataset: Path) -> tuple[Entry, ...]:
    """The list of versions, complete: a version folder that is whole but not listed is added.

    Raises: Corrupted if such a folder is broken or does not follow the newest version.
    """
    entries = listed(dataset)
    known = {entry.version for entry in entries}
    folders = (dataset / VERSIONS).iterdir() if (dataset / VERSIONS).is_dir() else ()
    unlisted = [path for path in folders if is_number(path.name) and path.name not in known]
    for folder in sorted(unlisted, key=lambda path: number(path.name)):
        broken = version_faults(folder)
        newest = entries[-1].version if entries else None
        if not broken:
            found = read_manifest(folder)
            if found.version != folder.name:
                broken = [f"{folder}: its manifest says {found.version}"]
            elif found.parent != newest:
                broken = [f"{folder}: follows {found.parent}, but the newest version is {newest}"]
        if broken:
            raise Corrupted(
                "\n".join([f"{folder} is not in the list of versions and is broken:", *broken]),
                hint="Move that folder away, then publish again.",
            )
        created = datetime.datetime.fromtimestamp(folder.stat().st_mtime, datetime.UTC)
        entries += (
            Entry(folder.name, newest, created.replace(microsecond=0), sha256(folder / MANIFEST)),
        )
        write_list(dataset, entries)
    return entries
