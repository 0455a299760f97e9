"""Readers: read and render seeds in processes, in order, a few batches ahead of whoever writes them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import TYPE_CHECKING, Protocol, Self

from graphql_api.errors import ContentError
from graphql_api.loading.reader_process import ChunkReader
from graphql_api.settings import DEFAULT_NICENESS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from pathlib import Path
    from types import TracebackType

    from graphql_api.loading.rows import SeedRows
    from graphql_api.model.types import Model
    from graphql_api.records import SeedFile, Served

_FILES_PER_CHUNK, _BYTES_PER_CHUNK = 100, 4 << 20
_CHUNKS_AHEAD = 4
_FILES_WORTH_PROCESSES = 150
_MAX_PROCESSES = 4
"""One thread writes what they read, and takes nearly as long for a seed as one of them."""
_SECONDS_TO_END = 5


class Readers:
    """The readers of one load. Use it as a context manager: they end with it."""

    def __init__(self, site: Served, model: Model | None = None, *, nice: int = DEFAULT_NICENESS) -> None:
        """Start none yet; they read for a site as it is served, and by a model, which may be told later.

        `nice` is the niceness of processes that read.
        """
        self._nice = nice
        self._site = site
        self._model = model
        self._readers: list[_Reader] = []
        self._processes: _Processes | None = None

    def use(self, model: Model) -> None:
        """Have every reader read by `model`; those that are started already get it now."""
        self._model = model
        for reader in self._readers:
            reader.use(model, self._site)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every reader."""
        self._end(at_once=True)

    def prepare(self, files: int) -> None:
        """Make ready to read so many files, which takes a while, best while something else is waited for."""
        with contextlib.suppress(ContentError):  # `read` tries again, and tells
            self._start(files)

    async def read(self, seeds: Path, files: Sequence[SeedFile]) -> AsyncGenerator[list[SeedRows], None]:
        """Yield the seeds in batches, in the order of `files`. Raises ContentError if a reader dies.

        To be called once; close the iterator (`contextlib.aclosing`), and the readers have ended.
        """
        self._start(len(files))
        tasks: deque[asyncio.Future[list[SeedRows]]] = deque()
        ahead = _CHUNKS_AHEAD * len(self._readers)
        try:
            for reader, chunk in zip(cycle(self._readers), _chunks(files), strict=False):
                tasks.append(asyncio.wrap_future(reader.begin(seeds, chunk)))
                if len(tasks) > ahead:
                    yield await tasks.popleft()
            while tasks:
                yield await tasks.popleft()
        finally:
            for task in tasks:
                task.cancel()
            self._end(at_once=bool(tasks))

    def _start(self, files: int) -> None:
        if self._readers or not files:
            return
        count = min(_cores(), _MAX_PROCESSES)
        if files < _FILES_WORTH_PROCESSES or count == 1:
            self._add(_Thread())
        else:
            self._start_processes(count)

    def _start_processes(self, count: int) -> None:
        """Start so many. Raises ContentError if they cannot be."""
        self._processes = _Processes(count, self._nice)
        for each in self._processes.connections:
            self._add(_Process(each))

    def _add(self, reader: _Reader) -> None:
        self._readers.append(reader)
        if self._model is not None:
            reader.use(self._model, self._site)

    def _end(self, *, at_once: bool) -> None:
        if self._processes and at_once:
            self._processes.terminate()
        for reader in self._readers:
            reader.end()
        self._readers.clear()
        if self._processes:
            self._processes.wait()
            self._processes = None


class _Reader(Protocol):
    """Reads seeds, chunk after chunk, once it has a model."""

    def use(self, model: Model, site: Served) -> None:
        """Take the model; once, and before anything is read."""

    def begin(self, seeds: Path, files: Sequence[SeedFile]) -> Future[list[SeedRows]]:
        """Have it read a chunk when it has read those before."""

    def end(self) -> None:
        """End it; what was begun and is not read yet is given up."""


class _Thread:
    """A reader for so few files that processes would take longer to start, or for the only core."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)

    def use(self, model: Model, site: Served) -> None:
        self._reader = ChunkReader(model, site)

    def begin(self, seeds: Path, files: Sequence[SeedFile]) -> Future[list[SeedRows]]:
        return self._thread.submit(self._reader.read, seeds, files)

    def end(self) -> None:
        self._thread.shutdown(cancel_futures=True)


class _Process:
    """A reader in a process of its own, at the other end of a connection, and the thread that takes what it sends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1)

    def use(self, model: Model, site: Served) -> None:
        with contextlib.suppress(OSError):  # `begin` meets the same, and tells
            self._connection.send((model, site))

    def begin(self, seeds: Path, files: Sequence[SeedFile]) -> Future[list[SeedRows]]:
        # What it will read next is there before it has sent what it reads now, so it never waits for that.
        try:
            self._connection.send((seeds, files))
        except OSError as error:
            raise self._has_died() from error
        return self._thread.submit(self._receive)

    def _receive(self) -> list[SeedRows]:
        try:
            rows: list[SeedRows] = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._has_died() from error
        return rows

    def _has_died(self) -> ContentError:
        return ContentError("A process that read seeds has died, perhaps for want of memory. Load again.")

    def end(self) -> None:
        # The process has ended, or has nothing left to send: its thread never waits here.
        self._thread.shutdown(cancel_futures=True)
        self._connection.close()


class _Processes:
    """The processes that read, each at the end of one of `connections`: a program, and what it forks.

    They have a session of their own, which they may make nice, and which the signals of a terminal do not reach.
    """

    def __init__(self, count: int, nice: int) -> None:
        """Start them. Raises ContentError."""
        from multiprocessing.connection import Pipe  # noqa: PLC0415 - 10 ms that a load without changes can spare

        self.connections: list[Connection] = []
        descriptors: list[int] = []
        with contextlib.ExitStack() as theirs:
            try:
                for _ in range(count):
                    ours, other = Pipe()
                    self.connections.append(ours)
                    theirs.enter_context(other)
                    descriptors.append(other.fileno())
                self._process = _started(descriptors, nice)
            except OSError as error:
                for each in self.connections:
                    each.close()
                raise ContentError(
                    f"A process that reads seeds cannot be started ({error.strerror}). Load again."
                ) from error

    def terminate(self) -> None:
        """End all of them, whatever they are doing."""
        self._signal(signal.SIGTERM)
        self.wait()

    def wait(self) -> None:
        """Wait for their end, which their connections' end brings about; not for ever."""
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to all of them: they are a group, which the first one gives its number."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def _started(descriptors: Sequence[int], nice: int) -> subprocess.Popen[bytes]:
    """Start the readers' program, with modules from where this process has them. Raises OSError."""
    code = f"from graphql_api.loading.reader_process import main; main({[*descriptors]}, {nice})"
    program = f"import sys; sys.path[:] = {sys.path!a}; {code}"
    return subprocess.Popen(  # noqa: S603 - a program of our own
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, pass_fds=descriptors, start_new_session=True
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _chunks(files: Sequence[SeedFile]) -> Iterator[Sequence[SeedFile]]:
    """Yield files by the hundred; fewer if they are large, because all texts of a chunk are in memory at once."""
    start = size_bytes = 0
    for end, file in enumerate(files):
        if end - start == _FILES_PER_CHUNK or size_bytes > _BYTES_PER_CHUNK:
            yield files[start:end]
            start, size_bytes = end, 0
        size_bytes += file.size_bytes
    if files:
        yield files[start:]
