"""Signals that ask a process to end."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
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
def on_end_signals(end: Callable[[], None]) -> Iterator[None]:
    """Have `end` called when a signal asks for the end; afterwards the handlers are as before."""
    before = {number: signal.signal(number, lambda _number, _frame: end()) for number in end_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine as `asyncio.run` does, and cancel it at the first signal that asks for the end.

    An exception out of a signal's handler could part any two steps of whatever runs, and the event loop's own too; a
    cancelled task puts in order what it has begun. Then this raises SystemExit with the code that shells expect. A
    second signal ends the process as it would any other. Must run in the main thread.
    """
    import asyncio  # noqa: PLC0415 - 50 ms, and signals come first

    seen: list[signal.Signals] = []
    before = {number: signal.getsignal(number) for number in end_signals()}

    async def cancelled_by_signals() -> _Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def end(number: signal.Signals) -> None:
            seen.append(number)
            for each in before:
                loop.remove_signal_handler(each)
            if task:
                task.cancel()

        for number in before:
            loop.add_signal_handler(number, end, number)
        return await coroutine

    try:
        return asyncio.run(cancelled_by_signals())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if seen:
            sys.exit(128 + seen[0])
