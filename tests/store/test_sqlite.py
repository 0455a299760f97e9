"""The SQLite store as its readers see it: always current, never blocked, never mixed."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from graphql_api.errors import DeadlineError, NoGenerationError, StoreError
from graphql_api.loading.load import load
from graphql_api.store.generations import (
    generation_path,
    pointer_path,
    previous_path,
    read_pointer,
    write_pointer,
)
from graphql_api.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

DEADLINE_SECONDS = 30.0
TITLES = "SELECT (SELECT version FROM content), group_concat(title) FROM (SELECT c3 AS title FROM e1 ORDER BY c2)"
FOREVER = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)
SELECT count(*) FROM n
"""
ENDLESS = 1 << 40


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test's coroutine and see that it leaves no thread behind."""
    before = set(threading.enumerate())
    asyncio.run(test)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()


async def answer(store: SQLiteStore[str], sql: str, values: Sequence[object]) -> tuple[str, Any]:
    """Return the version and the row of a statement, whose columns may be of any type."""
    return await store.fetch(sql, values)


async def until_busy(store: SQLiteStore[str], lanes: int) -> None:
    """Wait until so many lanes run a statement."""
    generation = store._generation
    assert generation is not None
    while generation.lanes.busy != lanes:  # noqa: ASYNC110 - the store tells nobody
        await asyncio.sleep(0.001)


def test_store_without_generation_says_so_and_recovers(seeds: SeedFolder) -> None:
    """Before the first load there is no answer; after it there is, without a restart."""
    seeds.write("a", title="A")

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for _ in range(2):
                with pytest.raises(NoGenerationError):
                    await store.version()
                with pytest.raises(NoGenerationError):
                    await answer(store, "SELECT 1", ())
            report = await load(seeds.root, seeds.store)
            assert await store.version() == report.version
            assert await answer(store, TITLES, ()) == (report.version, (report.version, "A"))

    run(test())


def test_next_request_is_answered_from_the_new_generation(seeds: SeedFolder) -> None:
    """A new generation is served from the next request on."""

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for number in range(5):
                seeds.write("a", title=f"T{number}")
                report = await load(seeds.root, seeds.store)
                assert await answer(store, TITLES, ()) == (report.version, (report.version, f"T{number}"))

    run(test())


def test_statement_under_way_ends_on_its_generation(seeds: SeedFolder) -> None:
    """A slow statement is not hurt by loads that happen meanwhile, and its generation stays until it has ended."""
    seeds.write("a", title="Old")

    async def test() -> None:
        first = await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            slow = asyncio.create_task(answer(store, f"SELECT ({FOREVER.strip()}), (SELECT c3 FROM e1)", (3_000_000,)))
            await asyncio.sleep(0)
            while store._generation is None:  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.001)
            for number in range(4):
                seeds.write("a", title=f"New {number}")
                await load(seeds.root, seeds.store)
                assert (await answer(store, TITLES, ()))[1][1] == f"New {number}"
            assert await slow == (first.version, (3_000_000, "Old"))
            await asyncio.sleep(0.05)
            seeds.write("a", title="Last")
            await load(seeds.root, seeds.store)
            await store.version()
        assert len(list((seeds.store / "generations").iterdir())) == 3

    run(test())


def test_other_line_ends_make_readers_switch_and_nothing_fail(seeds: SeedFolder) -> None:
    """A load that only updates the manifest gives readers the same version."""
    path = seeds.write("a", title="A")
    ends = (b"\n", b"\r\n")

    async def test() -> None:
        first = await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for number in range(5):
                assert await answer(store, TITLES, ()) == (first.version, (first.version, "A"))
                path.write_bytes(path.read_bytes().replace(ends[number % 2], ends[(number + 1) % 2]))
                assert not (await load(seeds.root, seeds.store)).published

    run(test())


@pytest.mark.parametrize("how", ["pointer", "tables", "gone", "cut", "header", "no-pointer", "no-folder"])
def test_unusable_new_generation_leaves_the_old_one_served(
    seeds: SeedFolder, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is wrong with what the pointer names, the store goes on with what it has, and recovers."""
    seeds.write("a", title="Good")

    async def test() -> None:
        first = await load(seeds.root, seeds.store)
        good = pointer_path(seeds.store).read_bytes()
        expected = (first.version, (first.version, "Good"))
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            assert await answer(store, TITLES, ()) == expected
            spoil(seeds.store, how)
            with caplog.at_level(logging.ERROR):
                for _ in range(3):
                    assert await answer(store, TITLES, ()) == expected
            assert len(caplog.records) == (0 if how.startswith("no-") else 1)
            if how == "no-folder":
                (seeds.store.parent / "moved").rename(seeds.store)
            pointer_path(seeds.store).write_bytes(good)
            seeds.write("a", title="Better")
            await load(seeds.root, seeds.store)
            assert (await answer(store, TITLES, ()))[1][1] == "Better"

    run(test())


@pytest.mark.parametrize("how", ["pointer", "tables", "gone", "cut", "header"])
def test_unusable_only_generation_is_a_store_error(seeds: SeedFolder, how: str) -> None:
    """With nothing else to serve, the fault is told, and every request looks again."""
    seeds.write("a", title="Good")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        spoil(seeds.store, how)
        previous_path(seeds.store).unlink(missing_ok=True)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for _ in range(2):
                with pytest.raises(StoreError):
                    await store.version()

    run(test())


def spoil(store: Path, how: str) -> None:
    """Make the pointer lead to something that cannot be served."""
    if how == "no-folder":
        store.rename(store.parent / "moved")
        return
    pointer = read_pointer(store)
    path = generation_path(store, pointer)
    other = path.with_name("other.sqlite")
    match how:
        case "pointer":
            pointer_path(store).write_text("{")
        case "tables":
            write_pointer(store, replace(pointer, tables="other"))
        case "gone":
            write_pointer(store, replace(pointer, file="gone.sqlite"))
        case "cut":
            other.write_bytes(path.read_bytes()[:-8192])
            write_pointer(store, replace(pointer, file=other.name))
        case "header":
            other.write_bytes(bytes(pointer.size_bytes))
            write_pointer(store, replace(pointer, file=other.name))
        case "no-pointer":
            pointer_path(store).unlink()


def test_slow_statement_ends_at_the_deadline_and_the_lane_works_on(seeds: SeedFolder) -> None:
    """A statement that runs too long is ended and told as such; the connection answers the next one."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, 0.05, str) as store:
            for _ in range(6):
                with pytest.raises(DeadlineError, match=r"0\.05 s"):
                    await answer(store, FOREVER, (ENDLESS,))
                assert (await answer(store, "SELECT 1", ()))[1] == (1,)

    run(test())


def test_cancelled_request_leaves_nothing_behind(seeds: SeedFolder) -> None:
    """A statement that nobody waits for any more is ended, so the lanes are free long before its deadline."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            await store.version()
            for _ in range(5):
                slow = [asyncio.create_task(answer(store, FOREVER, (ENDLESS,))) for _ in range(8)]
                await asyncio.sleep(0)
                await until_busy(store, 1)
                for task in slow:
                    task.cancel()
                await asyncio.wait(slow)
                # They would wait for the deadline of statements that nobody wants any more.
                async with asyncio.timeout(DEADLINE_SECONDS / 2):
                    await until_busy(store, 0)
                assert (await answer(store, "SELECT 2", ()))[1] == (2,)
            assert store._generation is not None
            assert store._generation.readers == 0

    run(test())


@pytest.mark.parametrize("value", [1 << 70, "\ud800", object()], ids=["large", "surrogate", "object"])
def test_value_that_the_driver_refuses_ends_one_request_only(seeds: SeedFolder, value: object) -> None:
    """A value that cannot be bound is a StoreError of its own request; others in the same batch are answered."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            await store.version()
            for _ in range(3):
                fetches = [answer(store, "SELECT ?", (each,)) for each in (1, value, 2)]
                first, bad, second = await asyncio.gather(*fetches, return_exceptions=True)
                assert isinstance(bad, StoreError)
                assert not isinstance(first, BaseException)
                assert not isinstance(second, BaseException)
                assert (first[1], second[1]) == ((1,), (2,))

    run(test())


def test_wrong_statement_is_a_store_error(seeds: SeedFolder) -> None:
    """An error of SQLite's names itself."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            with pytest.raises(StoreError, match="no such table"):
                await answer(store, "SELECT * FROM nowhere", ())
            with pytest.raises(StoreError, match="readonly"):
                await answer(store, "DELETE FROM e1 RETURNING 1", ())

    run(test())


def test_each_of_many_requests_gets_its_own_row(seeds: SeedFolder) -> None:
    """Batching never hands a row to another request, also when some are cancelled on the way."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            tasks = [asyncio.create_task(answer(store, "SELECT ?1, ?1 * 2", (n,))) for n in range(2_000)]
            for at, task in enumerate(tasks):
                if at % 7 == 0:
                    await asyncio.sleep(0)
                    task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            rows = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
            assert len(rows) >= 2_000 * 6 // 7
            for n, outcome in enumerate(outcomes):
                if not isinstance(outcome, BaseException):
                    assert outcome[1] == (n, 2 * n)

    run(test())


def test_closing_waits_for_statements_under_way(seeds: SeedFolder) -> None:
    """A store that closes lets those who wait have their rows, and takes no more."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            await store.version()
            tasks = [asyncio.create_task(answer(store, FOREVER, (100_000 + n,))) for n in range(10)]
            await asyncio.sleep(0)
        assert [task.result()[1] for task in tasks] == [(100_000 + n,) for n in range(10)]
        with pytest.raises(StoreError, match="closed"):
            await answer(store, "SELECT 1", ())
        with pytest.raises(StoreError, match="closed"):
            await store.version()

    run(test())


def test_store_closes_when_its_user_fails(seeds: SeedFolder) -> None:
    """An error in the block passes through, and no connection stays open."""
    seeds.write("a", title="A")

    async def test() -> None:
        await load(seeds.root, seeds.store)
        with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the block is what fails
            async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
                await store.version()
                raise ZeroDivisionError

    run(test())


def test_equal_content_of_another_publish_is_another_edition(seeds: SeedFolder) -> None:
    """What says when it was published differs, so an answer of the first must not stand for one of the third."""
    seeds.write("a", title="A")
    first = seeds.load()
    editions: list[str | None] = []

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for title in ("B", "A", "A"):
                editions.append((await store.current()).edition)
                seeds.write("a", title=title)
                await load(seeds.root, seeds.store)
            assert (await store.current()).edition == store.known_version() == editions[-1]

    run(test())
    assert read_pointer(seeds.store).version == first.version
    assert len(set(editions)) == 3
