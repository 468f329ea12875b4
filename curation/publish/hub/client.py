"""A dataset repository of the Hugging Face Hub: what this room asks it.

Address and token are those of `huggingface_hub`: HF_ENDPOINT, HF_TOKEN or its login.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from curation.errors import UsageError
from curation.publish.hub.faults import Faults

T = TypeVar("T")

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*\Z", re.ASCII)
_KIND: Any = {"repo_type": "dataset"}
#: How often a request is made that the library does not repeat itself, in all.
_TRIES = 5
_PASSING = (408, 429, 500, 502, 503, 504)


class Blob(Struct, frozen=True):
    """A file of a tree: its size, and its SHA-256 or, if it lies in git itself, git's SHA-1."""

    size: int
    sha256: str = ""
    git: str = ""


class Refs(Struct, frozen=True):
    """The commit of the branch main, and of every tag."""

    head: str
    tags: dict[str, str]


def is_hub_id(name: Path | str) -> bool:
    """Whether this names a dataset of the Hub, `owner/name`, and no folder or file here.

    >>> is_hub_id("no-such-owner/news"), is_hub_id("news"), is_hub_id("a/b/c")
    (True, False, False)
    """
    return could_be_hub_id(name) and not Path(name).exists()


def could_be_hub_id(name: Path | str) -> bool:
    """Whether this has the form `owner/name`, whatever lies here."""
    return isinstance(name, str) and bool(_ID.match(name))


def offline() -> bool:
    """Whether HF_HUB_OFFLINE tells to ask nobody."""
    from huggingface_hub import constants

    return constants.HF_HUB_OFFLINE


class Hub:
    """One dataset repository, with the token that was given or the library's own.

    Every method raises UsageError if there is no such repository for who asks, and
    RemoteUnavailable if the Hub does not answer or does not let us in.
    """

    def __init__(self, repo: str, token: str | None = None) -> None:
        import huggingface_hub
        from huggingface_hub.errors import HFValidationError
        from huggingface_hub.utils import validate_repo_id

        try:
            validate_repo_id(repo)
        except HFValidationError as fault:
            raise UsageError(str(fault), hint="Write owner/name.") from fault
        if "/" not in repo:
            raise UsageError(f"{repo!r} names no owner", hint="Write owner/name.")
        endpoint = os.environ.get("HF_ENDPOINT") or huggingface_hub.constants.ENDPOINT
        self.repo, self.address = repo, endpoint.rstrip("/")
        self._api: Any = huggingface_hub.HfApi(endpoint=self.address, token=token)
        self._said = Faults(repo, self.address, bool(token or huggingface_hub.get_token())).said

    @property
    def url(self) -> str:
        """Where people look at it."""
        return f"{self.address}/datasets/{self.repo}"

    def private(self) -> bool | None:
        """Whether it is private; None if it is not there."""
        from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

        with self._said():
            try:
                return bool(self._again(self._api.repo_info, self.repo, **_KIND).private)
            except GatedRepoError:
                raise
            except RepositoryNotFoundError:
                return None

    def create(self, *, private: bool) -> None:
        """Make the repository; that it is there already is fine."""
        with self._said():
            self._again(self._api.create_repo, self.repo, private=private, exist_ok=True, **_KIND)

    def publicise(self) -> None:
        """Let everybody see it."""
        with self._said():
            self._again(self._api.update_repo_settings, self.repo, private=False, **_KIND)

    def refs(self) -> Refs:
        """Where its branch and tags are."""
        with self._said():
            found = self._again(self._api.list_repo_refs, self.repo, **_KIND)
        heads = {ref.name: ref.target_commit for ref in found.branches}
        if "main" not in heads:
            raise UsageError(f"{self.url} has no branch main", hint="Give a repository that does.")
        return Refs(heads["main"], {ref.name: ref.target_commit for ref in found.tags})

    def titles(self) -> list[tuple[str, str]]:
        """Commit and title of all that led to the head, newest first."""
        with self._said():
            found = self._again(self._api.list_repo_commits, self.repo, **_KIND)
        return [(commit.commit_id, commit.title) for commit in found]

    def tree(self, commit: str) -> dict[str, Blob]:
        """The files of a commit by path, without the Hub's own `.gitattributes`."""

        def listed() -> dict[str, Blob]:
            found = self._api.list_repo_tree(self.repo, recursive=True, revision=commit, **_KIND)
            return {
                one.path: Blob(one.size, one.lfs.sha256 if one.lfs else "", one.blob_id)
                for one in found
                if hasattr(one, "blob_id") and one.path != ".gitattributes"
            }

        with self._said():
            return self._again(listed)

    def commit(
        self, parent: str, title: str, said: str, files: dict[str, Path | bytes], gone: set[str]
    ) -> str | None:
        """Commit files (a path here, or bytes) and removals in one go; gives the new commit, or
        None if main is not at `parent`. That may be the work of this very call: the answer to a
        first try can get lost. Files that the Hub holds already are not uploaded again.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete
        from huggingface_hub.errors import HfHubHTTPError

        operations: list[Any] = [
            CommitOperationAdd(path, data if isinstance(data, bytes) else str(data))
            for path, data in sorted(files.items())
        ]
        operations += [CommitOperationDelete(path) for path in sorted(gone)]
        with self._said():
            try:
                made = self._again(
                    self._api.create_commit,
                    self.repo,
                    operations,
                    commit_message=title,
                    commit_description=said,
                    parent_commit=parent,
                    **_KIND,
                )
            except HfHubHTTPError as fault:
                if fault.response.status_code != 412:
                    raise
                return None
        return str(made.oid)

    def tag(self, name: str, commit: str) -> bool:
        """Tag a commit; whether there was no such tag before."""
        from huggingface_hub.errors import HfHubHTTPError

        with self._said():
            try:
                self._again(self._api.create_tag, self.repo, tag=name, revision=commit, **_KIND)
            except HfHubHTTPError as fault:
                if fault.response.status_code != 409:
                    raise
                return False
        return True

    def fetch(self, path: str, revision: str, into: Path | None = None) -> Path | None:
        """A file of a revision: in the library's cache, or under a folder of ours. Where the Hub
        can not be asked, it is what the cache has of exactly this revision. None if the revision
        has no such file.

        Raises: RevisionNotFoundError (the library's) for an unknown revision;
        LocalEntryNotFoundError where nobody can be asked and it is not cached.
        """
        from huggingface_hub.errors import LocalEntryNotFoundError, RemoteEntryNotFoundError
        from huggingface_hub.errors import RevisionNotFoundError as Unknown

        try:
            with self._said(Unknown, LocalEntryNotFoundError):
                there: Any = {"revision": revision, "local_dir": into, **_KIND}
                return Path(self._again(self._api.hf_hub_download, self.repo, path, **there))
        except RemoteEntryNotFoundError:
            return None

    def cached_tags(self) -> list[str]:
        """The revisions that the library's cache has a part of."""
        from huggingface_hub import constants
        from huggingface_hub.file_download import repo_folder_name

        name = repo_folder_name(repo_id=self.repo, repo_type="dataset")
        refs = Path(constants.HF_HUB_CACHE) / name / "refs"
        return [path.name for path in refs.iterdir()] if refs.is_dir() else []

    def _again(self, ask: Callable[..., T], *args: Any, **more: Any) -> T:
        """Ask, and ask again after a fault that may pass; the library does that for some requests
        only. Waits 1, 2, 4 and 8 seconds, or as long as the Hub says, up to a minute."""
        import httpx
        from huggingface_hub.errors import HfHubHTTPError

        for tried in range(1, _TRIES):
            wait = 2.0 ** (tried - 1)
            try:
                return ask(*args, **more)
            except HfHubHTTPError as fault:
                if fault.response.status_code not in _PASSING:
                    raise
                said = fault.response.headers.get("Retry-After", "")
                wait = min(float(said), 60.0) if said.isdecimal() else wait
            except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError):
                pass  # asked again after a while
            time.sleep(wait)
        return ask(*args, **more)
