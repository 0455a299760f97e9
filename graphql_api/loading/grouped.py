"""Grouped entries while a generation is built: there as soon as somebody names them, gone when nobody does.

What they show is what most of those that name them say, decided once all of them are in.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.kinds.kind import Storage
from graphql_api.loading.rows import NO_VERSION, node_id
from graphql_api.loading.statements import insert_into, json_array
from graphql_api.model.types import Shape
from graphql_api.reading.entry import Entry, Ref, RichText
from graphql_api.store.placements import key_column
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from typing import Self

    import aiosqlite

    from graphql_api.loading.further_rows import Row
    from graphql_api.loading.row_maker import RowMaker
    from graphql_api.model.types import FieldType
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.sites import Site
    from graphql_api.store.tables import Table

_EMPTY: dict[Storage, Any] = {Storage.INTEGER: 0, Storage.BOOLEAN: 0, Storage.REAL: 0.0, Storage.BYTES: b""}


class GroupedEntries:
    """Knows the pk of every entry of each grouped type, and which of them have changed."""

    def __init__(self, db: aiosqlite.Connection, layout: Layout, now: str) -> None:
        """Prepare for the types of `layout`; `now` is the moment that new entries carry."""
        self._db = db
        self._now = now
        self._layout = layout
        self._types = {name: _Type(entry) for name, entry in layout.entries.items() if entry.type.is_grouped}

    @classmethod
    async def open(cls, db: aiosqlite.Connection, layout: Layout, now: str) -> Self:
        """Return what `db` holds."""
        grouped = cls(db, layout, now)
        for each in grouped._types.values():
            for pk, key, path in await db.execute_fetchall(f"SELECT pk, {each.key}, path FROM {each.table}"):
                each.pk_by_key[str(key)] = pk
                if path:
                    each.owned.add(pk)
        return grouped

    @property
    def changed(self) -> dict[str, set[int]]:
        """The pks of the entries that have changed, by type."""
        return {name: each.changed for name, each in self._types.items()}

    async def pks(self, type_name: str, keys: Sequence[str]) -> list[int]:
        """Return the pk of each key, in order; insert entries that are new, whose values follow."""
        type_ = self._types[type_name]
        new = [key for key in dict.fromkeys(keys) if key not in type_.pk_by_key]
        if new:
            first = 1 + max(type_.pk_by_key.values(), default=0)
            type_.pk_by_key.update({key: pk for pk, key in enumerate(new, first)})
            stubs = [(type_.pk_by_key[key], *type_.stub(key)) for key in new]
            await self._db.executemany(insert_into(type_.entry.main), stubs)
            await self._db.executemany(insert_into(type_.entry.details), [type_.empty(stub[0]) for stub in stubs])
        pks = [type_.pk_by_key[key] for key in keys]
        type_.note(pks)
        return pks

    def own(self, type_name: str, pks: Iterable[int]) -> None:
        """Say that entries have files of their own, whose values count."""
        self._types[type_name].owned.update(pks)

    def disown(self, type_name: str, pks: Collection[int]) -> None:
        """Say that the files of entries are gone; what refers to them says what they are now."""
        self._types[type_name].owned.difference_update(pks)
        self._types[type_name].note(pks)

    async def targets(self, entry: EntryLayout, named: Sequence[tuple[Any, ...]]) -> list[tuple[int | None, ...]]:
        """Return the pks that the grouped references in each entry's own row lead to, in the order of the columns."""
        columns = [column for column in entry.main.columns if self.is_given(entry, column.field, column.role)]
        by_column: list[list[int | None]] = []
        for at, column in enumerate(columns):
            references = [each[at] for each in named]
            pks = iter(
                await self.pks(entry.type.field(column.field).type.name, [key for key, _ in filter(None, references)])
            )
            by_column.append([next(pks) if reference else None for reference in references])
        return list(zip(*by_column, strict=True)) if columns else [() for _ in named]

    def is_given(self, entry: EntryLayout, field: str, role: Role) -> bool:
        """Return whether a column of an entry's own row holds the pk of a grouped entry."""
        return role is Role.TARGET and entry.type.field(field).type.name in self._types

    async def with_targets(self, layout_sites: Sequence[Site], table: Table, rows: list[Row]) -> list[Row]:
        """Return the rows of a further table with the pks that its references to grouped entries lead to."""
        for site in layout_sites:
            if site.table == table.name and site.target_type in self._types:
                rows = await self._with_target(site, table, rows)
        return rows

    async def _with_target(self, site: Site, table: Table, rows: list[Row]) -> list[Row]:
        places = [table.columns.index(column) for column in self._columns(site, table)]
        target, key, status = places
        pks = iter(await self.pks(site.target_type, [row[key] for row in rows if row[key] is not None]))
        made = []
        for row in rows:
            values = list(row)
            if row[key] is not None:
                values[target], values[status] = next(pks), "RESOLVED"
            made.append(tuple(values))
        return made

    @staticmethod
    def _columns(site: Site, table: Table) -> list[Any]:
        return [table.find(site.column_field, role) for role in (Role.TARGET, Role.KEY, Role.STATUS)]

    async def touch_named_by(self, entry: EntryLayout, pks: str) -> None:
        """Say that the entries `pks` (JSON) of a type are about to go: those that they name may change."""
        for site in entry.sites:
            if site.target_type in self._types:
                target = self._target(site)
                rows = await self._db.execute_fetchall(
                    f"SELECT {target} FROM {site.table} WHERE {site.owner} IN (SELECT value FROM json_each(?))"
                    f" AND {target} IS NOT NULL",
                    (pks,),
                )
                self._types[site.target_type].note({pk for (pk,) in rows})

    async def update(self, maker: RowMaker) -> None:
        """Give every changed entry its values, and remove those that nobody names."""
        # One may name another, so each round can change more of them.
        while waiting := [each for each in self._types.values() if each.waiting]:
            for type_ in waiting:
                await self._update(type_, maker)

    async def _update(self, type_: _Type, maker: RowMaker) -> None:
        pks = type_.waiting - type_.owned
        type_.waiting.clear()
        names = await self._names(type_.entry.type.name, pks)
        gone = pks - names.keys()
        await self.touch_named_by(type_.entry, json_array(list(pks)))
        for table in (type_.entry.details.name, type_.table):
            await self._db.executemany(f"DELETE FROM {table} WHERE pk = ?", [(pk,) for pk in gone])
        type_.forget(gone)
        await self._write(type_, names, maker)

    async def _names(self, name: str, pks: Collection[int]) -> dict[int, Counter[str]]:
        """Return how often each thing is said of each entry."""
        said: dict[int, Counter[str]] = {}
        for site in self._layout.sites_to(name):
            target, names = self._target(site), self._role(site, Role.NAMES)
            rows = await self._db.execute_fetchall(
                f"SELECT {target}, {names}, count(*) FROM {site.table}"
                f" WHERE {target} IN (SELECT value FROM json_each(?)) GROUP BY 1, 2",
                (orjson.dumps(list(pks)).decode(),),
            )
            for pk, text, count in rows:
                said.setdefault(pk, Counter())[text or "[]"] += count
        return said

    async def _write(self, type_: _Type, names: dict[int, Counter[str]], maker: RowMaker) -> None:
        keys = {pk: key for key, pk in type_.pk_by_key.items()}
        entries = [
            Entry(type_.entry.type.name, "", keys[pk], type_.values(said, keys[pk]), is_own=False)
            for pk, said in names.items()
        ]
        _render(entries)
        made = [maker.rows(entry) for entry in entries]
        targets = await self.targets(type_.entry, [rows.named for rows in made])
        main = [
            (pk, NO_VERSION, self._now, *given, *rows.main)
            for pk, given, rows in zip(names, targets, made, strict=True)
        ]
        details = [(pk, *rows.details) for pk, rows in zip(names, made, strict=True)]
        await self._db.executemany(insert_into(type_.entry.main, conflict="OR REPLACE"), main)
        await self._db.executemany(insert_into(type_.entry.details, conflict="OR REPLACE"), details)

    def _target(self, site: Site) -> str:
        return self._role(site, Role.TARGET)

    def _role(self, site: Site, role: Role) -> str:
        column = self._layout.tables[site.table].find(site.column_field, role)
        assert column is not None  # noqa: S101 - every reference to a grouped type has it
        return column.name


class _Type:
    """One grouped type."""

    def __init__(self, entry: EntryLayout) -> None:
        self.entry = entry
        self.table = entry.main.name
        identity = entry.type.keys[0].fields[0]
        self.key = key_column(entry.main, identity)
        self._key_at = [each.name for each in entry.type.fields].index(identity)
        self.pk_by_key: dict[str, int] = {}
        self.changed: set[int] = set()
        self.waiting: set[int] = set()
        self.owned: set[int] = set()

    def note(self, pks: Collection[int]) -> None:
        """Remember that something else may be said of entries now."""
        self.changed.update(pks)
        self.waiting.update(pks)

    def forget(self, pks: Collection[int]) -> None:
        """Forget entries that nobody names any more."""
        if pks:
            self.pk_by_key = {key: pk for key, pk in self.pk_by_key.items() if pk not in pks}

    def stub(self, key: str) -> list[Any]:
        """Return the row of an entry of which only the key is known, without its pk."""
        return [
            self._stub_value(column.name, column.storage, column.role, key) for column in self.entry.main.columns[1:]
        ]

    def _stub_value(self, name: str, storage: Storage, role: Role, key: str) -> Any:  # noqa: ANN401 - of any type
        if name == self.key:
            return key
        if role is Role.NODE_ID:
            return node_id(self.entry.type.name, key)
        return key if role is Role.ITEM else _EMPTY.get(storage, "")

    def empty(self, pk: int) -> list[Any]:
        """Return a row without values in the wide table."""
        columns = self.entry.details.columns[1:]
        return [pk, *(None if column.nullable else "" for column in columns)]

    def values(self, said: Counter[str], key: str) -> tuple[Any, ...]:
        """Return the value of each field: what most say; of those equally frequent the first by code point."""
        parsed = [(orjson.loads(text), count) for text, count in said.items()]
        values: list[Any] = []
        for at, each in enumerate(self.entry.type.fields):
            counts: Counter[bytes] = Counter()
            for names, count in parsed:
                if at < len(names) and names[at] is not None:
                    counts[orjson.dumps(names[at])] += count
            best = min(counts, key=lambda value: (-counts[value], _text(value)), default=None)
            values.append(_value(orjson.loads(best), each.type) if best is not None and each.is_value else None)
        if str(values[self._key_at]) != key:
            values[self._key_at] = key
        return tuple(values)


def _text(value: bytes) -> str:
    """Return what a value in JSON is sorted by: a text by itself, without what JSON puts around and into it."""
    loaded = orjson.loads(value)
    return loaded if isinstance(loaded, str) else value.decode()


def _value(said: Any, type_: FieldType) -> Any:  # noqa: ANN401 - what JSON has, and what rows are made from
    """Return the value of a field from its JSON form."""
    if said is None:
        return None
    if type_.item:
        return tuple(_value(each, type_.item) for each in said)
    if type_.shape is Shape.ENTRY:
        return Ref(*said) if isinstance(said, list) else Ref(str(said))
    if type_.name == "RichText":
        return RichText(said[0] if isinstance(said, list) else said, escapes=False)
    return tuple(said) if isinstance(said, list) and type_.shape is Shape.SCALAR and type_.name != "JSON" else said


def _render(entries: Sequence[Entry]) -> None:
    texts = [value for entry in entries for value in entry.values if isinstance(value, RichText)]
    if not texts:
        return
    from graphql_api.rendering.render import render_answers  # noqa: PLC0415 - 60 ms that few loads need

    for text, rendered in zip(texts, render_answers([text.source for text in texts]), strict=True):
        text.rendered = rendered
