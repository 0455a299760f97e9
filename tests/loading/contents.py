"""Contents: all that a generation says, in no terms of its own keys, so that two generations can be compared."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from graphql_api.store.driver import sqlite3
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.tables import Role
from tests.loading.views import create_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Table

_OF_ONE_FILE = {Role.PK, Role.OWNER, Role.UPDATED_AT}
Said = dict[str, Any]


@contextlib.contextmanager
def opened(store: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to the current generation of `store`."""
    path = generation_path(store, read_pointer(store))
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        yield db
    finally:
        db.close()


def query(store: Path, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a statement on the current generation of `store`, which may ask the views."""
    with opened(store) as db:
        create_views(db)
        return [tuple(row) for row in db.execute(sql, values)]


def everything(store: Path) -> dict[str, Said]:
    """Return all that the current generation says of each entry, by type and key; moments aside."""
    with opened(store) as db:
        layout = create_views(db)
        names = _names(db, layout)
        content = db.execute("SELECT * FROM told").fetchall()[0]
        said: dict[str, Said] = {}
        for name, entry in layout.entries.items():
            for pk, node_id in names[name].items():
                said[f"{name} {node_id}"] = {"content": (content[0], *content[2:]), **_entry(db, entry, pk, names)}
        return said


def words(store: Path) -> list[tuple[str, str, str, int]]:
    """Return each word of each full-text index: the word, the entry, the column and the place in it."""
    with opened(store) as db:
        layout = create_views(db)
        found = []
        for name, entry in layout.entries.items():
            if entry.searched:
                table = f"words_{entry.number}"
                db.execute(
                    f"CREATE VIRTUAL TABLE temp.{table} USING fts5vocab('main', '{entry.search_table}', 'instance')"
                )
                found += db.execute(
                    f"SELECT term, node_id, col, offset FROM {table} JOIN {entry.main.name} ON pk = doc"
                ).fetchall()
                assert name
        return sorted(tuple(row) for row in found)


def manifest(store: Path) -> list[tuple[Any, ...]]:
    """Return what the current generation knows of its files and of what is wrong with them."""
    seeds = query(store, "SELECT path, size_bytes, mtime_ns, inode, hex(sha256), hidden FROM seed ORDER BY path")
    return [*seeds, *query(store, "SELECT path, severity, code, line, message FROM problem ORDER BY path, position")]


def _names(db: sqlite3.Connection, layout: Layout) -> dict[str, dict[int, str]]:
    return {
        name: dict(db.execute(f"SELECT pk, node_id FROM {entry.main.name}").fetchall())
        for name, entry in layout.entries.items()
    }


def _entry(db: sqlite3.Connection, entry: EntryLayout, pk: int, names: dict[str, dict[int, str]]) -> Said:
    targets = {(site.table, site.column_field): site.target_type for site in entry.sites}
    said: Said = {}
    for table in (entry.main, entry.details):
        for row in _rows(db, table, "pk", pk, targets, names):
            said |= row
    for table in (*entry.lists.values(), *entry.values.values(), *entry.nested.values()):
        said[table.name] = list(_rows(db, table, "owner_pk", pk, targets, names))
    return said


def _rows(  # noqa: PLR0917 - what rows are found by
    db: sqlite3.Connection,
    table: Table,
    key: str,
    pk: int,
    targets: dict[tuple[str, str], str],
    names: dict[str, dict[int, str]],
) -> Iterator[Said]:
    order = ", ".join(table.primary_key)
    for row in db.execute(
        f"SELECT {', '.join(table.column_names)} FROM {table.name} WHERE {key} = ? ORDER BY {order}", (pk,)
    ):
        said: Said = {}
        for column, value in zip(table.columns, row, strict=True):
            if column.role is Role.DIGEST:
                said["digest"] = value
            elif column.role is Role.TARGET:
                said[column.name] = value and names[targets[table.name, column.field]][value]
            elif column.role not in _OF_ONE_FILE:
                said[column.name] = value
        yield said
