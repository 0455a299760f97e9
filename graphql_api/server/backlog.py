"""The backlog: how many answers are being made at once, as a moving average."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

_LONG: Final = 2.0
_COUNTED: Final = 2 * _LONG
_TIME_CONSTANT_SECONDS: Final = 0.5


class Backlog:
    """A context manager around each answer that is made; `is_long` says whether answers wait for each other.

    That is, whether more than two were being made at the mean of late: with requests at random times, a worker that
    is busy three quarters of its time. A page's ten requests at once are over before the mean has moved; a worker that
    has nothing else to do needs a third of a second to get there, and as long to come back, because more than four are
    counted as four.
    """

    __slots__ = ("_clock", "_count", "_mean", "_seen", "_staying")

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at rest; `clock` tells seconds."""
        self._clock = clock
        self._count = self._staying = 0
        self._mean = 0.0
        self._seen = clock()

    @property
    def is_long(self) -> bool:
        """Whether answers have waited for each other lately."""
        return self._mean > _LONG

    def __enter__(self) -> None:
        """Note that an answer begins to be made."""
        self._look()
        self._count += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note that it has been made, or given up."""
        self._look()
        self._count -= 1

    def stays(self) -> None:
        """Have an answer that is made at once count until the event loop's turn is over: what else it answers waits."""
        self.__enter__()
        self._staying += 1
        if self._staying == 1:
            asyncio.get_running_loop().call_soon(self._turn_is_over)

    def _turn_is_over(self) -> None:
        self._look()
        self._count -= self._staying
        self._staying = 0

    @contextmanager
    def left(self) -> Iterator[None]:
        """Do not count an answer that is not being made meanwhile: nobody else waits for it."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()

    def _look(self) -> None:
        now = self._clock()
        counted = min(self._count, _COUNTED)
        self._mean = counted + (self._mean - counted) * math.exp((self._seen - now) / _TIME_CONSTANT_SECONDS)
        self._seen = now
