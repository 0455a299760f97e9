"""The same content as ordinary tables, for the servers to compare with: one row an article, a subject, a reference."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = """
CREATE TABLE subject (
    slug TEXT PRIMARY KEY,
    title TEXT NOT NULL
);
CREATE TABLE article (
    url TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    date TEXT NOT NULL,
    answer TEXT NOT NULL,
    subject_slug TEXT NOT NULL REFERENCES subject (slug)
);
CREATE TABLE related (
    id INTEGER PRIMARY KEY,
    article_url TEXT NOT NULL REFERENCES article (url),
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    target_url TEXT REFERENCES article (url)
);
"""
_COPY = {
    "subject": "SELECT slug, title FROM subject",
    "article": "SELECT q.url, q.title, q.date, plain(a.markdown), s.slug"
    " FROM question AS q JOIN answer AS a ON a.pk = q.pk JOIN subject AS s ON s.pk = q.subject_pk",
    "related": "SELECT NULL, q.url, r.position, r.title, r.url, t.url FROM reference AS r"
    " JOIN question AS q ON q.pk = r.question_pk LEFT JOIN question AS t ON t.pk = r.target_pk"
    " WHERE NOT r.repeated ORDER BY q.url, r.position",
}
_INDEXES = """
CREATE INDEX article_in_subject ON article (subject_slug, date DESC, url);
CREATE INDEX related_of_article ON related (article_url, position);
ANALYZE;
"""


def make_plain_database(generation: Path, path: Path) -> None:
    """Write the content of `generation`, a file of the store, to a new database at `path`."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(_TABLES)
        with contextlib.closing(sqlite3.connect(generation)) as source:
            source.create_function("plain", 1, json.loads, deterministic=True)
            for table, query in _COPY.items():
                rows = source.execute(query)
                marks = ", ".join("?" * len(rows.description))
                db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        db.executescript(_INDEXES)
        db.commit()
