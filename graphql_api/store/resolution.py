"""Resolve references: where each one leads, decided in SQL over all articles at once.

In this order: the article with exactly the reference's url; the article with the smallest url among those that have
its article id and its title (case and punctuation aside); nothing. One that leads to its own article is SELF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aiosqlite

WRITTEN_COLUMNS = (
    *("question_pk", "position", "article_id", "title", "subject", "url", "title_key"),
    *("status", "repeated"),
)

_SCOPE = "CREATE TEMP TABLE scope (question_pk INTEGER PRIMARY KEY)"
_EVERYTHING = "INSERT INTO scope SELECT DISTINCT question_pk FROM reference"
# References of other articles change too when an article that they name comes, goes or changes its title.
_AROUND = """
INSERT OR IGNORE INTO scope
SELECT question_pk FROM reference WHERE url = ?1
UNION SELECT question_pk FROM reference WHERE article_id = ?2
UNION SELECT r.question_pk FROM question AS q JOIN reference AS r ON r.question_pk = q.pk WHERE q.url = ?1
"""
_TARGETS = """
CREATE TEMP TABLE target AS
SELECT
    r.question_pk,
    r.position,
    r.url,
    (SELECT q.pk FROM question AS q WHERE q.url = r.url) AS by_url,
    (
        SELECT q.pk
        FROM question AS q INDEXED BY question_article_id
        WHERE q.article_id = r.article_id AND q.title_key = r.title_key
        ORDER BY q.url
        LIMIT 1
    ) AS by_id
FROM scope AS s
CROSS JOIN reference AS r ON r.question_pk = s.question_pk
"""
# Repeated: an earlier reference of the same article leads to the same article or, leading nowhere, has the same url.
_DECIDE = """
UPDATE reference
SET (target_pk, status, repeated) = (
    SELECT
        nullif(coalesce(t.by_url, t.by_id), t.question_pk),
        CASE
            WHEN coalesce(t.by_url, t.by_id) = t.question_pk THEN 'SELF'
            WHEN t.by_url IS NOT NULL THEN 'RESOLVED'
            WHEN t.by_id IS NOT NULL THEN 'RESOLVED_BY_ID'
            ELSE 'DANGLING'
        END,
        EXISTS (
            SELECT 1
            FROM target AS earlier
            WHERE earlier.question_pk = t.question_pk
            AND earlier.position < t.position
            AND coalesce(earlier.by_url, earlier.by_id, earlier.url) = coalesce(t.by_url, t.by_id, t.url)
        )
    FROM target AS t
    WHERE t.question_pk = reference.question_pk AND t.position = reference.position
)
WHERE question_pk IN (SELECT question_pk FROM scope)
"""


async def resolve(db: aiosqlite.Connection, affected: Iterable[tuple[str, int]] | None) -> None:
    """Decide target, status and repetition of references: all, or those around `affected` (url, article id) pairs."""
    await db.execute(_SCOPE)
    if affected is None:
        await db.execute(_EVERYTHING)
    else:
        await db.executemany(_AROUND, list(affected))
    await db.execute(_TARGETS)
    await db.execute("CREATE INDEX temp.target_place ON target (question_pk, position)")
    await db.execute(_DECIDE)
    await db.execute("DROP TABLE scope")
    await db.execute("DROP TABLE target")
