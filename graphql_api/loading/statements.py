"""Statements that the writers of several tables share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import aiosqlite

    from graphql_api.store.tables import Table


def insert_into(table: Table, columns: Sequence[str] = (), conflict: str = "") -> str:
    """Return the statement that inserts one row of `columns` (all, if none are named) into `table`."""
    names = columns or table.column_names
    marks = ", ".join("?" * len(names))
    return f"INSERT {conflict} INTO {table.name} ({', '.join(names)}) VALUES ({marks})"


def json_array(values: Collection[Any]) -> str:
    """Return values as one bound value for `json_each`, so that one statement serves any number of them."""
    return orjson.dumps(list(values)).decode()


def key_text(columns: Sequence[str]) -> str:
    """Return the SQL for the text of a key: the value's own, or JSON of several; NULL where one is missing."""
    if len(columns) == 1:
        return columns[0]
    missing = " OR ".join(f"{each} IS NULL" for each in columns)
    return f"CASE WHEN {missing} THEN NULL ELSE json_array({', '.join(columns)}) END"


async def delete_by_path(db: aiosqlite.Connection, table: Table, paths: Collection[str]) -> None:
    """Delete the rows of `paths`."""
    if paths:
        await db.execute(
            f"DELETE FROM {table.name} WHERE path IN (SELECT value FROM json_each(?))", (json_array(paths),)
        )
