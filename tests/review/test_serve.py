"""The local server's life: started by a command that ends, found again, stopped."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import msgspec
import pytest

from curation.errors import MissingExtra, ServerUnavailable, UsageError
from curation.review import connect, serve, stop_server
from curation.review.server import Local, answers, read_local
from tests.conftest import DATABASE, Running, free_port


def curation(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LABEL_STUDIO_")}
    # What would lead a Label Studio of ours to somebody's own database and name.
    environment |= {"LABEL_STUDIO_USERNAME": "other@x.test", "DJANGO_DB": "default", "HOST": "x"}
    return subprocess.run(
        [sys.executable, "-m", "curation", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.PIPE,
        timeout=300,
        env=environment,
    )


def stale(running: Running, folder: Path, pid: int, port: int) -> Local:
    """A data folder that says a server runs, as one that lost power leaves it."""
    folder.mkdir()
    shutil.copy(running.folder / DATABASE, folder / DATABASE)
    local = msgspec.structs.replace(
        running.local, pid=pid, port=port, url=f"http://127.0.0.1:{port}"
    )
    (folder / "server.json").write_bytes(msgspec.json.encode(local))
    return local


def test_it_outlives_its_command_is_found_again_and_stops(
    label_studio: Running, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    before = stale(label_studio, folder, pid=os.getpid(), port=free_port())
    data = ("--data", str(folder))
    try:
        started = curation("review", "serve", *data)
        assert started.returncode == 0, started.stderr
        assert f"running at {before.url}" in started.stderr
        local = read_local(folder)
        assert local and answers(local)
        assert local.pid not in (0, os.getpid())
        assert os.getsid(local.pid) != os.getsid(0)
        assert stat.S_IMODE((folder / "server.json").stat().st_mode) == 0o600

        again = curation("review", "serve", *data)
        assert f"already running at {before.url}" in again.stderr
        assert read_local(folder) == local
        assert local.password not in again.stdout + again.stderr
        told = msgspec.json.decode(curation("review", "serve", "--json", *data).stdout)
        assert told == {
            "url": local.url,
            "user": local.user,
            "password": local.password,
            "token": local.token,
        }
        counted = curation("review", "status", "--project", "none", *data)
        assert counted.returncode == 1
        assert "has no project 'none'" in counted.stderr

        assert f"stopped {before.url}" in curation("review", "serve", "--stop", *data).stderr
        assert not answers(local)
    finally:
        stop_server(folder)
    assert "does not run" in curation("review", "serve", "--stop", *data).stderr
    lost = curation("review", "status", "--project", "none", *data)
    assert lost.returncode == 3
    assert "curation review serve" in lost.stderr


def test_a_process_that_is_not_ours_is_never_stopped(label_studio: Running, tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        stale(label_studio, tmp_path / "data", pid=bystander.pid, port=free_port())
        assert stop_server(tmp_path / "data") is None
        assert bystander.poll() is None
    finally:
        bystander.communicate(b"\n")


def test_a_port_that_is_taken_is_told(label_studio: Running, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"port {label_studio.local.port}"):
        serve(tmp_path / "data", port=label_studio.local.port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(UsageError, match="is taken"):
            serve(tmp_path / "data", port=taken.getsockname()[1])
    assert read_local(tmp_path / "data") is None


def test_a_server_that_dies_shows_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(ServerUnavailable, match="unable to open database file"):
        serve(tmp_path, port=free_port())
    local = read_local(tmp_path)
    assert local and local.pid == 0


def test_without_the_extra_the_install_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'curation\[labelstudio\]'"):
        serve(tmp_path)


def test_strangers_can_not_make_themselves_an_account(label_studio: Running) -> None:
    url = label_studio.local.url
    with httpx.Client(base_url=url, trust_env=False, follow_redirects=True) as stranger:
        stranger.get("/user/signup/")
        form = {"email": "stranger@x.test", "password": "long-enough-1"}
        form["csrfmiddlewaretoken"] = stranger.cookies["csrftoken"]
        reply = stranger.post("/user/signup/", data=form, headers={"Referer": url})
        assert reply.status_code == 403
        assert stranger.get("/api/projects/").status_code == 401


def test_what_the_server_writes_is_for_its_owner_alone(label_studio: Running) -> None:
    for name in ("media", ".env"):
        assert not stat.S_IMODE((label_studio.folder / name).stat().st_mode) & 0o077, name


def test_it_listens_on_its_own_loopback_address_only(label_studio: Running) -> None:
    # The whole of 127/8 is this machine: a server that listens everywhere would answer here too.
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.2:{label_studio.local.port}/health", trust_env=False)


def test_your_own_server_needs_a_key(
    label_studio: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, token = label_studio.local.url, label_studio.local.token
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    with pytest.raises(ServerUnavailable, match="no key"):
        connect(url, memory=tmp_path)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "wrong")
    with pytest.raises(ServerUnavailable, match="does not accept the key"):
        connect(url, memory=tmp_path)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    monkeypatch.setenv("LABEL_STUDIO_URL", f"{url}/")
    server, home = connect(memory=tmp_path)
    with server:
        assert (server.login, home.name) == (label_studio.local.user, url)
    with pytest.raises(ServerUnavailable, match="does not answer"):
        connect(f"http://127.0.0.1:{free_port()}", memory=tmp_path)
