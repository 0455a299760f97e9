"""Small statements run on the event loop, and only those."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.store.at_once import AtOnce
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.lane import Bounds
from graphql_api.store.lanes import Lanes
from graphql_api.store.waiting import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

DEADLINE_SECONDS = 30.0
COUNT = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) SELECT count(*) FROM n"
ENDLESS = 1 << 40


@pytest.fixture
def generation(seeds: SeedFolder) -> Path:
    """Return a generation of one seed."""
    seeds.write("a", title="A")
    seeds.load()
    return generation_path(seeds.store, read_pointer(seeds.store))


@pytest.fixture
def at_once(generation: Path) -> Iterator[AtOnce]:
    """Return what runs statements of that generation here."""
    at_once = AtOnce(generation, Bounds(1.0, answer_bytes=1_000))
    yield at_once
    at_once.close()


def row(at_once: AtOnce, sql: str, *values: object) -> Any:
    """Return the row of a statement, whose columns may be of any type."""
    return at_once.row(sql, values)


def ran(sql: str, seconds: float) -> Wanted:
    """Return a statement that has run so long on a lane."""
    with asyncio.Runner() as runner:
        return Wanted(sql, (), runner.get_loop().create_future(), seconds=seconds)


def test_statement_that_was_small_runs_here(at_once: AtOnce) -> None:
    """One that nobody knows yet does not, nor one that took longer, nor a search, which cannot be ended early."""
    for sql, seconds in ((COUNT, 0.0001), ("SELECT 2", 0.002), ("SELECT 3 AS search", 0.0001)):
        assert at_once.row(sql, ()) is None
        at_once.remember(ran(sql, seconds), ())
    assert row(at_once, COUNT, 10) == (10,)
    assert at_once.row("SELECT 2", ()) is None
    assert at_once.row("SELECT 3 AS search", ()) is None


def test_statement_that_takes_longer_than_before_is_ended_and_runs_on_a_lane_from_then_on(at_once: AtOnce) -> None:
    """However long it would take; so does one that fails."""
    at_once.remember(ran(COUNT, 0.0001), ())
    assert at_once.row(COUNT, (ENDLESS,)) is None
    assert at_once.row(COUNT, (10,)) is None
    at_once.remember(ran("SELECT * FROM nowhere", 0.0001), ())
    assert at_once.row("SELECT * FROM nowhere", ()) is None


def test_statement_is_small_until_it_was_slow_three_times_in_a_row(at_once: AtOnce) -> None:
    """Once or twice it may have been the machine, which did something else."""
    at_once.remember(ran("SELECT slow(?)", 0.0001), ())
    at_once._connection.create_function("slow", 1, time.sleep)  # longer than a small one takes, not as long as ended
    for seconds in (0.002, 0.002, 0.0, 0.002, 0.002, 0.002):
        assert row(at_once, "SELECT slow(?)", seconds) == (None,)
    assert at_once.row("SELECT slow(?)", (0.0,)) is None


def test_statement_that_gave_much_does_not_run_here(at_once: AtOnce) -> None:
    """To compress and to hash what is long takes the event loop as long as a slow statement."""
    at_once.remember(ran(COUNT, 0.0001), (bytes(200_000),))
    assert at_once.row(COUNT, (10,)) is None


def test_memory_of_small_statements_is_bounded(at_once: AtOnce) -> None:
    """The last of them are remembered."""
    for number in range(400):
        at_once.remember(ran(f"SELECT {number}", 0.0001), ())
    assert at_once.row("SELECT 0", ()) is None
    assert row(at_once, "SELECT 399") == (399,)


def test_statement_alone_needs_no_thread_and_many_share_one(generation: Path) -> None:
    """Whichever way a statement goes, it gets its own row, also when some are cancelled or slow."""

    async def test() -> None:
        async with Lanes(generation, Bounds(DEADLINE_SECONDS, wait_seconds=DEADLINE_SECONDS)) as lanes:
            threads = threading.active_count()
            alone: list[Any] = [await lanes.fetch(COUNT, (number,)) for number in range(1, 100)]
            assert alone == [(number,) for number in range(1, 100)]
            slow = asyncio.ensure_future(lanes.fetch(COUNT, (ENDLESS,)))
            many = [asyncio.ensure_future(lanes.fetch(COUNT, (number,))) for number in range(1, 100)]
            many[50].cancel()
            rows: list[Any] = await asyncio.gather(*many, return_exceptions=True)
            assert [row for row in rows if not isinstance(row, BaseException)] == [
                (n,) for n in range(1, 100) if n != 51
            ]
            slow.cancel()
            assert threading.active_count() == threads

    asyncio.run(test())
