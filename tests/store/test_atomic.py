"""A file appears whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from curation.errors import CurationError
from curation.store import replacing


def test_it_appears_when_the_block_ends(tmp_path: Path) -> None:
    file = tmp_path / "new" / "out"
    with replacing(file) as stream:
        stream.write(b"whole")
        assert not file.exists()
    assert file.read_bytes() == b"whole"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_under_an_exception_the_old_file_stays(tmp_path: Path, fault: type[BaseException]) -> None:
    file = tmp_path / "out"
    file.write_bytes(b"old")
    with pytest.raises(fault), replacing(file) as stream:
        stream.write(b"new, half")
        raise fault
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_the_mode_of_an_earlier_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch(mode=0o600)
    with replacing(file) as stream:
        stream.write(b"x")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch()
    link.symlink_to(target)
    with replacing(link) as stream:
        stream.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"


def test_a_device_is_written_to_not_replaced() -> None:
    null = Path("/dev/null")
    with replacing(null) as stream:
        stream.write(b"x")
    assert null.is_char_device()


def test_where_no_file_can_be_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match="directory"), replacing(tmp_path):
        raise AssertionError("not reached")
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(CurationError, match="can not write"), replacing(file / "below"):
        raise AssertionError("not reached")


KILLED = """
import os, signal, sys
from pathlib import Path
from curation.store import replacing
with replacing(Path(sys.argv[1])) as stream:
    stream.write(b"half")
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "out [1].jsonl"
    other = tmp_path / ".out [1].jsonl.mine.part"
    other.touch()
    for _ in range(2):
        run = subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
        assert run.returncode == -signal.SIGKILL
        assert len(list(tmp_path.iterdir())) == 2
    with replacing(file) as stream:
        stream.write(b"whole")
    assert file.read_bytes() == b"whole"
    assert set(tmp_path.iterdir()) == {file, other}


def test_two_runs_at_a_time_leave_each_other_alone(tmp_path: Path) -> None:
    file = tmp_path / "out"
    with replacing(file) as first:
        first.write(b"first")
        with replacing(file) as second:
            second.write(b"second")
        assert file.read_bytes() == b"second"
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]
