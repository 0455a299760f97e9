"""Contents: all that a generation says, in no terms of its own keys, so that two generations can be compared."""

from __future__ import annotations

import contextlib
import itertools
from array import array
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from graphql_api.search.analysis import groups, pieces
from graphql_api.search.blocks import WEIGHT_UNITS
from graphql_api.search.stems import stem
from graphql_api.store.driver import sqlite3
from graphql_api.store.generations import generation_path, read_pointer
from graphql_api.store.searching import SearchFunctions
from graphql_api.store.tables import Role
from tests.loading.views import create_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Table

_OF_ONE_FILE = {Role.PK, Role.OWNER, Role.UPDATED_AT}
Said = dict[str, Any]


@contextlib.contextmanager
def opened(store: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to the current generation of `store`."""
    path = generation_path(store, read_pointer(store))
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    SearchFunctions(db)
    try:
        yield db
    finally:
        db.close()


def query(store: Path, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a statement on the current generation of `store`, which may ask the views."""
    with opened(store) as db:
        create_views(db)
        return [tuple(row) for row in db.execute(sql, values)]


def everything(store: Path) -> dict[str, Said]:
    """Return all that the current generation says of each entry, by type and key; moments aside."""
    with opened(store) as db:
        layout = create_views(db)
        names = _names(db, layout)
        content = db.execute("SELECT * FROM told").fetchall()[0]
        said: dict[str, Said] = {}
        for name, entry in layout.entries.items():
            for pk, node_id in names[name].items():
                said[f"{name} {node_id}"] = {"content": (content[0], *content[2:]), **_entry(db, entry, pk, names)}
        return said


def words(store: Path) -> list[tuple[str, str, int, tuple[int, ...]]]:
    """Return each stem of each full-text index and each entry that has it: its weight there, and its places in it."""
    with opened(store) as db:
        layout = create_views(db)
        found = []
        for entry in layout.entries.values():
            if entry.searched:
                ids = dict(db.execute(f"SELECT pk, node_id FROM {entry.main.name}").fetchall())
                found += [(stemmed, ids[pk], weight, places) for stemmed, pk, weight, places in _postings(db, entry)]
        return sorted(found)


def spellings(store: Path) -> list[tuple[str, str, int]]:
    """Return each word of each full-text index, its stem, and how often it stands there."""
    with opened(store) as db:
        found = []
        for entry in create_views(db).entries.values():
            if entry.searched:
                name = entry.search_table
                found += db.execute(
                    f"SELECT word, s.stem, count FROM {name}_word JOIN {name}_stem AS s ON s.number = {name}_word.stem"
                ).fetchall()
        return sorted(tuple(row) for row in found)


def words_of_texts(store: Path) -> tuple[list[tuple[str, str, int, tuple[int, ...]]], list[tuple[str, str, int]]]:
    """Return what `words` and `spellings` should say of a model without a searched text twice, from the texts alone."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    counts: Counter[tuple[str, str]] = Counter()
    with opened(store) as db:
        for entry in create_views(db).entries.values():
            weights = [round(each.weight * WEIGHT_UNITS) for each in entry.searched]
            source = f"SELECT node_id, s.* FROM {entry.main.name} JOIN {entry.search_table}_source AS s USING (pk)"
            for node_id, _, *texts in db.execute(source).fetchall() if weights else ():
                at = 0
                for text, weight in zip(texts, weights, strict=True):
                    for group in (group for piece in pieces(text or "") for group in groups(piece)):
                        said = [(part, at + number) for number, part in enumerate(group.parts)]
                        for word, place in (*said, *((word, at) for word in {*group[1:]} - {""})):
                            places[stem(word), node_id].append((place, weight))
                            counts[word, stem(word)] += 1
                        at += len(group.parts)
                    at += 1
    indexed = [
        (*key, min(sum(weight for _, weight in some), 65_535), tuple(sorted(place for place, _ in some)))
        for key, some in places.items()
    ]
    return sorted(indexed), sorted((word, stemmed, count) for (word, stemmed), count in counts.items())


def _postings(db: sqlite3.Connection, entry: EntryLayout) -> Iterator[tuple[str, int, int, tuple[int, ...]]]:
    """Yield (stem, pk, weight, places from the entry's first one) of what has not gone."""
    name, fields = entry.search_table, len(entry.searched)
    for block, pk_bytes, length_bytes in db.execute(f"SELECT block, pks, lengths FROM {name}_block").fetchall():
        pks, lengths = array("q", pk_bytes), array("I", length_bytes)
        starts = [
            0,
            *itertools.accumulate(sum(lengths[at : at + fields]) + fields for at in range(0, len(lengths), fields)),
        ]
        rows = db.execute(
            f"SELECT s.stem, entries, places FROM {name}_posting JOIN {name}_stem AS s ON s.number = id & 4294967295"
            " WHERE id >> 32 = ?",
            (block,),
        )
        for stemmed, entry_bytes, place_bytes in rows:
            pairs, places = array("H", entry_bytes), array("I", place_bytes)
            for number, weight in zip(pairs[::2], pairs[1::2], strict=True):
                within = [place - starts[number] for place in places if starts[number] <= place < starts[number + 1]]
                if pks[number]:
                    yield stemmed, pks[number], weight, tuple(within)


def manifest(store: Path) -> list[tuple[Any, ...]]:
    """Return what the current generation knows of its files and of what is wrong with them.

    Not their times: a file that was only touched is no reason to write a generation.
    """
    seeds = query(store, "SELECT path, size_bytes, hex(sha256), hidden FROM seed ORDER BY path")
    return [*seeds, *query(store, "SELECT path, severity, code, line, message FROM problem ORDER BY path, position")]


def _names(db: sqlite3.Connection, layout: Layout) -> dict[str, dict[int, str]]:
    return {
        name: dict(db.execute(f"SELECT pk, node_id FROM {entry.main.name}").fetchall())
        for name, entry in layout.entries.items()
    }


def _entry(db: sqlite3.Connection, entry: EntryLayout, pk: int, names: dict[str, dict[int, str]]) -> Said:
    targets = {(site.table, site.column_field): site.target_type for site in entry.sites}
    said: Said = {}
    for table in (entry.main, entry.details):
        for row in _rows(db, table, "pk", pk, targets, names):
            said |= row
    for table in (*entry.lists.values(), *entry.values.values(), *entry.nested.values()):
        said[table.name] = list(_rows(db, table, "owner_pk", pk, targets, names))
    return said


def _rows(  # noqa: PLR0917 - what rows are found by
    db: sqlite3.Connection,
    table: Table,
    key: str,
    pk: int,
    targets: dict[tuple[str, str], str],
    names: dict[str, dict[int, str]],
) -> Iterator[Said]:
    order = ", ".join(table.primary_key)
    for row in db.execute(
        f"SELECT {', '.join(table.column_names)} FROM {table.name} WHERE {key} = ? ORDER BY {order}", (pk,)
    ):
        said: Said = {}
        for column, value in zip(table.columns, row, strict=True):
            if column.role is Role.DIGEST:
                said["digest"] = value
            elif column.role is Role.TARGET:
                said[column.name] = value and names[targets[table.name, column.field]][value]
            elif column.role not in _OF_ONE_FILE:
                said[column.name] = value
        yield said
