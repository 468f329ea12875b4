"""A file appears whole or not at all."""

from __future__ import annotations

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
