"""The SQLite that the store runs on.

pysqlite3 brings a SQLite of its own, so that every machine has the same one. The ones that systems ship with Python
differ: those before 3.46 parse at most some five lists within lists (their parser's stack holds 100 entries).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import aiosqlite

from graphql_api.search.snippets import excerpt, snippet_html, snippet_text
from graphql_api.store.addresses import absolute_url

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
else:
    from pysqlite3 import dbapi2 as sqlite3

__all__ = ["connect", "connect_to_generation", "sqlite3"]

_ROWS_PER_HOP = 1000


def _absolute_url(url: str | None, origin: str) -> str | None:
    """Return a url as one of the web; no url stays none."""
    return None if url is None else absolute_url(url, origin)


def connect(path: Path, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - as sqlite3.connect takes them
    """Return a connection to the database `path`, to be opened by `async with`; its statements commit themselves."""

    def open_it() -> sqlite3.Connection:
        return cast("sqlite3.Connection", sqlite3.connect(str(path), isolation_level=None, **options))

    return aiosqlite.Connection(open_it, iter_chunk_size=_ROWS_PER_HOP)


def connect_to_generation(path: Path, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - as above
    """Return a connection that reads the generation `path`, without locks, because nothing changes it.

    It knows the functions that plans call (`graphql_api.engine.sql`).
    """

    def open_it() -> sqlite3.Connection:
        # A path can hold what has a meaning in a URI.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = cast("sqlite3.Connection", sqlite3.connect(uri, uri=True, isolation_level=None, **options))
        for function in (excerpt, snippet_text, snippet_html):
            connection.create_function(function.__name__, 2, function, deterministic=True)
        connection.create_function("absolute_url", 2, _absolute_url, deterministic=True)
        connection.create_function("casefold", 1, str.casefold, deterministic=True)
        return connection

    return aiosqlite.Connection(open_it, iter_chunk_size=_ROWS_PER_HOP)
