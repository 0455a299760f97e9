"""Workers: several processes that listen at one address, and the parent that looks after them.

The parent forks them while it has no thread and no event loop, so that they share the memory of what it has built. It
holds one end of a pipe, the lifeline; the pipe's end tells the workers that the parent is gone, however it went.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NoReturn

from msgspec import Struct

from graphql_api.server.errors import StartupError
from graphql_api.signals import end_signals, on_end_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Work = Callable[[int, Callable[[], None], int], None]

_LOGGER = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS: Final = 0.1
_SECONDS_BETWEEN_STARTS: Final = 1.0
"""A worker that ends at once is not replaced more often than this, so that a broken one does not eat a core."""


class _Slot(Struct):
    """A place for one worker; `pid` is None while there is none."""

    number: int
    pid: int | None = None
    started: float = 0.0


class Supervisor:
    """Keeps workers going until a signal asks for the end.

    A worker calls `work(number, ready, lifeline)` and ends when that returns. `number` counts from 0, and a replacement
    gets that of the dead; `ready()` says that it answers requests; `lifeline` is a file descriptor that becomes
    readable when the parent is gone; SIGTERM asks it to end.
    """

    def __init__(self, work: Work, count: int, grace_seconds: float) -> None:
        """Prepare `count` workers; those that have not ended `grace_seconds` after they were asked to are killed."""
        self._work = work
        self._grace_seconds = grace_seconds
        self._slots = [_Slot(number) for number in range(count)]
        self._is_ending = False
        self._ready_count = 0
        self._lifeline = self._readiness = (-1, -1)

    def run(self, on_ready: Callable[[], None], on_ending: Callable[[], None]) -> None:
        """Start the workers, call `on_ready` once all answer, replace those that die, and end all after a signal.

        `on_ending` is called when no worker will be started any more, before they are asked to end. Must run in the
        main thread. Raises StartupError if a worker ends before all are ready.
        """
        with _pipe() as self._lifeline, _pipe() as self._readiness, on_end_signals(self._note_end):
            try:
                self._start_all()
                if self._all_became_ready():
                    on_ready()
                    self._replace_the_dead()
            finally:
                on_ending()
                self._end_all()

    def _note_end(self, _signal_number: int) -> None:
        self._is_ending = True

    def _start_all(self) -> None:
        gc.freeze()  # else the workers' collectors would write to, and so copy, what they share
        for slot in self._slots:
            self._start(slot)

    def _all_became_ready(self) -> bool:
        """Wait until all are ready; False if a signal came before. Raises StartupError."""
        while self._ready_count < len(self._slots) and not self._is_ending:
            self._wait()
            if any(self._has_ended(slot) for slot in self._slots):
                raise StartupError("A worker did not start; the lines above say why.")
        return not self._is_ending

    def _replace_the_dead(self) -> None:
        while not self._is_ending:
            self._wait()
            for slot in self._slots:
                self._has_ended(slot)
                if slot.pid is None and time.monotonic() - slot.started >= _SECONDS_BETWEEN_STARTS:
                    self._start(slot)

    def _wait(self) -> None:
        """Wait a moment, or until a worker is ready."""
        readable, _, _ = select.select([self._readiness[0]], [], [], _SECONDS_BETWEEN_LOOKS)
        if readable:
            self._ready_count += len(os.read(self._readiness[0], len(self._slots)))

    def _start(self, slot: _Slot) -> None:
        _flush_output()  # else the worker would write once more what waits to be written
        # A signal that comes before the worker has its own handlers must neither get lost nor run the parent's.
        blocked = end_signals()
        signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
        slot.started = time.monotonic()
        slot.pid = os.fork()
        if slot.pid == 0:
            self._become_worker(slot.number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)

    def _become_worker(self, number: int) -> NoReturn:
        code = 1
        try:
            os.close(self._lifeline[1])
            for signal_number in end_signals():
                signal.signal(signal_number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, end_signals())
            self._work(number, self._say_ready, self._lifeline[0])
            code = 0
        except Exception:
            _LOGGER.exception("A worker failed")
        finally:
            _flush_output()
            os._exit(code)  # what the parent has registered to be done at its end is the parent's

    def _say_ready(self) -> None:
        os.write(self._readiness[1], b".")

    def _has_ended(self, slot: _Slot) -> bool:
        """Return whether the slot's worker has ended since the last look, and say so in the log."""
        pid, status = os.waitpid(slot.pid, os.WNOHANG) if slot.pid else (0, 0)
        if not pid:
            return False
        if not self._is_ending:
            code = os.waitstatus_to_exitcode(status)
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended by itself with {code}"
            _LOGGER.warning("Worker %d %s; another one takes its place.", pid, how)
        slot.pid = None
        return True

    def _end_all(self) -> None:
        """Ask all workers to end, wait for them, and kill those that stay."""
        self._is_ending = True
        self._send_to_all(signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while any(slot.pid for slot in self._slots):
            if time.monotonic() > deadline:
                self._send_to_all(signal.SIGKILL)
            for slot in self._slots:
                self._has_ended(slot)
            self._wait()

    def _send_to_all(self, signal_number: signal.Signals) -> None:
        for slot in self._slots:
            if slot.pid:
                with suppress(ProcessLookupError):
                    os.kill(slot.pid, signal_number)


def _flush_output() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream:  # one that was closed before Python started is None
            stream.flush()


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """Give the reading and the writing end of a pipe, and close both."""
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)
