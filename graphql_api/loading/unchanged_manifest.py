"""Unchanged by the manifest: the current generation itself says whether the seeds are as they were when it was made."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from graphql_api.loading.seen import Seen
from graphql_api.model.globs import Globs
from graphql_api.records import Problem, Severity
from graphql_api.store.driver import open_generation, sqlite3
from graphql_api.store.generations import generation_path, reading

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.reading.discover import Discovery
    from graphql_api.reading.redirect_files import Found
    from graphql_api.store.generations import Pointer


def seen_in_manifest(store: Path, pointer: Pointer, discovery: Discovery, redirects: Found, files: str) -> Seen | None:
    """Return what is seen of the generation; None if the files, of the fingerprint `files`, are not those it knows.

    Blocks. Raises OSError.
    """
    path = generation_path(store, pointer)
    try:
        with reading(path), contextlib.closing(open_generation(path)) as db:
            return _seen(db, discovery, redirects, files)
    except sqlite3.Error:
        return None  # the load itself tells what is wrong, or mends it


def _seen(db: sqlite3.Connection, discovery: Discovery, redirects: Found, files: str) -> Seen | None:
    ((globs, redirect_files),) = db.execute("SELECT globs, redirect_files FROM content")
    matchers = [Globs(each) for each in json.loads(globs)]
    claimed = [file for file in discovery.files if any(each.matches(file.path) for each in matchers)]
    if not all(any(each.matches(file.path) for file in claimed) for each in matchers):
        return None  # the whole way tells of a type without files
    rows = db.execute("SELECT path, size_bytes, mtime_ns, ctime_ns, inode FROM seed")
    if set(map(tuple, claimed)) != set(rows) or redirect_files != redirects.fingerprint():
        return None
    return Seen(
        files,
        entries=_entry_count(db),
        hidden=_sum(db, "SELECT coalesce(sum(hidden), 0) FROM seed"),
        unclaimed=redirects.count_unclaimed(discovery, claimed),
        problems=tuple(_problems(db)),
    )


def _problems(db: sqlite3.Connection) -> list[Problem]:
    rows = db.execute("SELECT severity, code, path, line, message FROM problem ORDER BY path, position")
    return [Problem(Severity(severity), code, path, line, message) for severity, code, path, line, message in rows]


def _entry_count(db: sqlite3.Connection) -> int:
    """Return how many entries have a file: those of the narrow tables, e1 and so on."""
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'e[0-9]*'").fetchall()
    return sum([_sum(db, f"SELECT count(*) FROM {name} WHERE path <> ''") for (name,) in tables])


def _sum(db: sqlite3.Connection, sql: str) -> int:
    ((number,),) = db.execute(sql)
    return int(number)
