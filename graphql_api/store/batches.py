"""Batches: statements that go over to a connection's thread together, and the queue that they wait in."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql_api.store.driver import sqlite3

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

HELD_UP_SECONDS = 0.005
"""After so long, other requests do not wait for a statement any more."""
_STATEMENTS_PER_HOP = 16
_SLOW_STATEMENTS_REMEMBERED = 256


@dataclass(slots=True)
class Wanted:
    """One statement, and who waits for its one row."""

    sql: str
    values: Sequence[Any]
    row: asyncio.Future[Sequence[bytes]]
    arrived: float = field(default_factory=time.monotonic)


class Clock:
    """Ends statements that run too long or that nobody waits for: SQLite asks it every so many instructions."""

    def __init__(self, deadline_seconds: float) -> None:
        """Have every statement end after so long."""
        self.deadline_seconds = deadline_seconds
        self._started = 0.0
        self._end = 0.0
        self.was_slow = False
        self._row: asyncio.Future[Sequence[bytes]] | None = None

    def start(self, wanted: Wanted) -> None:
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
        """Return whether the statement is to end."""
        return time.monotonic() > self._end or (self._row is not None and self._row.cancelled())


class Batch:
    """Statements that stand where aiosqlite expects one: it calls `execute(…).fetchall()` in its own thread."""

    def __init__(self, wanted: list[Wanted], clock: Clock) -> None:
        """Put statements together, to be measured by `clock`."""
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

    def _result(self, connection: sqlite3.Connection, each: Wanted) -> Sequence[bytes] | Exception | None:
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


class BatchingConnection(sqlite3.Connection):
    """A connection that takes a batch in place of a statement."""

    def execute(self, sql: Any, parameters: Any = ()) -> Any:  # noqa: ANN401 - as in sqlite3
        """Return the results of a batch, or the cursor of a statement."""
        return _Results(sql.results(self)) if isinstance(sql, Batch) else super().execute(sql, parameters)


class Queue:
    """Statements that wait for a lane, in the order in which they came."""

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: deque[Wanted] = deque()
        self._slow: OrderedDict[int, None] = OrderedDict()  # by hash: the texts can be large

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._waiting)

    def append(self, wanted: Wanted) -> None:
        """Have a statement wait."""
        self._waiting.append(wanted)

    def give_back(self, wanted: Sequence[Wanted]) -> None:
        """Have statements wait again, before all others."""
        self._waiting.extendleft(reversed(wanted))

    def remember(self, sql: str, *, is_slow: bool) -> None:
        """Say how a statement did; after it was slow it goes over alone, until it is fast again."""
        if not is_slow:
            self._slow.pop(hash(sql), None)
            return
        self._slow[hash(sql)] = None
        self._slow.move_to_end(hash(sql))
        if len(self._slow) > _SLOW_STATEMENTS_REMEMBERED:
            self._slow.popitem(last=False)

    def take(self) -> list[Wanted]:
        """Return the statements to run next, in one hop; at least one, if any waits."""
        waiting, slow = self._waiting, self._slow
        taken = [waiting.popleft()]
        if hash(taken[0].sql) not in slow:
            while waiting and len(taken) < _STATEMENTS_PER_HOP and hash(waiting[0].sql) not in slow:
                taken.append(waiting.popleft())
        return taken
