"""The previous generation, attached to the one that is built: what was published before, and whether it has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.loading.rows import ArticleRows, carried_digest
from graphql_api.loading.statements import json_array
from graphql_api.store.tables import ANSWER, HEADING, QUESTION, REFERENCE, SEO

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import aiosqlite

    from graphql_api.loading.rows import Row
    from graphql_api.store.tables import Table

_KEYS = {"pk", "subject_pk", "question_pk"}
_RESOLVED = {"target_pk", "status", "repeated"}
_OF_PATHS = "path IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Difference:
    """How many articles a load adds, changes and removes, of how many there were `before`."""

    added: int
    changed: int
    removed: int
    before: int


class Previous:
    """The generation `path`, made by the code whose fingerprint is `code`; without a path, an empty one."""

    def __init__(self, path: Path | None, code: str) -> None:
        """Remember where it is."""
        self._path = path
        self._code = code

    async def attach(self, db: aiosqlite.Connection) -> None:
        """Attach it to `db`, which must not be in a transaction."""
        self._db = db
        if self._path:
            await db.execute("ATTACH ? AS previous", (f"{self._path.absolute().as_uri()}?mode=ro&immutable=1",))

    async def urls(self, paths: Collection[str]) -> dict[str, str]:
        """Return the url of each seed of `paths` that was published, by path."""
        if not self._path or not paths:
            return {}
        rows = await self._db.execute_fetchall(
            f"SELECT path, url FROM previous.question WHERE {_OF_PATHS}", (json_array(paths),)
        )
        return {str(path): str(url) for path, url in rows}

    async def articles(self, paths: Collection[str], code: str) -> list[ArticleRows]:
        """Return the rows that the seeds `paths` were published with, to be carried over into what `code` makes."""
        if not self._path or not paths:
            return []
        keys = await self._db.execute_fetchall(
            "SELECT q.pk, q.path, q.url, q.article_id, s.slug"
            " FROM previous.question AS q JOIN previous.subject AS s ON s.pk = q.subject_pk"
            f" WHERE q.{_OF_PATHS} ORDER BY q.path",
            (json_array(paths),),
        )
        named = [
            (pk, ArticleRows(path, url, article_id, slug, question=(), seo=(), answer=(), headings=[], references=[]))
            for pk, path, url, article_id, slug in keys
        ]
        return [await self._article(pk, code, rows) for pk, rows in named]

    async def loaded_at(self, version: str) -> str | None:
        """Return when this content was loaded, if it is that of `version`."""
        if not self._path:
            return None
        rows = await self._db.execute_fetchall("SELECT loaded_at FROM previous.content WHERE version = ?", (version,))
        return next((str(row[0]) for row in rows), None)

    async def difference(self, first_pk: int, end_pk: int) -> Difference:
        """Return what differs from it in the generation that was built.

        Keys from `first_pk` are of this load; those from `end_pk` were carried over, so they have not changed.
        """
        if not self._path:
            return Difference(await self._count("SELECT count(*) FROM main.question"), 0, 0, 0)
        before = await self._count("SELECT count(*) FROM previous.question")
        after = await self._count("SELECT count(*) FROM main.question")
        added = await self._count(
            "SELECT count(*) FROM main.question AS q WHERE q.pk >= ?"
            " AND NOT EXISTS (SELECT 1 FROM previous.question AS p WHERE p.url = q.url)",
            first_pk,
        )
        changed = await self._count(
            "SELECT count(*) FROM main.question AS q JOIN previous.question AS p ON p.url = q.url"
            " WHERE q.pk >= ? AND q.pk < ? AND q.digest <> p.digest",
            first_pk,
            end_pk,
        )
        return Difference(added, changed, before + added - after, before)

    async def _article(self, pk: int, code: str, named: ArticleRows) -> ArticleRows:
        """Return `named` with its rows."""
        (question,) = await self._rows(QUESTION, "pk", pk)
        (seo,) = await self._rows(SEO, "pk", pk)
        (answer,) = await self._rows(ANSWER, "pk", pk)
        if code != self._code:
            question = (*question[:-1], carried_digest(question[-1], self._code))
        headings = await self._rows(HEADING, "question_pk", pk)
        references = await self._rows(REFERENCE, "question_pk", pk)
        return named._replace(question=question, seo=seo, answer=answer, headings=headings, references=references)

    async def _rows(self, table: Table, key: str, pk: int) -> list[Row]:
        """Return the rows of one article without the columns that are decided anew."""
        names = [name for name in table.column_names if name not in _KEYS | _RESOLVED]
        rows = await self._db.execute_fetchall(
            f"SELECT {', '.join(names)} FROM previous.{table.name} WHERE {key} = ?", (pk,)
        )
        return [tuple(row) for row in rows]

    async def _count(self, sql: str, *values: int) -> int:
        ((count,),) = await self._db.execute_fetchall(sql, values)
        return int(count)
