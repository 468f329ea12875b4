"""Sorting more than memory holds: sorted runs on disk, merged when they are read."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from pathlib import Path

import msgspec

from curation.publish.rows import Published


class Spill:
    """Takes readings in any order, gives them back in the order of their document ids (code
    points). At most `limit` bytes of JSON are in memory at once, the rest lies in `folder`.
    """

    def __init__(self, folder: Path, limit: int = 64 << 20) -> None:
        self.bytes = 0
        self.count = 0
        self._folder = folder
        self._limit = limit
        self._held: list[tuple[str, bytes]] = []
        self._held_bytes = 0
        self._runs: list[Path] = []

    def add(self, item: Published) -> None:
        """Take one reading."""
        line = msgspec.json.encode(item)
        self._held.append((item.document.id, line))
        self.count += 1
        self.bytes += len(line)
        self._held_bytes += len(line)
        if self._held_bytes >= self._limit:
            self._write_run()

    def __iter__(self) -> Iterator[Published]:
        """All readings, sorted. It can be asked for again."""
        self._held.sort()
        decode = msgspec.json.Decoder(Published).decode
        held = (decode(line) for _, line in self._held)
        runs = (_run(path) for path in self._runs)
        return heapq.merge(held, *runs, key=lambda item: item.document.id)

    def _write_run(self) -> None:
        self._held.sort()
        path = self._folder / f"run-{len(self._runs):05d}.jsonl"
        with path.open("wb") as stream:
            stream.writelines(line + b"\n" for _, line in self._held)
        self._runs.append(path)
        self._held.clear()
        self._held_bytes = 0


def _run(path: Path) -> Iterator[Published]:
    decode = msgspec.json.Decoder(Published).decode
    with path.open("rb") as stream:
        for line in stream:
            yield decode(line)
