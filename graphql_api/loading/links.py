"""Links: texts that link to other files get the urls of these, once it is known which entries there are.

Every load decides what is new to it; when an entry came, went, or has another place, url or name, it decides all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import orjson

from graphql_api.loading.link_targets import have_changed, is_sure, read_targets
from graphql_api.loading.linked import Place
from graphql_api.loading.statements import insert_into, json_array
from graphql_api.records import EntryLink, Problem, Severity
from graphql_api.rendering.entry_links import with_addresses
from graphql_api.rendering.links import forbidden_scheme
from graphql_api.store.tables import LINKED, PROBLEM, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import aiosqlite

    from graphql_api.loading.identity import EntryId
    from graphql_api.loading.link_targets import Targets
    from graphql_api.loading.references import Touched
    from graphql_api.loading.rows import EntryRows
    from graphql_api.store.layout import EntryLayout, Layout

LINK_DANGLING = "LINK_DANGLING"
_AFTER_ALL_OTHERS = 3_000_000
_AT_ONCE = 500  # texts; all of them are in memory with their HTML
_SHOWN_CHARACTERS = 200
_OF_URLS = "%/:?#[]@!$&'()*+,;=~"
"""What a url may have, beside letters and digits."""
_UNDECIDED = "path IN (SELECT path FROM linked WHERE urls IS NULL OR urls = '')"


class _Linked(NamedTuple):
    """One text with links: whose it is, what was put into it, where it stands, and what it links to."""

    pk: int
    path: str
    item: str
    position: int
    urls: str | None
    place: str
    links: str

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells it from others."""
        return self.path, self.item, self.position


class LinkedTexts:
    """The texts that link to other files, in the generation that `db` builds."""

    def __init__(self, db: aiosqlite.Connection, layout: Layout, *, fresh: bool) -> None:
        """Keep the connection; `fresh` says that there are none yet."""
        self._db = db
        self._layout = layout
        self._fresh = fresh
        self._is_empty = fresh

    async def open(self) -> None:
        """See whether there are any."""
        if not self._fresh:
            ((found,),) = await self._db.execute_fetchall("SELECT EXISTS (SELECT 1 FROM linked)")
            self._is_empty = not found

    async def insert(self, entries: Iterable[EntryRows]) -> None:
        """Add the texts of entries."""
        made = [
            (rows.path, rows.item, position, rows.type_name, *row)
            for rows in entries
            for position, row in enumerate(rows.linked)
        ]
        if made:
            self._is_empty = False
            await self._db.executemany(insert_into(LINKED), made)

    async def delete(self, ids: Iterable[EntryId]) -> None:
        """Delete the texts of entries; any of them may have none."""
        if not self._is_empty:
            doomed = [(each.path, each.item) for each in ids]
            await self._db.executemany("DELETE FROM linked WHERE path = ? AND item = ?", doomed)

    async def decide(self, touched: Touched | None) -> dict[str, set[int]]:
        """Put urls into texts, and tell of links that lead nowhere, around what was `touched`, or in all.

        Returns the pks of entries whose texts have changed, by type.
        """
        changed: dict[str, set[int]] = {}
        if self._is_empty:
            return changed
        written = {name: tuple(pks) for name, pks in touched.written.items()} if touched else {}
        is_whole = touched is None or await have_changed(self._db, self._layout, touched.first_pk, written)
        targets: Targets | None = None
        told: list[Problem] = []
        for name, entry in self._layout.entries.items():
            rows = await self._texts(entry, is_whole=is_whole)
            if rows and targets is None:
                targets = await read_targets(self._db, self._layout)
            for start in range(0, len(rows), _AT_ONCE):
                assert targets is not None  # noqa: S101 - there are rows
                some = [(text, *_decided(text, targets)) for text in rows[start : start + _AT_ONCE]]
                changed.setdefault(name, set()).update(await self._put_in(entry, [each[:2] for each in some]))
                told += [problem for *_, problems in some for problem in problems]
            await self._tell({text.path for text in rows}, told)
            told.clear()
        return changed

    async def of_type(self, entry: EntryLayout, pks: str | None = None) -> Iterator[tuple[str, int, str]]:
        """Return (node id, pk, urls) of each text of a type, or of the entries `pks` (JSON), in one order."""
        if self._is_empty:
            return iter(())
        among, values = ("", ()) if pks is None else (" AND owner.pk IN (SELECT value FROM json_each(?))", (pks,))
        rows = await self._db.execute_fetchall(
            f"SELECT owner.node_id, owner.pk, linked.urls FROM linked JOIN main.{entry.main.name} AS owner"
            " ON owner.path = linked.path AND owner.item = linked.item"
            f" WHERE linked.type_name = ?{among} ORDER BY owner.node_id, linked.position",
            (entry.type.name, *values),
        )
        return iter([(node_id, pk, urls) for node_id, pk, urls in rows])

    async def _texts(self, entry: EntryLayout, *, is_whole: bool) -> list[_Linked]:
        rows = await self._db.execute_fetchall(
            "SELECT owner.pk, linked.path, linked.item, position, urls, linked.place, links"
            f" FROM linked JOIN main.{entry.main.name} AS owner"
            " ON owner.path = linked.path AND owner.item = linked.item"
            f" WHERE linked.type_name = ? AND {'1' if is_whole else f'linked.{_UNDECIDED}'}"
            " ORDER BY linked.path, linked.item, position",
            (entry.type.name,),
        )
        return [_Linked(*row) for row in rows]

    async def _put_in(self, entry: EntryLayout, decided: Sequence[tuple[_Linked, Mapping[str, str]]]) -> set[int]:
        """Write the urls of texts where they differ. Returns whose texts have others than before."""
        differing = []
        for text, urls in decided:
            told = orjson.dumps(urls, option=orjson.OPT_SORT_KEYS).decode()
            if told != text.urls:
                differing.append((text, urls, told))
        # A text into which nothing was put, and nothing is, stands in its column as it is here.
        await self._write_html(
            entry, {text.key: (text, urls) for text, urls, _ in differing if urls or text.urls is not None}
        )
        await self._db.executemany(
            "UPDATE linked SET urls = ? WHERE path = ? AND item = ? AND position = ?",
            [(told, *text.key) for text, _, told in differing],
        )
        return {text.pk for text, _, _ in differing}

    async def _write_html(
        self, entry: EntryLayout, texts: Mapping[tuple[str, str, int], tuple[_Linked, Mapping[str, str]]]
    ) -> None:
        """Write texts with their urls; one `executemany` a column, for every call to the driver costs a thread hop."""
        if not texts:
            return
        rows = await self._db.execute_fetchall(
            "SELECT path, item, position, html FROM linked WHERE path IN (SELECT value FROM json_each(?))",
            (json_array({path for path, _, _ in texts}),),
        )
        updates: dict[str, list[tuple[object, ...]]] = {}
        for path, item, position, html in rows:
            if (path, item, position) in texts:
                text, urls = texts[path, item, position]
                sql, values = _update(entry, text, with_addresses(html, urls))
                updates.setdefault(sql, []).append(values)
        for sql, some in updates.items():
            await self._db.executemany(sql, some)

    async def _tell(self, paths: Collection[str], problems: Sequence[Problem]) -> None:
        """Record the links of files that lead nowhere, in the place of those that did before."""
        if not self._fresh:
            await self._db.executemany(
                "DELETE FROM problem WHERE path = ? AND position >= ?", [(path, _AFTER_ALL_OTHERS) for path in paths]
            )
        rows = [
            (each.path, at, each.severity.value, each.code, each.line, each.message)
            for at, each in enumerate(dict.fromkeys(problems), _AFTER_ALL_OTHERS)
        ]
        await self._db.executemany(insert_into(PROBLEM), rows)


def _update(entry: EntryLayout, text: _Linked, html: str) -> tuple[str, tuple[object, ...]]:
    """Return the statement that writes a text where it stands, and what to bind."""
    name, field, role, position, path = orjson.loads(text.place)
    place = Place(name, field, Role(role), position, path)
    column = place.column(entry)
    value, values = (
        ("?", (orjson.dumps(html).decode(),)) if path is None else (f"json_replace({column}, ?, ?)", (path, html))
    )
    where, keys = ("pk = ?", (text.pk,)) if position is None else ("owner_pk = ? AND position = ?", (text.pk, position))
    return f"UPDATE {place.table(entry).name} SET {column} = {value} WHERE {where}", (*values, *keys)


def _decided(text: _Linked, targets: Targets) -> tuple[dict[str, str], list[Problem]]:
    """Return the urls of what a text links to, by the keys of the links, and what is told of the others."""
    urls: dict[str, str] = {}
    problems = []
    for said in orjson.loads(text.links):
        link = EntryLink(*said)
        target = targets.find(link, text.path)
        if target is None:
            if is_sure(link):
                problems.append(_problem(link, text.path))
        elif target.url is not None and not forbidden_scheme(target.url):
            urls[link.key] = quote(target.url, safe=_OF_URLS)
    return urls, problems


def _problem(link: EntryLink, path: str) -> Problem:
    shown = link.address[:_SHOWN_CHARACTERS]
    if link.is_name:
        message = f"The link [[{shown}]] leads nowhere: no entry has this name. Mend it, or add the entry."
    else:
        wrong = f"The link to {shown} leads nowhere: no entry comes from this file."
        message = f"{wrong} Mend the path, or the file if it has an error, or add it."
    return Problem(Severity.WARNING, LINK_DANGLING, path, link.line or None, message)
