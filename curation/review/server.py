"""The local Label Studio: started without a prompt, found again, stopped.

Everything lies in one folder: the database, the log, and `server.json` (mode 0600) with the
address and the login that were made for it.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.errors import MissingExtra, ServerUnavailable, UsageError
from curation.review.process import any_port, end, is_free, is_running
from curation.store import replacing

LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: The port that is tried first, and how many seconds the first start may take.
PORT, PATIENCE = 8080, 600
_STATE, _LOG, _LOCK = "server.json", "server.log", "serve.lock"
# Settings of a person's own Label Studio or Django would lead ours to their database.
_FOREIGN = ("LABEL_STUDIO_", "HEARTEX_", "DJANGO_", "POSTGRE_", "DATABASE_")
_FOREIGN_NAMES = ("HOST", "PORT", "USERNAME", "PASSWORD", "USER_TOKEN", "DEBUG")


class Local(Struct, frozen=True):
    """The local server. `id` names it in our memory, whatever its port; `pid` is 0 when it was
    stopped."""

    id: str
    url: str
    host: str
    port: int
    pid: int
    user: str
    password: str
    token: str


class Served(Struct, frozen=True):
    """What `serve` found or did."""

    local: Local
    started: bool
    fresh: bool


def read_local(folder: Path) -> Local | None:
    """The local server of this data folder, running or not; None if there never was one."""
    try:
        return msgspec.json.decode((folder / _STATE).read_bytes(), type=Local)
    except FileNotFoundError:
        return None


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    progress: Callable[[float, bool], None] = lambda seconds, first: None,
) -> Served:
    """Start the local server in the background, unless it runs, and wait until it answers.

    `progress` is told the seconds waited and whether this is the first start, which migrates a
    new database. Without `port` the last one is taken, else 8080, else any that is free.

    Raises: MissingExtra without the label-studio package; UsageError if the port is taken;
    ServerUnavailable, with the log's end, if it dies or does not answer.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        local = read_local(folder)
        if local and _alive(local):
            _wait(folder, local, None, progress, first=False)
            return Served(local, started=False, fresh=False)
        if importlib.util.find_spec("label_studio") is None:
            raise MissingExtra(
                "the review server (label-studio) is not installed",
                hint="pip install 'curation[labelstudio]'",
            )
        first = not (folder / "label_studio.sqlite3").exists()
        chosen = _port(host, port, local.port if local else PORT)
        fresh = local is None
        local = _written(folder, _named(local, host, chosen, known=not first))
        child = _launch(folder, local)
        local = _written(folder, msgspec.structs.replace(local, pid=child.pid))
        try:
            _wait(folder, local, child, progress, first=first)
        except BaseException:
            end(child.pid)
            _written(folder, msgspec.structs.replace(local, pid=0))
            raise
        # The server outlives us: without this, Python would warn that we did not wait for it.
        child.returncode = 0
        return Served(local, started=True, fresh=fresh)


def stop(folder: Path) -> Local | None:
    """Stop the local server; returns it, or None if it did not run."""
    local = read_local(folder)
    if local is None or not _alive(local):
        return None
    end(local.pid)
    return _written(folder, msgspec.structs.replace(local, pid=0))


def logend(folder: Path, lines: int = 15) -> str:
    """The last lines of the server's log."""
    try:
        text = (folder / _LOG).read_text("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


@contextlib.contextmanager
def _alone(folder: Path) -> Generator[None]:
    """One `serve` at a time; a second one waits for the first and finds its server."""
    with (folder / _LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _named(local: Local | None, host: str, port: int, *, known: bool) -> Local:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host
    url = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    if local:
        return msgspec.structs.replace(local, url=url, host=host, port=port, pid=0)
    ident = secrets.token_hex(8)
    return Local(
        id=ident,
        url=url,
        host=host,
        port=port,
        pid=0,
        # A database whose login got lost knows the plain name already, with another token.
        user=f"reviewer-{ident[:4]}@curation.local" if known else "reviewer@curation.local",
        password=secrets.token_urlsafe(12),
        token=secrets.token_hex(20),
    )


def _written(folder: Path, local: Local) -> Local:
    path = folder / _STATE
    if not path.exists():
        path.touch(mode=0o600)
    path.chmod(0o600)
    with replacing(path) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(local), indent=2))
    return local


def _port(host: str, wanted: int | None, usual: int) -> int:
    if wanted is not None:
        if not is_free(host, wanted):
            raise UsageError(
                f"port {wanted} of {host} is taken by another program",
                hint="Give another --port, or none: then a free one is chosen.",
            )
        return wanted
    return usual if is_free(host, usual) else any_port(host)


def _launch(folder: Path, local: Local) -> subprocess.Popen[bytes]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_FOREIGN) and name not in _FOREIGN_NAMES
    }
    environment |= {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder.resolve()),
        "DJANGO_DB": "sqlite",
        "LABEL_STUDIO_USERNAME": local.user,
        "LABEL_STUDIO_PASSWORD": local.password,
        "LABEL_STUDIO_USER_TOKEN": local.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        # Else whoever reaches the port can make an account and read and change every project.
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "label_studio.server", "start", "--no-browser"]
    command += ["--internal-host", local.host, "--port", str(local.port)]
    if local.host in LOOPBACK:
        command += ["--host", local.url]
    with (folder / _LOG).open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # The database holds tokens: it is for its owner alone, wherever the folder lies.
            umask=0o077,
        )


def _wait(
    folder: Path,
    local: Local,
    child: subprocess.Popen[bytes] | None,
    progress: Callable[[float, bool], None],
    *,
    first: bool,
) -> None:
    begun = time.monotonic()
    while not answers(local):
        waited = time.monotonic() - begun
        progress(waited, first)
        dead = child.poll() is not None if child else not _alive(local)
        if dead or waited > PATIENCE:
            what = "stopped while starting" if dead else f"does not answer after {PATIENCE} s"
            raise ServerUnavailable(
                f"the review server {what}; its log {folder / _LOG} ends with:\n{logend(folder)}",
                hint="If the log does not help: move the data folder away and start again.",
            )
        time.sleep(0.5)


def answers(local: Local) -> bool:
    """Whether our server (not just any) answers at its address: it knows our token."""
    import httpx

    try:
        with httpx.Client(base_url=local.url, trust_env=False, timeout=10) as client:
            if client.get("/health").status_code != 200:
                return False
            key = {"Authorization": f"Token {local.token}"}
            return client.get("/api/current-user/whoami", headers=key).status_code == 200
    except httpx.HTTPError:
        return False


def _alive(local: Local) -> bool:
    return bool(local.pid) and is_running(local.pid, "label_studio.server", f"--port {local.port}")
