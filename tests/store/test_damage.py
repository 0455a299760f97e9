"""What is damaged, or cannot be opened for now: no wrong answer, no traceback, and no longer than it lasts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import resource
import time
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import DamagedGenerationError, StoreError
from graphql_api.loading.load import load
from graphql_api.store import served_file, sqlite
from graphql_api.store.failures import RETRY_SECONDS
from graphql_api.store.generations import generation_path, pointer_path, previous_path, read_pointer, write_pointer
from graphql_api.store.served_file import ServedFile
from graphql_api.store.sqlite import SQLiteStore
from tests.random_seeds import seed_of_run
from tests.store.test_sqlite import DEADLINE_SECONDS, TITLES, answer, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

FLIPS = 12
PATIENCE_SECONDS = 30.0


def current(seeds: SeedFolder) -> Path:
    """Return the file of the current generation."""
    return generation_path(seeds.store, read_pointer(seeds.store))


def flip(path: Path, place: int) -> None:
    """Turn a bit of a file, and leave its size and its time as they are."""
    status = path.stat()
    with path.open("rb+") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def places(seeds: SeedFolder) -> list[int]:
    """Return where bits are turned: in SQLite's header, in the schema, and anywhere."""
    draw = random.Random(seed_of_run())
    size = current(seeds).stat().st_size
    return [0, 20, 27, 100, 8_200, size - 1, *(draw.randrange(size) for _ in range(FLIPS))]


def publish_two(seeds: SeedFolder) -> tuple[str, str]:
    """Publish two generations, whose one title is Old and New; return their versions."""
    seeds.write("a", title="Old")
    old = seeds.load().version
    seeds.write("a", title="New")
    return old, seeds.load().version


async def until_served(store: SQLiteStore[str], version: str) -> None:
    """Ask until a version is served."""
    end = time.monotonic() + PATIENCE_SECONDS
    while await store.version() != version:
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


@contextlib.contextmanager
def no_free_descriptor() -> Iterator[None]:
    """Let this process open no file any more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are all that is wanted
    holes = [os.open("/dev/null", os.O_RDONLY) for _ in range(highest + 1 - len(os.listdir("/proc/self/fd")))]  # noqa: PTH208
    resource.setrlimit(resource.RLIMIT_NOFILE, (max([highest, *holes]) + 1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for descriptor in holes:
            os.close(descriptor)


def test_bit_turned_anywhere_is_found_before_the_first_answer(
    seeds: SeedFolder, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that starts on a damaged generation serves the one before it, and the log says why."""
    old, _ = publish_two(seeds)

    async def test() -> None:
        for place in places(seeds):
            flip(current(seeds), place)
            caplog.clear()
            async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
                for _ in range(2):
                    assert await answer(store, TITLES, ()) == (old, (old, "Old"))
            assert [record.levelname for record in caplog.records] == ["ERROR"]
            assert "its checksum differs" in caplog.text
            flip(current(seeds), place)

    with caplog.at_level(logging.ERROR):
        run(test())


def prepared_once(text: str) -> str:
    """Fail: it is known already what this would make."""
    pytest.fail(f"prepared again: {text[:40]}")


def test_what_another_store_has_just_opened_is_neither_checked_nor_prepared_again(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server looks at its content before it starts the processes that answer."""
    seeds.write("a", title="A")
    version = seeds.load().version

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as first:
            known = await first.current()
        monkeypatch.setattr(sqlite, "check_bytes", lambda *_: pytest.fail("checked again"))
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, prepared_once, known=known) as store:
            assert await answer(store, TITLES, ()) == (version, (version, "A"))
            assert (await store.current()).prepared is known.prepared

    run(test())


@pytest.mark.parametrize("holds_seconds", [10.0, 0.0])
def test_known_generation_is_checked_again_once_its_file_or_the_time_has_changed(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch, holds_seconds: float
) -> None:
    """Damage since then is found before the first answer, also if the file seems untouched after a while."""
    old, _ = publish_two(seeds)
    monkeypatch.setattr(served_file, "SECONDS_A_CHECK_HOLDS", holds_seconds)

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as first:
            known = await first.current()
        flip(current(seeds), 8_200)
        if not holds_seconds:  # as if the disk had done it
            with current(seeds).open("rb") as file:
                known.file.identity = ServedFile(file).identity
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str, known=known) as store:
            assert await answer(store, TITLES, ()) == (old, (old, "Old"))

    run(test())


def test_known_generation_that_is_no_longer_the_current_one_is_not_served(seeds: SeedFolder) -> None:
    """A load can publish another one while the server starts."""
    seeds.write("a", title="Old")
    seeds.load()

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as first:
            known = await first.current()
        seeds.write("a", title="New")
        new = (await load(seeds.root, seeds.store)).version
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, prepared_once, known=known) as store:
            assert await answer(store, TITLES, ()) == (new, (new, "New"))

    run(test())


def test_damage_without_a_generation_before_it_is_an_error_and_no_answer(seeds: SeedFolder) -> None:
    """With nothing sound to serve, nothing is served."""
    seeds.write("a")
    seeds.load()

    async def test() -> None:
        flip(current(seeds), 8_200)
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            for _ in range(2):
                with pytest.raises(DamagedGenerationError, match="Load again"):
                    await answer(store, TITLES, ())

    run(test())


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("changed", [False, True])
def test_next_load_rebuilds_what_is_damaged(seeds: SeedFolder, *, changed: bool, force: bool) -> None:
    """Whatever is damaged, and whether the seeds have changed or not: a load reads all again, warns, and mends it."""
    publish_two(seeds)
    for number, place in enumerate(places(seeds)[1:7:2]):
        if changed:
            seeds.write("a", title=f"Newer {number}")
        flip(current(seeds), place)
        report = seeds.load(force=force)
        assert report.published
        assert [problem.code for problem in report.problems] == ["GENERATION_DAMAGED"]
        assert seeds.titles() == {"a": f"Newer {number}" if changed else "New"}
        assert not seeds.load().published


def test_last_good_form_survives_the_damage_of_its_generation(seeds: SeedFolder) -> None:
    """An entry whose seed has an ERROR now is taken from the generation before the damaged one."""
    publish_two(seeds)
    seeds.write("b", title="Good")
    seeds.load()
    seeds.write("c", title="Also good")
    seeds.load()
    (seeds.root / "b.md").write_text("---\ntitle: [\n---\n")
    flip(current(seeds), 8_200)
    seeds.load()
    assert seeds.titles() == {"a": "New", "b": "Good", "c": "Also good"}


def test_server_goes_on_until_the_damage_is_mended(seeds: SeedFolder, caplog: pytest.LogCaptureFixture) -> None:
    """It is told once, costs nothing while it lasts, and is over as soon as the file is what it was."""
    seeds.write("a", title="Old")
    old = seeds.load().version

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            assert await store.version() == old
            seeds.write("a", title="New")
            new = (await load(seeds.root, seeds.store)).version
            flip(current(seeds), 9_000)
            end = time.monotonic() + 2.5 * RETRY_SECONDS
            while time.monotonic() < end:
                assert await answer(store, TITLES, ()) == (old, (old, "Old"))
                assert store.known_version() is not None
                await asyncio.sleep(0.05)
            assert len(caplog.records) == 1
            flip(current(seeds), 9_000)
            await until_served(store, new)
            assert (await answer(store, TITLES, ()))[1][1] == "New"

    with caplog.at_level(logging.ERROR):
        run(test())


@pytest.mark.parametrize("is_first", [False, True])
def test_file_that_arrives_after_its_pointer_is_served_when_it_is_there(seeds: SeedFolder, *, is_first: bool) -> None:
    """As when a store is copied by a tool that takes the pointer first."""
    old, new = publish_two(seeds)
    pointer, before = read_pointer(seeds.store), json.loads(previous_path(seeds.store).read_text())

    async def test() -> None:
        path, aside = current(seeds), seeds.store / "aside"
        path.rename(aside)
        if is_first:
            previous_path(seeds.store).unlink()
        else:
            pointer_path(seeds.store).write_text(json.dumps(before))
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            if is_first:
                with pytest.raises(StoreError, match="is gone"):
                    await store.version()
            else:
                assert await store.version() == old
                write_pointer(seeds.store, pointer)
                assert await store.version() == old
            path.write_bytes(aside.read_bytes()[:-100])  # half of it is there
            await asyncio.sleep(RETRY_SECONDS)
            with contextlib.suppress(StoreError):
                assert await store.version() == old
            aside.rename(path)
            end = time.monotonic() + PATIENCE_SECONDS
            served = None
            while served != new:
                assert time.monotonic() < end
                with contextlib.suppress(StoreError):
                    served = await store.version()
                await asyncio.sleep(0.02)

    run(test())


def test_want_of_file_descriptors_while_a_generation_is_published_passes(
    seeds: SeedFolder, caplog: pytest.LogCaptureFixture
) -> None:
    """What is open answers meanwhile; once a descriptor is free, the new generation is served."""
    seeds.write("a", title="Old")
    old = seeds.load().version

    async def test() -> None:
        async with SQLiteStore(seeds.store, DEADLINE_SECONDS, str) as store:
            assert await answer(store, TITLES, ()) == (old, (old, "Old"))
            seeds.write("a", title="New")
            new = (await load(seeds.root, seeds.store)).version
            with no_free_descriptor():
                for _ in range(3):
                    assert await answer(store, TITLES, ()) == (old, (old, "Old"))
            assert len(caplog.records) == 1
            await until_served(store, new)

    with caplog.at_level(logging.ERROR):
        run(test())
