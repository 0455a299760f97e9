"""Write the history: what the publish that is being built has changed, beside what those before it had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from graphql_api.loading.link_targets import url_field
from graphql_api.loading.statements import insert_into, json_array
from graphql_api.store.history import ADDED, CHANGED, MAX_IDS, MAX_PUBLISHES, MAX_TOLD, REMOVED
from graphql_api.store.tables import CHANGE, PUBLISH, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import aiosqlite

    from graphql_api.store.layout import EntryLayout, Layout


class Before(Struct, frozen=True):
    """What a publish comes after: the version and the place of the last one, 0 for none. It is to be called `label`."""

    version: str = ""
    sequence: int = 0
    label: str = ""


class Published(Struct, frozen=True):
    """What a publish is known by: its version, its place among all, and what it is called."""

    version: str
    sequence: int
    label: str


class History:
    """Writes the history of the generation that `db` builds.

    `previous` is the layout of the attached generation, None without one; `is_same_code` says that the same code has
    made that, so that entries which are equal are shown alike.
    """

    def __init__(
        self, db: aiosqlite.Connection, layout: Layout, previous: Layout | None, *, is_same_code: bool, fresh: bool
    ) -> None:
        """Keep the connection; its transaction is another's. `fresh` says that the tables are empty."""
        self._db = db
        self._layout = layout
        self._previous = previous
        self._is_same_code = is_same_code
        self._fresh = fresh

    async def record(
        self, before: Before, version: str, moment: str, pks: Mapping[str, Collection[int]] | None
    ) -> Published:
        """Record the publish of `version`, unless that is current already. Returns what it is known by.

        `pks` are the keys, by type, of the entries that may be other than before; None for any.
        """
        if self._fresh and self._previous and "publish" in self._previous.tables:
            for table in (PUBLISH, CHANGE):
                await self._db.execute(f"INSERT INTO main.{table.name} SELECT * FROM previous.{table.name}")
        if version == before.version:
            rows = await self._db.execute_fetchall(
                "SELECT label FROM main.publish WHERE sequence = ?", (before.sequence,)
            )
            return Published(version, before.sequence, next((row[0] for row in rows), ""))
        sequence = before.sequence + 1
        await self._write_changes(sequence, pks)
        await self._write_publish(Published(version, sequence, before.label), moment)
        await self._trim(sequence)
        return Published(version, sequence, before.label)

    async def _write_changes(self, sequence: int, pks: Mapping[str, Collection[int]] | None) -> None:
        await self._db.execute("DELETE FROM main.change WHERE sequence >= ?", (sequence,))
        for name, entry in self._layout.entries.items():
            old = self._previous.entries.get(name) if self._previous else None
            if old is None:
                cut = "" if self._previous else f"LIMIT {MAX_TOLD}"
                await self._note(sequence, entry, f"{ADDED}", schema="main", rest=cut)
            elif pks is None or pks.get(name):
                await self._write_differences(sequence, entry, old, None if pks is None else pks[name])
        for name, old in self._previous.entries.items() if self._previous else ():
            new = self._layout.entries.get(name)
            if new is None or await self._is_any_gone(sequence, new, old):
                gone = "" if new is None else _unless_in("main", new)
                await self._note(sequence, old, f"{REMOVED}", schema="previous", rest=gone)

    async def _write_differences(
        self, sequence: int, entry: EntryLayout, old: EntryLayout, pks: Collection[int] | None
    ) -> None:
        among, values = (
            ("", ()) if pks is None else ("q.pk IN (SELECT value FROM json_each(?)) AND ", (json_array(pks),))
        )
        there = f"LEFT JOIN previous.{old.main.name} AS p ON p.node_id = q.node_id"
        kind = f"CASE WHEN p.node_id IS NULL THEN {ADDED} ELSE {CHANGED} END"
        where = f"WHERE {among}(p.node_id IS NULL OR p.version <> q.version)"
        await self._note(sequence, entry, kind, schema="main", rest=f"{there} {where}", values=values)

    async def _note(
        self, sequence: int, entry: EntryLayout, kind: str, *, schema: str, rest: str, values: tuple[str, ...] = ()
    ) -> None:
        """Record the entries `q` of a type in one of the two generations that `rest` of the statement leaves."""
        url, join = "NULL", ""
        if column := _url_column(entry):
            url = f"q.{column[1]}"
            if column[0] != entry.main.name:
                url, join = f"d.{column[1]}", f"JOIN {schema}.{column[0]} AS d ON d.pk = q.pk"
        await self._db.execute(
            f"INSERT OR REPLACE INTO main.change"
            f" SELECT {sequence}, q.node_id, {kind}, '{entry.type.name}', {url}, q.path <> ''"
            f" FROM {schema}.{entry.main.name} AS q {join} {rest}",
            values,
        )

    async def _is_any_gone(self, sequence: int, new: EntryLayout, old: EntryLayout) -> bool:
        """Return whether there are less entries of a type than there would be if none was gone."""
        ((gone,),) = await self._db.execute_fetchall(
            f"SELECT (SELECT count(*) FROM previous.{old.main.name}) - (SELECT count(*) FROM main.{new.main.name})"
            f" + (SELECT count(*) FROM main.change WHERE sequence = ? AND kind = {ADDED} AND type = ?)",
            (sequence, new.type.name),
        )
        return bool(gone)

    async def _write_publish(self, published: Published, moment: str) -> None:
        ((total, ids),) = await self._db.execute_fetchall(
            "SELECT coalesce(sum(has_file), 0), count(*) FROM main.change WHERE sequence = ?", (published.sequence,)
        )
        is_known = self._previous is not None and self._is_same_code
        if self._previous is None:
            total = await self._entry_count()
        row = (published.sequence, published.version, moment, published.label, total, ids, is_known)
        await self._db.execute(insert_into(PUBLISH, conflict="OR REPLACE"), row)

    async def _entry_count(self) -> int:
        total = 0
        for entry in self._layout.entries.values():
            path = entry.main.find("", Role.PATH)
            assert path is not None  # noqa: S101 - every entry has one
            rows = await self._db.execute_fetchall(
                f"SELECT count(*) FROM main.{entry.main.name} WHERE {path.name} <> ''"
            )
            total += sum(count for (count,) in rows)
        return total

    async def _trim(self, sequence: int) -> None:
        """Forget the oldest publishes; what is left can be told without a gap."""
        await self._db.execute(
            "DELETE FROM main.publish WHERE sequence <= ? OR sequence < ? AND sequence <= ("
            "SELECT coalesce(max(sequence), 0) FROM ("
            "SELECT sequence, sum(ids) OVER (ORDER BY sequence DESC) AS so_far FROM main.publish) WHERE so_far > ?)",
            (sequence - MAX_PUBLISHES, sequence, MAX_IDS),
        )
        await self._db.execute("DELETE FROM main.change WHERE sequence < (SELECT min(sequence) FROM main.publish)")


def _url_column(entry: EntryLayout) -> tuple[str, str] | None:
    """Return the table and the column of the url of a type's entries; None where they have none."""
    field = url_field(entry.type)
    table = entry.place_of(field.name) if field else None
    column = table.find(field.name, Role.VALUE) if table and field else None
    return (table.name, column.name) if table and column else None


def _unless_in(schema: str, entry: EntryLayout) -> str:
    return f"WHERE NOT EXISTS (SELECT 1 FROM {schema}.{entry.main.name} AS p WHERE p.node_id = q.node_id)"
