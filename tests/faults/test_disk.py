"""A disk that refuses: at each step of a load it is told, and what is published stays whole."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.errors import StoreError
from graphql_api.reading.discover import discover
from graphql_api.store.inventory import verify
from graphql_api.store.kept import generation_files
from graphql_api.store.rollback import roll_back
from graphql_api.store.transfer import export_generation, import_generation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

STEPS = 40


class Disk:
    """Refuses the n-th call that makes something durable or gives it a name; `calls` counts them."""

    def __init__(self, refused: int, number: int) -> None:
        self._refused = refused
        self._number = number
        self.calls = 0
        self._lock = threading.Lock()

    def refusing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the call as this disk has it."""

        def made(*arguments: Any, **named: Any) -> Any:
            with self._lock:
                self.calls += 1
                is_refused = self.calls == self._refused
            if is_refused:
                raise OSError(self._number, os.strerror(self._number))
            return call(*arguments, **named)

        return made


@contextlib.contextmanager
def refusing(step: int, number: int) -> Iterator[Disk]:
    """Have the disk refuse one step while the block runs."""
    disk = Disk(step, number)
    with pytest.MonkeyPatch.context() as patches:
        for name in ("fsync", "replace"):
            patches.setattr(os, name, disk.refusing(getattr(os, name)))
        yield disk


def is_whole(seeds: SeedFolder) -> bool:
    """Return whether what is published is what it was when it was published, and nothing else lies about."""
    names = {path.suffix for path in (seeds.store / "generations").iterdir()}
    return names == {".sqlite"} and not any(verdict.damage for verdict in verify(seeds.store))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=["full", "read-only", "broken"])
def test_load_refused_by_the_disk_at_any_step_leaves_the_old_or_the_new_content(seeds: SeedFolder, number: int) -> None:
    """It is a StoreError with the disk's word; the next load goes on as if nothing had been."""
    for title in ("A", "B", "C"):
        seeds.write("a", title=title)
        seeds.load()
    titles = {"a": "C"}
    for step in range(1, STEPS):
        seeds.write("a", title=f"Title {step}")
        with refusing(step, number) as disk:
            try:
                seeds.load()
            except StoreError as error:
                told = str(error)
            else:
                told = ""
        assert not told or os.strerror(number) in told
        assert seeds.titles() in (titles, {"a": f"Title {step}"})
        assert is_whole(seeds)
        seeds.load()
        titles = {"a": f"Title {step}"}
        assert seeds.titles() == titles
        assert len(generation_files(seeds.store)) <= 3
        if disk.calls < step:
            break
    assert 5 < step < STEPS - 1


def test_rollback_export_and_import_refused_by_the_disk_change_nothing_by_halves(
    seeds: SeedFolder, tmp_path: Path
) -> None:
    """Each is done, or is as if it had not been asked for."""
    for title in ("A", "B", "C"):
        seeds.write("a", title=title)
        seeds.load()
    file = tmp_path / "file"
    export_generation(seeds.store, file)
    for work in (
        lambda: roll_back(seeds.store),
        lambda: import_generation(seeds.store, file),
        lambda: export_generation(seeds.store, tmp_path / "other"),
    ):
        for step in range(1, STEPS):
            before = seeds.titles()
            with refusing(step, errno.ENOSPC) as disk, contextlib.suppress(StoreError):
                work()
            assert seeds.titles() in (before, {"a": "B"}, {"a": "C"})
            assert is_whole(seeds)
            if disk.calls < step:
                break
        assert step < STEPS - 1
    assert {path.name for path in tmp_path.iterdir()} <= {"seeds", "store", "file", "other"}


def test_copies_that_are_made_beside_loads_are_whole_or_refused(seeds: SeedFolder, tmp_path: Path) -> None:
    """A copy of the store's folder, file by file, while loads publish: what it has, it has whole."""
    for number in range(30):
        seeds.write(f"n{number}", answer="word " * 300)
    seeds.load()
    ended = threading.Event()

    def publish() -> None:
        turn = 0
        while not ended.is_set():
            seeds.write("n0", title=f"Title {turn}")
            seeds.load()
            turn += 1

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        for number in range(20):
            copy = tmp_path / f"copy{number}"
            with contextlib.suppress(shutil.Error, FileNotFoundError):  # a file that went meanwhile
                shutil.copytree(seeds.store, copy)
            with contextlib.suppress(StoreError):
                damages = [verdict.damage for verdict in verify(copy)]
                assert all(not damage or "is gone" in damage for damage in damages)
            shutil.rmtree(copy, ignore_errors=True)
    finally:
        ended.set()
        thread.join()


def test_seeds_that_vanish_while_they_are_loaded_keep_their_last_good_form(
    seeds: SeedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, and the whole folder, that go between the look at them and the reading: nothing is deleted for it."""
    for name in "abc":
        seeds.write(name)
    seeds.load()

    def discover_and(remove: Callable[[], object]) -> Callable[..., Any]:
        def discovered(*arguments: Any) -> Any:
            found = discover(*arguments)
            remove()
            return found

        return discovered

    seeds.write("a", title="New")
    monkeypatch.setattr("graphql_api.loading.unchanged.discover", discover_and((seeds.root / "a.md").unlink))
    report = seeds.load()
    assert [problem.path for problem in report.problems] == ["a.md"]
    assert seeds.titles() == {name: f"What is {name}?" for name in "abc"}
    for name in "abc":
        seeds.write(name, title="New")
    monkeypatch.setattr("graphql_api.loading.unchanged.discover", discover_and(lambda: shutil.rmtree(seeds.root)))
    report = seeds.load()
    assert [problem.path for problem in report.problems] == ["a.md", "b.md", "c.md"]
    assert seeds.titles() == {name: f"What is {name}?" for name in "abc"}


def test_clock_that_goes_back_a_day_changes_no_order(seeds: SeedFolder) -> None:
    """What is current, what was before and what is a spare is told by pointers; what has changed by more than mtime."""
    day_ns = 86_400 * 10**9
    for number in range(6):
        path = seeds.write("a", title=f"Title {number}")
        os.utime(path, ns=(10**18 - number * day_ns,) * 2)
        assert seeds.load().published
        for file in (*generation_files(seeds.store), *seeds.store.glob("*.json")):
            os.utime(file, ns=(file.stat().st_mtime_ns + (6 - number) * day_ns,) * 2)
        assert seeds.titles() == {"a": f"Title {number}"}
    assert len(generation_files(seeds.store)) == 3
    roll_back(seeds.store)
    assert seeds.titles() == {"a": "Title 4"}


def test_message_names_the_file_that_was_refused(seeds: SeedFolder) -> None:
    """Not the one that was written before it."""
    seeds.write("a")
    seeds.load()
    seeds.write("a", title="New")
    (seeds.store / "previous.json").mkdir()
    with pytest.raises(StoreError, match=r"previous\.tmp: Is a directory"):
        seeds.load()
    assert seeds.titles() == {"a": "What is a?"}
