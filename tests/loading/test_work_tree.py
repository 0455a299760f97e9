"""Seeds in a Git work tree: their commit is the label, and no load mixes two commits."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from graphql_api.errors import ContentError
from graphql_api.loading import work_tree
from graphql_api.loading.load import load
from graphql_api.loading.work_tree import SeedsMovedError, work_tree_of
from graphql_api.store.generations import generation_path, read_pointer
from tests.loading.seed_folder import written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.loading.seed_folder import SeedFolder

FILES = 40


def git(folder: Path, *arguments: str) -> str:
    """Run Git as nobody in particular."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


def commit(seeds: SeedFolder, title: str) -> str:
    """Commit seeds which all have one title; return the commit."""
    for number in range(FILES):
        seeds.write(f"n{number}", title=f"{title} {number}")
    git(seeds.root, "add", ".")
    git(seeds.root, "commit", "-qm", title)
    return git(seeds.root, "rev-parse", "HEAD")


@pytest.fixture
def commits(seeds: SeedFolder) -> list[str]:
    """Two commits; the second one is checked out."""
    git(seeds.root, "init", "-q", "-b", "main")
    return [commit(seeds, "Old"), commit(seeds, "New")]


def label(seeds: SeedFolder) -> str:
    """Return the label of what is current."""
    return read_pointer(seeds.store).label


def test_commit_is_the_label_unless_another_is_given(seeds: SeedFolder, commits: list[str]) -> None:
    """A branch, a packed one, a detached head; a new commit of the same seeds is a new label, and nothing else."""
    seeds.load()
    assert label(seeds) == commits[1]
    generation = generation_path(seeds.store, read_pointer(seeds.store))
    before = written(generation)
    git(seeds.root, "commit", "-q", "--allow-empty", "-m", "Nothing")
    report = seeds.load()
    assert (report.published, report.label) == (False, git(seeds.root, "rev-parse", "HEAD"))
    assert label(seeds) == report.label
    assert written(generation) == before
    git(seeds.root, "pack-refs", "--all")
    assert seeds.load().label == report.label
    git(seeds.root, "checkout", "-q", commits[0])
    assert seeds.load().label == commits[0]
    assert seeds.load(label="A name").label == "A name"
    assert seeds.load().label == commits[0]


def test_linked_work_tree_has_its_own_commit(seeds: SeedFolder, commits: list[str], tmp_path: Path) -> None:
    """Its files of Git's lie elsewhere; branches are shared."""
    other = tmp_path / "other"
    git(seeds.root, "worktree", "add", "-q", "-b", "side", str(other), commits[0])
    tree = work_tree_of(other)
    assert tree
    assert tree.state().commit == commits[0]
    assert asyncio.run(load(other, seeds.store)).label == commits[0]


def test_folder_outside_of_any_work_tree_has_no_label(seeds: SeedFolder) -> None:
    """Nor has one before its first commit."""
    seeds.write("a")
    assert seeds.load().label == ""
    git(seeds.root, "init", "-q")
    assert seeds.load().label == ""
    (seeds.root / ".git" / "HEAD").write_bytes(b"\xff\xfe")
    assert seeds.load().label == ""


def test_load_waits_while_git_holds_its_lock(seeds: SeedFolder, commits: list[str]) -> None:
    """A checkout is half done then; once it is over, the load takes what is there."""
    lock = seeds.root / ".git" / "index.lock"
    lock.touch()
    seeds.write("n0", title="Half done")

    def finish() -> None:
        seeds.write("n0", title="New 0")
        lock.unlink()

    timer = threading.Timer(0.3, finish)
    timer.start()
    report = seeds.load()
    timer.join()
    assert report.label == commits[1]
    assert seeds.titles()["n0"] == "New 0"


def test_lock_that_git_has_left_does_not_stop_loads(
    seeds: SeedFolder, commits: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Git that was killed leaves it for good."""
    monkeypatch.setattr(work_tree, "SECONDS_TO_REST", 0.1)
    (seeds.root / ".git" / "index.lock").touch()
    assert seeds.load().label == commits[1]


def test_seeds_that_never_rest_are_told(seeds: SeedFolder, commits: list[str]) -> None:
    """After some attempts the load gives up, and has published nothing."""
    turn = 0

    async def load_while_moving() -> None:
        await load(seeds.root, seeds.store, progress=move)

    def move(done: int, total: int) -> None:  # noqa: ARG001 - by name
        nonlocal turn
        turn += 1
        git(seeds.root, "checkout", "-q", commits[(turn + 1) % 2])

    with pytest.raises(ContentError, match="Git keeps changing"):
        asyncio.run(load_while_moving())
    assert turn == work_tree.ATTEMPTS
    assert not (seeds.store / "current.json").exists()


def test_index_that_is_only_refreshed_changes_nothing(seeds: SeedFolder, commits: list[str]) -> None:
    """As `git status` does it, which editors run all the time."""
    moved = 0

    def move(done: int, total: int) -> None:  # noqa: ARG001 - by name
        nonlocal moved
        moved += 1
        index = seeds.root / ".git" / "index"
        index.write_bytes(index.read_bytes())

    assert asyncio.run(load(seeds.root, seeds.store, progress=move)).label == commits[1]
    assert moved == 1


def test_load_beside_checkouts_publishes_whole_commits(seeds: SeedFolder, commits: list[str]) -> None:
    """Whatever is published is one of the two commits, and is called by it."""
    script = "while :; do for commit; do git checkout -q $commit; sleep 0.03; done; done"
    command = ["sh", "-c", script, "sh", *commits]
    # In a process of its own: a thread that starts some would lend them the lock of the load for a moment.
    with subprocess.Popen(command, cwd=seeds.root, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(12):
                with contextlib.suppress(SeedsMovedError):
                    seeds.load(allow_shrink=True)
                if (seeds.store / "current.json").exists():
                    assert len({title.split()[0] for title in seeds.titles().values()}) == 1
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    (seeds.root / ".git" / "index.lock").unlink(missing_ok=True)
    git(seeds.root, "reset", "-q", "--hard", commits[0])
    seeds.load(allow_shrink=True)
    assert label(seeds) == commits[0]
    assert {title.split()[0] for title in seeds.titles().values()} == {"Old"}
