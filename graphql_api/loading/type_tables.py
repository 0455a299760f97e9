"""The tables of one entry type while a generation is built, and the full-text index with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.loading.identity import EntryId, Owner
from graphql_api.loading.other_texts import OtherText, sites_of_others
from graphql_api.loading.rows import NO_VERSION
from graphql_api.loading.searching import WORTH_A_BLOCK, SearchIndex
from graphql_api.loading.statements import insert_into, json_array, key_text
from graphql_api.store.placements import key_column, key_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    import aiosqlite

    from graphql_api.loading.further_rows import Row
    from graphql_api.loading.grouped import GroupedEntries
    from graphql_api.loading.identity import Claim
    from graphql_api.loading.rows import EntryRows
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Table


class TypeTables:
    """The tables of one type; `touched`, `compared` and `written` are for `loading.references`."""

    def __init__(self, db: aiosqlite.Connection, layout: Layout, entry: EntryLayout, now: str, *, fresh: bool) -> None:
        """Keep the connection; see `EntryTables`."""
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
        self._searched_at = [_place_in_rows(entry, each.table, each.column) for each in entry.searched]

    async def open(self) -> None:
        """Begin to count the pks behind those that are there."""
        ((last_pk,),) = await self._db.execute_fetchall(f"SELECT coalesce(max(pk), 0) FROM {self.entry.main.name}")
        self.first_pk = self.next_pk = self._unindexed_pk = last_pk + 1

    async def owners(self, key: int, claims: Sequence[Claim]) -> dict[Claim, Owner]:
        """Return who has each of `claims`, of one key; those that nobody has are left out."""
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
        """Return whether this load has written an entry."""
        return pk in self.written if self.entry.type.is_grouped else pk >= self.first_pk

    async def found(self, ids: Sequence[EntryId]) -> list[EntryId]:
        """Return those of `ids` that are there."""
        wanted = set(ids)
        return [each for each in await self.of_paths({each.path for each in ids}) if each in wanted]

    async def of_paths(self, paths: Collection[str]) -> list[EntryId]:
        """Return the entries that the files `paths` have."""
        rows = await self._db.execute_fetchall(
            f"SELECT path, item FROM {self.entry.main.name} WHERE path IN (SELECT value FROM json_each(?))",
            (json_array(paths),),
        )
        return [EntryId(self.entry.type.name, path, item) for path, item in rows if path]

    async def insert(self, entries: Sequence[EntryRows], grouped: GroupedEntries) -> None:
        """Write entries of this type."""
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
        main = [(pk, NO_VERSION, now, *given, *rows.main) for pk, given, rows in keyed]
        details = [(pk, *rows.details) for pk, _, rows in keyed]
        await write(insert_into(entry.main, conflict=conflict), main)
        await write(insert_into(entry.details, conflict=conflict), details)
        for table, rows_of in self._rows_of_further():
            made = [(pk, *row) for pk, _, rows in keyed for row in rows_of(rows)]
            if made:
                await write(insert_into(table), await grouped.with_targets(entry.sites, table, made))
        if not self._fresh:
            self.touched.update(text for rows in entries for text in rows.claims if text is not None)
            await self._note_compared(pks)
        await self._index(main, details)

    async def delete(self, ids: Sequence[EntryId], grouped: GroupedEntries) -> None:
        """Delete entries of this type; any of them may not be there."""
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
        if not self._search or self._is_indexed_late:
            return
        if self._fresh:
            await self._search.write()  # it was given them
        else:
            first_pk, self._unindexed_pk = self._unindexed_pk, self.next_pk
            await self._search.add_from(first_pk)

    async def _index(self, main: Sequence[Row], details: Sequence[Row]) -> None:
        """Index entries that were inserted, by their rows, if their texts are known and there are enough of them."""
        if not self._search or self._is_indexed_late:
            return
        if self._fresh:
            rows = list(zip(main, details, strict=True))
            texts = [[(row[part][at] or "").encode() for part, at in self._searched_at] for row in rows]
            self._unindexed_pk = self.next_pk
            await self._search.add([(row[0], *some) for row, some in zip(main, texts, strict=True)])
        elif self.next_pk - self._unindexed_pk >= WORTH_A_BLOCK:
            await self.index_texts()

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


def _place_in_rows(entry: EntryLayout, table: str, column: str) -> tuple[int, int]:
    """Return which of an entry's own two rows has a column, and where in it."""
    tables = (entry.main, entry.details)
    part = [each.name for each in tables].index(table)
    return part, list(tables[part].column_names).index(column)


def _compared(layout: Layout, type_name: str) -> set[str]:
    """Return the fields of a type by which references find it otherwise than by its key, the first of each group."""
    sites = layout.sites_to(type_name)
    return {names[0] for site in sites if site.field.reference for names in site.field.reference.or_by}


def _keys(texts: Iterable[str], columns: int) -> str:
    """Return keys as one bound value for `json_each`: texts, or lists where a key has several columns."""
    return json_array(list(texts)) if columns == 1 else f"[{','.join(texts)}]"


def _rows_getter(name: str, at: int) -> Callable[[EntryRows], list[Row]]:
    def rows(entry: EntryRows) -> list[Row]:
        found: list[Row] = getattr(entry, name)[at]
        return found

    return rows
