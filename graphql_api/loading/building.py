"""Build the next generation: rows in, references resolved, counts and version out. One connection, one transaction.

The file is private until it is published, so it needs no journal: whatever goes wrong, it is thrown away whole.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

from graphql_api.loading import resolution
from graphql_api.loading.articles import ArticleTables
from graphql_api.loading.claims import Claims
from graphql_api.loading.durability import Synchroniser
from graphql_api.loading.manifest import Manifest, read_problems
from graphql_api.store import layout
from graphql_api.store.driver import connect
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import aiosqlite

    from graphql_api.loading.previous import Difference, Previous
    from graphql_api.loading.rows import SeedRows
    from graphql_api.records import Problem

_PAGE_SIZE_BYTES = 8192
_CARRIED_AT_ONCE = 500
_SETTINGS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = FILE",  # sorting for the indexes of a large site takes more memory than there may be
    "PRAGMA foreign_keys = OFF",  # checked once, before it is published
)

# What sorts for an index may take as much memory as the cache, beside the cache.
_CACHE_AT_THE_END = "PRAGMA cache_size = -24576"


class Building:
    """The next generation while it is being written. Use it as an async context manager.

    `fresh` says that the file is empty; otherwise it is a copy of `previous`.
    """

    def __init__(self, path: Path, previous: Previous, *, fresh: bool) -> None:
        """Prepare to write `path`."""
        self._path = path
        self._fresh = fresh
        self._previous = previous
        self._synchroniser = Synchroniser(path)
        self._without_article: set[str] = set()

    async def __aenter__(self) -> Self:
        """Open the file and begin the transaction."""
        # A URI, so that the previous generation can be attached by one that says it never changes.
        self._db = await _opened(connect(self._path, uri=True, cached_statements=256))
        try:
            await self._begin()
        except BaseException:
            await self.close()
            raise
        if not self._fresh:
            self._synchroniser.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        try:
            await in_threads(self._synchroniser.close)
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the file."""
        await self._db.close()

    def synchronise(self) -> None:
        """Make the file durable, once it is finished and closed; then it can be published. Blocks. Raises OSError."""
        self._synchroniser.complete()

    async def remove(self, paths: Sequence[str]) -> None:
        """Remove the articles and all that is known of the seeds `paths`."""
        await self._articles.delete(paths)
        await self._manifest.forget(paths)

    async def keep(self, paths: Collection[str]) -> None:
        """Keep what was published of the seeds `paths`, which cannot be looked at now."""
        if self._fresh:
            self._without_article.update(paths)
            await self._manifest.mark_unread(paths)

    async def write(self, seeds: Sequence[SeedRows]) -> None:
        """Write seeds: an article replaces the earlier one of the same path; a seed with an ERROR keeps that one."""
        await self._manifest.record(seeds)
        self._without_article.update(seed.path for seed in seeds if seed.article is None)
        free = await self._claims.free(seed.article for seed in seeds if seed.article is not None)
        await self._articles.replace(free)

    async def finish(self) -> str:
        """Complete the generation and commit it. Returns its version."""
        self._synchroniser.begin()
        await self._claims.settle(self._without_article)
        self._end_pk = await self._carry()
        await self._manifest.name_duplicates(self._claims.disputed)
        await self._db.execute_fetchall(_CACHE_AT_THE_END)
        await self._articles.complete()
        await resolution.resolve(self._db, None if self._fresh else self._articles.affected)
        version = await self._write_content()
        await self._db.execute_fetchall("COMMIT")
        return version

    async def problems(self) -> list[Problem]:
        """Return every known problem of the seeds, by path."""
        return await read_problems(self._db)

    async def difference(self) -> Difference:
        """Return what this load has changed, once it is finished."""
        return await self._previous.difference(self._articles.first_pk, self._end_pk)

    async def question_count(self) -> int:
        """Return how many articles there are now."""
        return int(await self._value("SELECT count(*) FROM question"))

    async def _begin(self) -> None:
        for setting in (f"PRAGMA page_size = {_PAGE_SIZE_BYTES}", *_SETTINGS):
            await self._db.execute_fetchall(setting)
        await self._previous.attach(self._db)
        await self._db.execute_fetchall("BEGIN")
        if self._fresh:
            for statement in layout.create_tables():
                await self._db.execute(statement)
        self._articles = await ArticleTables.open(self._db, fresh=self._fresh)
        self._claims = Claims(self._articles, self._previous)
        self._manifest = Manifest(self._db, fresh=self._fresh)
        await self._manifest.forget_duplicates()

    async def _carry(self) -> int:
        """Write again what was published of seeds without a good form now. Returns the first key after the others."""
        end_pk = self._articles.next_pk
        paths = await self._claims.fallen()
        for start in range(0, len(paths), _CARRIED_AT_ONCE):
            some = paths[start : start + _CARRIED_AT_ONCE]
            await self._articles.insert(await self._previous.articles(some, layout.code_fingerprint()))
        return end_pk

    async def _write_content(self) -> str:
        """Write the one row of `content`; the version is a hash of every article's digest, in the order of the urls."""
        digest = hashlib.sha256(layout.code_fingerprint().encode())
        async with self._db.execute("SELECT digest FROM main.question ORDER BY url") as articles:
            async for (article,) in articles:
                digest.update(article)
        version = digest.hexdigest()[:16]
        loaded_at = await self._previous.loaded_at(version) or _now()
        await self._db.execute(
            "INSERT OR REPLACE INTO content"
            " SELECT 1, ?, ?, (SELECT count(*) FROM question), (SELECT count(*) FROM subject),"
            " (SELECT count(*) FROM reference), (SELECT count(*) FROM reference WHERE status = 'DANGLING')",
            (version, loaded_at),
        )
        return version

    async def _value(self, sql: str) -> Any:  # noqa: ANN401 - a value of SQL
        (row,) = await self._db.execute_fetchall(sql)
        return row[0]


async def _opened(connection: aiosqlite.Connection) -> aiosqlite.Connection:
    """Open a connection, whole: a thread does it, which a cancellation does not stop from making the file."""

    async def open_it() -> None:
        await connection

    opening = asyncio.ensure_future(open_it())
    try:
        await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait([opening])
        await connection.close()
        raise
    return connection


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
