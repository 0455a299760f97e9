"""Durability: a large file is made durable while it is written, so that its end has little left to wait for."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from graphql_api.store.generations import sync_file
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS_BETWEEN = 0.5


class Synchroniser:
    """Synchronises the file `path` with the disk every now and then, from the moment it is made until `end`."""

    def __init__(self, path: Path) -> None:
        """Begin; an event loop must be running."""
        self._path = path
        self._task = asyncio.create_task(self._synchronise())

    async def end(self) -> None:
        """Stop, without making durable what was written last. Raises OSError if any of it could not be written."""
        self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    async def complete(self) -> None:
        """Stop, once all that is written is durable. Raises OSError."""
        await self.end()
        await in_threads(partial(sync_file, self._path))

    async def _synchronise(self) -> NoReturn:
        while True:
            await in_threads(partial(sync_file, self._path))
            await asyncio.sleep(_SECONDS_BETWEEN)
