"""Watching: the seeds are loaded again as soon as somebody saves one, for writing at home (`serve --watch`)."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from watchfiles import DefaultFilter, awatch

from graphql_api.errors import LoadFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from watchfiles import Change

    from graphql_api.server.reloading import Reloader

_LOGGER = logging.getLogger(__name__)

_DEBOUNCE_MILLISECONDS: Final = 400
_STEP_MILLISECONDS: Final = 25
"""Editors write a file in several steps, and a checkout many files: a load begins once it has been quiet this long.

What is written while it runs begins the next one.
"""


class Watcher:
    """Has the seeds loaded when something below `paths` has changed. Use it as an async context manager.

    Of several workers one watches. What lies in the `store` does not count, nor what editors leave beside a file.
    """

    def __init__(self, paths: Sequence[Path], store: Path, reloader: Reloader) -> None:
        """Prepare to watch."""
        self._paths = paths
        self._store = store
        self._reloader = reloader
        self._filter = _Filter(ignore_paths=[store.absolute()])
        self._stack = contextlib.ExitStack()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin, unless another worker watches."""
        self._store.mkdir(parents=True, exist_ok=True)
        lock = self._stack.enter_context((self._store / "watch.lock").open("a"))
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._task = asyncio.get_running_loop().create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._stack.close()

    async def _watch(self) -> None:
        self._reloader.keep_ready()
        try:
            async for changes in awatch(
                *self._paths, watch_filter=self._filter, debounce=_DEBOUNCE_MILLISECONDS, step=_STEP_MILLISECONDS
            ):
                await self._load(changes)
        except (OSError, RuntimeError) as error:
            _LOGGER.error("The seeds are not watched any more: %s", error)  # noqa: TRY400 - it is told in full

    async def _load(self, changes: set[tuple[Change, str]]) -> None:
        names = sorted({Path(path).name for _, path in changes})
        _tell(f"{names[0]}{f' and {len(names) - 1:,} more' if len(names) > 1 else ''}: loading …")
        with contextlib.suppress(LoadFailedError):  # the reloader has told of it
            for line in lines_of(await self._reloader.ask()):
                _tell(line)


class _Filter(DefaultFilter):
    """Leaves out what no author writes: folders of tools, hidden files, what editors leave."""

    def __call__(self, change: Change, path: str) -> bool:
        return not Path(path).name.startswith(".") and super().__call__(change, path)


def lines_of(report: dict[str, Any]) -> list[str]:
    """Return the lines about a load for the terminal: what it has changed, and what is wrong."""
    counts = ", ".join(f"{report[name]:,} {name}" for name in ("added", "changed", "removed"))
    lines = [f"Loaded in {report['seconds']:.2f} s: {counts}."]
    for problem in report["problems"]:
        place = problem["path"] if problem["line"] is None else f"{problem['path']}:{problem['line']}"
        lines.append(f"  {place}: {problem['severity']} {problem['code']} {problem['message']}")
    return lines


def _tell(line: str) -> None:
    if sys.stderr:  # one that was closed before Python started is None
        sys.stderr.write("".join(each if each.isprintable() else ascii(each)[1:-1] for each in line) + "\n")
        sys.stderr.flush()
