"""An open generation: answers statements until it is closed, which waits for those under way."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct, field

from graphql_api.errors import ChangedGenerationError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graphql_api.store.generations import Pointer
    from graphql_api.store.lanes import Lanes
    from graphql_api.store.served_file import ServedFile

Prepared = TypeVar("Prepared")


class Generation(Struct, Generic[Prepared]):
    """An open generation: `prepared` is what was made of its model; `readers` counts the statements under way.

    One that `is_spoilt` is no longer what was checked when it was opened.
    """

    pointer: Pointer
    model: str
    prepared: Prepared
    lanes: Lanes
    resources: contextlib.AsyncExitStack
    edition: str
    counts: Mapping[str, int]
    inode: tuple[int, int]
    file: ServedFile
    is_spoilt: bool = False
    readers: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def version(self) -> str:
        """The version of its content."""
        return self.pointer.version

    @property
    def label(self) -> str:
        """What its publish is called, "" for nothing."""
        return self.pointer.label

    @property
    def sequence(self) -> int:
        """Its place among all that was published."""
        return self.pointer.sequence

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        """Return the one row of a statement. Raises DeadlineError, AnswerTooLargeError, TooBusyError or StoreError.

        What was read from a file that somebody has changed meanwhile may be wrong, and is not given to anybody: that
        raises ChangedGenerationError, and from then on another generation is the current one. Called in the same step
        as `SQLiteStore.current` has returned it, it finds it open.
        """
        self.readers += 1
        try:
            row = await self.lanes.fetch(sql, values)
        except StoreError:
            self._check_file()
            raise
        else:
            self._check_file()
            return row
        finally:
            self.readers -= 1
            if not self.readers:
                self.idle.set()

    def at_once(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        """Return the same for a statement that is known to be small, None for any other.

        Raises ChangedGenerationError.
        """
        row = self.lanes.at_once(sql, values)
        if row is not None:
            self._check_file()
        return row

    def _check_file(self) -> None:
        if not self.file.is_as_it_was():
            self.is_spoilt = True
            raise ChangedGenerationError(f"{self.pointer.file} was changed while it was served. Load again.")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep it open for several statements; to be entered in the same step as `current` has returned it."""
        self.readers += 1
        try:
            yield
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
            await self.resources.aclose()
