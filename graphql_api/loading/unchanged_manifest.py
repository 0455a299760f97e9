"""Unchanged by the manifest: the current generation itself says whether the seeds are as they were when it was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphql_api.loading.seen import Seen
from graphql_api.model.globs import Globs
from graphql_api.records import Problem, Severity
from graphql_api.store.driver import connect_to_generation, sqlite3
from graphql_api.store.generations import generation_path, reading

if TYPE_CHECKING:
    from pathlib import Path

    import aiosqlite

    from graphql_api.reading.discover import Discovery
    from graphql_api.store.generations import Pointer


async def seen_in_manifest(store: Path, pointer: Pointer, discovery: Discovery, files: str) -> Seen | None:
    """Return what is seen of the generation; None if the files, of the fingerprint `files`, are not those it knows."""
    path = generation_path(store, pointer)
    try:
        with reading(path):
            async with connect_to_generation(path) as db:
                return await _seen(db, discovery, files)
    except sqlite3.Error:
        return None  # the load itself tells what is wrong, or mends it


async def _seen(db: aiosqlite.Connection, discovery: Discovery, files: str) -> Seen | None:
    ((globs,),) = await db.execute_fetchall("SELECT globs FROM content")
    matchers = [Globs(each) for each in json.loads(globs)]
    claimed = [file for file in discovery.files if any(each.matches(file.path) for each in matchers)]
    rows = await db.execute_fetchall("SELECT path, size_bytes, mtime_ns, ctime_ns, inode FROM seed")
    if {tuple(file) for file in claimed} != {tuple(row) for row in rows}:
        return None
    return Seen(
        files,
        entries=await _entry_count(db),
        hidden=await _sum(db, "SELECT coalesce(sum(hidden), 0) FROM seed"),
        unclaimed=len(discovery.files) - len(claimed),
        problems=tuple(await _problems(db)),
    )


async def _problems(db: aiosqlite.Connection) -> list[Problem]:
    rows = await db.execute_fetchall("SELECT severity, code, path, line, message FROM problem ORDER BY path, position")
    return [Problem(Severity(severity), code, path, line, message) for severity, code, path, line, message in rows]


async def _entry_count(db: aiosqlite.Connection) -> int:
    """Return how many entries have a file: those of the narrow tables, e1 and so on."""
    tables = await db.execute_fetchall("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'e[0-9]*'")
    return sum([await _sum(db, f"SELECT count(*) FROM {name} WHERE path <> ''") for (name,) in tables])


async def _sum(db: aiosqlite.Connection, sql: str) -> int:
    ((number,),) = await db.execute_fetchall(sql)
    return int(number)
