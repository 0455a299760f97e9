"""File systems whose locks are other than those of a local disk, or that have none."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import StoreError
from graphql_api.store.kept import generation_files, remove_spares
from graphql_api.store.locks import file_system_of
from graphql_api.store.sqlite import SQLiteStore
from tests.store.test_sqlite import DEADLINE_SECONDS, TITLES, answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

FLOCK = fcntl.flock


@pytest.fixture
def as_on_nfs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks are of byte ranges: one for oneself alone needs a file open for writing. There are no leases."""

    def flock(file: int, how: int) -> None:
        mode = fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE
        if how & fcntl.LOCK_EX and mode == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        FLOCK(file, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    monkeypatch.setattr(fcntl, "F_SETLEASE", 1_000_000)


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every lock is refused, as by a mount without a lock daemon."""

    def flock(_file: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)


def publish(seeds: SeedFolder, count: int) -> None:
    """Publish so many generations."""
    for number in range(count):
        seeds.write("a", title=f"Title {number}")
        seeds.load()


@pytest.mark.usefixtures("as_on_nfs")
def test_on_nfs_older_generations_are_removed_and_none_is_rewritten(seeds: SeedFolder) -> None:
    """Nobody there can tell whether a file is open elsewhere, so every generation is a new file."""
    publish(seeds, 4)
    contents = {path: path.read_bytes() for path in generation_files(seeds.store)}
    assert len(contents) == 3
    seeds.write("a", title="Last")
    seeds.load()
    left = generation_files(seeds.store)
    assert len(left) == 3
    assert all(path.read_bytes() == contents.get(path, path.read_bytes()) for path in left)


@pytest.mark.usefixtures("without_locks")
def test_without_locks_nothing_is_loaded_and_the_file_system_is_named(seeds: SeedFolder) -> None:
    """Two loads could not know of each other."""
    seeds.write("a")
    with pytest.raises(StoreError, match="has no locks"):
        seeds.load()
    assert not (seeds.store / "current.json").exists()


def test_without_locks_what_is_there_is_served(seeds: SeedFolder, request: pytest.FixtureRequest) -> None:
    """A store that another machine fills can be read."""
    publish(seeds, 1)
    request.getfixturevalue("without_locks")

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            assert (await answer(store, TITLES, ()))[1][1] == "Title 0"

    asyncio.run(test())


def test_without_locks_a_spare_goes_when_no_reader_can_be_left(
    seeds: SeedFolder, request: pytest.FixtureRequest
) -> None:
    """A server goes over to the next generation with its next request, so some minutes are enough."""
    publish(seeds, 3)
    request.getfixturevalue("without_locks")
    *_, spare = files = generation_files(seeds.store)
    remove_spares(seeds.store)
    assert spare.exists()
    for path in files:
        os.utime(path, ns=(0, path.stat().st_mtime_ns - 3_600 * 10**9))
    remove_spares(seeds.store)
    assert generation_files(seeds.store) == files[:2]


def test_file_system_is_told_by_its_device(tmp_path: Path) -> None:
    """As the kernel lists what is mounted; in doubt nothing is said."""
    device = tmp_path.stat().st_dev
    lines = [
        "36 35 0:0 / /other rw - ext4 /dev/sda1 rw",
        f"37 35 {os.major(device)}:{os.minor(device)} / /mnt/a\\040b rw,noatime shared:1 - nfs4 host:/path rw",
    ]
    mounts = tmp_path / "mountinfo"
    mounts.write_text("\n".join(lines))
    assert file_system_of(tmp_path, mounts) == "nfs4"
    mounts.write_text(lines[0])
    assert file_system_of(tmp_path, mounts) == ""
    mounts.write_text("nonsense")
    assert file_system_of(tmp_path, mounts) == ""
