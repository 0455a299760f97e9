"""Build the next generation: rows in, references resolved, counts and version out. One connection, one transaction.

The file is private until it is published, so it needs no journal: whatever goes wrong, it is thrown away whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiosqlite
import orjson

from graphql_api.errors import StoreError
from graphql_api.records import Problem, Severity
from graphql_api.store import layout, resolution
from graphql_api.store.rows import ArticleRows, SeedRows
from graphql_api.store.subjects import SubjectBook
from graphql_api.store.tables import ANSWER, HEADING, PROBLEM, QUESTION, REFERENCE, SEED, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

DUPLICATE_URL = "DUPLICATE_URL"
_SETTINGS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = OFF",  # checked once, at the end
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The urls of the articles that a load adds, changes and removes."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class Building:
    """The next generation while it is being written. Use it as an async context manager.

    `fresh` says that the file is empty; otherwise it is a copy of the current generation.
    """

    def __init__(self, path: Path, *, fresh: bool, before: Mapping[str, bytes]) -> None:
        """Prepare to write `path`; `before` holds the digest of each earlier article that is not in the file."""
        self._path = path
        self._fresh = fresh
        self._pending: set[str] = set()
        self._deferred: list[SeedRows] = []
        self._added_in_this_load: set[str] = set()
        self._affected: set[tuple[str, int]] = set()
        self._replaced: set[str] = set()
        self._before = dict(before)
        self._after: dict[str, bytes] = {}

    async def __aenter__(self) -> Self:
        """Open the file and begin the transaction."""
        self._db = await aiosqlite.connect(self._path, isolation_level=None, cached_statements=256)
        for setting in (*(("PRAGMA page_size = 8192",) if self._fresh else ()), *_SETTINGS):
            await self._db.execute_fetchall(setting)
        await self._db.execute_fetchall("BEGIN")
        if self._fresh:
            for statement in layout.create_tables():
                await self._db.execute(statement)
        self._subjects = await SubjectBook.read(self._db)
        self._next_pk = 1 + (await self._value("SELECT coalesce(max(pk), 0) FROM question"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        await self.close()

    async def close(self) -> None:
        """Close the file; it can be published then."""
        await self._db.close()

    async def expect(self, paths: Iterable[str]) -> None:
        """Say which seeds will be written or removed, so that one may take over the url of another."""
        self._pending.update(paths)

    async def remove(self, paths: Sequence[str]) -> None:
        """Remove the articles and all that is known of the seeds `paths`."""
        await self._delete_articles(paths)
        await self._delete_by_path("seed", paths)
        await self._delete_by_path("problem", paths)
        self._pending.difference_update(paths)

    async def write(self, seeds: Sequence[SeedRows]) -> None:
        """Write seeds: articles replace the earlier ones of the same path; a seed with an ERROR keeps its earlier one."""
        self._pending.difference_update(seed.path for seed in seeds)
        await self._write_manifest(seeds)
        await self._write_articles([seed for seed in seeds if seed.article is not None], may_defer=True)

    async def finish(self) -> str:
        """Complete the generation and commit it. Returns its version. Raises StoreError if a check fails."""
        deferred, self._deferred = self._deferred, []
        await self._write_articles(deferred, may_defer=False)
        await self._subjects.update(self._db)
        if self._fresh:
            for statement in layout.create_other_indexes():
                await self._db.execute(statement)
        await resolution.resolve(self._db, None if self._fresh else self._affected)
        version = await self._write_content()
        await self._check()
        await self._db.execute_fetchall("COMMIT")
        return version

    async def problems(self) -> list[Problem]:
        """Return every known problem of the seeds, by path."""
        return await read_problems(self._db)

    def difference(self) -> Difference:
        """Return which articles this load has added, changed and removed so far."""
        before, after = self._before, self._after
        return Difference(
            added=tuple(sorted(after.keys() - before.keys())),
            changed=tuple(sorted(url for url in after.keys() & before.keys() if after[url] != before[url])),
            removed=tuple(sorted(before.keys() - after.keys())),
        )

    async def question_count(self) -> int:
        """Return how many articles there are now."""
        return int(await self._value("SELECT count(*) FROM question"))

    async def _write_articles(self, seeds: Sequence[SeedRows], *, may_defer: bool) -> None:
        accepted = await self._without_duplicates(seeds, may_defer=may_defer)
        if not accepted:
            return
        if not self._fresh:
            await self._delete_articles([path for path, _ in accepted])
        await self._insert([article for _, article in accepted])
        self._added_in_this_load.update(path for path, _ in accepted)

    async def _without_duplicates(
        self, seeds: Sequence[SeedRows], *, may_defer: bool
    ) -> list[tuple[str, ArticleRows]]:
        """Return the articles whose url is theirs to take; the others are deferred, or named as problems."""
        wanted = {seed.path: seed.article for seed in seeds if seed.article is not None}
        owners = await self._owners([article.url for article in wanted.values()])
        claims: dict[str, list[str]] = {}
        for path, article in wanted.items():
            claims.setdefault(article.url, []).append(path)
        accepted = []
        for seed in seeds:
            article = wanted[seed.path]
            rivals = [path for path in claims[article.url] if path != seed.path]
            owner = owners.get(article.url)
            moving = owner in self._pending or owner in wanted and wanted[owner].url != article.url
            if owner is not None and owner != seed.path and not moving and owner not in rivals:
                rivals.append(owner)
            if rivals:
                await self._name_duplicates(article.url, [seed.path, *rivals])
            elif may_defer and owner is not None and owner != seed.path:
                self._deferred.append(seed)
            else:
                accepted.append((seed.path, article))
        return accepted

    async def _owners(self, urls: Sequence[str]) -> dict[str, str]:
        """Return the path of the article that has each url now, by url."""
        return dict(
            await self._db.execute_fetchall(
                "SELECT url, path FROM question WHERE url IN (SELECT value FROM json_each(?))", (_json(urls),)
            )
        )

    async def _name_duplicates(self, url: str, paths: Sequence[str]) -> None:
        """Record the problem with each of `paths`; take back those that only this load has added."""
        new = [path for path in paths if path in self._added_in_this_load and path not in self._replaced]
        await self._delete_articles(new)
        rows = []
        for path in paths:
            others = ", ".join(sorted(set(paths) - {path}))
            message = f"The url {url} also stands in {others}. Give each article a url of its own."
            rows.append((path, 1000, Severity.ERROR.value, DUPLICATE_URL, None, message))
        await self._db.executemany(_insert_into(PROBLEM, "OR REPLACE"), rows)

    async def _write_manifest(self, seeds: Sequence[SeedRows]) -> None:
        """Record each seed's stat and problems; a seed that could not be read is looked at again next time."""
        if not self._fresh:
            await self._delete_by_path("problem", [seed.path for seed in seeds])
        unread = -1
        await self._db.executemany(
            _insert_into(SEED, "OR REPLACE"),
            [
                (seed.path, unread if seed.sha256 is None else seed.size_bytes, seed.mtime_ns, seed.sha256)
                for seed in seeds
            ],
        )
        await self._db.executemany(
            _insert_into(PROBLEM),
            [
                (seed.path, at, problem.severity.value, problem.code, problem.line, problem.message)
                for seed in seeds
                for at, problem in enumerate(seed.problems)
            ],
        )

    async def _insert(self, articles: Sequence[ArticleRows]) -> None:
        """Insert rows table by table; one `executemany` each, because every call to the driver costs a thread hop."""
        first = self._next_pk
        self._next_pk += len(articles)
        subject_pks = await self._subjects.pks(self._db, [article.subject_slug for article in articles])
        keyed = list(zip(itertools.count(first), subject_pks, articles, strict=False))
        await self._db.executemany(
            _insert_into(QUESTION), [(pk, subject_pk, *article.question) for pk, subject_pk, article in keyed]
        )
        await self._db.executemany(_insert_into(ANSWER), [(pk, *article.answer) for pk, _, article in keyed])
        await self._db.executemany(
            _insert_into(HEADING), [(pk, *row) for pk, _, article in keyed for row in article.headings]
        )
        await self._db.executemany(
            _insert_into(REFERENCE, columns=resolution.WRITTEN_COLUMNS),
            [(pk, *row, "DANGLING", 0) for pk, _, article in keyed for row in article.references],
        )
        await self._db.execute(
            f"INSERT INTO search (rowid, {', '.join(layout.SEARCH_COLUMNS)})"
            f" SELECT pk, {', '.join(layout.SEARCH_COLUMNS)} FROM search_source WHERE pk >= ?",
            (first,),
        )
        self._after.update((article.url, article.question[-1]) for article in articles)
        if not self._fresh:
            self._affected.update((article.url, article.article_id) for article in articles)

    async def _delete_articles(self, paths: Sequence[str]) -> None:
        """Delete the articles of `paths` from every table."""
        doomed = await self._db.execute_fetchall(
            "SELECT pk, url, article_id, subject_pk, path, digest FROM question"
            " WHERE path IN (SELECT value FROM json_each(?))",
            (_json(paths),),
        )
        if not doomed:
            return
        keys = [(row[0],) for row in doomed]
        self._affected.update((row[1], row[2]) for row in doomed)
        for _, url, _, _, path, digest in doomed:
            self._after.pop(url, None)
            if path not in self._added_in_this_load:
                self._before[url] = digest
        self._subjects.touch(row[3] for row in doomed)
        self._replaced.update(row[4] for row in doomed if row[4] not in self._added_in_this_load)
        await self._db.executemany(
            f"INSERT INTO search (search, rowid, {', '.join(layout.SEARCH_COLUMNS)})"
            f" SELECT 'delete', pk, {', '.join(layout.SEARCH_COLUMNS)} FROM search_source WHERE pk = ?",
            keys,
        )
        for statement in (
            "DELETE FROM reference WHERE question_pk = ?",
            "DELETE FROM heading WHERE question_pk = ?",
            "DELETE FROM answer WHERE pk = ?",
            "DELETE FROM question WHERE pk = ?",
        ):
            await self._db.executemany(statement, keys)

    async def _delete_by_path(self, table: str, paths: Sequence[str]) -> None:
        await self._db.execute(f"DELETE FROM {table} WHERE path IN (SELECT value FROM json_each(?))", (_json(paths),))

    async def _write_content(self) -> str:
        """Write the one row of `content`; the version is a hash of every article's digest, in the order of the urls."""
        digest = hashlib.sha256(layout.code_fingerprint().encode())
        for (article,) in await self._db.execute_fetchall("SELECT digest FROM question ORDER BY url"):
            digest.update(article)
        version = digest.hexdigest()[:16]
        loaded_at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        await self._db.execute(
            "INSERT OR REPLACE INTO content"
            " SELECT 1, ?, ?, (SELECT count(*) FROM question), (SELECT count(*) FROM subject),"
            " (SELECT count(*) FROM reference), (SELECT count(*) FROM reference WHERE status = 'DANGLING')",
            (version, loaded_at),
        )
        return version

    async def _check(self) -> None:
        """Raise StoreError if a foreign key leads nowhere or the tables' counts disagree."""
        broken = await self._db.execute_fetchall("PRAGMA foreign_key_check")
        differing = await self._value(
            "SELECT (SELECT count(*) FROM question) <> (SELECT count(*) FROM answer)"
            " OR (SELECT total(question_count) FROM subject) <> (SELECT count(*) FROM question)"
        )
        if broken or differing:
            raise StoreError(f"The new generation is inconsistent ({len(list(broken))} broken keys); it was not published.")

    async def _value(self, sql: str) -> Any:  # noqa: ANN401 - a value of SQL
        (row,) = await self._db.execute_fetchall(sql)
        return row[0]


async def read_problems(db: aiosqlite.Connection) -> list[Problem]:
    """Return every problem that a generation knows of its seeds, by path."""
    rows = await db.execute_fetchall(
        "SELECT severity, code, path, line, message FROM problem ORDER BY path, position"
    )
    return [Problem(Severity(severity), code, path, line, message) for severity, code, path, line, message in rows]


def _insert_into(table: Table, conflict: str = "", columns: Sequence[str] = ()) -> str:
    names = columns or table.column_names
    marks = ", ".join("?" * len(names))
    return f"INSERT {conflict} INTO {table.name} ({', '.join(names)}) VALUES ({marks})"


def _json(values: Sequence[str]) -> str:
    return orjson.dumps(list(values)).decode()
