"""A load that is killed at any moment leaves exactly the old or exactly the new generation."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from graphql_api.model.language import builtin_model
from graphql_api.store.layout import layout_of
from graphql_api.store.sqlite import SQLiteStore
from tests.loading.seed_folder import related
from tests.loading.views import with_views
from tests.random_seeds import seed_of_run

if TYPE_CHECKING:
    from tests.loading.seed_folder import SeedFolder

FILES = 60
FILES_FOR_A_POOL = 300
KILLS = int(os.environ.get("GRAPHQL_API_TEST_KILLS", "50"))
"""`scripts/torture` asks for more."""
DEADLINE_SECONDS = 30
KILLS_BETWEEN_LOADS = 5
KINDS = ("Even", "Odd")
LOAD = """
import asyncio, pathlib, sys
from graphql_api.loading.load import load
if __name__ == "__main__":
    print("begun", flush=True)
    asyncio.run(load(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
"""
WHOLE = with_views(
    layout_of(builtin_model()),
    """
SELECT
    (SELECT version FROM content),
    (SELECT n1 FROM content),
    (SELECT count(*) FROM e1),
    (SELECT count(c5_text) FROM d1),
    (SELECT count(*) FROM l1_12 WHERE c6_status = 'RESOLVED'),
    (SELECT group_concat(DISTINCT substr(c3, 1, 3)) FROM e1),
    (SELECT group_concat(DISTINCT substr(c5_text, 1, 3)) FROM d1),
    search_total('["s1", [10, 6, 1, 3, 2]]', 'even '),
    search_total('["s1", [10, 6, 1, 3, 2]]', 'odd ')
""",
)


def write_content(seeds: SeedFolder, kind: str) -> None:
    """Make every file say `kind`."""
    for number in range(FILES):
        more = related(1, f"n{(number + 1) % FILES}", title=f"{kind} {number}")
        seeds.write(f"n{number}", title=f"{kind} {number}", answer=f"{kind} answer {number}", more=more)


def whole_of(kind: str) -> tuple[object, ...]:
    """Return what a whole generation of `kind` says after its version."""
    found = tuple(FILES if each == kind else 0 for each in KINDS)
    return (FILES, FILES, FILES, FILES, kind[:3], kind[:3], *found)


def start_load(seeds: SeedFolder) -> subprocess.Popen[str]:
    """Start a load in processes of its own; its errors are for whoever looks at a failure."""
    command = [sys.executable, "-c", LOAD, str(seeds.root), str(seeds.store)]
    with (seeds.root.parent / "errors.txt").open("a") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def finish_load(seeds: SeedFolder) -> float:
    """Run a load to its end; it leaves generations only. Returns how many seconds it took."""
    started = time.monotonic()
    process = start_load(seeds)
    process.communicate()
    assert process.returncode == 0
    assert {path.suffix for path in (seeds.store / "generations").iterdir()} == {".sqlite"}
    return time.monotonic() - started


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a load and wait until none of its processes is left: each of them has its standard output."""
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=DEADLINE_SECONDS)


async def read_all_the_time(store: SQLiteStore[str], seen: set[tuple[object, ...]]) -> None:
    """Collect every answer."""
    while True:
        version, row = await store.fetch(WHOLE, ())
        told: tuple[object, ...] = tuple(row)
        assert told[0] == version
        seen.add(told)
        await asyncio.sleep(0.002)


def test_killed_loads_leave_the_old_or_the_new_generation(seeds: SeedFolder) -> None:
    """Killed at 50 random moments while a reader queries, a load publishes everything or nothing."""
    draw = random.Random(seed_of_run())
    kind = 0
    write_content(seeds, KINDS[kind])
    load_seconds = finish_load(seeds)

    async def test(kind: int) -> None:
        seen: set[tuple[object, ...]] = set()
        async with SQLiteStore(seeds.store, 30.0, str) as store, asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(read_all_the_time(store, seen))
            for turn in range(KILLS):
                old, new = whole_of(KINDS[kind]), whole_of(KINDS[1 - kind])
                write_content(seeds, KINDS[1 - kind])
                seen.clear()
                process = await asyncio.to_thread(start_load, seeds)
                await asyncio.sleep(draw.random() * load_seconds)
                await asyncio.to_thread(kill, process)
                await asyncio.sleep(0.01)
                ((_, *whole),) = seeds.query(WHOLE)
                assert {row[1:] for row in seen} <= {old, new}
                assert tuple(whole) in {old, new}
                if turn % KILLS_BETWEEN_LOADS == 0:
                    await asyncio.to_thread(finish_load, seeds)
                    whole = list(new)
                    assert seeds.query(WHOLE)[0][1:] == new
                kind = kind if tuple(whole) == old else 1 - kind
            assert seen
            reading.cancel()

    asyncio.run(test(kind))


def test_worker_processes_of_a_killed_load_end(seeds: SeedFolder) -> None:
    """A load that is killed while its pool works leaves no process that waits for ever."""
    for number in range(FILES_FOR_A_POOL):
        seeds.write(f"n{number}", answer="word " * 2_000)
    draw = random.Random(seed_of_run())
    for _ in range(5):
        process = start_load(seeds)
        time.sleep(0.2 + draw.random())
        kill(process)
