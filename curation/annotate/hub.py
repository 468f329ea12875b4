"""Where a model of others lies: a folder, or a repository of a model hub (`hf:owner/name`).

`hf:owner/name@revision` takes a branch, tag or commit; without it the newest. What was fetched once
is kept in the hub's own cache, and stays usable without a network. The hub's address and token are
those of `huggingface_hub`: HF_ENDPOINT, HF_TOKEN.
"""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.errors import AnnotatorError, ModelUnavailable, UnknownAnnotator
from curation.store.quiet import quietly

PREFIX = "hf:"
#: The same weights for other frameworks, and what runs.
_NOT_NEEDED = ["*.onnx", "*.onnx_data", "*.h5", "*.msgpack", "*.ot", "*.gguf", "*.whl", "*.py"]


class Found(Struct, frozen=True):
    """A model's files. `name` and `version` say in readings which model it was: `version` is the
    hub's commit, or a digest of the folder's content."""

    folder: Path
    name: str
    version: str

    @property
    def agent(self) -> str:
        """The name with the version, as it stands in proposers."""
        return f"{self.name}@{self.version}"


def locate(name: str) -> Found:
    """The model of this name: a folder's path, or `hf:owner/name`, which is fetched.

    Raises: UnknownAnnotator if there is none; ModelUnavailable if the hub does not answer.
    """
    if name.startswith(PREFIX):
        repository, _, revision = name.removeprefix(PREFIX).partition("@")
        folder = _fetched(repository, revision or None)
        return Found(folder, repository, folder.name[:8])
    folder = Path(name)
    if not name or not folder.is_dir():
        raise UnknownAnnotator(
            f"there is no model folder {name!r}",
            hint=f"Give a folder's path, or {PREFIX}owner/name for a model of the hub.",
        )
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    seen = [path.stat() for path in files]
    marks = tuple((str(p), s.st_size, s.st_mtime_ns) for p, s in zip(files, seen, strict=True))
    return Found(folder, folder.resolve().name, _digest(folder, marks))


@lru_cache(maxsize=16)
def _fetched(repository: str, revision: str | None) -> Path:
    import httpx
    import huggingface_hub
    from huggingface_hub.errors import (
        GatedRepoError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    library: Any = huggingface_hub
    endpoint = os.environ.get("HF_ENDPOINT")
    hub = endpoint or "https://huggingface.co"
    try:
        with quietly():
            path: str = library.snapshot_download(
                repository, revision=revision, ignore_patterns=_NOT_NEEDED, endpoint=endpoint
            )
    except GatedRepoError as fault:
        raise ModelUnavailable(
            f"{repository} is given out by {hub} on conditions only",
            hint="Accept them on its page, and set HF_TOKEN to a token of yours.",
        ) from fault
    except (RepositoryNotFoundError, RevisionNotFoundError) as fault:
        raise UnknownAnnotator(
            f"there is no model {repository}{f'@{revision}' if revision else ''} on {hub}",
            hint="Check its name; for a private one set HF_TOKEN.",
        ) from fault
    except HFValidationError as fault:
        raise UnknownAnnotator(f"{PREFIX}{repository}: {fault}") from fault
    except (LocalEntryNotFoundError, httpx.HTTPError, ConnectionError) as fault:
        raise ModelUnavailable(
            f"{repository} is not on this machine, and the model hub {hub} does not answer",
            hint="Fetch it where there is a network (hf download), and give its folder's path; "
            "or set HF_ENDPOINT to a hub that this machine reaches.",
        ) from fault
    except OSError as fault:
        raise AnnotatorError(f"{repository} could not be kept on this machine: {fault}") from fault
    return Path(path)


@lru_cache(maxsize=16)
def _digest(folder: Path, marks: tuple[tuple[str, int, int], ...]) -> str:
    """Eight hex digits of the content; it is read again only where sizes or times changed."""
    total = blake2b(digest_size=4)
    for name, size, _ in marks:
        total.update(f"{Path(name).relative_to(folder).as_posix()}\0{size}\0".encode())
        with Path(name).open("rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
    return total.hexdigest()
