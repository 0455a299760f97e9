"""Versions of entries, and since when they are as they are.

The version of an entry changes exactly when a value of it changes, or where one of its references leads, or the status
of that, or a url in one of its texts. So it is known once all references and links are resolved.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from graphql_api.loading.rows import DIGEST_BYTES
from graphql_api.loading.statements import json_array
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import aiosqlite

    from graphql_api.loading.links import LinkedTexts
    from graphql_api.loading.previous import Previous
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.sites import Site

_BYTES = 8
_AMONG = "IN (SELECT value FROM json_each(?))"


async def write_versions(
    db: aiosqlite.Connection,
    layout: Layout,
    previous: Previous,
    now: str,
    pks: Mapping[str, Collection[int]] | None,
    *,
    linked: LinkedTexts,
) -> None:
    """Give entries their versions: all, or those of `pks` by type. One with its earlier version keeps its moment."""
    for name, entry in layout.entries.items():
        if pks is None or pks.get(name):
            written = await _versions(db, layout, entry, None if pks is None else pks[name], linked)
            earlier = await previous.versions(name, None if pks is None else list(written))
            await db.executemany(
                f"UPDATE {entry.main.name} SET version = ?, updated_at = ? WHERE pk = ?",
                [
                    (version, moment if was == version else now, pk)
                    for node_id, (version, pk) in written.items()
                    for was, moment in (earlier.get(node_id, ("", "")),)
                ],
            )


async def _versions(
    db: aiosqlite.Connection, layout: Layout, entry: EntryLayout, pks: Collection[int] | None, linked: LinkedTexts
) -> dict[str, tuple[str, int]]:
    """Return (version, pk) of the entries of a type, by their ids."""
    among, values = ("", tuple[str, ...]()) if pks is None else (f" WHERE pk {_AMONG}", (json_array(list(pks)),))
    rows = await db.execute_fetchall(f"SELECT pk, node_id, digest FROM main.{entry.main.name}{among}", values)
    told = await _references(db, layout, entry, pks)
    for _, pk, urls in await linked.of_type(entry, None if pks is None else json_array(list(pks))):
        told.setdefault(pk, []).append(urls)
    return {node_id: (_version(digest, told.get(pk, ())), pk) for pk, node_id, digest in rows}


def _version(digest: bytes, told: Collection[str]) -> str:
    # What follows the digest's own bytes says which code has made what was carried over: no value of the entry.
    made_of = hashlib.blake2b(digest[:DIGEST_BYTES], digest_size=_BYTES)
    for each in told:
        made_of.update(each.encode() + b"\0")
    return made_of.hexdigest()


async def _references(
    db: aiosqlite.Connection, layout: Layout, entry: EntryLayout, pks: Collection[int] | None
) -> dict[int, list[str]]:
    """Return what is known of each entry's references: a text for each site of its type that has any."""
    told: dict[int, list[str]] = {}
    for number, site in enumerate(entry.sites):
        # Where a reference to a grouped entry leads follows from what the entry itself says.
        if not layout.entries[site.target_type].type.is_grouped:
            sql, values = _statement(layout, site, pks)
            for pk, text in await db.execute_fetchall(sql, values):
                told.setdefault(pk, []).append(f"{number}:{text}")
    return told


def _statement(layout: Layout, site: Site, pks: Collection[int] | None) -> tuple[str, tuple[str, ...]]:
    table = layout.tables[site.table]
    target, status = (table.find(site.column_field, role) for role in (Role.TARGET, Role.STATUS))
    assert target is not None  # noqa: S101 - every reference has one
    assert status is not None  # noqa: S101 - as above
    among, values = (
        ("", tuple[str, ...]()) if pks is None else (f" AND here.{site.owner} {_AMONG}", (json_array(list(pks)),))
    )
    order = "" if table.find("", Role.POSITION) is None else ", here.position"
    main = layout.entries[site.target_type].main.name
    sql = (
        "SELECT owner, group_concat(told, ',') FROM ("
        f"SELECT here.{site.owner} AS owner, here.{status.name} || coalesce(there.node_id, '') AS told"
        f" FROM {table.name} AS here LEFT JOIN {main} AS there ON there.pk = here.{target.name}"
        f" WHERE here.{status.name} IS NOT NULL{among} ORDER BY here.{site.owner}{order}"
        ") GROUP BY owner"
    )
    return sql, values
