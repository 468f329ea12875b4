"""Shards made by several processes at once, each of them one shard at a time.

They are plain processes of this interpreter and not multiprocessing's, which would run the caller's
own script once more. Each is given the maker and then jobs on its stdin, and answers on its stdout,
pickled. Its stdin ends with whoever started it, killed or not, and so does the process, be it in
the middle of a file: nothing is left that writes into a folder which others may clear.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from importlib.abc import MetaPathFinder
from queue import SimpleQueue
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from curation.errors import PublishError
from curation.publish.making.shard_making import Job, Made, Maker

#: Shards below which a process of their own is not worth its start, which takes as long as three.
SHARDS_EACH = 16

_SERVE = "from curation.publish.making.workers import serve; serve()"


def workers_for(shards: int) -> int:
    """How many processes should make so many shards: 1 (this one) if they are few or the cores are.

    >>> workers_for(5)
    1
    """
    return max(1, min(_cores(), shards // SHARDS_EACH))


def make_all(maker: Maker, jobs: Iterable[Job], workers: int) -> Generator[Made]:
    """Every shard, in any order; with more than one worker by processes. A job is taken from `jobs`
    when it is about to be given away, so that no more lines are held than are worked on.

    Raises: as Maker.make; PublishError if a process dies.
    """
    if workers < 2:
        yield from map(maker.make, jobs)
        return
    with contextlib.ExitStack() as stack:
        # The processes end before the threads that wait for them.
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        idle = [stack.enter_context(_Worker(maker)) for _ in range(workers)]
        busy: dict[Future[Made], _Worker] = {}
        for job in jobs:
            while not idle:
                for worker, made in _done(busy):
                    idle.append(worker)
                    yield made
            worker = idle.pop()
            busy[pool.submit(worker.make, job)] = worker
        while busy:
            for _, made in _done(busy):
                yield made


def _done(busy: dict[Future[Made], _Worker]) -> list[tuple[_Worker, Made]]:
    done, _ = wait(busy, return_when=FIRST_COMPLETED)
    return [(busy.pop(future), future.result()) for future in done]


class _Worker:
    """A process that makes shards."""

    def __init__(self, maker: Maker) -> None:
        # It is to find the modules that are found here.
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
        )
        self._ask(maker)

    def make(self, job: Job) -> Made:
        """As Maker.make."""
        self._ask(job)
        try:
            answer = pickle.load(cast("BinaryIO", self._process.stdout))
        except EOFError:
            raise self._died() from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ask(self, what: Any) -> None:
        stream = cast("BinaryIO", self._process.stdin)
        try:
            pickle.dump(what, stream, pickle.HIGHEST_PROTOCOL)
            stream.flush()
        except BrokenPipeError:
            raise self._died() from None

    def _died(self) -> PublishError:
        return PublishError(
            f"a process that wrote shards ended by itself (exit code {self._process.wait()}); "
            "nothing was published",
            hint="Its last words stand above, if it had any. Where memory is short, run the same "
            "command again with --workers 1.",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                cast("BinaryIO", stream).close()


def serve() -> None:
    """What a process does: make shards until its stdin ends."""
    import pyarrow as pa

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it is told too, and ends it
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    arrow: Any = pa
    arrow.set_cpu_count(1)  # the cores are taken by the other processes
    sys.meta_path.insert(0, _NoPandas())
    gc.disable()  # no row is part of a cycle, and looking for one takes a tenth of the time
    asked: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_receive, args=(asked,), daemon=True).start()
    maker: Maker = asked.get()
    while True:
        try:
            answer: Made | Exception = maker.make(asked.get())
        except Exception as fault:  # noqa: BLE001  # told to whoever asked, who raises it
            answer = fault
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


class _NoPandas(MetaPathFinder):
    """Finds no pandas. pyarrow imports it at the first array if it can, for arrays of pandas that
    nobody has here: that takes twice as long as all the rest of a start, and 40 MB."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Say so."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _receive(asked: SimpleQueue[Any]) -> None:
    try:
        while True:
            asked.put(pickle.load(sys.stdin.buffer))
    finally:
        os._exit(0)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
