"""How long the backlog is: what counts, how fast it moves, and that it comes back."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from graphql_api.server.backlog import Backlog


class Clock:
    """A clock that is told what time it is."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def test_ten_at_once_are_no_backlog() -> None:
    """A page's requests at once are over before the mean has moved."""
    clock = Clock()
    backlog = Backlog(clock)
    for _ in range(20):
        with ExitStack() as stack:
            for _ in range(10):
                stack.enter_context(backlog)
            clock.now += 0.01
        assert not backlog.is_long
        clock.now += 0.1


def test_two_at_once_are_no_backlog() -> None:
    """However long they take: nothing else waits."""
    clock = Clock()
    backlog = Backlog(clock)
    with backlog, backlog:
        clock.now += 60
        with backlog:
            assert not backlog.is_long


def test_what_one_turn_answers_counts_until_the_turn_is_over() -> None:
    """Each of them waits for those before it, though none of them is made beside another."""

    async def test() -> None:
        clock = Clock()
        backlog = Backlog(clock)
        for _ in range(5):
            backlog.stays()
        clock.now += 0.4
        backlog.stays()
        assert backlog.is_long
        await asyncio.sleep(0)
        clock.now += 0.4
        backlog.stays()
        assert not backlog.is_long

    asyncio.run(test())


@pytest.mark.parametrize("count", [4, 32, 1_000])
def test_many_for_a_third_of_a_second_are_one_and_it_ends_as_fast(count: int) -> None:
    """However many there are: above four they count as four."""
    clock = Clock()
    backlog = Backlog(clock)
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(backlog)
        for seconds, is_long in ((0.3, False), (0.1, True), (60, True)):
            clock.now += seconds
            with backlog:
                pass
            assert backlog.is_long == is_long
    for seconds, is_long in ((0.3, True), (0.1, False)):
        clock.now += seconds
        with backlog:
            pass
        assert backlog.is_long == is_long


def test_what_fails_does_not_count_any_more() -> None:
    """An answer that was given up has left the backlog."""
    clock = Clock()
    backlog = Backlog(clock)
    for _ in range(10):
        with pytest.raises(ValueError, match="given up"), backlog:
            raise ValueError("given up")
    clock.now += 60
    with backlog:
        assert not backlog.is_long
