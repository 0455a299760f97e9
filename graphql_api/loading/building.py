"""Build the next generation: rows in, references resolved, counts and version out. One connection, one transaction.

The file is private until it is published, so it needs no journal: whatever goes wrong, it is thrown away whole.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from graphql_api.loading.content_row import ContentRow
from graphql_api.loading.decisions import Decisions
from graphql_api.loading.durability import Synchroniser
from graphql_api.loading.entries import EntryTables
from graphql_api.loading.identity import id_of
from graphql_api.loading.manifest import Manifest, read_problems
from graphql_api.loading.versions import write_versions
from graphql_api.store import ddl
from graphql_api.store.driver import connect
from graphql_api.store.history import EVENTS, events_of
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    import aiosqlite

    from graphql_api.loading.history import Before, Published
    from graphql_api.loading.identity import EntryId
    from graphql_api.loading.previous import Difference, Previous
    from graphql_api.loading.redirect_tables import Moved
    from graphql_api.loading.rows import SeedRows
    from graphql_api.records import Problem, SeedFile
    from graphql_api.store.history import Event
    from graphql_api.store.layout import Layout

_PAGE_SIZE_BYTES = 8192
_SETTINGS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -16384",  # most is written once, in order
    "PRAGMA temp_store = FILE",  # sorting for the indexes of a large site takes more memory than there may be
    "PRAGMA foreign_keys = OFF",  # checked once, before it is published
)


class Building:
    """The next generation while it is being written. Use it as an async context manager.

    `fresh` says that the file is empty; otherwise it is a copy of `previous`.
    """

    def __init__(
        self,
        path: Path | None,
        layout: Layout,
        seeds: Path,
        previous: Previous,
        before: Before,
        *,
        moved: Moved,
        fresh: bool,
        site: str = "",
    ) -> None:
        """Prepare to write `path` with the tables of `layout`, from the folder `seeds`, after the publish `before`.

        Without a path it is for a check. `moved` is what files of redirects say, `site` the fingerprint of how
        the site is served.
        """
        self._site = site
        self._moved = moved
        self._path = path
        self._layout = layout
        self._seeds = seeds
        self._now = _now()
        self._fresh = fresh
        self._previous = previous
        self._before = before
        self._synchroniser = Synchroniser(path) if path else None
        self._without_entry: set[EntryId] = set()
        self._hidden_now = 0

    async def __aenter__(self) -> Self:
        """Open the file and begin the transaction."""
        # A URI, so that the previous generation can be attached by one that says it never changes.
        self._db = await _opened(connect(self._path or "", uri=True, cached_statements=256))
        try:
            await self._begin()
        except BaseException:
            await self.close()
            raise
        if not self._fresh and self._synchroniser:
            self._synchroniser.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        try:
            if self._synchroniser:
                await in_threads(self._synchroniser.close)
        finally:
            await self.close()

    async def close(self) -> None:
        """Close the file."""
        await self._db.close()

    def synchronise(self) -> None:
        """Make the file durable, once it is finished and closed; then it can be published. Blocks. Raises OSError."""
        if self._synchroniser:
            self._synchroniser.complete()

    async def remove(self, paths: Sequence[str]) -> None:
        """Remove the entries and all that is known of the seeds `paths`."""
        await self._entries.delete(await self._entries.of_paths(paths))
        await self._manifest.forget(paths)

    async def keep(self, paths: Collection[str]) -> None:
        """Keep what was published of the seeds `paths`, which cannot be looked at now."""
        if self._fresh:
            self._without_entry.update(await self._previous.of_paths(paths))
            await self._manifest.mark_unread(paths)

    async def restat(self, files: Collection[SeedFile]) -> None:
        """Record the stat of files that hold what they held when they were read."""
        await self._manifest.restat(files)

    async def write(self, seeds: Sequence[SeedRows]) -> None:
        """Write seeds: an entry replaces its earlier form; one with an ERROR keeps that."""
        await self._manifest.record(seeds)
        await self._forget_others(seeds)
        free = await self._decisions.claims.free(rows for seed in seeds for rows in seed.entries)
        await self._entries.replace(free)

    async def finish(self) -> Published:
        """Complete the generation and commit it. Returns what it is known by."""
        if self._synchroniser:
            self._synchroniser.begin()
        async with self._entries.indexing_texts():
            pks = self._touched(await self._decisions.make(self._without_entry))
            await write_versions(self._db, self._layout, self._previous, self._now, pks, linked=self._entries.linked)
        await self._entries.index()
        content = ContentRow(self._db, self._layout, self._entries.linked)
        version = await content.version(f"{self._site}{self._layout.model.text}{self._decisions.moves}")
        moment = await self._previous.loaded_at(version) or self._now
        await content.write(version, moment, self._moved.fingerprint)
        published = await self._history.record(self._before, version, moment, pks)
        await self._db.execute_fetchall("COMMIT")
        return published

    async def check(self) -> list[Problem]:
        """Decide all that more than one file decides, and return every problem; nothing is kept."""
        await self._decisions.make(self._without_entry)
        return await self.problems()

    async def problems(self) -> list[Problem]:
        """Return every known problem of the seeds, by path."""
        return await read_problems(self._db)

    async def difference(self) -> Difference:
        """Return what this load has changed, once it is finished."""
        difference = await self._previous.difference(self._layout, self._entries.first_pks)
        return replace(difference, hidden=min(difference.removed, self._hidden_now))

    async def event(self, published: Published) -> Event | None:
        """Return what is told of this publish; None if the content was current already."""
        if published.version == self._before.version:
            return None
        rows = await self._db.execute_fetchall(EVENTS, (published.sequence - 1,))
        return next(iter(events_of(next(iter(rows)))), None)

    async def hidden_count(self) -> int:
        """Return how many entries are hidden."""
        return int(await self._value("SELECT coalesce(sum(hidden), 0) FROM seed"))

    async def is_settled(self) -> bool:
        """Return whether the next load need not read any seed that stays as it is."""
        return not await self._manifest.is_any_unread()

    async def entry_count(self) -> int:
        """Return how many entries with a file there are now."""
        counts = [
            await self._value(f"SELECT count(*) FROM {entry.main.name} WHERE path <> ''")
            for entry in self._layout.entries.values()
        ]
        return sum(counts)

    async def _begin(self) -> None:
        for setting in (f"PRAGMA page_size = {_PAGE_SIZE_BYTES}", *_SETTINGS):
            await self._db.execute_fetchall(setting)
        await self._previous.attach(self._db)
        await self._db.execute_fetchall("BEGIN")
        if self._fresh:
            for statement in ddl.create_tables(self._layout):
                await self._db.execute(statement)
        self._entries = await EntryTables.open(self._db, self._layout, self._now, fresh=self._fresh)
        self._history = self._previous.history(self._db, self._layout, fresh=self._fresh)
        self._manifest = Manifest(self._db, fresh=self._fresh)
        self._decisions = Decisions(
            self._db,
            self._layout,
            self._previous,
            self._entries,
            self._manifest,
            seeds=self._seeds,
            moved=self._moved,
            fresh=self._fresh,
        )
        await self._manifest.forget_what_is_between_files()

    async def _forget_others(self, seeds: Sequence[SeedRows]) -> None:
        """Delete what the files have no longer; of what has an ERROR, the last good form stays or is carried over."""
        failed = {seed.path: seed.failed for seed in seeds if seed.failed}
        hidden = {seed.path: seed.hidden for seed in seeds if seed.hidden}
        here = {id_of(rows) for seed in seeds for rows in seed.entries}
        if self._fresh:
            before = await self._previous.of_paths([*failed, *hidden]) if failed or hidden else []
        else:
            before = await self._entries.of_paths([seed.path for seed in seeds])
        lost = [each for each in before if each not in here]
        gone = [each for each in lost if not _stays(each, failed)]
        gone_by_path = Counter(each.path for each in gone)
        self._hidden_now += sum(min(count, gone_by_path[path]) for path, count in hidden.items())
        if self._fresh:
            self._without_entry.update(set(lost).difference(gone))
        else:
            await self._entries.delete(gone)

    def _touched(self, changed: Sequence[Mapping[str, set[int]]]) -> dict[str, set[int]] | None:
        """Return the keys of the entries that may be other than before, by type; None for any."""
        if self._fresh:
            return None
        pks = {name: set[int]().union(*(each.get(name, ()) for each in changed)) for name in self._layout.entries}
        for name, first in self._entries.first_pks.items():
            pks[name].update(range(first, self._entries.next_pks[name]))
        return pks

    async def _value(self, sql: str) -> Any:  # noqa: ANN401 - a value of SQL
        (row,) = await self._db.execute_fetchall(sql)
        return row[0]


def _stays(id_: EntryId, failed: Mapping[str, frozenset[str]]) -> bool:
    """Return whether the last good form of an entry stays, because its item or its whole file has an ERROR."""
    items = failed.get(id_.path, frozenset())
    return "" in items or id_.item in items


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
