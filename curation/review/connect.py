"""Which server a command talks to: one that is named, else the local one."""

from __future__ import annotations

import os
from pathlib import Path

from curation.errors import ServerUnavailable
from curation.review.desk import Home
from curation.review.labelstudio import LabelStudio
from curation.review.server import answers, read_local
from curation.review.state import data_folder

URL, KEY = "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"


def local_folder(data: Path | None = None) -> Path:
    """The local server's folder: `data`, else one under the user's data folder."""
    return data or data_folder() / "label-studio"


def connect(
    url: str | None = None, *, data: Path | None = None, memory: Path | None = None
) -> tuple[LabelStudio, Home]:
    """The server at `url` (or LABEL_STUDIO_URL), with the key in LABEL_STUDIO_API_KEY; without
    one, the local server of the folder `data`. `memory` is where we keep what was pushed.

    Raises: ServerUnavailable if there is none, it does not answer, or does not let us in.
    """
    url = (url or (os.environ.get(URL) if data is None else None) or "").rstrip("/")
    folder = local_folder(data)
    local = read_local(folder)
    if url and not (local and local.url == url and local.pid):
        key = os.environ.get(KEY, "")
        if not key:
            raise ServerUnavailable(
                f"no key for {url}",
                hint=f"Set {KEY} to an access token of your account there.",
            )
        return LabelStudio(url, key), Home(url, memory or data_folder() / "review")
    if local is None or not local.pid or not answers(local):
        raise ServerUnavailable(
            "the local review server is not running",
            hint="Start it with `curation review serve`"
            + (f" --data {data}" if data else "")
            + f", or give --url and set {KEY}.",
        )
    return LabelStudio(local.url, local.token), Home(local.id, memory or folder / "review")
