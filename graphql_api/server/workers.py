"""Workers: several processes that accept from one listening socket, and the parent that looks after them.

The parent forks them before it has any thread or event loop. It holds one end of a pipe, the lifeline; its end tells
the workers that the parent is gone, however it went.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graphql_api.server.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOGGER = logging.getLogger(__name__)

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_SECONDS_BETWEEN_STARTS: Final = 1.0
"""A worker that dies at once is not replaced more often than this, so that a broken one costs no core."""

_SECONDS_TO_KILL: Final = 5.0
"""What workers get on top of their own grace before they are killed."""

Work = "Callable[[Callable[[], None], int], None]"


@dataclass(slots=True)
class _Slot:
    """A place for a worker; `pid` is None while there is none."""

    pid: int | None = None
    started: float = -_SECONDS_BETWEEN_STARTS


@dataclass(slots=True)
class Supervisor:
    """Keeps `count` workers going.

    A worker calls `work(ready, lifeline)` and ends when that returns: `ready()` says that it answers requests,
    `lifeline` is a file descriptor that becomes readable when the parent is gone. SIGTERM asks it to end.
    """

    work: Callable[[Callable[[], None], int], None]
    count: int
    grace_seconds: float
    _slots: list[_Slot] = field(default_factory=list)
    _ending: bool = False

    def run(self, on_ready: Callable[[], None]) -> None:
        """Run until SIGTERM or SIGINT, then end all workers; `on_ready` is called once, when all of them are ready.

        Raises StartupError if a worker ends before that.
        """
        self._slots = [_Slot() for _ in range(self.count)]
        with _pipe() as lifeline, _pipe() as readiness, _wakeups() as wakeups, selectors.DefaultSelector() as selector:
            self._lifeline, self._readiness, self._wakeups = lifeline, readiness, wakeups
            for source in (readiness[0], wakeups[0]):
                selector.register(source, selectors.EVENT_READ)
            try:
                self._fill()
                if self._await_ready(selector):
                    on_ready()
                    self._look_after(selector)
            finally:
                self._end()
