"""What we remember of a project: our own copy of what was pushed, and what was pulled until when.

A person can change a proposal on the page, and the server keeps no history: only our own copy
says what was proposed, with its values and proposers.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec
import platformdirs
from msgspec import Struct

from curation.model import Record
from curation.model.ids import digest
from curation.store import replacing


def data_folder() -> Path:
    """Where this user's data of `curation` lies."""
    return platformdirs.user_data_path("curation")


class Pushed(Struct, frozen=True):
    """One line of the copy: a record as it was sent, and the digest of its proposal."""

    digest: str
    record: Record


class ProjectState:
    """The folder that belongs to one project of one server.

    `home` names the server (its address, or the local server's own id, which outlives a change of
    port); number and time of creation name the project.
    """

    def __init__(self, root: Path, home: str, project: int, created_at: str, title: str) -> None:
        slug = re.sub(r"\W+", "-", title).strip("-")[:40]
        self.folder = root / f"{slug}-{digest(home, str(project), created_at, size=6)}"
        self.copies = Copies(self.folder / "pushed.jsonl")

    def pulled(self, output: Path) -> Pulled:
        """What the last pull into this file left to know; empty if the file is not as it was."""
        try:
            found = msgspec.json.decode(self._note(output).read_bytes(), type=Pulled)
        except FileNotFoundError:
            return Pulled()
        return found if output.exists() and found.sha256 == file_digest(output) else Pulled()

    def last_pull(self) -> str:
        """When this project was last pulled (ISO 8601), or an empty text."""
        notes = self.folder.glob("pull-*.json")
        return max(
            (msgspec.json.decode(note.read_bytes(), type=Pulled).at for note in notes), default=""
        )

    def remember(self, output: Path, pulled: Pulled) -> None:
        """Keep what a pull has seen."""
        with replacing(self._note(output)) as stream:
            stream.write(msgspec.json.encode(pulled))

    def _note(self, output: Path) -> Path:
        return self.folder / f"pull-{digest(str(output.resolve()), size=6)}.json"


class Pulled(Struct, frozen=True):
    """What a pull into a file has seen: until when (`at`, the server's clock), with which schema,
    the file's digest, and of each task its document and its stamp: a task with another stamp has
    changed since, one with an empty stamp is always read again."""

    at: str = ""
    schema: str = ""
    sha256: str = ""
    stamps: dict[int, tuple[str, str]] = {}


class Copies:
    """Our own copy of what was pushed: every version of every document, append only. Only ids and
    places are in memory. A line that a kill cut short is dropped by the next one who adds, and
    what another process has added meanwhile is taken in first."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[str, list[tuple[str, int, int]]] = {}
        self._decode = msgspec.json.Decoder(Pushed).decode
        self._end = 0
        if path.exists():
            with path.open("rb") as stream:
                self._catch_up(stream)

    def _catch_up(self, stream: BinaryIO) -> None:
        stream.seek(self._end)
        for line in stream:
            if line.endswith(b"\n"):
                self._index(self._decode(line), len(line))

    def _index(self, pushed: Pushed, size: int) -> None:
        versions = self._places.setdefault(pushed.record.document.id, [])
        versions.append((pushed.digest, self._end, size))
        self._end += size

    def add(self, items: Iterable[Pushed]) -> None:
        """Keep these, on disk, before they are sent."""
        items = [item for item in items if not self._has(item)]
        if not items:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            self._catch_up(stream)
            stream.truncate(self._end)
            for item in items:
                if self._has(item):
                    continue
                line = msgspec.json.encode(item) + b"\n"
                stream.write(line)
                self._index(item, len(line))
            stream.flush()
            os.fsync(stream.fileno())

    def _has(self, item: Pushed) -> bool:
        known = self._places.get(item.record.document.id, ())
        return any(version == item.digest for version, _, _ in known)

    def __contains__(self, document: str) -> bool:
        """Whether anything of this document was pushed."""
        return document in self._places

    def versions(self, document: str) -> list[Pushed]:
        """Everything that was pushed of this document, newest first."""
        places = self._places.get(document)
        if not places:
            return []
        found: list[Pushed] = []
        with self.path.open("rb") as stream:
            for _, offset, size in reversed(places):
                stream.seek(offset)
                found.append(self._decode(stream.read(size)))
        return found


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
