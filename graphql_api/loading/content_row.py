"""The one row of `content`: what a generation is called, by what it was made, and how much it holds."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from graphql_api.loading.made_by import code_fingerprint
from graphql_api.model.types import Missing
from graphql_api.store.placements import kept_reference
from graphql_api.store.sites import SiteShape
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    import aiosqlite

    from graphql_api.loading.links import LinkedTexts
    from graphql_api.model.types import Field
    from graphql_api.store.layout import Layout
    from graphql_api.store.sites import Site


class ContentRow:
    """Writes the row of the generation that `db` builds, once all its entries are as they will be published."""

    def __init__(self, db: aiosqlite.Connection, layout: Layout, linked: LinkedTexts) -> None:
        """Keep the connection; its transaction is another's."""
        self._db = db
        self._layout = layout
        self._linked = linked

    async def version(self, told: str) -> str:
        """Return the content's version: a hash of every entry's digest, in the order of their ids, and of `told`."""
        digest = hashlib.sha256(f"{code_fingerprint()}{told}".encode())
        for entry in self._layout.entries.values():
            # All of them as one value: a row each would take three times as long, or finding them by the index.
            digest.update(
                await self._value(
                    "SELECT CAST(coalesce(group_concat(digest, ''), '') AS BLOB)"
                    f" FROM (SELECT digest FROM main.{entry.main.name} NOT INDEXED ORDER BY node_id)"
                )
            )
            for node_id, _, urls in await self._linked.of_type(entry):
                digest.update(f"{node_id}{urls}".encode())
        return digest.hexdigest()[:16]

    async def write(self, version: str, loaded_at: str, redirects: str) -> None:
        """Write the row; `redirects` is the fingerprint of the files that tell of moved urls."""
        model = self._layout.model
        globs = [each.globs for each in model.entry_types.values() if each.globs]
        told = [model.text, json.dumps(globs), redirects]
        values = [version, loaded_at, *told, *(await self._counts()), await self._dangling_count()]
        marks = ", ".join("?" * len(values))
        await self._db.execute(f"INSERT OR REPLACE INTO content VALUES (1, {marks})", values)

    async def _counts(self) -> list[int]:
        """Return the number of entries of each type, and of values of each group that is told of."""
        counts = []
        for column in self._layout.content.columns:
            if column.role is Role.COUNT:
                tables = self._tables_counted(column.field)
                counts.append(sum([int(await self._value(f"SELECT count(*) FROM {name}")) for name in tables]))
        return counts

    def _tables_counted(self, name: str) -> list[str]:
        """Return the tables that have a row for each entry of a type, or each value of a group."""
        if name in self._layout.entries:
            return [self._layout.entries[name].main.name]
        sites = [site for site in self._layout.sites if _group_of(self._layout, site) == name]
        kept = kept_reference(self._layout.model.groups[name])
        return list(dict.fromkeys(site.table for site in sites if _has_row_for_each_group(site, kept)))

    async def _dangling_count(self) -> int:
        """Return how many references lead nowhere, of those that are kept wherever they lead."""
        total = 0
        for site in self._layout.sites:
            if site.field.reference and site.field.reference.missing is Missing.KEEP:
                status = self._layout.tables[site.table].find(site.column_field, Role.STATUS)
                assert status is not None  # noqa: S101 - every reference has one
                total += await self._value(f"SELECT count(*) FROM {site.table} WHERE {status.name} = 'DANGLING'")
        return total

    async def _value(self, sql: str) -> Any:  # noqa: ANN401 - a value of SQL
        (row,) = await self._db.execute_fetchall(sql)
        return row[0]


def _has_row_for_each_group(site: Site, kept: Field | None) -> bool:
    """Return whether a site's table tells how many groups there are: of those within JSON that of `kept`."""
    return site.shape is SiteShape.CHILD or (site.shape is SiteShape.NESTED and site.field is kept)


def _group_of(layout: Layout, site: Site) -> str:
    """Return the group that a site's references stand in."""
    if site.shape is SiteShape.NESTED:
        return site.path[1]
    return layout.entries[site.owner_type].type.field(site.path[0]).type.name
