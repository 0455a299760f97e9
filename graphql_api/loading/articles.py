"""The tables of articles while a generation is built: rows in, rows out, and the full-text index with them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.loading.resolution import WRITTEN_COLUMNS
from graphql_api.loading.statements import insert_into, json_array
from graphql_api.loading.subjects import SubjectBook
from graphql_api.store.layout import SEARCH_COLUMNS, create_other_indexes
from graphql_api.store.tables import ANSWER, HEADING, QUESTION, REFERENCE, SEO

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Self

    import aiosqlite

    from graphql_api.loading.rows import ArticleRows

# Each addition writes a segment of the full-text index: few large ones take less time than many small ones.
_INDEXED_AT_ONCE = 3_000
_HASH_BYTES = 64 << 20
_ORDINARY_HASH_BYTES = 1 << 20
_CONFIGURE_SEARCH = "INSERT INTO search (search, rank) VALUES (?, ?)"
_NOT_RESOLVED = ("DANGLING", 0)
_INDEX = f"""
INSERT INTO search (rowid, {", ".join(SEARCH_COLUMNS)})
SELECT pk, {", ".join(SEARCH_COLUMNS)} FROM search_source WHERE pk >= ?
"""
# An external content table must be told the text that it is to forget.
_UNINDEX = f"""
INSERT INTO search (search, rowid, {", ".join(SEARCH_COLUMNS)})
SELECT 'delete', pk, {", ".join(SEARCH_COLUMNS)} FROM search_source WHERE pk = ?
"""
_DELETE = (
    "DELETE FROM reference WHERE question_pk = ?",
    "DELETE FROM heading WHERE question_pk = ?",
    "DELETE FROM answer WHERE pk = ?",
    "DELETE FROM seo WHERE pk = ?",
    "DELETE FROM question WHERE pk = ?",
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a url: the path of its seed, and whether this load has put it there."""

    path: str
    is_new: bool


class ArticleTables:
    """Writes the articles of the generation that `db` builds.

    `first_pk` is the first key that this load gives, `next_pk` the one that it gives next. `affected` holds (url,
    article id) of every article that came or went: its references and its referrers are to be resolved again.
    """

    def __init__(self, db: aiosqlite.Connection, subjects: SubjectBook, first_pk: int, *, fresh: bool) -> None:
        """Keep the connection; its transaction is another's."""
        self._db = db
        self._fresh = fresh
        self._subjects = subjects
        self.next_pk = first_pk
        self.first_pk = first_pk
        self._unindexed_pk = first_pk
        self.affected: set[tuple[str, int]] = set()

    @classmethod
    async def open(cls, db: aiosqlite.Connection, *, fresh: bool) -> Self:
        """Return the tables that `db` holds; `fresh` says that they are empty, and to be indexed once they are full."""
        if fresh:
            await db.execute(_CONFIGURE_SEARCH, ("hashsize", _HASH_BYTES))
        ((last_pk,),) = await db.execute_fetchall("SELECT coalesce(max(pk), 0) FROM question")
        return cls(db, await SubjectBook.read(db), last_pk + 1, fresh=fresh)

    async def owners(self, urls: Collection[str]) -> dict[str, Owner]:
        """Return who has each of `urls`; those that nobody has are left out."""
        rows = await self._db.execute_fetchall(
            "SELECT url, path, pk FROM question WHERE url IN (SELECT value FROM json_each(?))", (json_array(urls),)
        )
        return {url: Owner(path, pk >= self.first_pk) for url, path, pk in rows}

    async def missing(self, paths: Collection[str]) -> list[str]:
        """Return those of `paths` that have no article, sorted."""
        rows = await self._db.execute_fetchall(
            "SELECT path FROM question WHERE path IN (SELECT value FROM json_each(?))", (json_array(paths),)
        )
        return sorted(set(paths).difference(path for (path,) in rows))

    async def replace(self, articles: Sequence[ArticleRows]) -> None:
        """Write articles in place of those that the same paths have; their urls must be free."""
        if not self._fresh:
            await self.delete([article.path for article in articles])
        await self.insert(articles)

    async def insert(self, articles: Sequence[ArticleRows]) -> None:
        """Write articles; one `executemany` a table, because every call to the driver costs a thread hop."""
        if not articles:
            return
        first = self.next_pk
        self.next_pk += len(articles)
        subject_pks = await self._subjects.pks(self._db, [article.subject_slug for article in articles])
        keyed = list(zip(itertools.count(first), subject_pks, articles, strict=False))
        write = self._db.executemany
        await write(insert_into(QUESTION), [(pk, subject_pk, *article.question) for pk, subject_pk, article in keyed])
        await write(insert_into(SEO), [(pk, *article.seo) for pk, _, article in keyed])
        await write(insert_into(ANSWER), [(pk, *article.answer) for pk, _, article in keyed])
        await write(insert_into(HEADING), [(pk, *row) for pk, _, article in keyed for row in article.headings])
        await write(
            insert_into(REFERENCE, WRITTEN_COLUMNS),
            [(pk, *row, *_NOT_RESOLVED) for pk, _, article in keyed for row in article.references],
        )
        if not self._fresh or self.next_pk - self._unindexed_pk >= _INDEXED_AT_ONCE:
            await self._index()
        if not self._fresh:
            self.affected.update((article.url, article.article_id) for article in articles)

    async def delete(self, paths: Collection[str]) -> None:
        """Delete the articles of `paths` from every table; a path may have none."""
        rows = await self._db.execute_fetchall(
            "SELECT pk, url, article_id, subject_pk FROM question WHERE path IN (SELECT value FROM json_each(?))",
            (json_array(paths),),
        )
        doomed = list(rows)
        if not doomed:
            return
        self.affected.update((url, article_id) for _, url, article_id, _ in doomed)
        self._subjects.touch(subject_pk for *_, subject_pk in doomed)
        await self._db.executemany(_UNINDEX, [(pk,) for pk, *_ in doomed if pk < self._unindexed_pk])
        for statement in _DELETE:
            await self._db.executemany(statement, [(pk,) for pk, *_ in doomed])

    async def _index(self) -> None:
        """Add to the full-text index what is not in it yet."""
        await self._db.execute(_INDEX, (self._unindexed_pk,))
        self._unindexed_pk = self.next_pk

    async def complete(self) -> None:
        """Make what follows from the articles: the subjects' titles and counts and, if they were empty, the indexes."""
        await self._index()
        if self._fresh:
            await self._db.execute(_CONFIGURE_SEARCH, ("hashsize", _ORDINARY_HASH_BYTES))
            for statement in create_other_indexes():
                await self._db.execute(statement)
        await self._subjects.update(self._db)
