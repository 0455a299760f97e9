"""The Git work tree that seeds lie in: which commit they are of, and whether Git is changing them meanwhile.

Git writes a checkout file by file, and holds `index.lock` while it does; then it writes the index, then HEAD. A load
that reads in between would publish a mixture of two commits. Git's files are read directly: a site need not have Git.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.errors import ContentError
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.store.threads import in_thread

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.reading.discover import Discovery

SECONDS_TO_REST = 30.0
"""How long Git may change the work tree until a load goes on without waiting: a Git that was killed leaves its lock."""
ATTEMPTS = 5
_POLL_SECONDS = 0.02
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_Stat = tuple[int, int, int]


class SeedsMovedError(ContentError):
    """Git has changed the seeds while they were read; nothing was published."""


class State(Struct, frozen=True):
    """The commit, "" before the first one, and what tells the index from another."""

    commit: str
    index: _Stat | None


class WorkTree(Struct, frozen=True):
    """A work tree; `git` is its own folder of Git's files, `common` the one that it shares with others."""

    git: Path
    common: Path

    def state(self) -> State:
        """Return the state now."""
        return State(self._commit(), _stat(self.git / "index"))

    async def at_rest(self) -> State:
        """Return the state once Git is not changing the work tree."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SECONDS_TO_REST
        while (self.git / "index.lock").exists() and loop.time() < end:  # noqa: ASYNC110 - Git tells nobody
            await asyncio.sleep(_POLL_SECONDS)
        return self.state()

    def _commit(self) -> str:
        head = _text(self.git / "HEAD")
        if not head.startswith("ref: "):
            return head if _COMMIT.fullmatch(head) else ""
        name = head.removeprefix("ref: ")
        loose = _text(self.git / name) or _text(self.common / name)
        if _COMMIT.fullmatch(loose):
            return loose
        packed = re.search(rf"^([0-9a-f]+) {re.escape(name)}$", _text(self.common / "packed-refs"), re.MULTILINE)
        return packed[1] if packed else ""


class Watch(Struct, frozen=True):
    """Seeds that are being read, of a work tree that was at rest in this state."""

    tree: WorkTree
    state: State
    seeds: Path

    async def check(self, discovery: Discovery) -> None:
        """Raise SeedsMovedError if another commit is checked out now, or files are others than were discovered.

        An index that is written anew tells of nothing else by itself: `git status` does that too.
        """
        if self.tree.state() == self.state and not (self.tree.git / "index.lock").exists():
            return
        now = await self.tree.at_rest()
        again = await in_thread(lambda: discover(self.seeds, SUFFIXES))
        is_same = (again.files, again.unreadable) == (discovery.files, discovery.unreadable)
        if now.commit != self.state.commit or not is_same:
            raise SeedsMovedError(
                f"Git keeps changing {self.seeds} while it is read. Nothing was published. Load when it is at rest."
            )


async def watch(seeds: Path) -> Watch | None:
    """Return a watch over the work tree that `seeds` lie in, once Git lets it rest; None if they are in none."""
    tree = work_tree_of(seeds)
    return Watch(tree, await tree.at_rest(), seeds) if tree else None


def work_tree_of(seeds: Path) -> WorkTree | None:
    """Return the work tree that a folder lies in; None if it lies in none."""
    try:
        folder = seeds.resolve()
    except (OSError, RuntimeError):
        return None
    for parent in (folder, *folder.parents):
        git = parent / ".git"
        if git.is_file():  # a linked work tree, or a submodule
            git = (parent / _text(git).removeprefix("gitdir: ")).resolve()
        if (git / "HEAD").is_file():
            shared = _text(git / "commondir")
            return WorkTree(git, (git / shared).resolve() if shared else git)
    return None


def _text(path: Path) -> str:
    """Return the text of a file, "" for one that cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _stat(path: Path) -> _Stat | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
