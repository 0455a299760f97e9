"""Read a SQLite store: always its current generation, without locks and without being told of changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from graphql_api.errors import DamagedGenerationError, StoreError
from graphql_api.store.driver import sqlite3
from graphql_api.store.generations import Pointer, generation_path, pointer_path, read_pointer, reading
from graphql_api.store.lanes import Lanes
from graphql_api.store.layout import tables_fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

_ATTEMPTS = 5
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Generation:
    """An open generation; `readers` counts the statements under way."""

    pointer: Pointer
    lanes: Lanes
    resources: contextlib.AsyncExitStack
    tasks: list[asyncio.Task[None]]
    readers: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """Return the row of a statement."""
        self.readers += 1
        try:
            return await self.lanes.fetch(sql, values)
        finally:
            self.readers -= 1
            if not self.readers:
                self.idle.set()

    async def close(self) -> None:
        """Close it once nobody reads it."""
        try:
            while self.readers:
                self.idle.clear()
                await self.idle.wait()
        finally:
            for task in self.tasks:
                task.cancel()
            await self.resources.aclose()


class SQLiteStore:
    """The current generation of a store folder. Use it as an async context manager.

    Every request looks at the pointer with one `stat`, so a new generation is served from the next request on. A
    statement under way ends on the generation that it began with.
    """

    def __init__(self, folder: Path, deadline_seconds: float) -> None:
        """Prepare to read the store `folder`."""
        self._folder = folder
        self._pointer_path = str(pointer_path(folder))
        self._deadline_seconds = deadline_seconds
        self._seen: tuple[int, int, int] | None = None
        self._generation: _Generation | None = None
        self._switching = asyncio.Lock()
        self._tasks = asyncio.TaskGroup()
        self._is_closed = False

    async def __aenter__(self) -> Self:
        """Begin; nothing need have been published yet."""
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every generation, once the statements under way have ended."""
        async with self._switching:
            self._is_closed = True
        if self._generation:
            self._tasks.create_task(self._generation.close())
        # Without the error, which would cancel the tasks that close what is open.
        await self._tasks.__aexit__(None, None, None)

    async def version(self) -> str:
        """Return the version of the current generation. Raises NoGenerationError or StoreError."""
        return (await self._current()).pointer.version

    def known_version(self) -> str | None:
        """Return the version of the current generation, None where it has not been opened yet. Costs one `stat`."""
        generation = self._opened_if(self._look())
        return generation.pointer.version if generation else None

    async def fetch(self, sql: str, values: Sequence[Any]) -> tuple[str, Sequence[bytes]]:
        """Return the version of the generation that answered, and the statement's one row.

        Raises NoGenerationError, DeadlineError or StoreError.
        """
        generation = await self._current()
        return generation.pointer.version, await generation.fetch(sql, values)

    async def _current(self) -> _Generation:
        seen = self._look()
        return self._opened_if(seen) or await self._switch(seen)

    def _look(self) -> tuple[int, int, int] | None:
        """Return what tells one pointer from the next, None where there is none."""
        try:
            stat = os.stat(self._pointer_path)  # noqa: PTH116 - 2 µs, on every request
        except OSError:
            return None
        return (stat.st_ino, stat.st_mtime_ns, stat.st_size)

    def _opened_if(self, seen: tuple[int, int, int] | None) -> _Generation | None:
        """Return the generation that is open, if it is the one that the pointer `seen` names."""
        return self._generation if seen in (self._seen, None) and not self._is_closed else None

    async def _switch(self, seen: tuple[int, int, int] | None) -> _Generation:
        """Open the generation that the pointer names now; if it cannot be read, go on with the one that is open."""
        async with self._switching:
            if self._is_closed:
                raise StoreError("The store is closed.")
            if self._generation is not None and seen == self._seen:
                return self._generation
            try:
                opened = await self._open()
            except StoreError as error:
                if self._generation is None:
                    raise
                _log.error("Serving %s on: %s", self._generation.pointer.version, error)
                self._seen = seen
                return self._generation
            previous, self._generation, self._seen = self._generation, opened, seen
            if previous:
                self._tasks.create_task(previous.close())
            return opened

    async def _open(self) -> _Generation:
        """Open the current generation; a load can remove it between two looks, so look again."""
        for _ in range(_ATTEMPTS):
            pointer = read_pointer(self._folder)
            if pointer.tables != tables_fingerprint():
                raise StoreError("Another version of this program has published the content. Load it with this one.")
            with contextlib.suppress(FileNotFoundError):
                return await self._opened(pointer)
        raise DamagedGenerationError(f"The generation {pointer.file} is gone. Load again.")

    async def _opened(self, pointer: Pointer) -> _Generation:
        path = generation_path(self._folder, pointer)
        async with contextlib.AsyncExitStack() as stack:
            try:
                stack.enter_context(reading(path, pointer.size_bytes))
                lanes = await stack.enter_async_context(Lanes(path, self._deadline_seconds))
            except FileNotFoundError:
                raise
            except (OSError, sqlite3.Error) as error:
                raise DamagedGenerationError(f"{path} cannot be read ({error}). Load again.") from error
            tasks = [self._tasks.create_task(lane.run()) for lane in lanes]
            return _Generation(pointer, lanes, stack.pop_all(), tasks)
