"""Lanes: connections that answer many requests in one hop.

A call into aiosqlite's thread and back costs as much as a small statement. So requests that arrive while a lane is
busy wait together, and go over in one call. A lane that is held up by a slow statement is passed over.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

from graphql_api.errors import DeadlineError, StoreError
from graphql_api.store.driver import connect_to_generation, sqlite3

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

_CACHED_STATEMENTS = 512
_CACHE_KIB = 16_384
_INSTRUCTIONS_BETWEEN_LOOKS = 20_000
_HELD_UP_SECONDS = 0.005


@dataclass(slots=True)
class _Wanted:
    """One statement, and who waits for its one row."""

    sql: str
    values: Sequence[Any]
    row: asyncio.Future[Sequence[bytes]]


class _Clock:
    """Ends statements that run too long or that nobody waits for: SQLite asks it every so many instructions."""

    def __init__(self, deadline_seconds: float) -> None:
        self.deadline_seconds = deadline_seconds
        self._end = 0.0
        self._row: asyncio.Future[Sequence[bytes]] | None = None

    def start(self, row: asyncio.Future[Sequence[bytes]]) -> None:
        """Begin to measure the statement that `row` waits for."""
        self._end = time.monotonic() + self.deadline_seconds
        self._row = row

    def is_over(self) -> bool:
        return time.monotonic() > self._end or (self._row is not None and self._row.cancelled())


class _Batch:
    """Statements that stand where aiosqlite expects one: it calls `execute(…).fetchall()` in its own thread."""

    def __init__(self, wanted: list[_Wanted], clock: _Clock) -> None:
        self.wanted = wanted
        self._clock = clock

    def results(self, connection: sqlite3.Connection) -> list[Sequence[bytes] | Exception | None]:
        """Return the row or the error of each statement; None where nobody waits any more."""
        return [None if each.row.cancelled() else self._result(connection, each) for each in self.wanted]

    def _result(self, connection: sqlite3.Connection, each: _Wanted) -> Sequence[bytes] | Exception | None:
        self._clock.start(each.row)
        try:
            row: Sequence[bytes] | None = sqlite3.Connection.execute(connection, each.sql, each.values).fetchone()
        # Also an int over 64 bits and text with half a surrogate pair: what a client sends ends its own request only.
        except Exception as error:  # noqa: BLE001
            return error
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


class Lane:
    """One connection and those who wait for it. Use it as an async context manager."""

    def __init__(self, path: Path, deadline_seconds: float) -> None:
        """Prepare to read the generation `path`."""
        self._db = connect_to_generation(path, factory=_BatchingConnection, cached_statements=_CACHED_STATEMENTS)
        self._clock = _Clock(deadline_seconds)
        self._waiting: list[_Wanted] = []
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
    def is_held_up(self) -> bool:
        """Whether its current batch takes long."""
        return self._started is not None and time.monotonic() - self._started > _HELD_UP_SECONDS

    def fetch(self, sql: str, values: Sequence[Any]) -> asyncio.Future[Sequence[bytes]]:
        """Return the future row of a statement; cancelling it ends the statement."""
        row: asyncio.Future[Sequence[bytes]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Wanted(sql, values, row))
        self._wake.set()
        return row

    async def run(self) -> None:
        """Answer whoever waits, batch by batch, until it is cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = _Batch(self._waiting, self._clock), []
            self._started = time.monotonic()
            results = await self._db.execute_fetchall(cast(str, batch))
            self._started = None
            for wanted, result in zip(batch.wanted, results, strict=True):
                self._settle(wanted.row, result)

    def _settle(self, row: asyncio.Future[Sequence[bytes]], result: Any) -> None:  # noqa: ANN401 - a row or an error
        if row.done():
            return
        if not isinstance(result, Exception):
            row.set_result(result)
        elif isinstance(result, sqlite3.OperationalError) and "interrupted" in str(result):
            seconds = self._clock.deadline_seconds
            row.set_exception(DeadlineError(f"The operation took more than {seconds:g} s. Ask for less, or in parts."))
        else:
            error = StoreError(f"The store could not answer: {result}")
            error.__cause__ = result
            row.set_exception(error)
