"""Processes and ports of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def is_free(host: str, port: int) -> bool:
    """Whether a server can listen there."""
    with socket.socket(_family(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    # Label Studio itself asks whether something answers on localhost, and would move on.
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("localhost", port)) != 0


def any_port(host: str) -> int:
    """A port that is free now."""
    with socket.socket(_family(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_running(pid: int, *arguments: str) -> bool:
    """Whether the process is there and was called with these arguments: a number that was given
    to another program since must not be taken for it, and never be killed."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            command = proc.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError):
            return False
    else:
        ps = ["ps", "-o", "command=", "-p", str(pid)]
        command = subprocess.run(ps, capture_output=True, text=True, check=False).stdout.strip()
    return all(f" {argument} " in f" {command} " for argument in arguments)


def end(pid: int) -> None:
    """Ask the process to end; after ten seconds make it."""
    for wanted, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, wanted)
        except ProcessLookupError:
            return
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if is_gone(pid):
                return
            time.sleep(0.1)


def is_gone(pid: int) -> bool:
    """Whether no such process is left; a child of ours that ended is let go."""
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
