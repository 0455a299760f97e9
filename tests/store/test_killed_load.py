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

import pytest

from graphql_api.store.generations import read_pointer
from graphql_api.store.sqlite import SQLiteStore
from tests.store.seed_folder import query, related

if TYPE_CHECKING:
    from tests.store.seed_folder import SeedFolder

FILES = 300
KILLS = 50
SEED = int(os.environ.get("GRAPHQL_API_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
LOAD = """
import asyncio, pathlib, sys
from graphql_api.content.load import load
if __name__ == "__main__":
    print("begun", flush=True)
    asyncio.run(load(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
"""
WHOLE = """
SELECT
    (SELECT version FROM content),
    (SELECT question_count FROM content),
    (SELECT count(*) FROM question),
    (SELECT count(*) FROM answer),
    (SELECT count(*) FROM reference WHERE status = 'RESOLVED'),
    (SELECT group_concat(DISTINCT substr(title, 1, 3)) FROM question),
    (SELECT group_concat(DISTINCT substr(text, 1, 3)) FROM answer),
    (SELECT count(*) FROM search WHERE search MATCH 'even'),
    (SELECT count(*) FROM search WHERE search MATCH 'odd')
"""


def write_content(seeds: SeedFolder, kind: str, changed: int) -> None:
    """Make the first `changed` files, and with all of them the whole folder, say `kind`: "Eve" or "Odd" begins all."""
    for number in range(changed):
        more = related(1, f"n{(number + 1) % FILES}")
        seeds.write(f"n{number}", title=f"{kind} {number}", answer=f"{kind} answer {number}", more=more)


def start_load(seeds: SeedFolder) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LOAD, str(seeds.root), str(seeds.store)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def wait_for_group(group: int) -> None:
    """Wait until no process of the group is left."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.005)
    pytest.fail("processes of a killed load live on")


def test_killed_loads_leave_the_old_or_the_new_generation(seeds: SeedFolder) -> None:
    """Killed at 50 random moments while a reader queries, a load publishes everything or nothing."""
    print(f"GRAPHQL_API_TEST_SEED={SEED}")  # noqa: T201 - pytest shows it with a failure
    draw = random.Random(SEED)
    write_content(seeds, "Even", FILES)
    started = time.monotonic()
    process = start_load(seeds)
    assert process.wait() == 0
    whole_seconds = time.monotonic() - started
    process.communicate()
    wholes = {seeds.query(WHOLE)[0]}

    async def reads(store: SQLiteStore, stop: asyncio.Event) -> int:
        count = 0
        while not stop.is_set():
            version, row = await store.fetch(WHOLE, ())
            assert row[0] == version
            seen.add(tuple(row))
            count += 1
            await asyncio.sleep(0.002)
        return count

    async def kill_one(store: SQLiteStore) -> bool:
        """Kill one load; return whether it had published before."""
        before = read_pointer(seeds.store)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(reads(store, stop))
            process = await asyncio.to_thread(start_load, seeds)
            await asyncio.sleep(draw.random() * whole_seconds)
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.communicate)
            stop.set()
        assert reading.result()
        await asyncio.to_thread(wait_for_group, process.pid)
        return read_pointer(seeds.store) != before

    async def test() -> int:
        published = 0
        async with SQLiteStore(seeds.store, 30.0) as store:
            for turn in range(KILLS):
                seen.clear()
                published += await kill_one(store)
                wholes.add(query(seeds.store, WHOLE)[0])
                assert seen <= wholes
                # The next load works, removes what the killed one left, and publishes what the folder says.
                process = await asyncio.to_thread(start_load, seeds)
                assert await asyncio.to_thread(process.wait) == 0
                process.communicate()
                wholes.add(query(seeds.store, WHOLE)[0])
                names = {path.suffix for path in (seeds.store / "generations").iterdir()}
                assert names == {".sqlite"}
                write_content(seeds, "Odd" if turn % 2 == 0 else "Even", FILES)
        return published

    seen: set[tuple[object, ...]] = set()
    asyncio.run(test())
    assert len(wholes) == 2
    for whole in wholes:
        kind = "Even" if whole[7] else "Odd"
        assert whole[1:] == (
            FILES,
            FILES,
            FILES,
            FILES,
            kind[:3],
            kind[:3],
            *((FILES, 0) if kind == "Even" else (0, FILES)),
        )
