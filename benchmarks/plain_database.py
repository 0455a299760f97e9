"""The same content as ordinary tables, for the servers to compare with: one row an article, a subject, a reference."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.app import open_store
from graphql_api.engine.executor import Executor
from graphql_api.engine.requests import Request
from graphql_api.settings import Settings

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
_PAGE = """
query Page($after: String) {
  questions(first: 100, after: $after) {
    nodes {
      url title date
      answer { markdown }
      subject { slug title }
      relatedArticles { title url question { url } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_INDEXES = """
CREATE INDEX article_in_subject ON article (subject_slug, date DESC, url);
CREATE INDEX related_of_article ON related (article_url, position);
ANALYZE;
"""


def make_plain_database(store: Path, path: Path) -> None:
    """Write what `store`, the folder of a store with the built-in model, answers to a new database at `path`."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(_TABLES)
        asyncio.run(_copy(store, db))
        db.executescript(_INDEXES)
        db.commit()


async def _copy(store: Path, db: sqlite3.Connection) -> None:
    async with open_store(Settings(store=store)) as opened:
        engine = Executor(opened)
        after, has_next = None, True
        while has_next:
            response = await engine.execute(Request(_PAGE, None, {"after": after}, read_only=True))
            page = orjson.loads(response.body)["data"]["questions"]
            for question in page["nodes"]:
                _insert(db, question)
            after, has_next = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]


def _insert(db: sqlite3.Connection, question: dict[str, Any]) -> None:
    subject, url = question["subject"], question["url"]
    db.execute("INSERT OR IGNORE INTO subject VALUES (?, ?)", (subject["slug"], subject["title"]))
    article = (url, question["title"], question["date"], question["answer"]["markdown"], subject["slug"])
    db.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", article)
    db.executemany(
        "INSERT INTO related VALUES (NULL, ?, ?, ?, ?, ?)",
        [
            (url, position, each["title"], each["url"], each["question"] and each["question"]["url"])
            for position, each in enumerate(question["relatedArticles"], 1)
        ],
    )
