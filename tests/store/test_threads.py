"""Threads end before those who wait for them go on."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from graphql_api.store.threads import in_threads, meanwhile

SECONDS = 0.3


async def seen_after(ended: list[str]) -> None:
    """Wait for a thread that takes a while, and note whether it has ended when the waiting ends."""
    done = threading.Event()

    def work() -> None:
        time.sleep(SECONDS)
        done.set()

    try:
        await in_threads(work)
    finally:
        ended.append("thread ended" if done.is_set() else "thread runs")


def test_thread_has_ended_when_the_program_is_told_to_end() -> None:
    """SIGTERM raises SystemExit, upon which asyncio cancels every task: the lock of a load must not be given up."""
    ended: list[str] = []

    async def main() -> None:
        asyncio.get_running_loop().call_later(SECONDS / 3, sys.exit, 3)
        await seen_after(ended)

    with pytest.raises(SystemExit):
        asyncio.run(main())
    assert ended == ["thread ended"]


def test_thread_has_ended_when_the_task_is_cancelled_again_and_again() -> None:
    """However often it is told, it is told of a cancellation once the thread has ended."""
    ended: list[str] = []

    async def main() -> None:
        task = asyncio.create_task(seen_after(ended))
        for _ in range(3):
            await asyncio.sleep(SECONDS / 10)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert ended == ["thread ended"]


def test_first_failure_is_raised_when_all_have_ended() -> None:
    """The others are not left to be told of at the end of the program."""
    unheard: list[object] = []
    ended: list[int] = []

    def fail(number: int, seconds: float) -> None:
        time.sleep(seconds)
        ended.append(number)
        raise ValueError(number)

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
        with pytest.raises(ValueError, match="1"):
            await in_threads(lambda: fail(1, SECONDS), lambda: fail(2, 0))

    asyncio.run(main())
    assert (sorted(ended), unheard) == ([1, 2], [])


def test_call_beside_a_block_runs_meanwhile_and_has_ended_after_it() -> None:
    """The block does not wait for it; whoever comes after the block does."""
    seen: list[str] = []

    def work() -> None:
        time.sleep(SECONDS)
        seen.append("call")

    async def main() -> None:
        async with meanwhile(work):
            await asyncio.sleep(0)
            seen.append("block")
        seen.append("after")

    asyncio.run(main())
    assert seen == ["block", "call", "after"]


@pytest.mark.parametrize("block_fails", [False, True])
def test_failure_of_the_call_comes_before_that_of_the_block(*, block_fails: bool) -> None:
    """A damaged file can be the reason of whatever went wrong while it was read."""

    def work() -> None:
        time.sleep(SECONDS)
        raise ValueError

    async def main() -> None:
        async with meanwhile(work):
            if block_fails:
                raise LookupError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no message
        asyncio.run(main())


def test_failure_of_the_block_is_raised_once_the_call_has_ended() -> None:
    """Where the call found nothing wrong."""
    done = threading.Event()

    def work() -> None:
        time.sleep(SECONDS)
        done.set()

    async def main() -> None:
        async with meanwhile(work):
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(main())
    assert done.is_set()


def test_cancelled_block_ends_once_the_call_has() -> None:
    """Its thread cannot be cancelled."""
    done = threading.Event()

    def work() -> None:
        time.sleep(SECONDS)
        done.set()
        raise ValueError

    async def block() -> None:
        async with meanwhile(work):
            await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(block())
        await asyncio.sleep(SECONDS / 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert done.is_set()

    asyncio.run(main())
