"""Who waits for whom at a generation's connections."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graphql_api.store.batches import Queue, Wanted
from graphql_api.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder

DEADLINE_SECONDS = 30.0
# Counts until it is ended: no fast machine makes it a fast statement.
SLOW = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


MEMORY = Path("/proc/self/statm")
MIB = 1 << 20


def memory_bytes() -> int:
    """Return how much of this process is in memory."""
    return int(MEMORY.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def wanted(sql: str) -> Wanted:
    return Wanted(sql, (), asyncio.get_running_loop().create_future())


def test_statement_that_came_with_a_slow_one_is_answered_by_another_lane(seeds: SeedFolder) -> None:
    """What is queued with or behind a slow statement does not wait for its end."""
    seeds.write("a", title="A")
    seeds.load()

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store, asyncio.TaskGroup() as group:
            await store.version()
            slow = group.create_task(store.fetch(SLOW, ()))
            with_it = [group.create_task(store.fetch("SELECT 1", ())) for _ in range(40)]
            # The first hop of 16 is gone with the slow one at its head; the others are taken over.
            done, _ = await asyncio.wait(with_it[16:], timeout=DEADLINE_SECONDS / 2)
            assert len(done) == len(with_it[16:])
            assert not slow.done()
            slow.cancel()
            assert {tuple(row) for _, row in await asyncio.gather(*with_it)} == {(1,)}  # type: ignore[comparison-overlap]

    asyncio.run(test())


def test_statement_that_was_slow_goes_over_alone() -> None:
    """Nothing is taken together with a statement that was slow the last time; once it is fast it goes with others."""

    async def test() -> None:
        queue = Queue()
        queue.remember("slow", is_slow=True)
        for sql in ("fast", "fast", "slow", "slow", "fast"):
            queue.append(wanted(sql))
        hops = []
        while queue:
            hops.append([each.sql for each in queue.take()])
        assert hops == [["fast", "fast"], ["slow"], ["slow"], ["fast"]]
        queue.remember("slow", is_slow=False)
        for sql in ("fast", "slow"):
            queue.append(wanted(sql))
        assert [each.sql for each in queue.take()] == ["fast", "slow"]

    asyncio.run(test())


def test_statements_that_are_given_back_are_the_next() -> None:
    """Statements behind a slow one keep their place before those that came later."""

    async def test() -> None:
        queue = Queue()
        first, second, third = wanted("1"), wanted("2"), wanted("3")
        queue.append(third)
        queue.give_back([first, second])
        assert queue.take() == [first, second, third]

    asyncio.run(test())


def test_memory_of_slow_statements_is_bounded() -> None:
    """However many statements are slow, only the last of them are remembered."""

    async def test() -> None:
        queue = Queue()
        for number in range(1000):
            queue.remember(str(number), is_slow=True)
        queue.append(wanted("0"))
        queue.append(wanted("1"))
        assert len(queue.take()) == 2
        assert len(queue._slow) == 256

    asyncio.run(test())


@pytest.mark.skipif(not MEMORY.exists(), reason="this system does not say how much memory a process takes")
@pytest.mark.parametrize(
    ("sql", "value"),
    [("SELECT length(?) AS n{}", "x" * MIB), ("SELECT " + ", ".join(["length(?1) || 'x{}'"] * 2_000), "x")],
    ids=["values", "statements"],
)
def test_large_statements_and_values_are_not_kept(seeds: SeedFolder, sql: str, value: str) -> None:
    """SQLite would keep each statement prepared, with the values that it was bound to last."""
    seeds.write("a", title="A")
    seeds.load()

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for number in range(200):
                await store.fetch(sql.replace("{}", f"{number}"), (value,))
                if number == 20:
                    before = memory_bytes()
            assert memory_bytes() - before < 60 * MIB

    asyncio.run(test())
