"""References: where each one leads, decided in SQL over all entries at once.

In this order: the entry with exactly the key; the first entry, by identity, whose compared fields are all those of the
reference (case and punctuation aside); nothing. One that leads to its own entry is SELF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.loading.statements import json_array
from graphql_api.loading.titles import title_key
from graphql_api.store.placements import key_column
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import aiosqlite

    from graphql_api.store.layout import Layout
    from graphql_api.store.sites import Site


class Touched(Struct, frozen=True):
    """What a load has put in or taken out, by type.

    `keys` has the texts of their keys, `compared` the values of each field that a reference may compare, `first_pk` the
    first pk that the load gave, `written` the pks of grouped entries with files that it wrote.
    """

    keys: Mapping[str, Collection[str]]
    compared: Mapping[str, Mapping[str, Collection[object]]]
    first_pk: Mapping[str, int]
    written: Mapping[str, Collection[int]]


async def resolve(db: aiosqlite.Connection, layout: Layout, touched: Touched | None) -> dict[str, set[int]]:
    """Decide target, status and repetition of references: all, or those around what was `touched`.

    Returns the entries whose references were decided anew, by type; none where it was all.
    """
    await db.create_function("title_key", 1, title_key, deterministic=True)
    decided: dict[str, set[int]] = {}
    for site in layout.sites:
        statements = SiteStatements(layout, site)
        if touched is not None:
            pks = await _scope(db, statements.around(touched))
            decided.setdefault(site.owner_type, set()).update(pks)
        for step in statements.steps(is_whole=touched is None):
            await db.execute(step)
        if touched is not None:
            await db.execute("DROP TABLE scope")
    return decided


async def _scope(db: aiosqlite.Connection, around: Iterable[tuple[str, tuple[object, ...]]]) -> list[int]:
    """Make the table of the owners that SELECTs give, and return them."""
    await db.execute("CREATE TEMP TABLE scope (owner_pk INTEGER PRIMARY KEY)")
    for sql, values in around:
        await db.execute(f"INSERT OR IGNORE INTO scope {sql}", values)
    return [pk for (pk,) in await db.execute_fetchall("SELECT owner_pk FROM scope")]


class SiteStatements:
    """The statements that decide the references of one site."""

    def __init__(self, layout: Layout, site: Site) -> None:
        """Look up the columns."""
        self._site = site
        self._layout = layout
        self._table = layout.tables[site.table]
        self._target_entry = layout.entries[site.target_type]
        self.target, self.key, self.status = (self._column(role) for role in (Role.TARGET, Role.KEY, Role.STATUS))
        assert site.field.reference is not None  # noqa: S101 - a site is where references are
        self._reference = site.field.reference

    def steps(self, *, is_whole: bool) -> Iterable[str]:
        """Yield the statements in order, for all rows or for those of the owners in `scope`."""
        scope = "1" if is_whole else f"{self._site.owner} IN (SELECT owner_pk FROM scope)"
        where = f"WHERE {self.key} IS NOT NULL AND {scope}"
        table, target, status = self._site.table, self.target, self.status
        if not self._target_entry.type.is_grouped:
            by = key_column(self._target_entry.main, self._reference.by)
            found = f"SELECT pk FROM {self._target_entry.main.name} AS there WHERE there.{by} = {table}.{self.key}"
            yield f"UPDATE {table} SET {target} = ({found}), {status} = 'RESOLVED' {where}"
            for names in self._reference.or_by:
                yield (
                    f"UPDATE {table} SET {status} = 'RESOLVED_BY_ID', {target} = ({self._alike(names)})"
                    f" {where} AND {target} IS NULL"
                )
            yield f"UPDATE {table} SET {status} = 'DANGLING' {where} AND {target} IS NULL"
        if self._site.shape is not SiteShape.ONE:
            yield self._repeated(scope)
        if self._site.owner_type == self._site.target_type:
            yield f"UPDATE {table} SET {status} = 'SELF', {target} = NULL {where} AND {target} = {self._site.owner}"

    def around(self, touched: Touched) -> Iterable[tuple[str, tuple[object, ...]]]:
        """Yield SELECTs of the owners whose references may lead elsewhere now, and what to bind."""
        table, owner = self._site.table, self._site.owner
        yield f"SELECT {owner} FROM {table} WHERE {owner} >= ?", (touched.first_pk[self._site.owner_type],)
        among = "(SELECT value FROM json_each(?))"
        written = touched.written[self._site.owner_type]
        if written:
            yield f"SELECT {owner} FROM {table} WHERE {owner} IN {among}", (json_array(list(written)),)
        keys = touched.keys[self._site.target_type]
        yield f"SELECT {owner} FROM {table} WHERE {self.key} IN {among}", (json_array(keys),)
        for names in self._reference.or_by:
            column = self._compared_here(names[0])
            values = touched.compared[self._site.target_type].get(names[0], ())
            yield f"SELECT {owner} FROM {table} WHERE {column} IN {among}", (json_array(list(values)),)

    def _alike(self, names: tuple[str, ...]) -> str:
        """Return the SELECT of the first entry whose fields `names` are those of the reference."""
        entry = self._target_entry
        conditions = []
        for name in names:
            there, here = f"there.{key_column(entry.main, name)}", f"{self._site.table}.{self._compared_here(name)}"
            if entry.type.field(name).type.name == "String":
                conditions.append(f"title_key({there}) = title_key({here})")
            else:
                conditions.append(f"{there} = {here}")
        identity = ", ".join(key_column(entry.main, name) for name in entry.type.keys[0].fields)
        return f"SELECT pk FROM {entry.main.name} AS there WHERE {' AND '.join(conditions)} ORDER BY {identity} LIMIT 1"

    def _compared_here(self, name: str) -> str:
        column = self._table.find(name, Role.VALUE) or self._table.find(name, Role.ALTERNATIVE)
        assert column is not None  # noqa: S101 - the layout has one for each compared field
        return column.name

    def _repeated(self, scope: str) -> str:
        """Return the statement that says which references repeat one before them in the same list."""
        table, target, key = self._site.table, self.target, self.key
        repeated = self._column(Role.REPEATED)
        return f"""
UPDATE {table}
SET {repeated} = EXISTS (
    SELECT 1
    FROM {table} AS earlier
    WHERE earlier.owner_pk = {table}.owner_pk
    AND earlier.position < {table}.position
    AND coalesce(earlier.{target}, earlier.{key}) = coalesce({table}.{target}, {table}.{key})
)
WHERE {scope}
"""

    def _column(self, role: Role) -> str:
        column = self._table.find(self._site.column_field, role)
        assert column is not None  # noqa: S101 - every site has it
        return column.name
