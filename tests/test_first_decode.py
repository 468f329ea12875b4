"""What threads decode is looked at on import: msgspec crashes the process if two threads are the
first to look at a struct's fields."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Each is run in a new process, in which nothing has been decoded yet.
_DECODES = {
    "manifest": "from curation.publish.shelf.manifest import decode_manifest as read\n"
    "arguments = (b'{}', 'manifest.json')",
    "shards": "from curation.publish.shelf.shards import read_shards as read\n"
    "from pathlib import Path; import tempfile; folder = Path(tempfile.mkdtemp())\n"
    "(folder / 'shards.json').write_text('[{}]'); arguments = (folder,)",
    "kept": "from curation.annotate.chat import _kept as read\n"
    "from pathlib import Path; import tempfile; kept = Path(tempfile.mkdtemp(), 'kept.json')\n"
    "kept.write_text('{}'); arguments = (kept,)",
    "mention": "from curation.annotate.llm_prompt import read_answer as read\n"
    'arguments = (\'[{"quote": "Rabat", "label": "GPE"}]\', [\'GPE\'])',
}
_PROBE = """
import contextlib, sys
from curation.errors import CurationError
called = set()
sys.setprofile(lambda frame, event, arg: called.add(frame.f_code.co_name))
with contextlib.suppress(CurationError):
    read(*arguments)
sys.setprofile(None)
assert read.__name__ in called
sys.exit("get_class_annotations" in called)
"""


@pytest.mark.parametrize("what", _DECODES)
def test_nothing_is_left_to_look_at_when_the_first_is_decoded(what: str) -> None:
    result = subprocess.run([sys.executable, "-c", _DECODES[what] + _PROBE], check=False)
    assert result.returncode == 0
