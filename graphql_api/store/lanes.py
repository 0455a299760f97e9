"""Lanes: the connections that answer requests, so that none has to wait for the slow statements of others.

One lane runs all that is quick, many statements in one hop: waking a thread and the event loop costs as much as a
small statement. What takes longer there than a few milliseconds is ended and runs again on another lane, which gives it
longer; so no client's slow statements take the last lane. Statements that were slow begin there (`waiting.Levels`).

SQLite keeps statements prepared, each with the values that were bound to it last. So statements that are large or bind
much have lanes of their own, which keep nothing: memory stays small whatever clients send.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from sys import getsizeof
from typing import TYPE_CHECKING, Any, Final, Self

from graphql_api.errors import RequestError, StoreError, TooBusyError
from graphql_api.store.at_once import AtOnce
from graphql_api.store.lane import Lane
from graphql_api.store.searching import SearchMemory
from graphql_api.store.waiting import Levels, Waiting, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from graphql_api.store.lane import Bounds, Outcome

_QUICK_SECONDS, _MIDDLING_SECONDS, _LARGE_SECONDS = 0.005, 0.1, 0.1
_SECONDS_BETWEEN_LOOKS: Final = 0.005
_STATEMENTS_KEPT: Final = 256
_LARGE_BYTES: Final = 16_384
"""Of a statement's text and its values. Prepared, a statement takes about five times its text."""


class Lanes:
    """The lanes of one generation. Use it as an async context manager, within an event loop."""

    def __init__(self, path: Path, bounds: Bounds) -> None:
        """Prepare to read the generation `path`."""
        deadline = bounds.deadline_seconds
        between = [_MIDDLING_SECONDS, *[deadline] * (bounds.lanes - 2)] if bounds.lanes > 2 else [deadline]  # noqa: PLR2004
        memory = SearchMemory()
        self._ordinary = _Group(path, bounds, [_QUICK_SECONDS, *between], _STATEMENTS_KEPT, memory)
        self._large = _Group(path, bounds, [_LARGE_SECONDS, deadline], 0, memory)

    async def __aenter__(self) -> Self:
        """Open every connection. Raises sqlite3.Error if the file is no database."""
        async with contextlib.AsyncExitStack() as stack:
            opening = [each for group in (self._ordinary, self._large) for each in group.open(stack)]
            try:
                self._ordinary.open_at_once(stack)
            finally:
                await asyncio.wait(opening)
                failures = [failure for each in opening if (failure := each.exception())]
            if failures:
                raise failures[0]
            self._resources = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._resources.aclose()

    @property
    def busy(self) -> int:
        """How many lanes run a statement."""
        return sum(lane.is_busy for group in (self._ordinary, self._large) for lane in group.lanes)

    def at_once(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        """Return the row of a statement that is known to be small, read where this is called; None for any other."""
        return self._ordinary.row_at_once(sql, values)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """Return the row of a statement; when it is cancelled, the statement ends.

        Raises RequestError, TooBusyError, and StoreError for what SQLite refuses.
        """
        is_large = len(sql) + sum(map(getsizeof, values)) > _LARGE_BYTES
        return await (self._large if is_large else self._ordinary).fetch(sql, values)


class _Group:
    """Lanes that share what waits."""

    def __init__(
        self,
        path: Path,
        bounds: Bounds,
        allowed_seconds: Sequence[float],
        statements_kept: int,
        memory: SearchMemory,
    ) -> None:
        """Prepare a lane for each time that a statement may take on it, the shortest first."""
        allowed = [min(seconds, bounds.deadline_seconds) for seconds in allowed_seconds]
        levels = list(dict.fromkeys(allowed_seconds))
        self._path, self._statements_kept = path, statements_kept
        self._levels = Levels([min(seconds, bounds.deadline_seconds) for seconds in levels])
        self._waiting = Waiting(len(levels))
        self._loop = asyncio.get_running_loop()
        self._arrived: list[Wanted] = []
        self._pending = 0
        self._timer: asyncio.TimerHandle | None = None
        self.lanes = [
            Lane(levels.index(given), seconds, self._waiting, bounds, self._settle, memory=memory)
            for given, seconds in zip(allowed_seconds, allowed, strict=True)
        ]
        self._quick = self.lanes[0].quick
        self._bounds = bounds
        self._at_once: AtOnce | None = None

    def open(self, stack: contextlib.AsyncExitStack) -> list[asyncio.Future[None]]:
        """Begin to open every connection, to be closed by `stack`; return what is done when each is open.

        All at once: each reads the whole schema of the database, in a thread of its own.
        """
        stack.callback(self._stop_looking)
        opened: list[Lane] = []
        stack.push_async_callback(self._close, opened)
        opening = []
        for lane in self.lanes:
            opening.append(lane.start(self._path, self._statements_kept))
            opened.append(lane)
        return opening

    def open_at_once(self, stack: contextlib.AsyncExitStack) -> None:
        """Open the connection of the event loop's own, to be closed by `stack`. Raises sqlite3.Error."""
        self._at_once = AtOnce(self._path, self._bounds)
        stack.callback(self._at_once.close)

    async def _close(self, opened: list[Lane]) -> None:
        """Close the connections; the first one goes first, because what is too slow for it goes to the others."""
        for lane in opened[:1]:
            await lane.close()
        self._waiting.close()
        for lane in opened[1:]:
            await lane.close()

    def row_at_once(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        return self._at_once.row(sql, values) if self._at_once else None

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        wanted = Wanted(sql, values, self._loop.create_future(), self._levels.of(sql, values))
        self._arrived.append(wanted)
        if len(self._arrived) == 1:
            self._loop.call_soon(self._hand_over)
        try:
            return await wanted.row
        except asyncio.CancelledError:
            wanted.is_cancelled = True
            for lane in self.lanes:
                lane.interrupt_if(lambda running, _: running is wanted)
            raise

    def _hand_over(self) -> None:
        """Run the one statement that has arrived at once if it is small, or give all that have to the lanes."""
        arrived, self._arrived = self._arrived, []
        if len(arrived) == 1 and not self._pending and self._at_once:
            (wanted,) = arrived
            row = None if wanted.level or wanted.row.done() else self._at_once.row(wanted.sql, wanted.values)
            if row is not None:
                wanted.row.set_result(row)
                return
        for wanted in arrived:
            if wanted.row.done():
                continue
            self._pending += 1
            if wanted.level:
                self._waiting.put(wanted)
            else:
                self._quick.put(wanted)
        if self._timer is None and self._pending:
            self._timer = self._loop.call_later(_SECONDS_BETWEEN_LOOKS, self._look)

    def _look(self) -> None:
        """End the statements that have run as long as they may, or that nobody waits for."""
        now = time.monotonic()
        for lane in self.lanes:
            lane.interrupt_if(lambda wanted, allowed: wanted.is_cancelled or now - wanted.started > allowed)
        self._timer = self._loop.call_later(_SECONDS_BETWEEN_LOOKS, self._look) if self._pending else None

    def _stop_looking(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _settle(self, outcomes: list[Outcome]) -> None:
        for wanted, result in outcomes:
            self._pending -= 1
            if result is None or wanted.row.done():
                continue
            if not isinstance(result, Exception):
                self._levels.remember(wanted)
                if self._at_once:
                    self._at_once.remember(wanted, result)
                wanted.row.set_result(result)
                continue
            if isinstance(result, RequestError):
                self._levels.remember(wanted)
            elif not isinstance(result, TooBusyError):
                error = StoreError(f"The store could not answer: {result}")
                error.__cause__, result = result, error  # noqa: PLW2901 - what is told in its place
            wanted.row.set_exception(result)
