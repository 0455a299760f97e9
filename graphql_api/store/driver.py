"""The SQLite that the store runs on.

pysqlite3 brings a SQLite of its own, so that every machine has the same one. The ones that systems ship with Python
differ: those before 3.46 parse at most some five lists within lists (their parser's stack holds 100 entries).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import aiosqlite

from graphql_api.search.snippets import excerpt, snippet_html, snippet_text
from graphql_api.store.addresses import absolute_url
from graphql_api.store.searching import SearchFunctions

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
else:
    from pysqlite3 import dbapi2 as sqlite3

__all__ = ["MAPPED_BYTES", "Bounded", "connect", "connect_to_generation", "open_generation", "sqlite3"]

_ROWS_PER_HOP = 1000
_UNBOUNDED_BYTES = 1 << 40
MAPPED_BYTES = 1 << 40
"""What `PRAGMA mmap_size` is given to map all of a file."""


def _absolute_url(url: str | None, origin: str) -> str | None:
    """Return a url as one of the web; no url stays none."""
    return None if url is None else absolute_url(url, origin)


def connect(path: Path | str, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - as sqlite3.connect takes them
    """Return a connection to the database `path`, to be opened by `async with`; its statements commit themselves.

    Without a name it is a temporary one, in memory as far as the cache goes.
    """

    def open_it() -> sqlite3.Connection:
        return cast("sqlite3.Connection", sqlite3.connect(str(path), isolation_level=None, **options))

    return aiosqlite.Connection(open_it, iter_chunk_size=_ROWS_PER_HOP)


def open_generation(path: Path, *, is_mapped: bool = False, **options: Any) -> sqlite3.Connection:  # noqa: ANN401
    """Return an open connection that reads the generation `path`, without locks, because nothing changes it.

    It knows the functions that plans call (`graphql_api.engine.sql`). If `is_mapped`, the file must be one that
    `served_file.is_mappable`, and this process one that may end when somebody cuts it.
    """
    # A path can hold what has a meaning in a URI.
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = cast("sqlite3.Connection", sqlite3.connect(uri, uri=True, isolation_level=None, **options))
    if is_mapped:
        connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}").fetchall()
    for function in (excerpt, snippet_text, snippet_html):
        connection.create_function(function.__name__, 2, function, deterministic=True)
    connection.create_function("absolute_url", 2, _absolute_url, deterministic=True)
    connection.create_function("casefold", 1, str.casefold, deterministic=True)
    Bounded(connection, _UNBOUNDED_BYTES)
    SearchFunctions(connection)
    return connection


def connect_to_generation(path: Path, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - as above
    """Return the same, to be opened by `async with`."""
    return aiosqlite.Connection(partial(open_generation, path, **options), iter_chunk_size=_ROWS_PER_HOP)


class Bounded:
    """The functions of a connection that end a statement as soon as its answer gets too long, before it is built.

    `bounded` is an aggregate of the lengths of a list's items, in bytes; `within` gives back a column of the answer.
    """

    def __init__(self, connection: sqlite3.Connection, max_bytes: int) -> None:
        """Make the functions known to `connection`."""
        self._max_bytes = max_bytes
        self._column_bytes = 0
        self._is_exceeded = False
        connection.create_aggregate("bounded", 1, partial(_Lengths, self))
        connection.create_function("within", 1, self._within)

    def begin(self) -> None:
        """Begin a statement."""
        self._column_bytes = 0

    def check(self, size_bytes: int) -> None:
        """Raise ValueError, which ends the statement, for too many bytes."""
        if size_bytes > self._max_bytes:
            self._is_exceeded = True
            raise ValueError(size_bytes)

    def was_exceeded(self) -> bool:
        """Return whether they have ended a statement since this was last asked."""
        was_exceeded, self._is_exceeded = self._is_exceeded, False
        return was_exceeded

    def _within(self, column: bytes) -> bytes:
        self._column_bytes += len(column)
        self.check(self._column_bytes)
        return column


class _Lengths:
    """The sum of one list's lengths, as SQLite asks for it."""

    def __init__(self, bounded: Bounded) -> None:
        self._bounded = bounded
        self._sum = 0

    def step(self, length: int | None) -> None:
        self._sum += (length or 0) + 1
        self._bounded.check(self._sum)

    def finalize(self) -> int:
        return 1
