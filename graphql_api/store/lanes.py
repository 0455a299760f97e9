"""Lanes: connections that answer many requests in one hop.

A call into aiosqlite's thread and back costs as much as a small statement. So requests that arrive while a lane is
busy wait together, and go over in one call. One lane does nearly all of the work; another helps while it is held up by
a slow statement, and a statement that was slow before goes over alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, cast

from graphql_api.errors import DeadlineError, StoreError
from graphql_api.store.driver import connect_to_generation, sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

_CACHED_STATEMENTS = 512
_CACHE_KIB = 8_192
_INSTRUCTIONS_BETWEEN_LOOKS = 20_000
HELD_UP_SECONDS = 0.005
"""After so long, other requests do not wait for a statement any more."""
LANES = 3
_STATEMENTS_PER_HOP = 16
_SLOW_STATEMENTS_REMEMBERED = 256


@dataclass(slots=True)
class _Wanted:
    """One statement, and who waits for its one row."""

    sql: str
    values: Sequence[Any]
    row: asyncio.Future[Sequence[bytes]]
    arrived: float = field(default_factory=time.monotonic)


class _Clock:
    """Ends statements that run too long or that nobody waits for: SQLite asks it every so many instructions."""

    def __init__(self, deadline_seconds: float) -> None:
        self.deadline_seconds = deadline_seconds
        self._started = 0.0
        self._end = 0.0
        self.was_slow = False
        self._row: asyncio.Future[Sequence[bytes]] | None = None

    def start(self, wanted: _Wanted) -> None:
        """Begin to measure a statement; its deadline counts from when it was asked for."""
        self._started = time.monotonic()
        self._end = wanted.arrived + self.deadline_seconds
        self._row = wanted.row

    def stop(self) -> None:
        """End the measurement."""
        self.was_slow = self.seconds > HELD_UP_SECONDS

    @property
    def seconds(self) -> float:
        """How long the statement has been running, in seconds."""
        return time.monotonic() - self._started

    def is_over(self) -> bool:
        return time.monotonic() > self._end or (self._row is not None and self._row.cancelled())


class _Batch:
    """Statements that stand where aiosqlite expects one: it calls `execute(…).fetchall()` in its own thread."""

    def __init__(self, wanted: list[_Wanted], clock: _Clock) -> None:
        self.wanted = wanted
        self._clock = clock

    def results(self, connection: sqlite3.Connection) -> list[Sequence[bytes] | Exception | None]:
        """Return the row or the error of each statement, None where nobody waits any more.

        After a slow one it stops: there are fewer results than statements then, and the others are to be run again.
        """
        results: list[Sequence[bytes] | Exception | None] = []
        for each in self.wanted:
            results.append(None if each.row.cancelled() else self._result(connection, each))
            if self._clock.was_slow:
                break
        return results

    def _result(self, connection: sqlite3.Connection, each: _Wanted) -> Sequence[bytes] | Exception | None:
        self._clock.start(each)
        if self._clock.is_over():
            return TimeoutError("it waited too long")
        try:
            row: Sequence[bytes] | None = sqlite3.Connection.execute(connection, each.sql, each.values).fetchone()
        # Also an int over 64 bits and text with half a surrogate pair: what a client sends ends its own request only.
        except Exception as error:  # noqa: BLE001
            return error
        finally:
            self._clock.stop()
        return row


class _Results:
    """What stands where aiosqlite expects a cursor."""

    def __init__(self, results: list[Sequence[bytes] | Exception | None]) -> None:
        self._results = results

    def fetchall(self) -> list[Sequence[bytes] | Exception | None]:
        return self._results


class _BatchingConnection(sqlite3.Connection):
    """A connection that takes a batch in place of a statement."""

    def execute(self, sql: Any, parameters: Any = ()) -> Any:  # noqa: ANN401 - as in sqlite3
        return _Results(sql.results(self)) if isinstance(sql, _Batch) else super().execute(sql, parameters)


class Queue:
    """Statements that wait for a lane, in the order in which they came."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: deque[_Wanted] = deque()
        self._slow: OrderedDict[str, None] = OrderedDict()

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._waiting)

    def append(self, wanted: _Wanted) -> None:
        """Have a statement wait."""
        self._waiting.append(wanted)

    def give_back(self, wanted: Sequence[_Wanted]) -> None:
        """Have statements wait again, before all others."""
        self._waiting.extendleft(reversed(wanted))

    def remember(self, sql: str, *, is_slow: bool) -> None:
        """Say how a statement did; after it was slow it goes over alone, until it is fast again."""
        if not is_slow:
            self._slow.pop(sql, None)
            return
        self._slow[sql] = None
        self._slow.move_to_end(sql)
        if len(self._slow) > _SLOW_STATEMENTS_REMEMBERED:
            self._slow.popitem(last=False)

    def take(self) -> list[_Wanted]:
        """Return the statements to run next, in one hop; at least one, if any waits."""
        taken = [self._waiting.popleft()]
        if taken[0].sql not in self._slow:
            while self._waiting and len(taken) < _STATEMENTS_PER_HOP and self._waiting[0].sql not in self._slow:
                taken.append(self._waiting.popleft())
        return taken


class Lanes:
    """The lanes of one generation and the queue that they share. Use it as an async context manager."""

    def __init__(self, path: Path, deadline_seconds: float) -> None:
        """Prepare to read the generation `path`."""
        self._queue = Queue()
        self._lanes = [Lane(path, deadline_seconds, self._queue, self._call) for _ in range(LANES)]
        self._resources = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open every connection. Raises sqlite3.Error if the file is no database."""
        async with contextlib.AsyncExitStack() as stack:
            for lane in self._lanes:
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
        return iter(self._lanes)

    def fetch(self, sql: str, values: Sequence[Any]) -> asyncio.Future[Sequence[bytes]]:
        """Return the future row of a statement; cancelling it ends the statement."""
        row: asyncio.Future[Sequence[bytes]] = asyncio.get_running_loop().create_future()
        self._queue.append(_Wanted(sql, values, row))
        self._call()
        return row

    def _call(self) -> None:
        """Wake a lane if something waits, unless one is at work that will soon look at the queue by itself."""
        if not self._queue:
            return
        for lane in self._lanes:
            if lane.is_idle:
                lane.wake()
                return
            if not lane.is_held_up:
                return


class Lane:
    """One connection. Use it as an async context manager, and have `run` run meanwhile."""

    def __init__(self, path: Path, deadline_seconds: float, queue: Queue, when_held_up: Callable[[], None]) -> None:
        """Prepare to read the generation `path`; `when_held_up` is called when a batch takes long."""
        self._db = connect_to_generation(path, factory=_BatchingConnection, cached_statements=_CACHED_STATEMENTS)
        self._clock = _Clock(deadline_seconds)
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

    async def _answer(self, wanted: list[_Wanted]) -> None:
        """Run statements in one hop; those behind a slow one wait again."""
        self._started = time.monotonic()
        timer = asyncio.get_running_loop().call_later(HELD_UP_SECONDS, self._when_held_up)
        batch = cast(str, _Batch(wanted, self._clock))
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
