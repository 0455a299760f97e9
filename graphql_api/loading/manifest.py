"""The manifest: what a generation knows of the seed files that it was made from, and of what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.loading.duplicates import DUPLICATE_KEY_VALUE, DUPLICATE_URL, duplicate_keys
from graphql_api.loading.lines import LineFinder
from graphql_api.loading.statements import delete_by_path, insert_into, json_array
from graphql_api.loading.unmet import REFERENCE_DANGLING
from graphql_api.reading.problems import Code
from graphql_api.records import Problem, Severity
from graphql_api.store.tables import PROBLEM, SEED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    import aiosqlite

    from graphql_api.loading.identity import Claim, EntryId
    from graphql_api.loading.rows import SeedRows
    from graphql_api.loading.unmet import Unmet
    from graphql_api.records import SeedFile
    from graphql_api.store.layout import Layout

_BETWEEN_FILES = (
    DUPLICATE_URL, DUPLICATE_KEY_VALUE, REFERENCE_DANGLING, Code.REDIRECT_CLASH.value, Code.REDIRECT_CIRCLE.value,
)  # fmt: skip
UNREAD_SIZE = -1
"""The size in bytes of a seed that the next load is to read, whatever `stat` says."""

PROBLEMS = "SELECT severity, code, path, line, message FROM problem ORDER BY path, position"
"""What `problems_of` reads."""

Stat = tuple[str, int, int, int, int]
"""A seed's path, size in bytes, mtime and ctime in ns, and inode: equal to the `SeedFile` that was found so."""

_AFTER_ALL_OTHERS = 1_000_000


def read_seeds(db: sqlite3.Connection) -> tuple[dict[str, Stat], dict[str, bytes]]:
    """Return the stat of every seed, by path, and the SHA-256 of those that were read."""
    # Two statements, of which each gives what is kept: taking rows apart takes as long as reading them twice.
    rows = db.execute("SELECT path, size_bytes, mtime_ns, ctime_ns, inode FROM seed")
    stats = {row[0]: row for row in rows}
    return stats, dict(db.execute("SELECT path, sha256 FROM seed WHERE sha256 NOT NULL"))


async def read_problems(db: aiosqlite.Connection) -> list[Problem]:
    """Return every problem that a generation knows of its seeds, by path."""
    return problems_of(await db.execute_fetchall(PROBLEMS))


def problems_of(rows: Iterable[Sequence[Any]]) -> list[Problem]:
    """Return the problems that the rows of `PROBLEMS` are."""
    return [Problem(Severity(severity), code, path, line, message) for severity, code, path, line, message in rows]


class Manifest:
    """Writes the manifest of the generation that `db` builds."""

    def __init__(self, db: aiosqlite.Connection, *, fresh: bool) -> None:
        """Keep the connection; its transaction is another's. `fresh` says that the manifest is empty."""
        self._db = db
        self._fresh = fresh

    async def forget_what_is_between_files(self) -> None:
        """Forget what no file says alone: every load decides it anew."""
        marks = ", ".join("?" * len(_BETWEEN_FILES))
        await self._db.execute(f"DELETE FROM problem WHERE code IN ({marks})", _BETWEEN_FILES)

    async def forget(self, paths: Sequence[str]) -> None:
        """Forget seeds that are gone."""
        await delete_by_path(self._db, SEED, paths)
        await delete_by_path(self._db, PROBLEM, paths)

    async def record(self, seeds: Sequence[SeedRows]) -> None:
        """Record each seed's stat and problems; one that could not be read is looked at again next time."""
        if not self._fresh:
            await delete_by_path(self._db, PROBLEM, [seed.path for seed in seeds])
        await self._db.executemany(insert_into(SEED, conflict="OR REPLACE"), [_seed_row(seed) for seed in seeds])
        await self._insert((at, problem) for seed in seeds for at, problem in enumerate(seed.problems))

    async def mark_unread(self, paths: Collection[str]) -> None:
        """Have the next load read the seeds `paths`."""
        await self._db.executemany(
            insert_into(SEED, conflict="OR REPLACE"), [(path, UNREAD_SIZE, 0, 0, 0, None, 0) for path in paths]
        )

    async def is_any_unread(self) -> bool:
        """Return whether the next load is to read any seed, whatever `stat` says."""
        rows = await self._db.execute_fetchall(
            "SELECT EXISTS (SELECT 1 FROM seed WHERE size_bytes = ?)", (UNREAD_SIZE,)
        )
        return any(found for (found,) in rows)

    async def restat(self, files: Collection[SeedFile]) -> None:
        """Record the stat of files that hold what they held."""
        await self._db.executemany(
            "UPDATE seed SET size_bytes = ?, mtime_ns = ?, ctime_ns = ?, inode = ? WHERE path = ?",
            [(*file[1:], file.path) for file in files],
        )

    async def name_duplicates(self, disputed: Mapping[Claim, Collection[EntryId]], layout: Layout, seeds: Path) -> None:
        """Record that several entries say the same key; the next load reads them, for it may have been settled."""
        for at, problems in enumerate(duplicate_keys(disputed, layout, LineFinder(seeds)), _AFTER_ALL_OTHERS):
            await self._insert((at, problem) for problem in problems)
        await self._read_again({each.path for ids in disputed.values() for each in ids})

    async def name_unmet(self, unmet: Sequence[Unmet], seeds: Path) -> None:
        """Record references that lead nowhere; the next load reads the files whose entries were refused for them."""
        lines = LineFinder(seeds)
        by_path: dict[str, list[Unmet]] = {}
        for each in unmet:
            by_path.setdefault(each.id.path, []).append(each)
        for some in by_path.values():
            problems = [each.problem(lines.line_of(each)) for each in some]
            told = dict.fromkeys(sorted(problems, key=lambda problem: (problem.line or 0, problem.message)))
            await self._insert(enumerate(told, 2 * _AFTER_ALL_OTHERS))
        await self._read_again({each.id.path for each in unmet if each.refuses})

    async def name_redirects(self, problems: Sequence[Problem], files: Collection[str]) -> None:
        """Record what is wrong with redirects, and nothing else of the `files` that tell of them."""
        await delete_by_path(self._db, PROBLEM, files)
        by_path: dict[str, list[Problem]] = {}
        for each in problems:
            by_path.setdefault(each.path, []).append(each)
        for some in by_path.values():
            told = dict.fromkeys(sorted(some, key=lambda problem: (problem.line or 0, problem.message)))
            await self._insert(enumerate(told, 3 * _AFTER_ALL_OTHERS))

    async def _read_again(self, paths: Collection[str]) -> None:
        await self._db.execute(
            "UPDATE seed SET size_bytes = ? WHERE path IN (SELECT value FROM json_each(?))",
            (UNREAD_SIZE, json_array(paths)),
        )

    async def _insert(self, problems: Iterable[tuple[int, Problem]]) -> None:
        rows = [
            (problem.path, at, problem.severity.value, problem.code, problem.line, problem.message)
            for at, problem in problems
        ]
        if rows:
            await self._db.executemany(insert_into(PROBLEM, conflict="OR REPLACE"), rows)


def _seed_row(seed: SeedRows) -> tuple[str, int, int, int, int, bytes | None, int]:
    size_bytes = UNREAD_SIZE if seed.sha256 is None else seed.size_bytes
    return (seed.path, size_bytes, seed.mtime_ns, seed.ctime_ns, seed.inode, seed.sha256, seed.hidden)
