"""Checks: what must hold of every generation before it is published.

They only read what is written already, so each of them can run in a thread while others read the same file.
"""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from graphql_api.errors import StoreError
from graphql_api.store.driver import sqlite3
from graphql_api.store.tables import REFERENCE, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_WRONG_COUNTS = """
SELECT (SELECT count(*) FROM question) <> (SELECT count(*) FROM answer)
    OR (SELECT total(question_count) FROM subject) <> (SELECT count(*) FROM question)
"""


def checks_of(path: Path) -> list[Callable[[], None]]:
    """Return the checks of the finished file `path`, of which each takes about as long. They raise StoreError."""
    others = [name for name in TABLES if name != REFERENCE.name]
    return [partial(_check_keys, path, [REFERENCE.name]), partial(_check_keys_and_counts, path, others)]


def _check_keys_and_counts(path: Path, tables: Sequence[str]) -> None:
    _check_keys(path, tables)
    with _opened(path) as db:
        ((wrong,),) = db.execute(_WRONG_COUNTS)
    if wrong:
        raise _inconsistent("the counts of its articles differ")


def _check_keys(path: Path, tables: Sequence[str]) -> None:
    with _opened(path) as db:
        broken = sum(len(db.execute(f'PRAGMA foreign_key_check("{table}")').fetchall()) for table in tables)
    if broken:
        raise _inconsistent(f"broken keys: {broken}")


def _opened(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True))


def _inconsistent(how: str) -> StoreError:
    return StoreError(f"The new generation is inconsistent ({how}); it was not published. Load again with --force.")
