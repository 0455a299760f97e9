"""Signals that ask a process to end."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

_Result = TypeVar("_Result")


def end_signals() -> tuple[signal.Signals, ...]:
    """Return SIGTERM, SIGINT (Ctrl+C) and SIGHUP (the terminal is gone), this one unless `nohup` has it ignored."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        return signal.SIGTERM, signal.SIGINT
    return signal.SIGTERM, signal.SIGINT, signal.SIGHUP


@contextmanager
def on_end_signals(end: Callable[[int], object]) -> Iterator[None]:
    """Have `end` called with the number of a signal that asks for the end; afterwards the handlers are as before."""
    before = {number: signal.signal(number, lambda number, _frame: end(number)) for number in end_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine as `asyncio.run` does, and cancel it at the first signal that asks for the end.

    An exception out of a signal's handler could part any two steps of whatever runs, and the event loop's own too; a
    cancelled task puts in order what it has begun. Then this raises SystemExit with the code that shells expect. A
    second signal ends the process at once. Must run in the main thread.
    """
    import asyncio  # noqa: PLC0415 - 50 ms, and signals come first

    seen: list[int] = []
    cancel: list[Callable[[], object]] = []

    def end(number: int) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        for each in cancel:
            with suppress(RuntimeError):  # the loop is closed: it has ended meanwhile
                each()

    async def cancelled_by_signals() -> _Result:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is one
        cancel.append(partial(asyncio.get_running_loop().call_soon_threadsafe, task.cancel))
        if seen:
            raise asyncio.CancelledError
        return await coroutine

    try:
        with on_end_signals(end):
            return asyncio.run(cancelled_by_signals())
    finally:
        coroutine.close()
        if seen:
            sys.exit(128 + seen[0])
