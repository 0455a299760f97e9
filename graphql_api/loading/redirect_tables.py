"""The tables of redirects while a generation is built: what files say, and where every old url leads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from graphql_api.loading.lines import LineFinder
from graphql_api.loading.redirects import Alias, PageOf, decide, wanted_keys
from graphql_api.loading.statements import insert_into, json_array
from graphql_api.reading.redirect_files import Move, RedirectFile
from graphql_api.store.addresses import page_key
from graphql_api.store.placements import ADDRESS
from graphql_api.store.tables import MOVE, REDIRECT, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    import aiosqlite

    from graphql_api.loading.previous import Previous
    from graphql_api.loading.redirects import Decided
    from graphql_api.reading.redirect_files import Found
    from graphql_api.records import Problem, SeedFile
    from graphql_api.store.layout import EntryLayout, Layout


class Moved(Struct, frozen=True):
    """The redirect files of a load: what each says, what tells them from others, and the origin of the site."""

    files: tuple[RedirectFile, ...] = ()
    fingerprint: str = ""
    origin: str = ""


def moved_by(found: Found, claimed: Collection[SeedFile], origin: str) -> Moved:
    """Return what files of redirects say that no type claims, for the site at `origin`. Blocks."""
    return Moved(tuple(found.without(claimed).read()), found.fingerprint(), origin)


class Redirects:
    """Writes the redirects of the generation that `db` builds, from files and from what entries say."""

    def __init__(self, db: aiosqlite.Connection, layout: Layout, moved: Moved, *, fresh: bool) -> None:
        """Keep the connection; its transaction is another's. `fresh` says that the tables are empty."""
        self._db = db
        self._layout = layout
        self._files = moved.files
        self._key = partial(page_key, origin=moved.origin)
        self._fresh = fresh

    async def record(self, previous: Previous) -> str:
        """Record what the files say; one that cannot be read says what it said before. Returns all of it, as text."""
        if self._fresh:
            for file in self._files:
                if not file.is_read:
                    await self._write(file.path, await previous.moves(file.path))
        kept = json_array([file.path for file in self._files if not file.is_read])
        await self._db.execute("DELETE FROM move WHERE path NOT IN (SELECT value FROM json_each(?))", (kept,))
        for file in self._files:
            if file.is_read:
                await self._write(file.path, [(move.old, move.new) for move in file.moves])
        rows = await self._db.execute_fetchall("SELECT old, new FROM move ORDER BY path, position")
        return json_array([(old, new) for old, new in rows]) if rows else ""

    async def settle(self, seeds: Path) -> list[Problem]:
        """Decide where every old url leads, once all entries are in. Returns what is wrong."""
        aliases = [each for entry in self._layout.entries.values() for each in await self._aliases(entry)]
        files = [file if file.is_read else await self._as_before(file) for file in self._files]
        pages = await self._pages(wanted_keys(aliases, files, self._key))
        decided = decide(pages, aliases, files, self._key)
        await self._db.execute("DELETE FROM redirect")
        rows = [(old, each.url, each.page) for old, each in decided.redirects.items()]
        await self._db.executemany(insert_into(REDIRECT), rows)
        return problems_of(decided, self._layout, seeds)

    async def _write(self, path: str, moves: Iterable[tuple[str, str]]) -> None:
        rows = [(path, at, *move) for at, move in enumerate(moves)]
        await self._db.executemany(insert_into(MOVE, conflict="OR REPLACE"), rows)

    async def _as_before(self, file: RedirectFile) -> RedirectFile:
        rows = await self._db.execute_fetchall(
            "SELECT old, new FROM move WHERE path = ? ORDER BY position", (file.path,)
        )
        return replace(file, moves=tuple(Move(old, new, ()) for old, new in rows))

    async def _aliases(self, entry: EntryLayout) -> list[Alias]:
        found: list[Alias] = []
        address = entry.main.find(ADDRESS, Role.VALUE)
        for each in entry.type.fields:
            if each.is_alias and address:
                rows = await self._db.execute_fetchall(
                    f"SELECT v.value, e.{address.name}, e.path, e.item, v.position"
                    f" FROM {entry.values[each.name].name} AS v JOIN main.{entry.main.name} AS e ON e.pk = v.owner_pk"
                    f" ORDER BY e.node_id, v.position"
                )
                name = entry.type.name
                found += [Alias(self._key(old), PageOf(url, path), name, item, at) for old, url, path, item, at in rows]
        return found

    async def _pages(self, keys: Collection[str]) -> dict[str, PageOf]:
        """Return the entries whose urls have some keys, by the key."""
        found: dict[str, PageOf] = {}
        spellings = json_array({each for key in keys for each in (key, f"{key}/", key[1:])})
        for entry in self._layout.entries.values() if keys else ():
            if address := entry.main.find(ADDRESS, Role.VALUE):
                rows = await self._db.execute_fetchall(
                    f"SELECT {address.name}, path FROM main.{entry.main.name}"
                    f" WHERE {address.name} IN (SELECT value FROM json_each(?)) ORDER BY node_id",
                    (spellings,),
                )
                for url, path in rows:
                    found.setdefault(self._key(url), PageOf(url, path))
        return found


def problems_of(decided: Decided, layout: Layout, seeds: Path) -> list[Problem]:
    """Return all that is wrong, each with its line where that can be said."""
    lines = LineFinder(seeds)
    problems = list(decided.problems)
    for alias, problem in decided.of_aliases:
        places: list[tuple[str | int, ...]] = [
            (*source.key, alias.position - 1)
            for field in layout.entries[alias.type_name].type.fields
            if field.is_alias
            for source in field.sources
            if source.key
        ]
        line = lines.line_at(alias.page.path, alias.item, places)
        problems.append(replace(problem, line=line))
    return problems
