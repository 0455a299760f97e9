"""Durability: a large file is made durable while more of it is made, so that its end has little left to wait for."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql_api.store.generations import sync_file
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from pathlib import Path


class Synchroniser:
    """Synchronises the file `path` with the disk."""

    def __init__(self, path: Path) -> None:
        """Remember where it is."""
        self._path = path
        self._under_way: asyncio.Task[Any] | None = None

    def begin(self) -> None:
        """Begin to make durable what is written so far, unless an earlier beginning has not ended."""
        if self._under_way is None:
            self._under_way = asyncio.create_task(in_threads(partial(sync_file, self._path)))

    async def end(self) -> None:
        """Wait until what was begun has ended. Raises OSError if it failed: the kernel tells of a lost write once."""
        if self._under_way:
            await asyncio.wait([self._under_way])
            begun, self._under_way = self._under_way, None
            begun.result()

    async def complete(self) -> None:
        """Make all that is written durable. Raises OSError."""
        await self.end()
        await in_threads(partial(sync_file, self._path))
