"""Resolve references: where each one leads, decided in SQL over all articles at once.

In this order: the article with exactly the reference's url; the article with the smallest url among those that have
its article id and its title (case and punctuation aside); nothing. One that leads to its own article is SELF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.loading.titles import title_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aiosqlite

WRITTEN_COLUMNS = (
    *("question_pk", "position", "article_id", "title", "subject", "url"),
    *("status", "repeated"),
)

_SCOPE = "CREATE TEMP TABLE scope (question_pk INTEGER PRIMARY KEY)"
# References of other articles change too when an article that they name comes, goes or changes its title.
_AROUND = """
INSERT OR IGNORE INTO scope
SELECT question_pk FROM reference WHERE url = ?1
UNION SELECT question_pk FROM reference WHERE article_id = ?2
UNION SELECT r.question_pk FROM question AS q JOIN reference AS r ON r.question_pk = q.pk WHERE q.url = ?1
"""
_IN_SCOPE = "question_pk IN (SELECT question_pk FROM scope)"
_STEPS = (
    """
    UPDATE reference
    SET target_pk = (SELECT pk FROM question WHERE url = reference.url), status = 'RESOLVED'
    WHERE {scope}
    """,
    """
    UPDATE reference
    SET status = 'RESOLVED_BY_ID', target_pk = (
        SELECT pk
        FROM question INDEXED BY question_article_id
        WHERE article_id = reference.article_id AND title_key(title) = title_key(reference.title)
        ORDER BY url
        LIMIT 1
    )
    WHERE target_pk IS NULL AND {scope}
    """,
    "UPDATE reference SET status = 'DANGLING' WHERE target_pk IS NULL AND {scope}",
    # Repeated: an earlier reference of the article leads to the same article or, leading nowhere, has the same url.
    """
    UPDATE reference
    SET repeated = EXISTS (
        SELECT 1
        FROM reference AS earlier
        WHERE earlier.question_pk = reference.question_pk
        AND earlier.position < reference.position
        AND coalesce(earlier.target_pk, earlier.url) = coalesce(reference.target_pk, reference.url)
    )
    WHERE {scope}
    """,
    "UPDATE reference SET status = 'SELF', target_pk = NULL WHERE target_pk = question_pk AND {scope}",
)


async def resolve(db: aiosqlite.Connection, affected: Iterable[tuple[str, int]] | None) -> None:
    """Decide target, status and repetition of references: all, or those around `affected` (url, article id) pairs."""
    if affected is not None:
        await db.execute(_SCOPE)
        await db.executemany(_AROUND, list(affected))
    await db.create_function("title_key", 1, title_key, deterministic=True)
    for step in _STEPS:
        await db.execute(step.format(scope="1" if affected is None else _IN_SCOPE))
    if affected is not None:
        await db.execute("DROP TABLE scope")
