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


def checks_of(path: Path, layout: Layout) -> list[Callable[[], None]]:
    """Return the checks of the finished file `path`, of which each takes about as long. They raise StoreError."""
    further = [table.name for entry in layout.entries.values() for table in entry.lists.values()]
    others = [name for name in layout.tables if name not in further]
    return [partial(_check_keys, path, further), partial(_check_keys_and_counts, path, others, layout)]


def _check_keys_and_counts(path: Path, tables: Sequence[str], layout: Layout) -> None:
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


def _check_keys(path: Path, tables: Sequence[str]) -> None:
    with _opened(path) as db:
        broken = sum(len(db.execute(f'PRAGMA foreign_key_check("{table}")').fetchall()) for table in tables)
    if broken:
        raise _inconsistent(f"broken keys: {broken}")


def _opened(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True))


def _inconsistent(how: str) -> StoreError:
    return StoreError(f"The new generation is inconsistent ({how}); it was not published. Load again with --force.")
