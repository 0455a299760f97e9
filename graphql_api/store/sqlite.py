"""Read a SQLite store: always its current generation, without locks and without being told of changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self

from msgspec.structs import replace

from graphql_api.errors import NoGenerationError, StoreError, UnusableGenerationError
from graphql_api.store.ddl import tables_fingerprint_of
from graphql_api.store.driver import sqlite3
from graphql_api.store.failures import Failure
from graphql_api.store.generations import (
    Pointer,
    check_bytes,
    check_size,
    generation_path,
    pointer_path,
    read_pointer,
    read_previous,
    reading,
)
from graphql_api.store.just_checked import is_just_checked
from graphql_api.store.lane import Bounds
from graphql_api.store.lanes import Lanes
from graphql_api.store.open_generation import Generation, Prepared
from graphql_api.store.served_file import ServedFile, is_mappable
from graphql_api.store.threads import meanwhile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from graphql_api.store.ahead import CheckAhead

_ATTEMPTS = 5
_log = logging.getLogger(__name__)


class SQLiteStore(Generic[Prepared]):
    """The current generation of a store folder. Use it as an async context manager.

    `prepare` makes of a model's text what its generations are served by; it runs in a thread, before the switch to the
    first generation of that model, and what it made stays as long as the text is the same.

    Every request looks at the pointer with one `stat`, so a new generation is served from the next request on. A
    statement under way ends on the generation that it began with.
    """

    def __init__(
        self,
        folder: Path,
        bounds: Bounds | float,
        prepare: Callable[[str], Prepared],
        counted: Callable[[Prepared], Mapping[str, str]] | None = None,
        *,
        known: Generation[Prepared] | None = None,
        ahead: CheckAhead | None = None,
    ) -> None:
        """Prepare to read the store `folder`; `bounds` can be the deadline of statements alone, in seconds.

        `counted` gives the columns of `content` that are read once into the `counts` of a generation, by their names.
        `known` is what another store of this folder has opened a moment ago: it is neither checked nor prepared again.
        What has been checked `ahead` is not checked again either.
        """
        self._known = known
        self._ahead = ahead
        self._prepare = prepare
        self._counted = counted
        self._folder = folder
        self._pointer_path = str(pointer_path(folder))
        self._bounds = bounds if isinstance(bounds, Bounds) else Bounds(bounds)
        self._seen: tuple[int, int, int] | None = None
        self._generation: Generation[Prepared] | None = None
        self._failure: Failure | None = None
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
        return (await self.current()).pointer.version

    def known_version(self) -> str | None:
        """Return the edition of the current generation, None where it has not been opened yet. Costs one `stat`."""
        generation = self.known_generation()
        return generation.edition if generation else None

    async def fetch(self, sql: str, values: Sequence[Any]) -> tuple[str, Sequence[bytes]]:
        """Return the version of the generation that answered, and the statement's one row.

        Raises NoGenerationError, DeadlineError or StoreError.
        """
        generation = await self.current()
        return generation.pointer.version, await generation.fetch(sql, values)

    def known_generation(self) -> Generation[Prepared] | None:
        """Return the current generation, None where it has not been opened yet. Costs one `stat`."""
        return self._opened_if(self._look())

    async def current(self) -> Generation[Prepared]:
        """Return the current generation. Raises NoGenerationError or StoreError."""
        seen = self._look()
        return self._opened_if(seen) or await self._switch(seen)

    def _look(self) -> tuple[int, int, int] | None:
        """Return what tells one pointer from the next, None where there is none."""
        try:
            stat = os.stat(self._pointer_path)  # noqa: PTH116 - 2 µs, on every request
        except OSError:
            return None
        return (stat.st_ino, stat.st_mtime_ns, stat.st_size)

    def _opened_if(self, seen: tuple[int, int, int] | None) -> Generation[Prepared] | None:
        """Return the generation that is open, if the pointer `seen` names it, or one that need not be tried yet."""
        if seen not in {self._seen, None} or self._is_closed or (self._failure and self._failure.is_due):
            return None
        return None if self._generation and self._generation.is_spoilt else self._generation

    async def _switch(self, seen: tuple[int, int, int] | None) -> Generation[Prepared]:
        """Open the generation that the pointer names now; if it cannot be read, go on with the one that is open."""
        async with self._switching:
            if self._is_closed:
                raise StoreError("The store is closed.")
            if self._generation and self._generation.is_spoilt:
                self._tasks.create_task(self._generation.close())
                self._generation = None
            failure = self._failure if seen == self._seen else None
            if failure and not failure.is_to_be_tried():
                return self._in_spite_of(failure)
            if self._generation is not None and seen == self._seen and not failure:
                return self._generation
            try:
                opened = await self._open()
            except NoGenerationError:
                if self._generation is None:
                    raise
                self._failure = None
                return self._generation
            except StoreError as error:
                return await self._without(error, seen)
            self._failure = None
            self._serve(opened, seen)
            return opened

    def _serve(self, opened: Generation[Prepared], seen: tuple[int, int, int] | None) -> None:
        """Serve a generation from now on; the one before is closed once nobody reads it."""
        previous, self._generation, self._seen = self._generation, opened, seen
        if previous and previous is not opened:
            self._tasks.create_task(previous.close())

    async def _without(self, error: StoreError, seen: tuple[int, int, int] | None) -> Generation[Prepared]:
        """Go on without the generation that the pointer names: with what is open, else with the one before it."""
        if self._generation is None:
            earlier = await self._open_previous()
            if earlier is not None:
                self._serve(earlier, seen)
        before, self._failure, self._seen = self._failure, Failure(error, self._folder), seen
        if self._generation and not (before and before.is_told_by(error)):
            _log.error("Serving %s on: %s", self._generation.pointer.version, error)
        return self._in_spite_of(self._failure)

    def _in_spite_of(self, failure: Failure) -> Generation[Prepared]:
        """Return the generation that is open, until there is another attempt. Raises StoreError if none is."""
        if self._generation is None:
            raise failure.error.with_traceback(None)
        return self._generation

    async def _open_previous(self) -> Generation[Prepared] | None:
        pointer = read_previous(self._folder)
        with contextlib.suppress(StoreError, FileNotFoundError):
            return await self._opened(pointer) if pointer else None
        return None

    async def _open(self) -> Generation[Prepared]:
        """Open the current generation; a load can remove it between two looks, so look again."""
        for _ in range(_ATTEMPTS):
            pointer = read_pointer(self._folder)
            with contextlib.suppress(FileNotFoundError):
                return self._relabelled(pointer) or await self._opened(pointer)
        raise StoreError(f"The generation {pointer.file} is gone. Load again.")

    def _relabelled(self, pointer: Pointer) -> Generation[Prepared] | None:
        """Return the generation that is open if it is the one that a new pointer names too, as after a new label."""
        generation = self._generation
        if generation is None or not generation.pointer.is_of_same_file(pointer):
            return None
        # A file that was rebuilt can have the same name and the same content.
        if _inode(generation_path(self._folder, pointer)) != generation.inode:
            return None
        generation.pointer, generation.edition = pointer, pointer.edition
        return generation

    async def _opened(self, pointer: Pointer) -> Generation[Prepared]:
        path = generation_path(self._folder, pointer)
        async with contextlib.AsyncExitStack() as stack:
            try:
                file = ServedFile(stack.enter_context(reading(path)))
                async with self._checking(pointer, file):
                    is_mapped = self._bounds.is_mapped and is_mappable(path)
                    lanes = await stack.enter_async_context(Lanes(path, replace(self._bounds, is_mapped=is_mapped)))
                    model = await _model_of(lanes, path)
                    prepared = await self._prepared(model, pointer)
                    counts = await _counts_of(lanes, self._counted(prepared) if self._counted else {})
            except FileNotFoundError:
                raise
            except (OSError, sqlite3.Error) as error:
                raise StoreError(f"{path} cannot be read ({error}). Load again.") from error
            inode, edition, self._known = _inode(path), pointer.edition, None
            return Generation(pointer, model, prepared, lanes, stack.pop_all(), edition, counts, inode, file)

    @contextlib.asynccontextmanager
    async def _checking(self, pointer: Pointer, file: ServedFile) -> AsyncIterator[None]:
        """Check the file of a generation while the block opens it; what is damaged is not opened.

        What is damaged can look sound to SQLite, and be answered from. So nothing that was read from it goes out of
        here before the last byte was checked. What is shorter than it was is not even looked at: it may be mapped.
        """
        if self._is_checked(pointer, file):
            yield
            return
        path = generation_path(self._folder, pointer)
        check_size(path, pointer)
        async with meanwhile(partial(self._check_bytes, path, pointer, file)):
            yield

    def _check_bytes(self, path: Path, pointer: Pointer, file: ServedFile) -> None:
        is_checked = self._ahead is not None and self._ahead.has_found_sound(pointer, file)
        if not is_checked and not is_just_checked(self._folder, pointer, file):
            check_bytes(path, pointer)

    def _is_checked(self, pointer: Pointer, file: ServedFile) -> bool:
        """Return whether `known` is this generation, and its file has not been touched since it was checked."""
        known = self._known
        return known is not None and known.pointer.is_of_same_file(pointer) and file.is_just_as(known.file)

    async def _prepared(self, model: str, pointer: Pointer) -> Prepared:
        """Return what serves generations of a model: what the open or the known one has, if its model is the same."""
        for other in filter(None, (self._generation, self._known)):
            if (other.model, other.pointer.tables) == (model, pointer.tables):
                return other.prepared
        return await asyncio.to_thread(self._checked, model, pointer)

    def _checked(self, model: str, pointer: Pointer) -> Prepared:
        """Return what was made of a model. Raises StoreError if this program makes other tables of it."""
        if tables_fingerprint_of(model) != pointer.tables:
            raise UnusableGenerationError(
                "Another version of this program has published the content. Load it with this one."
            )
        return self._prepare(model)


def _inode(path: Path) -> tuple[int, int]:
    """Return what tells a file from another that takes its name. Raises FileNotFoundError."""
    status = path.stat()
    return status.st_dev, status.st_ino


async def _model_of(lanes: Lanes, path: Path) -> str:
    try:
        (model,) = await lanes.fetch("SELECT model FROM content", ())
    except StoreError as error:
        raise UnusableGenerationError(
            f"{path} has another form than this program reads ({error.__cause__}). Load it with this program."
        ) from error
    return str(model)


async def _counts_of(lanes: Lanes, columns: Mapping[str, str]) -> dict[str, int]:
    """Return what stands in columns of `content`, by their names."""
    counts = await lanes.fetch(f"SELECT {', '.join(columns.values())} FROM content", ()) if columns else ()
    return {name: int(count) for name, count in zip(columns, counts, strict=True)}
