"""The tables of entries while a generation is built: rows in, rows out, and the full-text indexes with them."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql_api.loading.grouped import GroupedEntries
from graphql_api.loading.links import LinkedTexts
from graphql_api.loading.other_texts import OtherText, sites_of_others
from graphql_api.loading.references import Touched
from graphql_api.loading.rows import NO_VERSION
from graphql_api.loading.searching import WORTH_A_BLOCK, SearchIndex
from graphql_api.loading.statements import insert_into, json_array, key_text
from graphql_api.store.ddl import create_other_indexes
from graphql_api.store.placements import key_column, key_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Self

    import aiosqlite

    from graphql_api.loading.rows import EntryRows, Row, RowMaker
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Table


class EntryId(NamedTuple):
    """What tells one entry from others while keys are disputed: its type, its file and the item in it."""

    type_name: str
    path: str
    item: str


class Claim(NamedTuple):
    """The text of one key: nobody else of the type may have it. `key` is the key's number in the type."""

    type_name: str
    key: int
    text: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a key, and whether this load has put it there."""

    id: EntryId
    is_new: bool


def id_of(rows: EntryRows) -> EntryId:
    """Return what names the entry."""
    return EntryId(rows.type_name, rows.path, rows.item)


def claims_of(rows: EntryRows) -> list[Claim]:
    """Return what the entry claims."""
    return [Claim(rows.type_name, key, text) for key, text in enumerate(rows.claims) if text is not None]


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
        self._types = {name: _TypeTables(db, layout, entry, now, fresh=fresh) for name, entry in layout.entries.items()}

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
        """Make the indexes that are cheaper once the tables are full, if they were empty.

        While the database makes them, the texts of the last entries are analysed, which takes as long.
        """
        if self._fresh:
            async with asyncio.TaskGroup() as tasks:
                for each in self._types.values():
                    tasks.create_task(each.index_texts())
                for statement in create_other_indexes(self._layout):
                    await self._db.execute(statement)

    async def index(self) -> None:
        """Complete the full-text indexes, once all references are resolved."""
        for each in self._types.values():
            await each.complete()


class _TypeTables:
    """The tables of one type."""

    def __init__(self, db: aiosqlite.Connection, layout: Layout, entry: EntryLayout, now: str, *, fresh: bool) -> None:
        self._db = db
        self._now = now
        self.compared: dict[str, set[Any]] = {name: set() for name in _compared(layout, entry.type.name)}
        self.entry = entry
        self._fresh = fresh
        self.first_pk = self.next_pk = self._unindexed_pk = 1
        self.touched: set[str] = set()
        # Of a grouped type, whose entries can have their pks before they are written.
        self.written: set[int] = set()
        self._texts_of_others = [
            OtherText(layout, each, sites)
            for each in entry.searched
            if (sites := sites_of_others(layout, entry, each.path))
        ]
        self._is_indexed_late = entry.type.is_grouped or bool(self._texts_of_others)
        self._pending: set[int] = set()
        self._further = [*entry.lists.values(), *entry.values.values(), *entry.nested.values()]
        self._search = SearchIndex(db, entry) if entry.searched else None

    async def open(self) -> None:
        ((last_pk,),) = await self._db.execute_fetchall(f"SELECT coalesce(max(pk), 0) FROM {self.entry.main.name}")
        self.first_pk = self.next_pk = self._unindexed_pk = last_pk + 1

    async def owners(self, key: int, claims: Sequence[Claim]) -> dict[Claim, Owner]:
        columns = key_columns(self.entry.main, self.entry.type.keys[key])
        texts = {each.text: each for each in claims}
        key_sql = key_text(columns)
        among = (
            f"{columns[0]} IN (SELECT value FROM json_each(?))"
            if len(columns) == 1
            else f"({', '.join(columns)}) IN (SELECT {', '.join(f'value ->> {at}' for at, _ in enumerate(columns))}"
            " FROM json_each(?))"
        )
        rows = await self._db.execute_fetchall(
            f"SELECT {key_sql}, path, item, pk FROM {self.entry.main.name} WHERE {among} AND path <> ''",
            (_keys(texts, len(columns)),),
        )
        return {
            texts[str(text)]: Owner(EntryId(self.entry.type.name, path, item), self.is_new(pk))
            for text, path, item, pk in rows
            if str(text) in texts
        }

    def is_new(self, pk: int) -> bool:
        return pk in self.written if self.entry.type.is_grouped else pk >= self.first_pk

    async def found(self, ids: Sequence[EntryId]) -> list[EntryId]:
        wanted = set(ids)
        return [each for each in await self.of_paths({each.path for each in ids}) if each in wanted]

    async def of_paths(self, paths: Collection[str]) -> list[EntryId]:
        rows = await self._db.execute_fetchall(
            f"SELECT path, item FROM {self.entry.main.name} WHERE path IN (SELECT value FROM json_each(?))",
            (json_array(paths),),
        )
        return [EntryId(self.entry.type.name, path, item) for path, item in rows if path]

    async def insert(self, entries: Sequence[EntryRows], grouped: GroupedEntries) -> None:
        entry, write = self.entry, self._db.executemany
        if entry.type.is_grouped:
            pks = await self._own_pks(entries, grouped)
        else:
            pks = list(range(self.next_pk, self.next_pk + len(entries)))
            self.next_pk += len(entries)
        targets = await grouped.targets(entry, [rows.named for rows in entries])
        keyed = list(zip(pks, targets, entries, strict=True))
        conflict = "OR REPLACE" if entry.type.is_grouped else ""
        now = self._now
        await write(
            insert_into(entry.main, conflict=conflict),
            [(pk, NO_VERSION, now, *given, *rows.main) for pk, given, rows in keyed],
        )
        await write(insert_into(entry.details, conflict=conflict), [(pk, *rows.details) for pk, _, rows in keyed])
        for table, rows_of in self._rows_of_further():
            made = [(pk, *row) for pk, _, rows in keyed for row in rows_of(rows)]
            if made:
                await write(insert_into(table), await grouped.with_targets(entry.sites, table, made))
        if not self._fresh:
            self.touched.update(text for rows in entries for text in rows.claims if text is not None)
            await self._note_compared(pks)
        if self.next_pk - self._unindexed_pk >= WORTH_A_BLOCK:
            await self.index_texts()

    async def delete(self, ids: Sequence[EntryId], grouped: GroupedEntries) -> None:
        rows = await self._db.execute_fetchall(
            f"SELECT pk, path, item FROM {self.entry.main.name} WHERE path IN (SELECT value FROM json_each(?))",
            (json_array({each.path for each in ids}),),
        )
        wanted = {(each.path, each.item) for each in ids}
        doomed = [(pk,) for pk, path, item in rows if (path, item) in wanted]
        if not doomed:
            return
        await self._touch(doomed, grouped)
        await self.unindex({pk for (pk,) in doomed})
        for table in self._further:
            await self._db.executemany(f"DELETE FROM {table.name} WHERE owner_pk = ?", doomed)
        if self.entry.type.is_grouped:
            self.written.difference_update(pk for (pk,) in doomed)
            # It may still be named: whether it stays is decided once everybody has been heard.
            await self._db.executemany(f"UPDATE {self.entry.main.name} SET path = '' WHERE pk = ?", doomed)
            return
        self._pending.difference_update(pk for (pk,) in doomed)
        for name in (self.entry.details.name, self.entry.main.name):
            await self._db.executemany(f"DELETE FROM {name} WHERE pk = ?", doomed)

    async def index_texts(self) -> None:
        """Index what is not indexed yet, unless it waits for what is said of grouped entries, or of others in texts."""
        if self._search and not self._is_indexed_late:
            first_pk, self._unindexed_pk = self._unindexed_pk, self.next_pk
            await self._search.add_from(first_pk)

    async def unindex(self, pks: Collection[int]) -> None:
        """Take entries out of the full-text index, before their texts change; they are put in again at the end."""
        if self._search:
            there = [pk for pk in pks if pk < self._unindexed_pk and pk not in self._pending]
            await self._search.forget(there)
            self._pending.update(there)

    async def complete(self) -> None:
        """Index what is not indexed yet, and what has changed since."""
        if not self._search:
            return
        for each in self._texts_of_others:
            rows = await self._db.execute_fetchall(each.differing)
            await self.unindex([pk for pk, _ in rows])
            await self._db.executemany(each.update, [(text, pk) for pk, text in rows])
        await self._search.complete(self._pending, self._unindexed_pk)
        self._unindexed_pk = self.next_pk

    async def _own_pks(self, entries: Sequence[EntryRows], grouped: GroupedEntries) -> list[int]:
        """Return the pks of entries with files of a grouped type: a reference may have named them before."""
        pks = await grouped.pks(self.entry.type.name, [rows.claims[0] or "" for rows in entries])
        grouped.own(self.entry.type.name, pks)
        self.written.update(pks)
        await self.unindex(pks)
        return pks

    async def _touch(self, doomed: Sequence[tuple[int]], grouped: GroupedEntries) -> None:
        """Remember the keys of entries that go, and the grouped ones that they named."""
        pks = json_array([pk for (pk,) in doomed])
        for key in self.entry.type.keys:
            columns = key_columns(self.entry.main, key)
            rows = await self._db.execute_fetchall(
                f"SELECT {key_text(columns)} FROM {self.entry.main.name} WHERE pk IN (SELECT value FROM json_each(?))",
                (pks,),
            )
            self.touched.update(str(text) for (text,) in rows if text is not None)
        await self._note_compared([pk for (pk,) in doomed])
        await grouped.touch_named_by(self.entry, pks)
        if self.entry.type.is_grouped:
            grouped.disown(self.entry.type.name, [pk for (pk,) in doomed])

    async def _note_compared(self, pks: Sequence[int]) -> None:
        """Remember the values that references may compare of entries that come or go."""
        for name, values in self.compared.items():
            rows = await self._db.execute_fetchall(
                f"SELECT {key_column(self.entry.main, name)} FROM {self.entry.main.name}"
                " WHERE pk IN (SELECT value FROM json_each(?))",
                (json_array(list(pks)),),
            )
            values.update(value for (value,) in rows)

    def _rows_of_further(self) -> Iterable[tuple[Table, Callable[[EntryRows], list[Row]]]]:
        """Yield each further table, and what gives an entry's rows of it."""
        entry = self.entry
        for name, tables in (("lists", entry.lists), ("values", entry.values), ("nested", entry.nested)):
            for at, table in enumerate(tables.values()):
                yield table, _rows_getter(name, at)


def _compared(layout: Layout, type_name: str) -> set[str]:
    """Return the fields of a type by which references find it otherwise than by its key, the first of each group."""
    sites = layout.sites_to(type_name)
    return {names[0] for site in sites if site.field.reference for names in site.field.reference.or_by}


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


def _keys(texts: Iterable[str], columns: int) -> str:
    """Return keys as one bound value for `json_each`: texts, or lists where a key has several columns."""
    return json_array(list(texts)) if columns == 1 else f"[{','.join(texts)}]"


def _rows_getter(name: str, at: int) -> Callable[[EntryRows], list[Row]]:
    def rows(entry: EntryRows) -> list[Row]:
        found: list[Row] = getattr(entry, name)[at]
        return found

    return rows
