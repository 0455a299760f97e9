"""Checks: what must hold of every generation before it is published.

They only read what is written already, so each of them can run in a thread while others read the same file.
"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from graphql_api.errors import StoreError
from graphql_api.loading.counts import total_of
from graphql_api.store.driver import sqlite3
from graphql_api.store.tables import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graphql_api.store.layout import EntryLayout, Layout
    from graphql_api.store.tables import Table


def checks_of(path: Path, layout: Layout) -> list[Callable[[], None]]:
    """Return the checks of the finished file `path`, of which each takes about as long. They raise StoreError."""
    further = [table for entry in layout.entries.values() for table in entry.lists.values()]
    others = [table for table in layout.tables.values() if table not in further]
    return [partial(_check_keys, path, further), partial(_check_keys_and_counts, path, others, layout)]


def _check_keys_and_counts(path: Path, tables: Sequence[Table], layout: Layout) -> None:
    _check_keys(path, tables)
    with _opened(path) as db:
        for entry in layout.entries.values():
            for differ in _differing(layout, entry):
                ((wrong,),) = db.execute(f"SELECT {differ}")
                if wrong:
                    raise _inconsistent(f"the counts of {entry.type.name} differ")


def _differing(layout: Layout, entry: EntryLayout) -> Iterator[str]:
    """Yield conditions that are true for counts that differ."""
    yield f"(SELECT count(*) FROM {entry.main.name}) <> (SELECT count(*) FROM {entry.details.name})"
    for each in entry.type.fields:
        column = entry.main.find(each.name, Role.COUNT)
        if column and each.back:
            yield f"(SELECT total({column.name}) FROM {entry.main.name}) <> ({total_of(layout, each.back)})"


def _check_keys(path: Path, tables: Sequence[Table]) -> None:
    with _opened(path) as db:
        broken = sum(_broken(db, table) for table in tables if _is_any_broken(db, table))
    if broken:
        raise _inconsistent(f"broken keys: {broken}")


def _is_any_broken(db: sqlite3.Connection, table: Table) -> bool:
    """Return whether a key of a table leads nowhere. Each value is looked up once, in half the time of `_broken`."""
    return any(
        db.execute(
            f"SELECT EXISTS (SELECT 1 FROM (SELECT DISTINCT {column} AS key FROM {table.name} WHERE {column} NOT NULL)"
            f" WHERE NOT EXISTS (SELECT 1 FROM {owner} WHERE pk = key))"
        ).fetchone()[0]
        for column, owner in table.foreign_keys.items()
    )


def _broken(db: sqlite3.Connection, table: Table) -> int:
    return len(db.execute(f'PRAGMA foreign_key_check("{table.name}")').fetchall())


def _opened(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True))


def _inconsistent(how: str) -> StoreError:
    return StoreError(f"The new generation is inconsistent ({how}); it was not published. Load again with --force.")
