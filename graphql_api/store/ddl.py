"""The layout of a generation: its SQL definitions, and the fingerprint by which a reader knows its own."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from graphql_api.store.tables import TABLES, Column, Index, Kind, Table

_SQLITE_TYPES = {Kind.INTEGER: "INTEGER", Kind.BOOLEAN: "INTEGER", Kind.REAL: "REAL", Kind.BYTES: "BLOB"}

# Full-text search reads the texts where they are (an external content table), so nothing is stored twice.
SEARCH_COLUMNS = ("title", "question", "text", "subject", "keywords")
SEARCH_SOURCE = """
CREATE VIEW search_source (pk, title, question, text, subject, keywords) AS
SELECT q.pk, q.title, q.question, a.text, q.subject_title, o.keywords_text
FROM question AS q
JOIN seo AS o ON o.pk = q.pk
JOIN answer AS a ON a.pk = q.pk
""".strip()
SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
    title, question, text, subject, keywords,
    content = 'search_source', content_rowid = 'pk', tokenize = 'porter unicode61 remove_diacritics 2'
)
""".strip()


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


def create_tables() -> list[str]:
    """Return what an empty generation begins with: the tables, and the indexes that a load itself needs."""
    unique = [create_index(table, index) for table in TABLES.values() for index in table.indexes if index.unique]
    return [*map(create_table, TABLES.values()), *unique, SEARCH_SOURCE, SEARCH]


def create_other_indexes() -> list[str]:
    """Return the indexes that are cheaper to make once the tables are full."""
    return [create_index(table, index) for table in TABLES.values() for index in table.indexes if not index.unique]


@cache
def tables_fingerprint() -> str:
    """Return 16 hex digits that change with the tables: whoever reads a generation must know them."""
    return _fingerprint([statement.encode() for statement in (*create_tables(), *create_other_indexes())])


@cache
def code_fingerprint() -> str:
    """Return 16 hex digits that change with the code that reads, renders and stores articles.

    A generation that other code has made is never updated; it is built anew.
    """
    package = Path(__file__).parent.parent
    folders = ("loading", "reading", "rendering", "search")
    sources = [*(each for folder in folders for each in package.glob(f"{folder}/*.py")), package / "records.py"]
    return _fingerprint([source.read_bytes() for source in sorted(sources)])


def _fingerprint(parts: list[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:16]


def _column(column: Column, *, rowid: bool) -> str:
    if rowid and column.name == "pk":
        return "pk INTEGER PRIMARY KEY"
    null = "" if column.nullable else " NOT NULL"
    return f"{column.name} {_SQLITE_TYPES.get(column.kind, 'TEXT')}{null}"
