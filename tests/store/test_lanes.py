"""Who waits for whom at a generation's connections."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.errors import AnswerTooLargeError, DeadlineError, TooBusyError
from graphql_api.search import counting
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.lane import Bounds
from graphql_api.store.lanes import Lanes
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


@pytest.fixture
def generation(seeds: SeedFolder) -> Path:
    """Return a generation of one seed."""
    seeds.write("a", title="A")
    seeds.load()
    return generation_path(seeds.store, read_pointer(seeds.store))


@pytest.mark.parametrize("lanes", [2, 3, 5])
def test_slow_statements_cannot_take_the_last_lane(generation: Path, lanes: int) -> None:
    """However many there are, known to be slow or not, what is quick is answered meanwhile."""

    async def test() -> None:
        async with (
            Lanes(generation, Bounds(DEADLINE_SECONDS, wait_seconds=DEADLINE_SECONDS, lanes=lanes)) as opened,
            asyncio.TaskGroup() as group,
        ):
            slow = [group.create_task(opened.fetch(f"{SLOW} WHERE i <> {n % 20}", ())) for n in range(40)]
            for number in range(200):
                assert tuple(await opened.fetch("SELECT ?", (number,))) == (number,)  # type: ignore[comparison-overlap]
            assert not any(task.done() for task in slow)
            for task in slow:
                task.cancel()

    asyncio.run(test())


@pytest.mark.parametrize("bounds", [Bounds(0.05), Bounds(0.05, lanes=2), Bounds(0.003)], ids=["three", "two", "short"])
def test_statement_ends_at_its_deadline(generation: Path, bounds: Bounds) -> None:
    """Which counts from when it runs, not from when it came."""

    async def test() -> None:
        async with Lanes(generation, bounds) as lanes:
            for _ in range(2):
                results = await asyncio.gather(*[lanes.fetch(SLOW, ()) for _ in range(6)], return_exceptions=True)
                assert [type(result) for result in results] == [DeadlineError] * 6

    asyncio.run(test())


def test_statement_that_has_waited_too_long_is_told_that_others_are_busy(generation: Path) -> None:
    """Not that it should ask for less: it has done nothing wrong."""

    async def test() -> None:
        async with Lanes(generation, Bounds(0.2, wait_seconds=0.3, lanes=2)) as lanes:
            results = await asyncio.gather(*[lanes.fetch(SLOW, ()) for _ in range(12)], return_exceptions=True)
            assert {type(result) for result in results} == {DeadlineError, TooBusyError}

    asyncio.run(test())


def test_statement_of_a_client_that_leaves_ends_soon_and_no_other_does(generation: Path) -> None:
    """Each of a thousand is ended long before its deadline; what runs beside them gives its own row."""

    async def test() -> None:
        async with Lanes(generation, Bounds(DEADLINE_SECONDS, wait_seconds=DEADLINE_SECONDS)) as lanes:
            await leave(lanes, 20)
            before = held()
            for _ in range(49):
                await leave(lanes, 20)
            async with asyncio.timeout(DEADLINE_SECONDS / 2):
                while lanes.busy:  # noqa: ASYNC110 - the lanes tell nobody
                    await asyncio.sleep(0.001)
            after = held()
            assert after[:3] == before[:3]
            assert after[3] - before[3] < 16 * MIB

    asyncio.run(test())


async def leave(lanes: Lanes, count: int) -> None:
    """Ask for slow statements, leave, and ask for quick ones beside them."""
    slow = [asyncio.create_task(lanes.fetch(SLOW, ())) for _ in range(count)]
    await asyncio.sleep(0)
    quick = [asyncio.create_task(lanes.fetch("SELECT ?", (number,))) for number in range(count)]
    for task in slow:
        task.cancel()
        await asyncio.sleep(0)
    await asyncio.wait(slow)
    assert await asyncio.gather(*quick) == [(number,) for number in range(count)]  # type: ignore[comparison-overlap]


def held() -> tuple[int, int, int, int]:
    """Return how many file descriptors, threads, tasks and bytes this process has."""
    descriptors = Path("/proc/self/fd")
    count = len(list(descriptors.iterdir())) if descriptors.exists() else 0
    return count, threading.active_count(), len(asyncio.all_tasks()), memory_bytes() if MEMORY.exists() else 0


def test_list_that_gets_too_long_ends_its_statement(generation: Path) -> None:
    """Before it is built: as soon as its items are longer together than an answer may be."""
    many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) SELECT "
    many += "CASE WHEN bounded(octet_length(i)) THEN group_concat(i) END FROM n"

    async def test() -> None:
        async with Lanes(generation, Bounds(DEADLINE_SECONDS, answer_bytes=21)) as lanes:
            for _ in range(3):
                (text,) = await lanes.fetch(many, (10,))
                assert str(text) == "1,2,3,4,5,6,7,8,9,10"
                with pytest.raises(AnswerTooLargeError, match="21 bytes"):
                    await lanes.fetch(many, (1 << 40,))

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


def test_what_facets_read_once_no_lane_reads_again(generation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick lane would be ended for it each time anew, because it takes longer than statements may run there."""
    attempts = []
    read = counting._read

    def noted(*arguments: Any) -> Any:
        attempts.append(arguments)
        return read(*arguments)

    monkeypatch.setattr(counting, "_read", noted)
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000)"
    column = f"{numbers} SELECT i AS owner, i % 7 AS value FROM n"
    statements = [f"SELECT search_counts('{column}', '[1, 2, 9]', NULL) AS n{at}" for at in range(8)]

    async def test() -> None:
        async with Lanes(generation, Bounds(DEADLINE_SECONDS, wait_seconds=DEADLINE_SECONDS)) as lanes:
            for statement in (*statements, *statements, f"{statements[0]} -- {'large' * 10_000}"):
                (counts,) = await lanes.fetch(statement, ())
                assert json.loads(counts) == [1 << 32 | 1, 2 << 32 | 2]

    asyncio.run(test())
    assert len(attempts) <= 3  # one on each lane until one may take as long as it needs
