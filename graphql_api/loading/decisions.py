"""Decisions: what more than one file decides, once all of them were heard.

Who gets a key, where references and links lead, which entries cannot be without one, how many refer to each, and where
old urls lead. An entry without a good form now falls back to the one that was published before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.loading import references
from graphql_api.loading.claims import Claims
from graphql_api.loading.counts import count
from graphql_api.loading.made_by import code_fingerprint
from graphql_api.loading.redirect_tables import Redirects
from graphql_api.loading.row_maker import RowMaker
from graphql_api.loading.unmet import unmet_references

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import aiosqlite

    from graphql_api.loading.entries import EntryTables
    from graphql_api.loading.identity import EntryId
    from graphql_api.loading.manifest import Manifest
    from graphql_api.loading.previous import Previous
    from graphql_api.loading.redirect_tables import Moved
    from graphql_api.loading.unmet import Unmet
    from graphql_api.store.layout import Layout

_CARRIED_AT_ONCE = 500
# What sorts for an index may take as much memory as the cache, beside the cache.
_CACHE_AT_THE_END = "PRAGMA cache_size = -24576"


class Decisions:
    """Those of one load, in the generation that `db` builds.

    `claims` is to hear every entry first. After `make`, `moves` names what is known of old urls.
    """

    def __init__(
        self,
        db: aiosqlite.Connection,
        layout: Layout,
        previous: Previous,
        entries: EntryTables,
        manifest: Manifest,
        *,
        seeds: Path,
        moved: Moved,
        fresh: bool,
    ) -> None:
        """Make none yet; `moved` is what files of redirects say, `fresh` says that the generation began empty."""
        self._db = db
        self._layout = layout
        self._previous = previous
        self._entries = entries
        self._manifest = manifest
        self._seeds = seeds
        self._moved = moved
        self._fresh = fresh
        self.claims = Claims(entries, previous)
        self._carried: set[EntryId] = set()
        self._unmet: list[Unmet] = []
        self.moves = ""

    async def make(self, without_entry: Collection[EntryId]) -> list[Mapping[str, set[int]]]:
        """Make them all, once every file was heard, and record what is wrong; `without_entry` have no good form now.

        Returns the pks of entries that have changed by it, by type.
        """
        await self.claims.settle(without_entry)
        await self._carry()
        await self._db.execute_fetchall(_CACHE_AT_THE_END)
        await self._entries.create_indexes()
        decided = await self._resolve()
        changed = await self._entries.settle_grouped(RowMaker(self._layout))
        if any(self._layout.entries[name].sites for name in changed):
            await references.resolve(self._db, self._layout, None if self._fresh else self._entries.touched)
        await count(self._db, self._layout, changed)
        linked = await self._entries.linked.decide(None if self._fresh else self._entries.touched)
        await self._tell()
        await self._redirect()
        return [decided, changed, linked]

    async def _carry(self) -> None:
        """Write again what was published of entries without a good form now."""
        ids = await self.claims.fallen()
        self._carried.update(ids)
        for start in range(0, len(ids), _CARRIED_AT_ONCE):
            some = ids[start : start + _CARRIED_AT_ONCE]
            await self._entries.insert(await self._previous.entries(some, self._layout, code_fingerprint()))

    async def _resolve(self) -> dict[str, set[int]]:
        """Decide where references lead, and refuse entries that cannot be without one, until none is left.

        A new form falls back to the one that was published before, which other references may be about; that one goes
        when it is no good either. Returns the entries whose references were decided anew, by type.
        """
        while True:
            touched = None if self._fresh else self._entries.touched
            decided = await references.resolve(self._db, self._layout, touched)
            unmet = await unmet_references(self._db, self._layout, refusing=True)
            if not unmet:
                return decided
            self._unmet += unmet
            await self._refuse({each.id: each.pk for each in unmet})

    async def _refuse(self, pks: Mapping[EntryId, int]) -> None:
        new = {id_ for id_, pk in pks.items() if self._entries.is_new(id_.type_name, pk)} - self._carried
        await self._entries.delete(list(pks))
        self.claims.give_up(pks.keys() - new)
        await self.claims.settle(new)
        await self._carry()

    async def _tell(self) -> None:
        """Record what is wrong with keys and references; other files than those that have it can make it good."""
        await self._manifest.name_duplicates(self.claims.disputed, self._layout, self._seeds)
        left_out = await unmet_references(self._db, self._layout, refusing=False)
        await self._manifest.name_unmet([*self._unmet, *left_out], self._seeds)

    async def _redirect(self) -> None:
        """Decide where old urls lead."""
        redirects = Redirects(self._db, self._layout, self._moved, fresh=self._fresh)
        self.moves = await redirects.record(self._previous)
        problems = await redirects.settle(self._seeds)
        await self._manifest.name_redirects(problems, [file.path for file in self._moved.files])
