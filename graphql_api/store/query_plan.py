"""How SQLite goes about a statement: EXPLAIN QUERY PLAN against the current generation."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from graphql_api.errors import StoreError
from graphql_api.store.driver import connect_to_generation, sqlite3
from graphql_api.store.generations import check_generation, generation_path, read_pointer, reading
from graphql_api.store.threads import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_TABLE = re.compile(r"[edlvr]\d+(_\d+)?")
# The planner names a table's rows after the table, with a number: e1_1.
_SCAN = re.compile(r"SCAN (\w+?)(_\d+)?$")


class Step(Struct, frozen=True):
    """One step of a query plan; `depth` counts from 0, `detail` is in SQLite's words."""

    depth: int
    detail: str

    @property
    def is_full_scan(self) -> bool:
        """Whether the step reads a whole table without any index. `content` has one row and is none."""
        scan = _SCAN.match(self.detail)
        return bool(scan and _TABLE.fullmatch(scan[1]))


async def query_plan(store: Path, sql: str, values: Sequence[Any]) -> list[Step]:
    """Return the steps by which the current generation of the folder `store` answers `sql`, in SQLite's order.

    Raises NoGenerationError, and StoreError for a store that cannot be read.
    """
    return _steps(await _rows(store, f"EXPLAIN QUERY PLAN {sql}", values, check=False))


async def stored_model(store: Path) -> str:
    """Return the text of the model that the current generation of the folder `store` was made with.

    Raises NoGenerationError, and StoreError for a store that cannot be read, or is damaged.
    """
    ((text,),) = await _rows(store, "SELECT model FROM content", (), check=True)
    return str(text)


async def _rows(store: Path, sql: str, values: Sequence[Any], *, check: bool) -> list[Any]:
    pointer = read_pointer(store)
    path = generation_path(store, pointer)
    try:
        with reading(path):
            if check:
                await in_threads(partial(check_generation, path, pointer))
            async with connect_to_generation(path) as db:
                return list(await db.execute_fetchall(sql, values))
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be read ({error}). Load again with --force.") from error


def _steps(rows: Iterable[Any]) -> list[Step]:
    """Return the steps of rows (id, parent, unused, detail); a parent comes before its children."""
    depths = {0: -1}
    steps = []
    for id_, parent, _, detail in rows:
        depths[id_] = depths[parent] + 1
        steps.append(Step(depths[id_], detail))
    return steps
