"""Publish: from the current generation to the next one, all or nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.errors import DamagedGenerationError, NoGenerationError, StoreError
from graphql_api.store.building import Building, read_problems
from graphql_api.store.driver import connect_to_generation, sqlite3
from graphql_api.store.generations import (
    Pointer,
    copy_with_sha256,
    generation_path,
    load_lock,
    read_pointer,
    remove_unread,
    sync_folder,
    write_pointer,
)
from graphql_api.store.layout import code_fingerprint, tables_fingerprint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from graphql_api.records import Problem


@dataclass(frozen=True, slots=True)
class Current:
    """What a load has to know of the current generation.

    `stats` gives (size in bytes, mtime in ns) by path; `pointer` is None when nothing was published.
    `reusable` is False when the generation must be built anew: other code made it, or it is damaged.
    """

    pointer: Pointer | None
    stats: dict[str, tuple[int, int]]
    problems: tuple[Problem, ...]
    question_count: int
    reusable: bool


@contextlib.asynccontextmanager
async def locked(store: Path) -> AsyncIterator[None]:
    """Hold the lock of `store` for one load. Raises LoadBusyError at once, StoreError if the folder is not writable."""
    try:
        with load_lock(store):
            yield
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise StoreError(f"{store} cannot be written ({error}). Name a folder that this user may write.") from error


async def read_current(store: Path) -> Current:
    """Return what is current; a generation that cannot be read counts as one that must be built anew."""
    try:
        pointer = read_pointer(store)
    except NoGenerationError:
        return Current(None, {}, (), 0, reusable=False)
    path = generation_path(store, pointer)
    made_by_this = (pointer.tables, pointer.code) == (tables_fingerprint(), code_fingerprint())
    if not made_by_this or not path.is_file():
        return Current(pointer, {}, (), 0, reusable=False)
    async with connect_to_generation(path) as db:
        rows = await db.execute_fetchall("SELECT path, size_bytes, mtime_ns FROM seed")
        ((count,),) = await db.execute_fetchall("SELECT question_count FROM content")
        return Current(
            pointer, {row[0]: (row[1], row[2]) for row in rows}, tuple(await read_problems(db)), count, reusable=True
        )


@contextlib.asynccontextmanager
async def building(store: Path, current: Current) -> AsyncIterator[Building]:
    """Give the next generation, begun as a copy of the current one or empty; remove it again if it is not published.

    Raises DamagedGenerationError if the current file is not what was published.
    """
    path = building_path(store)
    path.unlink(missing_ok=True)
    try:
        if current.reusable and current.pointer:
            await asyncio.to_thread(_copy, generation_path(store, current.pointer), path, current.pointer)
        before = {} if current.reusable else await _digests(store, current)
        async with Building(path, fresh=not current.reusable, before=before) as next_generation:
            yield next_generation
    finally:
        path.unlink(missing_ok=True)


def publish(store: Path, version: str) -> None:
    """Make the finished file the current generation `version`: fsync, rename, fsync, then the pointer."""
    built = building_path(store)
    sha256 = copy_with_sha256(built, None)
    with built.open("rb+") as file:
        os.fsync(file.fileno())
        size_bytes = file.seek(0, os.SEEK_END)
    name = f"{version}.sqlite"
    built.replace(store / "generations" / name)
    sync_folder(store / "generations")
    write_pointer(store, Pointer(version, name, size_bytes, sha256, tables_fingerprint(), code_fingerprint()))
    remove_unread(store, keep=name)


def building_path(store: Path) -> Path:
    """Return where this process writes the next generation."""
    return store / "generations" / f"{os.getpid()}.building"


async def _digests(store: Path, current: Current) -> dict[str, bytes]:
    """Return the digest of each article of a generation that is built anew; none if it cannot be read any more."""
    if current.pointer is None:
        return {}
    path = generation_path(store, current.pointer)
    try:
        async with connect_to_generation(path) as db:
            return dict(await db.execute_fetchall("SELECT url, digest FROM question"))
    except sqlite3.Error:
        return {}


def _copy(source: Path, target: Path, pointer: Pointer) -> None:
    if copy_with_sha256(source, target) != pointer.sha256:
        raise DamagedGenerationError(
            f"{source} is not the file that was published (its SHA-256 differs). Load with --force to build it anew."
        )
