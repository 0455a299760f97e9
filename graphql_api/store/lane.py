"""A lane: a thread with a connection of its own.

`sqlite3_interrupt` ends whatever runs on a connection. So a lane says under a lock which statement that is, and is
interrupted under the same lock: no statement is ever ended in place of another.
"""

from __future__ import annotations

import asyncio
import time
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from graphql_api.errors import AnswerTooLargeError, DeadlineError, TooBusyError
from graphql_api.settings import DEFAULT_ANSWER_BYTES
from graphql_api.store.driver import Bounded, open_generation, sqlite3
from graphql_api.store.searching import SearchFunctions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from graphql_api.store.searching import SearchMemory
    from graphql_api.store.waiting import Waiting, Wanted

_CACHE_KIB: Final = 8_192
_STATEMENTS_AT_ONCE: Final = 16
_SECONDS_AT_ONCE: Final = 0.001
"""After so long, the rows that there are go back before the next statement begins."""

Outcome = tuple["Wanted", "Sequence[bytes] | Exception | None"]
"""A statement that has run and its row, or an error, or None where nobody waits for it any more."""


class Bounds(Struct, frozen=True):
    """How long a statement may run, how long it may wait for a lane, how many ordinary lanes there are (two or more).

    A list in an answer is ended when it gets longer than `answer_bytes`, where a plan asks for that. `is_mapped` lets
    connections map the file, where that can be: only for a process that is replaced when it ends by SIGBUS.
    """

    deadline_seconds: float
    wait_seconds: float = 5.0
    lanes: int = 3
    answer_bytes: int = DEFAULT_ANSWER_BYTES
    is_mapped: bool = False


class Lane:
    """One connection, on which statements run for `allowed_seconds` each at the most.

    Those of level 0 come from `quick`, those above from `waiting`; `settle` is told on the event loop what has run;
    `memory` is that of the generation.
    """

    def __init__(
        self,
        level: int,
        allowed_seconds: float,
        waiting: Waiting,
        bounds: Bounds,
        settle: Callable[[list[Outcome]], None],
        *,
        memory: SearchMemory,
    ) -> None:
        """Prepare a thread; it begins in `start`."""
        self._memory = memory
        self._level = level
        self._allowed_seconds = allowed_seconds
        self._waiting = waiting
        self._bounds = bounds
        self._settle = settle
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self.quick: SimpleQueue[Wanted | None] = SimpleQueue()
        self._lock = Lock()
        self._running: Wanted | None = None
        self._thread: Thread
        self._connection: sqlite3.Connection
        self._bounded: Bounded
        self._search: SearchFunctions

    @property
    def is_busy(self) -> bool:
        """Whether a statement runs."""
        return self._running is not None

    def start(self, path: Path, statements_kept: int) -> asyncio.Future[None]:
        """Begin to read the generation `path`; return what is done when it does, or fails with sqlite3.Error."""
        self._thread = Thread(target=self._live, args=(path, statements_kept), name="lane", daemon=True)
        self._thread.start()
        return self._opened

    async def close(self) -> None:
        """End the thread once it has run what waits; of one above level 0 `waiting` must have been closed."""
        self.quick.put(None)
        await asyncio.shield(self._ended)
        self._thread.join()  # it has said its last word: a process may be forked next

    def interrupt_if(self, is_over: Callable[[Wanted, float], bool]) -> None:
        """End the statement that runs now, if `is_over` says so of it and of how long it may run here, in seconds.

        It may come too early for a statement that has just begun to be prepared: then it has no effect, and is to be
        repeated.
        """
        if self._running is None:
            return
        with self._lock:
            if self._running is not None and is_over(self._running, self._allowed_seconds):
                self._connection.interrupt()

    # In the thread

    def _live(self, path: Path, statements_kept: int) -> None:
        try:
            self._open(path, statements_kept)
        except Exception as error:  # noqa: BLE001 - told to whoever opens it
            self._loop.call_soon_threadsafe(self._opened.set_exception, error)
        else:
            self._loop.call_soon_threadsafe(self._opened.set_result, None)
            try:
                self._run_all()
            finally:
                self._connection.close()
        self._loop.call_soon_threadsafe(self._ended.set_result, None)

    def _open(self, path: Path, statements_kept: int) -> None:
        self._connection = open_generation(path, is_mapped=self._bounds.is_mapped, cached_statements=statements_kept)
        try:
            self._bounded = Bounded(self._connection, self._bounds.answer_bytes)
            self._search = SearchFunctions(self._connection, self._memory)
            self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._connection.execute("SELECT version FROM content").fetchall()
        except BaseException:
            self._connection.close()
            raise

    def _run_all(self) -> None:
        if self._level:
            self._run_slow_ones()
        else:
            self._run_quick_ones()

    def _run_slow_ones(self) -> None:
        while (wanted := self._waiting.take(self._level)) is not None:
            outcome = self._run(wanted)
            if outcome is not None:
                self._loop.call_soon_threadsafe(self._settle, [outcome])

    def _run_quick_ones(self) -> None:
        """Run what waits; rows go back together, because waking the event loop costs as much as a small statement."""
        outcomes: list[Outcome] = []
        began = 0.0
        while (wanted := self.quick.get()) is not None:
            if not outcomes:
                began = time.monotonic()
            if outcome := self._run(wanted):
                outcomes.append(outcome)
            if outcomes and (
                not self.quick.qsize()
                or len(outcomes) == _STATEMENTS_AT_ONCE
                or time.monotonic() - began > _SECONDS_AT_ONCE
            ):
                self._loop.call_soon_threadsafe(self._settle, outcomes)
                outcomes = []
        if outcomes:
            self._loop.call_soon_threadsafe(self._settle, outcomes)

    def _run(self, wanted: Wanted) -> Outcome | None:
        """Run a statement; None if it has been put where it may run longer."""
        if wanted.is_cancelled:
            return wanted, None
        started = time.monotonic()
        if started - wanted.arrived > self._bounds.wait_seconds:
            return wanted, TooBusyError("Other requests keep the server busy. Try again in a moment.")
        wanted.started = started
        self._bounded.begin()
        self._running = wanted
        try:
            row: Any = self._connection.execute(wanted.sql, wanted.values).fetchone()
        # Also an int over 64 bits and text with half a surrogate pair: what a client sends ends its own request only.
        except Exception as error:  # noqa: BLE001
            row = self._search.failure() or error
        finally:
            with self._lock:  # whoever interrupts has seen this one or none
                self._running = None
        wanted.seconds = time.monotonic() - started
        if isinstance(row, Exception):
            return self._failed(wanted, row)
        return wanted, row

    def _failed(self, wanted: Wanted, error: Exception) -> Outcome | None:
        if self._bounded.was_exceeded():
            return wanted, AnswerTooLargeError.of(self._bounds.answer_bytes)
        if not (isinstance(error, sqlite3.OperationalError) and "interrupted" in str(error)):
            return wanted, error
        if wanted.is_cancelled:
            return wanted, None
        deadline_seconds = self._bounds.deadline_seconds
        if wanted.seconds >= deadline_seconds:
            message = f"The operation took more than {deadline_seconds:g} s. Ask for less, or in parts."
            return wanted, DeadlineError(message)
        wanted.level = min(self._level + 1, self._waiting.last_level)
        self._waiting.put(wanted)
        return None
