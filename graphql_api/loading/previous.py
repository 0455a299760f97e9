"""The previous generation, attached to the one that is built: what was published before, and whether it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.loading.history import History
from graphql_api.loading.identity import Claim, EntryId
from graphql_api.loading.made_by import code_fingerprint
from graphql_api.loading.rows import DIGEST_BYTES, EntryRows, carried_digest, claim
from graphql_api.loading.shapes import shape_of
from graphql_api.loading.statements import json_array, key_text
from graphql_api.store.placements import key_columns
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import aiosqlite

    from graphql_api.loading.further_rows import Row
    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Column, Table

# What is decided anew for an entry that is carried over, and what it begins with.
_DECIDED_ANEW: dict[Role, Any] = {Role.TARGET: None, Role.STATUS: "DANGLING", Role.REPEATED: 0, Role.COUNT: 0}


class Difference(Struct, frozen=True):
    """How many entries a load adds, changes and removes, of how many there were `before`.

    `hidden` of those that are removed are still there, and say that they are not to be shown.
    """

    added: int
    changed: int
    removed: int
    before: int
    hidden: int = 0


class Previous:
    """The generation `path`, with the tables of `layout`, made by the code whose fingerprint is `code`.

    Without a path, an empty one.
    """

    def __init__(self, path: Path | None, layout: Layout | None, code: str) -> None:
        """Remember where it is."""
        self._path = path
        self._layout = layout
        self._code = code

    async def attach(self, db: aiosqlite.Connection) -> None:
        """Attach it to `db`, which must not be in a transaction."""
        self._db = db
        if self._path:
            await db.execute("ATTACH ? AS previous", (f"{self._path.absolute().as_uri()}?mode=ro&immutable=1",))

    def history(self, db: aiosqlite.Connection, layout: Layout, *, fresh: bool) -> History:
        """Return what writes the history of the generation that `db` builds, as what comes after this one."""
        before = self._layout if self._path else None
        return History(db, layout, before, is_same_code=self._code == code_fingerprint(), fresh=fresh)

    async def claims(self, ids: Collection[EntryId]) -> dict[EntryId, frozenset[Claim]]:
        """Return the keys of each entry of `ids` that was published."""
        found: dict[EntryId, frozenset[Claim]] = {}
        for entry, some in self._by_type(ids):
            for number, key in enumerate(entry.type.keys):
                columns = key_columns(entry.main, key)
                text = key_text(columns)
                for path, item, value in await self._of_paths(entry, f"path, item, {text}", some):
                    id_ = EntryId(entry.type.name, path, item)
                    if id_ in some and value is not None:
                        found[id_] = found.get(id_, frozenset()) | {Claim(entry.type.name, number, str(value))}
        return found

    async def of_paths(self, paths: Collection[str]) -> list[EntryId]:
        """Return the entries that the files `paths` were published with."""
        ids = []
        for entry in self._entries():
            some = {EntryId(entry.type.name, path, "") for path in paths}
            ids += [
                EntryId(entry.type.name, path, item) for path, item in await self._of_paths(entry, "path, item", some)
            ]
        return ids

    async def entries(self, ids: Collection[EntryId], layout: Layout, code: str) -> list[EntryRows]:
        """Return the rows that `ids` were published with, to be carried over into the tables of `layout`.

        `code` is the fingerprint of what makes those. Entries are left out whose type has become another one.
        """
        carried = []
        for entry, some in self._by_type(ids):
            new = layout.entries.get(entry.type.name)
            if new is not None and self._layout and _is_equal(self._layout, entry, layout, new):
                for pk, path, item in sorted(
                    await self._of_paths(entry, "pk, path, item", some), key=lambda row: tuple(row[1:])
                ):
                    if EntryId(entry.type.name, path, item) in some:
                        carried.append(await self._entry(entry, new, pk, code))
        return carried

    async def versions(self, type_name: str, node_ids: Collection[str] | None) -> dict[str, tuple[str, str]]:
        """Return (version, moment of its last change) of the entries of a type, or of some, by their ids."""
        entry = self._layout.entries.get(type_name) if self._path and self._layout else None
        if entry is None:
            return {}
        among, values = "", tuple[str, ...]()
        if node_ids is not None:
            among, values = " WHERE node_id IN (SELECT value FROM json_each(?))", (json_array(node_ids),)
        rows = await self._db.execute_fetchall(
            f"SELECT node_id, version, updated_at FROM previous.{entry.main.name}{among}", values
        )
        return {node_id: (version, moment) for node_id, version, moment in rows}

    async def moves(self, path: str) -> list[tuple[str, str]]:
        """Return the (old url, new url) that a redirect file said."""
        if not self._path or not self._layout:
            return []
        rows = await self._db.execute_fetchall(
            "SELECT old, new FROM previous.move WHERE path = ? ORDER BY position", (path,)
        )
        return [(old, new) for old, new in rows]

    async def loaded_at(self, version: str) -> str | None:
        """Return when this content was loaded, if it is that of `version`."""
        if not self._path:
            return None
        rows = await self._db.execute_fetchall("SELECT loaded_at FROM previous.content WHERE version = ?", (version,))
        return next((str(row[0]) for row in rows), None)

    async def difference(self, layout: Layout, first_pks: Mapping[str, int]) -> Difference:
        """Return what differs from it in the generation that was built.

        Keys from `first_pks` are of this load; those of grouped entries may be older, for somebody named them before.
        Grouped entries without files of their own do not count: nobody has written them.
        """
        added = changed = after = before = 0
        for name, entry in layout.entries.items():
            old = self._layout.entries.get(name) if self._layout else None
            first_pk = 0 if entry.type.is_grouped else first_pks[name]
            after += await self._count(f"SELECT count(*) FROM main.{entry.main.name} WHERE path <> ''")
            if old is None:
                added += await self._count(f"SELECT count(*) FROM main.{entry.main.name} WHERE path <> ''")
                continue
            added += await self._count(
                f"SELECT count(*) FROM main.{entry.main.name} AS q WHERE q.pk >= ? AND q.path <> ''"
                f" AND NOT EXISTS (SELECT 1 FROM previous.{old.main.name} AS p"
                " WHERE p.node_id = q.node_id AND p.path <> '')",
                first_pk,
            )
            changed += await self._count(
                f"SELECT count(*) FROM main.{entry.main.name} AS q"
                f" JOIN previous.{old.main.name} AS p ON p.node_id = q.node_id"
                " WHERE q.pk >= ? AND substr(q.digest, 1, ?) <> substr(p.digest, 1, ?)"
                " AND q.path <> '' AND p.path <> ''",
                first_pk,
                DIGEST_BYTES,
                DIGEST_BYTES,
            )
        for entry in self._entries():
            before += await self._count(f"SELECT count(*) FROM previous.{entry.main.name} WHERE path <> ''")
        return Difference(added, changed, before + added - after, before)

    def _entries(self) -> Iterable[EntryLayout]:
        return self._layout.entries.values() if self._path and self._layout else ()

    def _by_type(self, ids: Collection[EntryId]) -> Iterator[tuple[EntryLayout, set[EntryId]]]:
        for entry in self._entries():
            some = {each for each in ids if each.type_name == entry.type.name}
            if some:
                yield entry, some

    async def _of_paths(self, entry: EntryLayout, what: str, ids: Collection[EntryId]) -> Iterable[Sequence[Any]]:
        return await self._db.execute_fetchall(
            f"SELECT {what} FROM previous.{entry.main.name}"
            " WHERE path IN (SELECT value FROM json_each(?)) AND path <> ''",
            (json_array({each.path for each in ids}),),
        )

    async def _entry(self, old: EntryLayout, new: EntryLayout, pk: int, code: str) -> EntryRows:
        """Return the rows of one entry."""
        (main,) = await self._rows(old.main, new.main, "pk", pk)
        (details,) = await self._rows(old.details, new.details, "pk", pk)
        names = [column.name for column in new.main.columns]
        of_entry = dict(zip(names, main, strict=True))
        if code != self._code:
            of_entry["digest"] = carried_digest(of_entry["digest"], self._code)
        given = _given(new)
        claims = tuple(claim([of_entry[name] for name in key_columns(new.main, key)]) for key in new.type.keys)
        named = tuple(_named(new, of_entry, column) for column in given if column.role is Role.TARGET)
        skipped = {"pk", *(column.name for column in given)}
        return EntryRows(
            new.type.name, of_entry["path"], of_entry["item"], claims, named,
            tuple(value for name, value in of_entry.items() if name not in skipped),
            details[1:],
            tuple([await self._further(old.lists[name], table, pk) for name, table in new.lists.items()]),
            tuple([await self._further(old.values[name], table, pk) for name, table in new.values.items()]),
            tuple([await self._further(old.nested[path], table, pk) for path, table in new.nested.items()]),
            await self._linked(of_entry["path"], of_entry["item"]),
        )  # fmt: skip

    async def _linked(self, path: str, item: str) -> tuple[Row, ...]:
        """Return the texts that link to other files; urls are in them, and nobody knows which will be."""
        rows = await self._db.execute_fetchall(
            "SELECT '', place, links, html FROM previous.linked WHERE path = ? AND item = ? ORDER BY position",
            (path, item),
        )
        return tuple(map(tuple, rows))

    async def _further(self, old: Table, new: Table, pk: int) -> list[Row]:
        return [row[1:] for row in await self._rows(old, new, "owner_pk", pk)]

    async def _rows(self, old: Table, new: Table, key: str, pk: int) -> list[Row]:
        """Return the rows of one entry in the columns of `new`; what is decided anew begins anew."""
        values = [_source(old, column) for column in new.columns]
        rows = await self._db.execute_fetchall(
            f"SELECT {', '.join(name or 'NULL' for name, _ in values)} FROM previous.{old.name} WHERE {key} = ?", (pk,)
        )
        return [
            tuple(anew if name is None else value for value, (name, anew) in zip(row, values, strict=True))
            for row in rows
        ]

    async def _count(self, sql: str, *values: int) -> int:
        ((count,),) = await self._db.execute_fetchall(sql, values)
        return int(count)


def _given(entry: EntryLayout) -> list[Column]:
    """Return the columns that the writer gives, after the pk: those before the first that a reader makes."""
    given = []
    for column in entry.main.columns[1:]:
        if column.role not in {Role.VERSION, Role.UPDATED_AT, Role.TARGET}:
            break
        given.append(column)
    return given


def _named(entry: EntryLayout, of_entry: Mapping[str, Any], column: Column) -> tuple[str, str | None] | None:
    key, names = (entry.main.find(column.field, role) for role in (Role.KEY, Role.NAMES))
    if key is None or of_entry[key.name] is None:
        return None
    return of_entry[key.name], of_entry[names.name] if names else None


def _source(old: Table, column: Column) -> tuple[str | None, Any]:
    """Return the name of the old column with the same meaning, or what stands in its place."""
    if column.role in _DECIDED_ANEW:
        return None, _DECIDED_ANEW[column.role]
    found = old.find(column.field, column.role)
    return (found.name, None) if found else (None, None)


def _is_equal(old_layout: Layout, old: EntryLayout, new_layout: Layout, new: EntryLayout) -> bool:
    """Return whether what was stored of a type is what would be stored now."""
    if old_layout.model.text == new_layout.model.text:
        return True
    return shape_of(old_layout.model, old.type) == shape_of(new_layout.model, new.type) and _is_covered(old, new)


def _is_covered(old: EntryLayout, new: EntryLayout) -> bool:
    """Return whether every column of a type's tables has one of the same meaning in the old tables."""
    pairs = [(old.main, new.main), (old.details, new.details)]
    for there, here in ((old.lists, new.lists), (old.values, new.values), (old.nested, new.nested)):
        if there.keys() != here.keys():
            return False
        pairs += [(there[name], here[name]) for name in here]  # type: ignore[index] # the same keys
    return all(
        (found := before.find(column.field, column.role)) is not None and found.storage is column.storage
        for before, after in pairs
        for column in after.columns
    )
