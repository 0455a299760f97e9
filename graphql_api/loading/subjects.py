"""Subjects while a generation is built: a key for each slug, and the title and count once the articles are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.loading.rows import node_id
from graphql_api.loading.statements import insert_into
from graphql_api.store.places import place
from graphql_api.store.tables import SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import aiosqlite

_NOT_YET_KNOWN = {"title": "", "question_count": 0, "question_count_desc": 0, "place": ""}
# The most frequent spelling; of equally frequent ones the first by code point.
_SUMMARY = """
SELECT subject_title, sum(count(*)) OVER ()
FROM question
WHERE subject_pk = ?
GROUP BY subject_title
ORDER BY count(*) DESC, subject_title
LIMIT 1
"""


class SubjectBook:
    """Knows the key of every subject and which subjects have changed."""

    def __init__(self, pk_by_slug: dict[str, int]) -> None:
        """Start from the subjects that are in the store."""
        self._pk_by_slug = pk_by_slug
        self._changed: set[int] = set()

    @classmethod
    async def read(cls, db: aiosqlite.Connection) -> SubjectBook:
        """Return the book of the generation that `db` writes."""
        return cls({str(slug): int(pk) for slug, pk in await db.execute_fetchall("SELECT slug, pk FROM subject")})

    async def pks(self, db: aiosqlite.Connection, slugs: Sequence[str]) -> list[int]:
        """Return the key of each slug, in order; insert subjects that are new."""
        for slug in slugs:
            if slug not in self._pk_by_slug:
                pk = 1 + max(self._pk_by_slug.values(), default=0)
                self._pk_by_slug[slug] = pk
                await db.execute(
                    insert_into(SUBJECT, ("pk", "slug", "slug_folded", "node_id", *_NOT_YET_KNOWN)),
                    (pk, slug, slug.casefold(), node_id("Subject", slug), *_NOT_YET_KNOWN.values()),
                )
        pks = [self._pk_by_slug[slug] for slug in slugs]
        self._changed.update(pks)
        return pks

    def touch(self, pks: Iterable[int]) -> None:
        """Say that articles of the subjects `pks` have gone."""
        self._changed.update(pks)

    async def update(self, db: aiosqlite.Connection) -> None:
        """Give every changed subject its title and count; remove those without articles."""
        slug_by_pk = {pk: slug for slug, pk in self._pk_by_slug.items()}
        for pk in sorted(self._changed):
            rows = list(await db.execute_fetchall(_SUMMARY, (pk,)))
            if not rows:
                await db.execute("DELETE FROM subject WHERE pk = ?", (pk,))
                continue
            title, count = rows[0]
            await db.execute(
                "UPDATE subject SET title = ?, question_count = ?, question_count_desc = ?, place = ? WHERE pk = ?",
                (title, count, -count, place([slug_by_pk[pk], title, count]), pk),
            )
