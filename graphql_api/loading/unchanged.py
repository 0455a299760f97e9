"""Unchanged: a load that finds nothing to do, told without importing what reads, renders and writes.

The current generation says with which model and which code it was made, and knows the stat of every file. Where all
of that is as it is now, a load is over; in doubt it goes the whole way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from graphql_api.errors import StoreError
from graphql_api.loading.made_by import code_fingerprint
from graphql_api.loading.model_file import fingerprint_of, model_text
from graphql_api.loading.refusals import refuse_errors
from graphql_api.model.globs import Globs
from graphql_api.reading.discover import SUFFIXES, discover
from graphql_api.reading.telling import told_once
from graphql_api.records import LoadReport, Problem, Severity
from graphql_api.store.driver import connect_to_generation, sqlite3
from graphql_api.store.generations import check_generation, generation_path, load_lock, read_pointer, reading
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from pathlib import Path

    import aiosqlite

    from graphql_api.loading.options import LoadOptions
    from graphql_api.reading.discover import Discovery
    from graphql_api.store.generations import Pointer


@dataclass(frozen=True, slots=True)
class Look:
    """What the first look at the seeds and the store has found.

    `report` is that of a load that has nothing to do; None where there is something to do, or may be. `intact` is the
    current pointer if its generation was found to be, byte for byte, what was published.
    """

    discovery: Discovery
    intact: Pointer | None = None
    report: LoadReport | None = None


async def look(seeds: Path, store: Path, options: LoadOptions) -> Look:
    """Return what there is to load, and whether that is anything.

    Raises ContentError for seeds or a model that cannot be read, LoadRefusedError, and LoadBusyError.
    """
    # Beside each other: neither needs what the other uses most, the interpreter or the memory's bandwidth.
    discovery, intact = await in_threads(partial(discover, seeds, SUFFIXES), partial(_intact, store))
    if intact is None or options.force:
        return Look(discovery, intact)
    return Look(discovery, intact, await _unchanged(seeds, store, options, discovery, intact))


def _intact(store: Path) -> Pointer | None:
    """Return the pointer if what it names is what was published; otherwise the load tells what is wrong."""
    try:
        pointer = read_pointer(store)
        path = generation_path(store, pointer)
        with reading(path):
            check_generation(path, pointer)
    except (OSError, StoreError):
        return None
    return pointer


async def _unchanged(
    seeds: Path, store: Path, options: LoadOptions, discovery: Discovery, pointer: Pointer
) -> LoadReport | None:
    try:
        if (pointer.model, pointer.code) != (fingerprint_of(model_text(seeds, options.model)), code_fingerprint()):
            return None
        with load_lock(store):
            return await _report(store, pointer, discovery, options) if read_pointer(store) == pointer else None
    except (OSError, sqlite3.Error, StoreError):
        return None  # the load itself tells what is wrong, or mends it


async def _report(store: Path, pointer: Pointer, discovery: Discovery, options: LoadOptions) -> LoadReport | None:
    path = generation_path(store, pointer)
    with reading(path, pointer.size_bytes):
        async with connect_to_generation(path) as db:
            ((globs,),) = await db.execute_fetchall("SELECT globs FROM content")
            matchers = [Globs(each) for each in json.loads(globs)]
            claimed = [file for file in discovery.files if any(each.matches(file.path) for each in matchers)]
            rows = await db.execute_fetchall("SELECT path, size_bytes, mtime_ns FROM seed")
            if {(file.path, file.size_bytes, file.mtime_ns) for file in claimed} != {tuple(row) for row in rows}:
                return None
            problems = tuple(told_once([*discovery.problems, *await _problems(db)]))
            report = LoadReport(
                version=pointer.version,
                published=False,
                added=0,
                changed=0,
                removed=0,
                unchanged=await _entry_count(db),
                hidden=await _sum(db, "SELECT coalesce(sum(hidden), 0) FROM seed"),
                unclaimed=len(discovery.files) - len(claimed),
                seconds=0.0,
                problems=problems,
            )
    refuse_errors(problems, strict=options.strict)
    return report


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
