"""One real Label Studio for the whole run, on a free loopback port, in a temporary folder."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import socket
import sqlite3
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import platformdirs
import pytest
from hypothesis import HealthCheck, settings

from curation.errors import ServerUnavailable
from curation.review import Home, LabelStudio, serve, stop_server
from curation.review.server import Local

# A busy machine is no failure: no test asserts a time.
settings.register_profile("curation", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("curation")

#: Every version, ledger and object is synced to its disk: in memory the same tests take a fraction.
MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

DATABASE, LOGIN = "label_studio.sqlite3", "server.json"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several processes one has all tests of the server; the others take file by file."""
    for item in items:
        served = "label_studio" in getattr(item, "fixturenames", ())
        group = "server" if served else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


class Running(msgspec.Struct, frozen=True):
    """The server of this run: its data folder, address and login."""

    folder: Path
    local: Local


@pytest.fixture(scope="session")
def label_studio(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Running]:
    """A real Label Studio, stopped at the end. A migrated, empty database is kept in the user's
    cache, so that only the first run with a version of Label Studio migrates."""
    say = _progress(pytestconfig)
    version = importlib.metadata.version("label-studio")
    template = platformdirs.user_cache_path("curation") / "tests" / f"label-studio-{version}"
    folder = tmp_path_factory.mktemp("label-studio")
    try:
        local = _start(folder, template, say)
    except ServerUnavailable:
        if not template.exists():
            raise
        shutil.rmtree(template)
        folder = tmp_path_factory.mktemp("label-studio-afresh")
        local = _start(folder, template, say)
    say("")
    yield Running(folder, local)
    stop_server(folder)


def _start(folder: Path, template: Path, say: Callable[[str], None]) -> Local:
    known = template.exists()
    if known:
        for name in (DATABASE, LOGIN):
            shutil.copy(template / name, folder / name)

    def progress(seconds: float, first: bool) -> None:
        say(f"starting Label Studio{', migrating' if first else ''}: {seconds:.0f} s")

    local = serve(folder, port=free_port(), progress=progress).local
    if not known:
        _keep(folder, template)
    return local


def _keep(folder: Path, template: Path) -> None:
    """Make the template appear whole, or not at all: another run may be doing the same."""
    part = template.with_name(f"{template.name}.{uuid.uuid4().hex}")
    part.mkdir(parents=True)
    with (
        closing(sqlite3.connect(folder / DATABASE)) as source,
        closing(sqlite3.connect(part / DATABASE)) as target,
    ):
        source.backup(target)
    login = msgspec.json.decode((folder / LOGIN).read_bytes())
    (part / LOGIN).touch(mode=0o600)
    (part / LOGIN).write_bytes(msgspec.json.encode(login | {"pid": 0}))
    try:
        part.rename(template)
    except OSError:
        shutil.rmtree(part)


def _progress(config: pytest.Config) -> Callable[[str], None]:
    """A function that overwrites one line of the terminal, captured output or not."""
    capture = config.pluginmanager.getplugin("capturemanager")
    said: set[str] = set()

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\x1b[K{line}")
            elif line.endswith("0 s") and line not in said:
                said.add(line)
                sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    return say


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(label_studio: Running) -> Iterator[LabelStudio]:
    """A connection to it."""
    with LabelStudio(label_studio.local.url, label_studio.local.token) as connection:
        yield connection


@pytest.fixture
def home(label_studio: Running, tmp_path: Path) -> Home:
    """Our memory of it, fresh for every test."""
    return Home(label_studio.local.id, tmp_path / "memory")


@pytest.fixture
def title() -> str:
    """The title of a project that no other test uses."""
    return f"test {uuid.uuid4().hex[:12]}"
