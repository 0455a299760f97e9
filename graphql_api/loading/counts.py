"""Counts: how many references lead to each entry, where the model has a field for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.loading.statements import json_array
from graphql_api.store.making import LINKED
from graphql_api.store.places import place, place_check
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    import aiosqlite

    from graphql_api.model.types import Back, Field
    from graphql_api.store.layout import EntryLayout, Layout


async def count(db: aiosqlite.Connection, layout: Layout, changed: dict[str, set[int]]) -> None:
    """Write every count that differs; an entry whose order depends on it, or that is in `changed`, gets a new place."""
    for name, entry in layout.entries.items():
        fields = [each for each in entry.type.fields if each.back and not each.type.is_list]
        pks = set(changed.get(name, ())) if fields else set()
        for each in fields:
            pks |= await _count_one(db, layout, entry, each)
        if any(each.is_order for each in fields):
            await _replace_places(db, entry, pks)


def total_of(layout: Layout, back: Back) -> str:
    """Return the SELECT of what all counts of a field are together."""
    return f"SELECT coalesce(sum(n), 0) FROM ({_counted(layout, back)})"


def _counted(layout: Layout, back: Back) -> str:
    """Return the SELECT of (pk, n): how many entries lead to each."""
    site = layout.entries[back.type_name].site(back.path)
    target = layout.tables[site.table].find(site.column_field, Role.TARGET)
    assert target is not None  # noqa: S101 - every reference has one
    if site.shape is SiteShape.LIST:
        return f"SELECT target AS pk, count(*) AS n FROM {site.table} WHERE {LINKED} GROUP BY 1"
    what = "count(*)" if site.shape is SiteShape.ONE else f"count(DISTINCT {site.owner})"
    where = f"{target.name} IS NOT NULL{site.followed()}"
    return f"SELECT {target.name} AS pk, {what} AS n FROM {site.table} WHERE {where} GROUP BY 1"


async def _count_one(db: aiosqlite.Connection, layout: Layout, entry: EntryLayout, each: Field) -> set[int]:
    """Write the counts of one field that differ. Returns whose they are."""
    assert each.back is not None  # noqa: S101 - asked by the caller
    column = entry.main.find(each.name, Role.COUNT)
    assert column is not None  # noqa: S101 - every count has one
    main = entry.main.name
    rows = await db.execute_fetchall(
        f"SELECT {main}.pk, coalesce(counted.n, 0) FROM {main}"
        f" LEFT JOIN ({_counted(layout, each.back)}) AS counted ON counted.pk = {main}.pk"
        f" WHERE {main}.{column.name} <> coalesce(counted.n, 0)"
    )
    descending = entry.main.find(each.name, Role.DESCENDING)
    settings = f"{column.name} = ?1" + (f", {descending.name} = -?1" if descending else "")
    await db.executemany(f"UPDATE {main} SET {settings} WHERE pk = ?2", [(n, pk) for pk, n in rows])
    return {pk for pk, _ in rows}


async def _replace_places(db: aiosqlite.Connection, entry: EntryLayout, pks: Collection[int]) -> None:
    columns = [_plain_column(entry, each) for each in entry.order_fields]
    rows = await db.execute_fetchall(
        f"SELECT pk, {', '.join(name for name, _ in columns)} FROM {entry.main.name}"
        " WHERE pk IN (SELECT value FROM json_each(?))",
        (json_array(list(pks)),),
    )
    places = [(pk, place([_parsed(value, is_json) for value, (_, is_json) in zip(values, columns, strict=True)]))
              for pk, *values in rows]  # fmt: skip
    await db.executemany(
        f"UPDATE {entry.main.name} SET place = ?, place_check = ? WHERE pk = ?",
        [(text, place_check(text), pk) for pk, text in places],
    )


def _plain_column(entry: EntryLayout, each: Field) -> tuple[str, bool]:
    """Return the column with a field's value, and whether it holds JSON."""
    for role in (Role.COUNT, Role.VALUE, Role.KEY):
        if column := entry.main.find(each.name, role):
            return column.name, column.storage.value == "JSON"
    raise KeyError(each.name)


def _parsed(value: Any, is_json: bool) -> Any:  # noqa: ANN401 - a value of SQL
    return orjson.loads(value) if is_json and value is not None else value
