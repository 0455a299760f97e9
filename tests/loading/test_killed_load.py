"""A load that is killed at any moment leaves exactly the old or exactly the new generation."""

from __future__ import annotations

import asyncio
import os
import random
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from graphql_api.model.language import builtin_model
from graphql_api.store.layout import layout_of
from graphql_api.store.sqlite import SQLiteStore
from tests.loading.seed_folder import related
from tests.loading.views import with_views
from tests.random_seeds import seed_of_run
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

pytestmark = uncounted

FILES = 60
FILES_FOR_A_POOL = 300
KILLS = int(os.environ.get("GRAPHQL_API_TEST_KILLS", "50"))
"""`scripts/torture` asks for more."""
DEADLINE_SECONDS = 30
KILLS_BETWEEN_LOADS = 5
KINDS = ("Even", "Odd")
LOADER = """
import asyncio, os, pathlib, signal, sys
from graphql_api.loading.load import load
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(line.rstrip(), os.O_WRONLY), 1)
        print(os.getpid(), flush=True)
        asyncio.run(load(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
        print("loaded", flush=True)
        os._exit(0)
"""
"""Forks a process for each load, so that none has to import the program first; a load writes to a pipe of its own."""
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


class Load:
    """One load in processes of its own, each of which has the pipe."""

    def __init__(self, loader: subprocess.Popen[str], pipe: Path) -> None:
        """Start it, and wait until it has begun."""
        os.mkfifo(pipe)
        assert loader.stdin is not None
        loader.stdin.write(f"{pipe}\n")
        loader.stdin.flush()
        self._pipe = pipe.open()
        pipe.unlink()
        self._process_id = int(self._pipe.readline())

    def finish(self) -> None:
        """Wait until it has loaded, and all of its processes have ended."""
        with self._pipe:
            assert self._pipe.read() == "loaded\n"

    def kill(self) -> None:
        """Kill it, if it is still there, and wait until none of its processes is left."""
        with suppress(ProcessLookupError):
            os.kill(self._process_id, signal.SIGKILL)
        with self._pipe:
            while True:
                assert select.select([self._pipe], [], [], DEADLINE_SECONDS)[0], "a process of a killed load is left"
                if not os.read(self._pipe.fileno(), 1_024):
                    break


class Loads:
    """Starts loads of a folder."""

    def __init__(self, seeds: SeedFolder) -> None:
        """Start what forks them; its errors are for whoever looks at a failure."""
        self._seeds = seeds
        self._folder = seeds.root.parent
        command = [sys.executable, "-c", LOADER, str(seeds.root), str(seeds.store)]
        with (self._folder / "errors.txt").open("a") as errors:
            self._loader = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors, text=True)

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what forks loads."""
        self._loader.communicate()

    def start(self) -> Load:
        """Start a load."""
        return Load(self._loader, self._folder / "pipe")

    def finish(self) -> float:
        """Run a load to its end; it leaves generations only. Returns how many seconds it took."""
        started = time.monotonic()
        self.start().finish()
        assert {path.suffix for path in (self._seeds.store / "generations").iterdir()} == {".sqlite"}
        return time.monotonic() - started


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
    kind = 0
    write_content(seeds, KINDS[kind])
    with Loads(seeds) as loads:
        loads.finish()
        kind = 1 - kind
        write_content(seeds, KINDS[kind])
        took = loads.finish()
        asyncio.run(_killed(seeds, loads, kind, took))


async def _killed(seeds: SeedFolder, loads: Loads, kind: int, load_seconds: float) -> None:
    draw = random.Random(seed_of_run())
    seen: set[tuple[object, ...]] = set()
    async with SQLiteStore(seeds.store, 30.0, str) as store, asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(read_all_the_time(store, seen))
        for turn in range(KILLS):
            old, new = whole_of(KINDS[kind]), whole_of(KINDS[1 - kind])
            write_content(seeds, KINDS[1 - kind])
            seen.clear()
            load = await asyncio.to_thread(loads.start)
            await asyncio.sleep(draw.random() * load_seconds)
            await asyncio.to_thread(load.kill)
            await asyncio.sleep(0.01)
            ((_, *whole),) = seeds.query(WHOLE)
            assert {row[1:] for row in seen} <= {old, new}
            assert tuple(whole) in {old, new}
            if turn % KILLS_BETWEEN_LOADS == 0:
                await asyncio.to_thread(loads.finish)
                whole = list(new)
                assert seeds.query(WHOLE)[0][1:] == new
            kind = kind if tuple(whole) == old else 1 - kind
        assert seen
        reading.cancel()


def test_worker_processes_of_a_killed_load_end(seeds: SeedFolder) -> None:
    """A load that is killed while its pool works leaves no process that waits for ever."""
    for number in range(FILES_FOR_A_POOL):
        seeds.write(f"n{number}", answer="word " * 2_000)
    draw = random.Random(seed_of_run())
    with Loads(seeds) as loads:
        for _ in range(5):
            load = loads.start()
            time.sleep(0.2 + draw.random())
            load.kill()
