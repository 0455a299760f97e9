"""On which level statements begin, and who waits for whom above the first."""

from __future__ import annotations

import asyncio

from graphql_api.store.waiting import Levels, Waiting, Wanted

ALLOWED_SECONDS = (0.005, 0.1, 1.0)


def ran(sql: str, seconds: float, *values: object, level: int = 0) -> Wanted:
    """Return a statement that has run for so long."""
    return Wanted(sql, values, asyncio.get_running_loop().create_future(), level=level, seconds=seconds)


def wanted(sql: str, level: int, arrived: float) -> Wanted:
    """Return a statement that waits since a time."""
    return Wanted(sql, (), asyncio.get_running_loop().create_future(), level=level, arrived=arrived)


def test_statement_begins_where_it_may_run_as_long_as_the_last_time() -> None:
    """With other values it begins on level 1 at the most: values that are slow hold up nobody else's."""

    async def test() -> None:
        levels = Levels(ALLOWED_SECONDS)
        assert levels.of("search", ("a",)) == 0
        levels.remember(ran("search", 0.7, "a", level=2))
        assert (levels.of("search", ("a",)), levels.of("search", ("b",)), levels.of("other", ("a",))) == (2, 1, 0)

    asyncio.run(test())


def test_statement_that_was_quick_begins_below_again() -> None:
    """A statement is remembered by how it did the last time."""

    async def test() -> None:
        levels = Levels(ALLOWED_SECONDS)
        levels.remember(ran("search", 0.7, "a", level=2))
        levels.remember(ran("search", 0.02, "a", level=2))
        assert levels.of("search", ("a",)) == 1
        levels.remember(ran("search", 0.001, "a", level=1))
        assert levels.of("search", ("a",)) == 0

    asyncio.run(test())


def test_memory_of_slow_statements_is_bounded() -> None:
    """However many statements are slow, only the last of them are remembered."""

    async def test() -> None:
        levels = Levels(ALLOWED_SECONDS)
        for number in range(2_000):
            levels.remember(ran(f"{number}", 0.7, level=2))
        assert len(levels) == 512
        assert levels.of("1999", ()) == 2
        assert levels.of("0", ()) == 0

    asyncio.run(test())


def test_lane_takes_what_has_waited_longest_of_its_level_and_those_below() -> None:
    """So a lane for slow statements helps with others, and the others never wait behind slow ones."""

    async def test() -> None:
        waiting = Waiting(3)
        for each in (wanted("first", 1, 2.0), wanted("slow", 2, 1.0), wanted("middling", 1, 3.0)):
            waiting.put(each)
        taken = [waiting.take(level) for level in (1, 2, 2)]
        assert [each.sql for each in taken if each] == ["first", "slow", "middling"]
        waiting.close()
        assert waiting.take(2) is None

    asyncio.run(test())
