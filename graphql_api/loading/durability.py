"""Durability: a large file is made durable while more of it is made, so that its end has little left to wait for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from graphql_api.store.generations import sync_file

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path


class Synchroniser:
    """Synchronises the file `path` with the disk, in a thread of its own."""

    def __init__(self, path: Path) -> None:
        """Remember where it is."""
        self._path = path
        self._thread = ThreadPoolExecutor(1)
        self._begun: list[Future[None]] = []

    def begin(self) -> None:
        """Begin to make durable what is written so far."""
        self._begun.append(self._thread.submit(sync_file, self._path))

    def complete(self) -> None:
        """Make all that is written durable; blocks. Raises OSError, also for what was begun: it is told only once."""
        self.begin()
        for begun in self._begun:
            begun.result()

    def close(self) -> None:
        """Wait until the thread has ended; blocks."""
        self._thread.shutdown()
