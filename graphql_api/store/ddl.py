"""The layout of a generation: its SQL definitions, and the fingerprint by which a reader knows its own tables."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from graphql_api.kinds.kind import Storage

if TYPE_CHECKING:
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Column, Index, Table

_SQLITE_TYPES = {
    Storage.INTEGER: "INTEGER",
    Storage.BOOLEAN: "INTEGER",
    Storage.REAL: "REAL",
    Storage.BYTES: "BLOB",
    Storage.SORTED: "",
}


def create_table(table: Table) -> str:
    """Return the statement that creates `table`, without its indexes."""
    rowid = table.primary_key == ("pk",)
    lines = [f"    {_column(column, rowid=rowid)}" for column in table.columns]
    if not rowid:
        lines.append(f"    PRIMARY KEY ({', '.join(table.primary_key)})")
    lines += [f"    FOREIGN KEY ({column}) REFERENCES {other} (pk)" for column, other in table.foreign_keys.items()]
    return f"CREATE TABLE {table.name} (\n" + ",\n".join(lines) + "\n)" + ("" if rowid else " WITHOUT ROWID")


def create_index(table: Table, index: Index) -> str:
    """Return the statement that creates `index`."""
    unique = "UNIQUE " if index.unique else ""
    where = f" WHERE {index.where}" if index.where else ""
    return f"CREATE {unique}INDEX {index.name} ON {table.name} ({', '.join(index.columns)}){where}"


def create_tables(layout: Layout) -> list[str]:
    """Return what an empty generation begins with: the tables, and the indexes that a load itself needs."""
    tables = layout.tables.values()
    early = [create_index(table, index) for table in tables for index in table.indexes if index.is_early]
    searches = [statement for entry in layout.entries.values() if entry.searched for statement in create_search(entry)]
    return [*map(create_table, tables), *early, *searches]


def create_other_indexes(layout: Layout) -> list[str]:
    """Return the indexes that are cheaper to make once the tables are full."""
    tables = layout.tables.values()
    return [create_index(table, index) for table in tables for index in table.indexes if not index.is_early]


def create_search(entry: EntryLayout) -> list[str]:
    """Return the tables of a type's full-text index, and the view of the texts where they are.

    `graphql_api.search.blocks` says what a block and its postings hold. `word` has every word as it is written, with
    the number of its stem and how often it occurs.
    """
    names = ", ".join(f"t{at}" for at, _ in enumerate(entry.searched))
    texts = ", ".join(f"{each.table}.{each.column}" for each in entry.searched)
    main, details, search = entry.main.name, entry.details.name, entry.search_table
    view = (
        f"CREATE VIEW {search}_source (pk, {names}) AS\n"
        f"SELECT {main}.pk, {texts}\nFROM {main}\nJOIN {details} ON {details}.pk = {main}.pk"
    )
    tables = {
        "block": "block INTEGER PRIMARY KEY, pks BLOB NOT NULL, lengths BLOB NOT NULL",
        "stem": "number INTEGER PRIMARY KEY, stem TEXT NOT NULL UNIQUE",
        "posting": "id INTEGER PRIMARY KEY, entries BLOB NOT NULL, places BLOB NOT NULL",
        "word": "word TEXT PRIMARY KEY, stem INTEGER NOT NULL, count INTEGER NOT NULL",
    }
    rowids = {"word": " WITHOUT ROWID"}
    return [view, *(f"CREATE TABLE {search}_{name} ({what}){rowids.get(name, '')}" for name, what in tables.items())]


def tables_fingerprint(layout: Layout) -> str:
    """Return 16 hex digits that change with the model and with the tables that this program makes of it."""
    statements = [layout.model.text, *create_tables(layout), *create_other_indexes(layout)]
    return _fingerprint([statement.encode() for statement in statements])


def tables_fingerprint_of(model_text: str) -> str:
    """Return the fingerprint of the tables of a model's text. Raises ModelError."""
    from graphql_api.model.language import read_model  # noqa: PLC0415 - readers alone need it
    from graphql_api.store.layout import layout_of  # noqa: PLC0415 - as above

    return tables_fingerprint(layout_of(read_model(model_text)))


def _fingerprint(parts: list[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:16]


def _column(column: Column, *, rowid: bool) -> str:
    if rowid and column.name == "pk":
        return "pk INTEGER PRIMARY KEY"
    null = "" if column.nullable else " NOT NULL"
    return f"{column.name} {_SQLITE_TYPES.get(column.storage, 'TEXT')}{null}"
