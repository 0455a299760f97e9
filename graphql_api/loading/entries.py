"""The tables of entries while a generation is built: rows in, rows out, each in the tables of its type."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING

from graphql_api.loading.grouped import GroupedEntries
from graphql_api.loading.identity import id_of
from graphql_api.loading.links import LinkedTexts
from graphql_api.loading.references import Touched
from graphql_api.loading.type_tables import TypeTables
from graphql_api.store.ddl import create_other_indexes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence
    from typing import Self

    import aiosqlite

    from graphql_api.loading.identity import Claim, EntryId, Owner
    from graphql_api.loading.row_maker import RowMaker
    from graphql_api.loading.rows import EntryRows
    from graphql_api.store.layout import Layout


class EntryTables:
    """Writes the entries of the generation that `db` builds.

    `affected` holds, by type, the pks of entries that came or went, for what refers to them is to be resolved again.
    """

    def __init__(
        self, db: aiosqlite.Connection, layout: Layout, grouped: GroupedEntries, now: str, *, fresh: bool
    ) -> None:
        """Keep the connection; its transaction is another's. `now` is the moment that this load's entries carry."""
        self._db = db
        self._fresh = fresh
        self._layout = layout
        self.grouped = grouped
        self.linked = LinkedTexts(db, layout, fresh=fresh)
        self._types = {name: TypeTables(db, layout, entry, now, fresh=fresh) for name, entry in layout.entries.items()}

    @classmethod
    async def open(cls, db: aiosqlite.Connection, layout: Layout, now: str, *, fresh: bool) -> Self:
        """Return the tables that `db` holds; `fresh` says that they are empty, and to be indexed once they are full."""
        tables = cls(db, layout, await GroupedEntries.open(db, layout, now), now, fresh=fresh)
        for each in tables._types.values():
            await each.open()
        await tables.linked.open()
        return tables

    @property
    def first_pks(self) -> dict[str, int]:
        """The first pk that this load gives to an entry, by type."""
        return {name: each.first_pk for name, each in self._types.items()}

    def is_new(self, type_name: str, pk: int) -> bool:
        """Return whether this load has written an entry."""
        return self._types[type_name].is_new(pk)

    @property
    def next_pks(self) -> dict[str, int]:
        """The pk that comes next, by type."""
        return {name: each.next_pk for name, each in self._types.items()}

    @property
    def touched(self) -> Touched:
        """What this load has put in or taken out."""
        return Touched(
            {name: each.touched for name, each in self._types.items()},
            {name: each.compared for name, each in self._types.items()},
            self.first_pks,
            {name: each.written for name, each in self._types.items()},
        )

    async def owners(self, claims: Collection[Claim]) -> dict[Claim, Owner]:
        """Return who has each of `claims`; those that nobody has are left out."""
        owners: dict[Claim, Owner] = {}
        for (type_name, key), some in _by_key(claims).items():
            owners.update(await self._types[type_name].owners(key, some))
        return owners

    async def missing(self, ids: Collection[EntryId]) -> list[EntryId]:
        """Return those of `ids` that are not there, sorted."""
        found: set[EntryId] = set()
        for name, some in _by_type(ids).items():
            found.update(await self._types[name].found(some))
        return sorted(set(ids) - found)

    async def of_paths(self, paths: Collection[str]) -> list[EntryId]:
        """Return the entries that the files `paths` have."""
        return [each for tables in self._types.values() for each in await tables.of_paths(paths)]

    async def replace(self, entries: Sequence[EntryRows]) -> None:
        """Write entries in place of those with the same ids; their keys must be free."""
        if not self._fresh:
            await self.delete([id_of(rows) for rows in entries])
        await self.insert(entries)

    async def insert(self, entries: Sequence[EntryRows]) -> None:
        """Write entries; one `executemany` a table, because every call to the driver costs a thread hop."""
        for name, group in itertools.groupby(sorted(entries, key=_type_name), key=_type_name):
            await self._types[name].insert(list(group), self.grouped)
        await self.linked.insert(entries)

    async def delete(self, ids: Collection[EntryId]) -> None:
        """Delete entries from every table; any of them may not be there."""
        for name, some in _by_type(ids).items():
            await self._types[name].delete(some, self.grouped)
        await self.linked.delete(ids)

    async def settle_grouped(self, maker: RowMaker) -> dict[str, set[int]]:
        """Give the grouped entries that have changed their values. Returns their pks by type."""
        for name, pks in self.grouped.changed.items():
            await self._types[name].unindex(pks)
        await self.grouped.update(maker)
        return self.grouped.changed

    async def create_indexes(self) -> None:
        """Make the indexes that are cheaper once the tables are full, if they were empty."""
        if self._fresh:
            for statement in create_other_indexes(self._layout):
                await self._db.execute(statement)

    @contextlib.asynccontextmanager
    async def indexing_texts(self) -> AsyncIterator[None]:
        """Have the last texts of a first load analysed beside the block, in which the database works."""
        if not self._fresh:
            yield
            return
        indexing = asyncio.ensure_future(self._index_texts())
        try:
            yield
        except BaseException:
            indexing.cancel()
            await asyncio.wait([indexing])
            raise
        await indexing

    async def _index_texts(self) -> None:
        for each in self._types.values():
            await each.index_texts()

    async def index(self) -> None:
        """Complete the full-text indexes, once all references are resolved."""
        for each in self._types.values():
            await each.complete()


def _type_name(rows: EntryRows) -> str:
    return rows.type_name


def _by_type(ids: Collection[EntryId]) -> dict[str, list[EntryId]]:
    found: dict[str, list[EntryId]] = {}
    for each in ids:
        found.setdefault(each.type_name, []).append(each)
    return found


def _by_key(claims: Collection[Claim]) -> dict[tuple[str, int], list[Claim]]:
    found: dict[tuple[str, int], list[Claim]] = {}
    for each in claims:
        found.setdefault((each.type_name, each.key), []).append(each)
    return found
