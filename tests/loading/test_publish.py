"""Publishing: all or nothing, also when the disk, another load or a cancellation is in the way."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import LoadBusyError, StoreError
from graphql_api.loading.load import load
from graphql_api.store.driver import sqlite3
from graphql_api.store.generations import generation_path, load_lock, pointer_path, read_pointer
from tests.loading.contents import query
from tests.loading.seed_folder import SeedFolder
from tests.loading.views import create_views
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from pathlib import Path

LIMITED = """
import asyncio, pathlib, resource, sys
from graphql_api.loading.load import load
from graphql_api.errors import StoreError
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        asyncio.run(load(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
    except StoreError as error:
        print(error)
        sys.exit(7)
"""
PAGE = 8192


def generations(folder: SeedFolder) -> list[str]:
    return sorted(path.name for path in (folder.store / "generations").iterdir())


def current(folder: SeedFolder) -> Path:
    return generation_path(folder.store, read_pointer(folder.store))


def damage_payload(path: Path) -> None:
    """Change a text within a generation so that SQLite itself notices nothing."""
    data = path.read_bytes()
    assert data.count(b"It depends.")
    path.write_bytes(data.replace(b"It depends.", b"It depended"))


@pytest.mark.parametrize("how", ["payload", "cut", "header", "removed", "pointer", "pointer-file"])
def test_damaged_generation_is_built_anew(seeds: SeedFolder, how: str) -> None:
    """Damage never makes loads impossible: everything is read again, and the report warns."""
    seeds.write("a")
    seeds.write("b")
    first = seeds.load()
    path = current(seeds)
    match how:
        case "payload":
            damage_payload(path)
        case "cut":
            os.truncate(path, path.stat().st_size - PAGE)
        case "header":
            path.write_bytes(bytes(path.stat().st_size))
        case "removed":
            path.unlink()
        case "pointer":
            pointer_path(seeds.store).write_text("{")
        case "pointer-file":
            pointer_path(seeds.store).write_text('{"version": "x"}')
    seeds.write("a", title="Changed")
    report = seeds.load()
    assert [(problem.severity, problem.code) for problem in report.problems] == [("WARNING", "GENERATION_DAMAGED")]
    assert (report.published, report.added) == (True, 2)
    assert report.version != first.version
    assert seeds.titles() == {"a": "Changed", "b": "What is b?"}
    assert query(seeds.store, "SELECT count(*) FROM question WHERE answer_text LIKE '%depends%'") == [(2,)]
    assert seeds.load().problems == ()


def test_damage_is_noticed_by_a_forced_load(seeds: SeedFolder) -> None:
    """A generation whose payload was changed is not carried over, even where nothing in it is copied."""
    seeds.write("a")
    first = seeds.load()
    damage_payload(current(seeds))
    report = seeds.load(force=True)
    assert [problem.code for problem in report.problems] == ["GENERATION_DAMAGED"]
    assert (report.version, report.published) == (first.version, True)


@pytest.mark.parametrize("pages", [1, 20, 60])
@pytest.mark.parametrize("published", [False, True])
def test_full_disk_changes_nothing(seeds: SeedFolder, pages: int, *, published: bool) -> None:
    """When a file cannot grow, the load ends with a clear error and leaves nothing behind."""
    if published:
        for number in range(40):
            seeds.write(f"n{number}", answer="word " * 400)
        seeds.load()
    before = generations(seeds) if published else []
    for number in range(80):
        seeds.write(f"n{number}", answer="other " * 400)
    command = [sys.executable, "-c", LIMITED, str(seeds.root), str(seeds.store), str(pages * PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    assert "cannot be" in done.stdout
    assert generations(seeds) == before
    assert seeds.load().published


def test_store_that_is_a_file_is_a_store_error(seeds: SeedFolder) -> None:
    """A store that cannot be a folder is told as such, by whoever reads it too."""
    seeds.write("a")
    seeds.store.write_text("")
    with pytest.raises(StoreError, match="is not a folder"):
        seeds.load()
    with pytest.raises(StoreError, match="is not a folder"):
        read_pointer(seeds.store)


def test_load_while_another_holds_the_lock_is_refused(seeds: SeedFolder) -> None:
    """The loser of two loads says so and has changed nothing."""
    seeds.write("a")
    with load_lock(seeds.store), pytest.raises(LoadBusyError):
        seeds.load()
    assert seeds.load().published


def test_of_two_loads_at_once_one_is_refused(seeds: SeedFolder) -> None:
    """Two loads that start together end as one load and one refusal."""
    for number in range(50):
        seeds.write(f"n{number}")

    async def both() -> list[object]:
        return list(
            await asyncio.gather(load(seeds.root, seeds.store), load(seeds.root, seeds.store), return_exceptions=True)
        )

    outcomes = asyncio.run(both())
    assert sum(isinstance(outcome, LoadBusyError) for outcome in outcomes) == 1
    assert len(seeds.titles()) == 50


@pytest.mark.parametrize(("files", "after_batches"), [(120, 0), (250, 0), (250, 1)])
def test_cancelled_load_leaves_nothing_behind(seeds: SeedFolder, files: int, after_batches: int) -> None:
    """A load that is cancelled between two batches releases the lock and removes its file, with its workers."""
    for number in range(files):
        seeds.write(f"n{number}")

    async def cancelled() -> None:
        task: asyncio.Task[object]
        seen = 0

        def progress(done: int, total: int) -> None:
            nonlocal seen
            assert done <= total
            seen += 1
            if seen > after_batches:
                task.cancel()

        task = asyncio.create_task(load(seeds.root, seeds.store, progress=progress))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert generations(seeds) == []
    assert not pointer_path(seeds.store).exists()
    assert seeds.load().added == files


def test_load_can_be_cancelled_at_any_moment(seeds: SeedFolder) -> None:
    """Whenever the cancellation comes, the store is as it was or as it should be, and the next load works."""
    for number in range(30):
        seeds.write(f"n{number}")
    seeds.load()

    async def cancelled(turns: int) -> bool:
        """Cancel after so many turns of the loop; return whether the load had ended by then."""
        task = asyncio.create_task(load(seeds.root, seeds.store))
        for _ in range(turns):
            await asyncio.sleep(0)
            if task.done():
                return True
        await asyncio.sleep(turns / 5_000)
        task.cancel()
        await asyncio.wait([task])
        return not task.cancelled()

    for turns in range(0, 600, 12):
        seeds.write("n0", title=f"Title {turns}")
        asyncio.run(cancelled(turns))
        assert seeds.titles()["n0"].startswith(("What", "Title"))
        assert "next.building" not in generations(seeds)
        with load_lock(seeds.store):
            pass
    seeds.write("n0", title="Last")
    seeds.load()
    assert seeds.titles()["n0"] == "Last"


@uncounted
def test_reloads_do_not_make_the_generation_grow(seeds: SeedFolder) -> None:
    """Fifty reloads of the same three files need little more room than one: free pages are used again."""
    for number in range(60):
        seeds.write(f"n{number}", answer=" ".join(f"word{number}x{at}" for at in range(200)))
    seeds.load()
    sizes = []
    for turn in range(50):
        for number in range(3):
            seeds.write(f"n{number}", answer=" ".join(f"turn{turn}x{number}x{at}" for at in range(200)))
        seeds.load()
        sizes.append(current(seeds).stat().st_size)
    assert max(sizes[25:]) <= max(sizes[:25]) + 4 * PAGE
    assert sizes[-1] <= sizes[0] + 40 * PAGE


def test_folder_names_with_a_meaning_in_uris_are_names(tmp_path: Path) -> None:
    """A store may lie in a folder whose name has a question mark, a hash or a percent sign."""
    folder = tmp_path / "what? 100%25 #1"
    folder.mkdir()
    seeds = SeedFolder(folder)
    seeds.write("a")
    seeds.load()
    seeds.write("a", title="Changed")
    seeds.load()
    db = sqlite3.connect(str(current(seeds)))
    try:
        create_views(db)
        assert db.execute("SELECT title FROM question").fetchall() == [("Changed",)]
    finally:
        db.close()
