"""A dataset in an object store: `s3://bucket/prefix`, or any other address that fsspec reads.

    objects/ab/abcd….parquet     every file of every version, by its SHA-256
    versions.json                the list of versions, which names each manifest by its SHA-256

A store has neither renames nor links, so there are no version folders: a manifest, itself an
object, says which objects are a version. Objects never change, and the list is written last and
only if it is still the one that was read. That write is the moment of publication: who is killed
before it leaves objects that nobody names, and of two who publish at once one is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Generator
from pathlib import Path, PurePosixPath
from typing import Any

from curation.errors import Corrupted, PublishError, RemoteUnavailable, UsageError
from curation.publish.shelf.manifest import MANIFEST, File, Manifest, decode_manifest
from curation.publish.shelf.versions import LIST, NO_ROOM, Entry, decode_list, encode_list
from curation.store import replacing

#: Where a store lets a file be written only if it is the one that was read.
_CONDITIONAL = ("s3", "s3a")
_BLOCK = 1 << 20
#: A mark that no file has.
_NO_MARK = '"00000000000000000000000000000000"'


class Store:
    """One dataset in a store. Every method raises RemoteUnavailable if the store does not answer or
    does not let us in."""

    def __init__(self, url: str) -> None:
        import fsspec.core

        self.url = url.rstrip("/")
        self.scheme = url.partition("://")[0]
        try:
            opened: Any = fsspec.core
            found = opened.url_to_fs(self.url, use_listings_cache=False)
        except ImportError as fault:
            raise UsageError(
                f"{url}: {fault}", hint="For s3://: pip install 'curation[s3]'."
            ) from fault
        except ValueError as fault:
            raise UsageError(f"{url}: {fault}", hint="Write s3://bucket/prefix.") from fault
        self._files: Any = found[0]
        self._root: str = found[1]
        self._faults: tuple[type[Exception], ...] = (OSError,)
        if self.scheme in _CONDITIONAL:
            from botocore.exceptions import BotoCoreError

            self._faults = (OSError, BotoCoreError)

    def entries(self) -> tuple[tuple[Entry, ...], str | None]:
        """The list of versions, empty if there is none, and the mark (ETag) of its file."""
        path = f"{self._root}/{LIST}"
        with self._asking():
            while True:
                try:
                    mark = self._mark(path)
                    data: bytes = self._files.cat_file(path)
                    if self._mark(path) == mark:
                        return decode_list(data, f"{self.url}/{LIST}"), mark
                except FileNotFoundError:
                    return (), None

    def write_entries(self, entries: tuple[Entry, ...], mark: str | None) -> bool:
        """Replace the list if it still has this mark (None: if there is none); whether it did, and
        it is what lies there.

        Raises: UsageError, and nothing is written, if the store does not know conditional writes.
        """
        condition = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
        with self._asking():
            self._check_refuses(entries[-1], {"IfMatch": _NO_MARK} if mark else condition)
            try:
                self._files.pipe_file(f"{self._root}/{LIST}", encode_list(entries), **condition)
            except OSError:
                # It was written by somebody else, or by us and the answer was lost.
                found, now = self.entries()
                if found == entries:
                    return True
                if now == mark:
                    raise
                return False
        # Whoever came after us has built on what we wrote.
        return self.entries()[0][: len(entries)] == entries

    def _check_refuses(self, entry: Entry, condition: dict[str, str]) -> None:
        """Write a manifest that is there once more, the same bytes, under a condition that does not
        hold: a store that lets us would let two publishers overwrite each other."""
        place = self._object(manifest_file(entry))
        data: bytes = self._files.cat_file(place)
        try:
            self._files.pipe_file(place, data, **condition)
        except OSError:
            return
        raise UsageError(
            f"{self.url} can be read, but not published to: the store knows no conditional writes "
            f"({', '.join(condition)}), and two who publish at once would overwrite each other",
            hint="Use a store that does (docs/stores.md), or publish to a folder.",
        )

    def check_can_publish(self) -> None:
        """Raise UsageError where two publishers could overwrite each other."""
        if self.scheme not in _CONDITIONAL:
            raise UsageError(
                f"{self.url} can be read, but not published to: {self.scheme}:// has no write that "
                "is refused when somebody else was faster",
                hint="Give s3://bucket/prefix, or a folder's path.",
            )

    def manifest(self, entry: Entry) -> Manifest:
        """The manifest that the list names.

        Raises: Corrupted if it is not there or is none.
        """
        file = manifest_file(entry)
        with self._asking():
            try:
                data: bytes = self._files.cat_file(self._object(file))
            except FileNotFoundError as fault:
                raise self._missing(file, entry.version) from fault
        if hashlib.sha256(data).hexdigest() != entry.manifest:
            raise Corrupted(f"{self.place(file)}: its bytes have changed")
        return decode_manifest(data, self.place(file))

    def bring(self, file: File, target: Path) -> None:
        """Fetch an object into a file here, which appears when its digest is right.

        Raises: Corrupted if it is not there or its bytes have changed.
        """
        with replacing(target) as stream:
            if self._hashed(file, stream) != file.sha256:
                raise Corrupted(
                    f"{self.place(file)}: its bytes have changed ({file.path})",
                    hint="Restore it from a copy; a published version never changes.",
                )

    def fault(self, file: File) -> str | None:
        """What is wrong with an object, every byte of it read."""
        try:
            if self._hashed(file) == file.sha256:
                return None
        except Corrupted as fault:
            return fault.message
        return f"{self.place(file)}: its bytes have changed ({file.path})"

    def send(self, path: Path, file: File) -> None:
        """Store a file under its digest, unless these very bytes are there."""
        place = self._object(file)
        with self._asking():
            with contextlib.suppress(FileNotFoundError):
                if self._holds(place, path, file):
                    return
            self._files.put_file(str(path), place)

    def _holds(self, place: str, path: Path, file: File) -> bool:
        """Whether an object has the bytes of a file here: by its mark, if that is an MD5 (of an
        object that was stored in one piece, without a key of its own), else every byte is read."""
        found = self._files.info(place)
        if found["size"] != path.stat().st_size:
            return False
        with path.open("rb") as stream:
            here = hashlib.file_digest(stream, _md5).hexdigest()
        return str(found.get("ETag", "")).strip('"') == here or self._hashed(file) == file.sha256

    def place(self, file: File) -> str:
        """The address of an object."""
        return f"{self.url}/{_name(file)}"

    def _object(self, file: File) -> str:
        return f"{self._root}/{_name(file)}"

    def _mark(self, path: str) -> str | None:
        return self._files.info(path).get("ETag")

    def _hashed(self, file: File, into: Any = None) -> str:
        digest = hashlib.sha256()
        with self._asking():
            try:
                with self._files.open(self._object(file), "rb", cache_type="readahead") as stream:
                    while block := stream.read(_BLOCK):
                        digest.update(block)
                        if into is not None:
                            into.write(block)
            except FileNotFoundError as fault:
                raise self._missing(file, file.path) from fault
        return digest.hexdigest()

    def _missing(self, file: File, what: str) -> Corrupted:
        return Corrupted(f"{self.place(file)}: missing ({what})", hint="Restore it from a copy.")

    @contextlib.contextmanager
    def _asking(self) -> Generator[None]:
        """Say faults of the network and of rights in our words, and that there is no room here."""
        try:
            yield
        except self._faults as fault:
            if isinstance(fault, OSError) and fault.errno in NO_ROOM:
                raise PublishError(
                    f"there is no room here for what comes from {self.url} "
                    f"({os.strerror(fault.errno)})",
                    hint="Make room in your cache folder, or let XDG_CACHE_HOME name another one; "
                    "then run it again.",
                ) from fault
            raise RemoteUnavailable(
                f"{self.url} does not answer, or does not let us in ({type(fault).__name__})",
                hint="Look at the address, the network and the credentials (for s3:// "
                "AWS_PROFILE or AWS_ACCESS_KEY_ID, and AWS_ENDPOINT_URL), then run it again.",
            ) from fault


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)


def is_url(dataset: Path | str) -> bool:
    """Whether a dataset is named by an address, not by a path.

    >>> is_url("s3://bucket/news"), is_url("data/news"), is_url(Path("s3://bucket"))
    (True, False, False)
    """
    return isinstance(dataset, str) and "://" in dataset


def manifest_file(entry: Entry) -> File:
    """The manifest of a version as a file of it; its size is not known."""
    return File(MANIFEST, 0, entry.manifest)


def _name(file: File) -> str:
    return f"objects/{file.sha256[:2]}/{file.sha256}{PurePosixPath(file.path).suffix}"
