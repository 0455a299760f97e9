"""Lanes: connections that answer many requests in one hop.

A call into aiosqlite's thread and back costs as much as a small statement. So requests that arrive while a lane is
busy wait together, and go over in one call. One lane does nearly all of the work; another helps while it is held up by
a slow statement, and a statement that was slow before goes over alone.

SQLite keeps statements prepared, each with the values that were bound to it last. So statements that are large or bind
much have lanes of their own, which keep nothing: memory stays small whatever clients send.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from itertools import chain
from sys import getsizeof
from typing import TYPE_CHECKING, Any, Self, cast

from graphql_api.errors import DeadlineError, StoreError
from graphql_api.store.batches import HELD_UP_SECONDS, Batch, BatchingConnection, Clock, Queue, Wanted
from graphql_api.store.driver import connect_to_generation, sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

LANES, _LANES_FOR_LARGE = 3, 2
_STATEMENTS_KEPT = 256
_LARGE_BYTES = 16_384
"""Of a statement's text and its values. Prepared, a statement takes about five times its text."""
_CACHE_KIB = 8_192
_INSTRUCTIONS_BETWEEN_LOOKS = 20_000


class Lanes:
    """The lanes of one generation. Use it as an async context manager."""

    def __init__(self, path: Path, deadline_seconds: float) -> None:
        """Prepare to read the generation `path`."""
        self._ordinary = _Group(path, deadline_seconds, LANES, _STATEMENTS_KEPT)
        self._large = _Group(path, deadline_seconds, _LANES_FOR_LARGE, 0)
        self._resources = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open every connection. Raises sqlite3.Error if the file is no database."""
        async with contextlib.AsyncExitStack() as stack:
            for lane in self:
                await stack.enter_async_context(lane)
            self._resources = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._resources.aclose()

    def __iter__(self) -> Iterator[Lane]:
        """Return the lanes, the first of which does nearly all of the work."""
        return chain(self._ordinary.lanes, self._large.lanes)

    async def read_text(self, sql: str) -> str:
        """Return the one text that a statement gives, before any lane runs. Raises sqlite3.Error."""
        return await self._ordinary.lanes[0].read_text(sql)

    def fetch(self, sql: str, values: Sequence[Any]) -> asyncio.Future[Sequence[bytes]]:
        """Return the future row of a statement; cancelling it ends the statement."""
        is_large = len(sql) + sum(map(getsizeof, values)) > _LARGE_BYTES
        return (self._large if is_large else self._ordinary).fetch(sql, values)


class _Group:
    """Lanes that share a queue."""

    def __init__(self, path: Path, deadline_seconds: float, lanes: int, statements_kept: int) -> None:
        self._queue = Queue()
        self.lanes = [Lane(path, deadline_seconds, statements_kept, self._queue, self._call) for _ in range(lanes)]

    def fetch(self, sql: str, values: Sequence[Any]) -> asyncio.Future[Sequence[bytes]]:
        row: asyncio.Future[Sequence[bytes]] = asyncio.get_running_loop().create_future()
        self._queue.append(Wanted(sql, values, row))
        self._call()
        return row

    def _call(self) -> None:
        """Wake a lane if something waits, unless one is at work that will soon look at the queue by itself."""
        if not self._queue:
            return
        for lane in self.lanes:
            if lane.is_idle:
                lane.wake()
                return
            if not lane.is_held_up:
                return


class Lane:
    """One connection. Use it as an async context manager, and have `run` run meanwhile."""

    def __init__(
        self,
        path: Path,
        deadline_seconds: float,
        statements_kept: int,
        queue: Queue,
        when_held_up: Callable[[], None],
    ) -> None:
        """Prepare to read the generation `path`; `when_held_up` is called when a batch takes long."""
        self._db = connect_to_generation(path, factory=BatchingConnection, cached_statements=statements_kept)
        self._clock = Clock(deadline_seconds)
        self._queue = queue
        self._when_held_up = when_held_up
        self._wake = asyncio.Event()
        self._started: float | None = None

    async def __aenter__(self) -> Self:
        """Open the connection. Raises sqlite3.Error if the file is no database."""
        await self._db
        try:
            await self._db.execute_fetchall(f"PRAGMA cache_size = -{_CACHE_KIB}")
            await self._db.execute_fetchall("SELECT version FROM content")
            await self._db.set_progress_handler(self._clock.is_over, _INSTRUCTIONS_BETWEEN_LOOKS)
        except BaseException:
            await self._db.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self._db.close()

    async def read_text(self, sql: str) -> str:
        """Return the one text that a statement gives; not while `run` runs. Raises sqlite3.Error."""
        ((text,),) = await self._db.execute_fetchall(sql)
        return str(text)

    @property
    def is_idle(self) -> bool:
        """Whether it waits for work."""
        return self._started is None and not self._wake.is_set()

    @property
    def is_held_up(self) -> bool:
        """Whether its current batch takes long."""
        return self._started is not None and time.monotonic() - self._started >= HELD_UP_SECONDS

    def wake(self) -> None:
        """Have it look at the queue."""
        self._wake.set()

    async def run(self) -> None:
        """Answer whoever waits, batch by batch, until it is cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._answer(self._queue.take())

    async def _answer(self, wanted: list[Wanted]) -> None:
        """Run statements in one hop; those behind a slow one wait again."""
        self._started = time.monotonic()
        timer = asyncio.get_running_loop().call_later(HELD_UP_SECONDS, self._when_held_up)
        batch = cast(str, Batch(wanted, self._clock))
        results = cast("list[Any]", await self._db.execute_fetchall(batch))
        timer.cancel()
        self._queue.remember(wanted[len(results) - 1].sql, is_slow=self._clock.was_slow)
        self._started = None
        self._queue.give_back(wanted[len(results) :])
        for each, result in zip(wanted, results, strict=False):
            self._settle(each.row, result)

    def _settle(self, row: asyncio.Future[Sequence[bytes]], result: Any) -> None:  # noqa: ANN401 - a row or an error
        if row.done():
            return
        if not isinstance(result, Exception):
            row.set_result(result)
        elif isinstance(result, TimeoutError) or (
            isinstance(result, sqlite3.OperationalError) and "interrupted" in str(result)
        ):
            seconds = self._clock.deadline_seconds
            row.set_exception(DeadlineError(f"The operation took more than {seconds:g} s. Ask for less, or in parts."))
        else:
            error = StoreError(f"The store could not answer: {result}")
            error.__cause__ = result
            row.set_exception(error)
