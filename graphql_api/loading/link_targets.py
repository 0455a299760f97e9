"""Link targets: which entry a link in a text means, by the place of its file or by its name, and the entry's url."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import orjson

from graphql_api.reading.discover import SUFFIXES
from graphql_api.store.placements import title_field
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import aiosqlite

    from graphql_api.model.types import EntryType, Field
    from graphql_api.records import EntryLink
    from graphql_api.store.layout import EntryLayout, Layout

_INDEXES = ("index", "_index")


class Target(NamedTuple):
    """One entry that links may mean: its file and item, its url, and the names that it has beside its file's."""

    path: str
    item: str
    url: str | None
    title: str | None
    aliases: str | None


class Targets:
    """All entries that links may mean."""

    def __init__(self, targets: Iterable[Target]) -> None:
        """Sort them by their files."""
        self._by_path: dict[str, Target | None] = {}
        for each in targets:
            # A file of several entries is none of them.
            self._by_path[each.path] = None if each.path in self._by_path else each
        self._names: dict[str, list[Target]] | None = None

    def find(self, link: EntryLink, path: str) -> Target | None:
        """Return what a link in the file `path` means, None for nothing."""
        return self._named(link.address, path) if link.is_name else self._placed(unquote(link.address), path)

    def _placed(self, address: str, path: str) -> Target | None:
        """Return the entry of the file at an address: with its suffix or without, or the index of a folder."""
        place = _joined(path, address.partition("?")[0])
        for candidate in (place, *_files(place)):
            if found := self._by_path.get(candidate):
                return found
        return None

    def _named(self, name: str, path: str) -> Target | None:
        """Return the entry of a name: of a place from the root or from here, of the end of a place, or another name."""
        wanted = name.strip("/").casefold()
        for place in dict.fromkeys((posixpath.normpath(wanted), _joined(path, name).casefold())):
            if found := self._nearest(_without_suffix(place), path, is_whole=True):
                return found
        return self._nearest(_without_suffix(wanted), path) or self._nearest(wanted, path)

    def _nearest(self, name: str, path: str, *, is_whole: bool = False) -> Target | None:
        """Return the entry with a name that is nearest: in the same folder, then of the shortest place."""
        if self._names is None:
            self._names = _by_names(filter(None, self._by_path.values()))
        found = self._names.get(f"/{name}" if is_whole else name, [])
        folder = posixpath.dirname(path)
        return min(
            found, key=lambda each: (posixpath.dirname(each.path) != folder, len(each.path), each.path), default=None
        )


def _by_names(targets: Iterable[Target]) -> dict[str, list[Target]]:
    """Return entries by their names in small letters: of their files whole (behind a "/") and from each folder on.

    Titles and aliases follow; a file's name counts before them.
    """
    found: dict[str, list[Target]] = {}
    others: dict[str, list[Target]] = {}
    for each in targets:
        parts = _route(each.path).casefold().split("/")
        found.setdefault("/" + "/".join(parts), []).append(each)
        for start in range(len(parts)):
            found.setdefault("/".join(parts[start:]), []).append(each)
        for name in dict.fromkeys(_other_names(each)):
            others.setdefault(name, []).append(each)
    return others | found


def _other_names(target: Target) -> Iterator[str]:
    if target.title:
        yield target.title.strip().casefold()
    if target.aliases:
        value = orjson.loads(target.aliases) if target.aliases.startswith("[") else [target.aliases]
        yield from (str(each).strip().casefold() for each in value or ())


def _joined(path: str, address: str) -> str:
    """Return the place that an address means in the file `path`, from the seeds folder; there "/" and "@/" begin."""
    if address.startswith(("/", "@/")):
        return posixpath.normpath(address.removeprefix("@").lstrip("/") or ".")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address or "."))


def _files(place: str) -> Iterator[str]:
    for suffix in SUFFIXES:
        yield f"{place}{suffix}"
        yield from (posixpath.normpath(f"{place}/{index}{suffix}") for index in _INDEXES)


def _without_suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and f".{suffix}" in SUFFIXES else name


def _route(path: str) -> str:
    """Return the place of a file without its suffix; of a folder's index, the folder's."""
    folder, _, stem = _without_suffix(path).rpartition("/")
    return folder if stem in _INDEXES and folder else _without_suffix(path)


def is_sure(link: EntryLink) -> bool:
    """Say whether a link can mean nothing but an entry; what has no suffix may be any page of the site."""
    if link.is_name:
        return any(each.isalpha() for each in link.address)
    return unquote(link.address).partition("?")[0].endswith(SUFFIXES)


async def read_targets(db: aiosqlite.Connection, layout: Layout) -> Targets:
    """Return the entries with files that a generation has."""
    found: list[Target] = []
    for entry in layout.entries.values():
        if entry.type.globs:
            found += await _rows(db, f"{_select(entry, 'main')}.path <> ''")
    return Targets(found)


async def have_changed(
    db: aiosqlite.Connection, layout: Layout, first_pks: Mapping[str, int], written: Mapping[str, Sequence[int]]
) -> bool:
    """Return whether any entry came, went, or has another place, url or name than in the previous generation.

    `first_pks` has the first pk that this load gave, `written` what it has written of grouped types.
    """
    for name, entry in layout.entries.items():
        if not entry.type.globs:
            continue
        if written.get(name) or await _count(db, entry, "main") != await _count(db, entry, "previous"):
            return True
        new = await _rows(db, f"{_select(entry, 'main')}.pk >= ?", first_pks[name])
        paths = orjson.dumps([each.path for each in new]).decode()
        old = await _rows(db, f"{_select(entry, 'previous')}.path IN (SELECT value FROM json_each(?))", paths)
        if not set(new).issubset(old):
            return True
    return False


def _select(entry: EntryLayout, schema: str) -> str:
    """Return the SELECT of targets of a type, but for what follows on the name of its narrow table."""
    main = f"{schema}.{entry.main.name}"
    columns = ", ".join(_column(entry, each) for each in (url_field(entry.type), *_names_of(entry)))
    joined = f"JOIN {schema}.{entry.details.name} AS {entry.details.name} USING (pk)"
    return f"SELECT path, item, {columns} FROM {main} AS {entry.main.name} {joined} WHERE {entry.main.name}"


def url_field(type_: EntryType) -> Field | None:
    """Return the field that holds an entry's url: the one of that name, else a key that is a Url; None without one."""
    plain = [each for each in type_.fields if each.is_value and not each.type.is_list]
    named = [each for each in plain if each.name == "url" and each.type.name in {"String", "Url"}]
    keys = [each for each in plain if each.is_key and each.type.name == "Url"]
    return next(iter([*named, *keys]), None)


def _names_of(entry: EntryLayout) -> tuple[Field | None, Field | None]:
    """Return the fields with the title and with further names."""
    by_name = {each.name: each for each in entry.type.fields if each.is_value and each.type.name == "String"}
    title = by_name.get(title_field(entry.model, entry.type)) or by_name.get("title") or by_name.get("name")
    alias = next((each for each in by_name.values() if each.is_alias or each.name in {"aliases", "alias"}), None)
    return (None if title is None or title.type.is_list else title), alias


def _column(entry: EntryLayout, each: Field | None) -> str:
    if each is None:
        return "NULL"
    table = entry.place_of(each.name)
    column = table.find(each.name, Role.VALUE)
    return "NULL" if column is None else f"{table.name}.{column.name}"


async def _rows(db: aiosqlite.Connection, sql: str, *values: Any) -> list[Target]:  # noqa: ANN401 - what SQL binds
    return [Target(*row) for row in await db.execute_fetchall(sql, values) if row[0]]


async def _count(db: aiosqlite.Connection, entry: EntryLayout, schema: str) -> int:
    ((count,),) = await db.execute_fetchall(f"SELECT count(*) FROM {schema}.{entry.main.name} WHERE path <> ''")
    return int(count)
