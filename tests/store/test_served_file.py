"""A generation's file while it is served: nothing that was read from it after a change is ever answered."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import ChangedGenerationError
from graphql_api.store import served_file
from graphql_api.store.generations import reading
from graphql_api.store.lane import Bounds
from graphql_api.store.served_file import ServedFile
from graphql_api.store.sqlite import SQLiteStore
from tests.store.test_damage import current, publish_two
from tests.store.test_sqlite import DEADLINE_SECONDS, TITLES, answer, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

BEYOND = """
import os, sys
from pathlib import Path
from graphql_api.store.driver import open_generation
path = Path(sys.argv[1])
connection = open_generation(path, is_mapped=sys.argv[2] == "mapped")
connection.execute("SELECT version FROM content").fetchall()
os.truncate(path, 4096)
try:
    connection.execute("SELECT count(*) FROM e1").fetchall()
except Exception as error:
    print(error)
"""
MAPPED_BYTES = "PRAGMA mmap_size"


def cut(path: Path) -> None:
    """Leave half of a file."""
    os.truncate(path, path.stat().st_size // 2)


def write_within(path: Path) -> None:
    """Write a few bytes into a file; its size stays."""
    with path.open("rb+") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"changed")


CHANGES = [cut, write_within]


@pytest.mark.parametrize("change", CHANGES)
def test_change_of_an_open_file_shows(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """Its name, its readers and its other names are no change."""
    path = tmp_path / "file"
    path.write_bytes(bytes(20_000))
    os.utime(path, (1, 1))
    with reading(path) as file:
        served = ServedFile(file)
        path.read_bytes()
        os.link(path, tmp_path / "other")
        path.rename(tmp_path / "renamed")
        assert served.is_as_it_was()
        change(tmp_path / "renamed")
        assert not served.is_as_it_was()


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_read_after_a_change_is_not_answered_and_the_one_before_is_served(
    seeds: SeedFolder, change: Callable[[Path], None]
) -> None:
    """Until a load has rebuilt it."""
    old, new = publish_two(seeds)

    async def ask() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            assert await answer(store, TITLES, ()) == (new, (new, "New"))
            change(current(seeds))
            with pytest.raises(ChangedGenerationError, match="was changed while it was served"):
                await store.fetch("SELECT CAST('anything' AS BLOB)", ())
            assert await answer(store, TITLES, ()) == (old, (old, "Old"))
            assert store.known_version() is not None

    run(ask())
    seeds.load()
    assert current(seeds).stat().st_size


def test_touched_file_is_checked_again_and_served_on(seeds: SeedFolder) -> None:
    """Its time alone says nothing of its content: one request learns that it must be looked at."""
    _, new = publish_two(seeds)

    async def ask() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            await store.fetch(TITLES, ())
            os.utime(current(seeds))
            with pytest.raises(ChangedGenerationError):
                await store.fetch(TITLES, ())
            assert await answer(store, TITLES, ()) == (new, (new, "New"))

    run(ask())


@pytest.mark.parametrize(("how", "code"), [("mapped", -signal.SIGBUS), ("read", 0)])
def test_only_who_maps_a_file_ends_when_it_is_cut(seeds: SeedFolder, how: str, code: int) -> None:
    """So only processes that are replaced may map it."""
    seeds.write("a")
    seeds.load()
    command = [sys.executable, "-c", BEYOND, str(current(seeds)), how]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == code, ended.stderr


@pytest.mark.parametrize(
    ("is_asked", "file_system", "is_mapped"),
    [(True, "ext4", True), (False, "ext4", False), (True, "nfs4", False), (True, "", False)],
)
def test_files_are_mapped_where_no_other_machine_can_remove_them(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch, file_system: str, *, is_asked: bool, is_mapped: bool
) -> None:
    """By all connections, if the server asks for it; where nobody can tell the file system, it is read."""
    monkeypatch.setattr(served_file, "file_system_of", lambda _: file_system)
    seeds.write("a")
    seeds.load()

    async def ask() -> list[bool]:
        async with SQLiteStore(seeds.store, Bounds(DEADLINE_SECONDS, is_mapped=is_asked), str) as store:
            small = [await store.fetch(MAPPED_BYTES, ()) for _ in range(3)]
            large = await store.fetch(f"{MAPPED_BYTES} -- {'long' * 10_000}", ())
            return [int(row[0]) > 0 for _, row in (*small, large)]

    assert asyncio.run(ask()) == [is_mapped] * 4
