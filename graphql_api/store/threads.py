"""Threads, for what blocks on the disk."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_Result = TypeVar("_Result")


async def in_thread(call: Callable[[], _Result]) -> _Result:
    """Return what one call returns, or raise what it raises; its thread has ended when this ends, like `in_threads`."""
    results: list[_Result] = await in_threads(call)
    return results[0]


@contextlib.asynccontextmanager
async def meanwhile(call: Callable[[], object]) -> AsyncIterator[None]:
    """Run a call in a thread beside the block, which ends when both have.

    What the call raises comes before what the block raises, which it may explain.
    """
    running = asyncio.ensure_future(in_thread(call))
    try:
        yield
    except Exception:
        await running
        raise
    except BaseException:  # this is to end; the thread cannot be made to, so it is waited for
        running.cancel()
        await asyncio.wait([running])
        raise
    await running


async def in_threads(*calls: Callable[[], Any]) -> list[Any]:
    """Return what each call returns, or raise what the first of those that failed has raised.

    A thread cannot be cancelled, so all of them have ended when this ends, whatever happens meanwhile.
    """
    loop = asyncio.get_running_loop()
    # Futures, not tasks: the end of an event loop cancels every task, and would not wait for their threads.
    results = [loop.run_in_executor(None, call) for call in calls]
    cancelled: asyncio.CancelledError | None = None
    while running := [result for result in results if not result.done()]:
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as error:
            cancelled = error
    failures = [failure for result in results if (failure := result.exception())]
    if cancelled:
        raise cancelled
    if failures:
        raise failures[0]
    return [result.result() for result in results]
