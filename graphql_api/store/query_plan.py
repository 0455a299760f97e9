"""How SQLite goes about a statement: EXPLAIN QUERY PLAN against the current generation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.errors import StoreError
from graphql_api.store.driver import connect_to_generation, sqlite3
from graphql_api.store.generations import generation_path, read_pointer, reading
from graphql_api.store.tables import CONTENT, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# The planner names a table's rows after the table, with a number: question_1.
_SCAN = re.compile(r"SCAN (\w+?)(_\d+)?$")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a query plan; `depth` counts from 0, `detail` is in SQLite's words."""

    depth: int
    detail: str

    @property
    def is_full_scan(self) -> bool:
        """Whether the step reads a whole table without any index. `content` has one row and is none."""
        scan = _SCAN.match(self.detail)
        return bool(scan and scan[1] in TABLES and scan[1] != CONTENT.name)


async def query_plan(store: Path, sql: str, values: Sequence[Any]) -> list[Step]:
    """Return the steps by which the current generation of the folder `store` answers `sql`, in SQLite's order.

    Raises NoGenerationError, and StoreError for a store that cannot be read.
    """
    path = generation_path(store, read_pointer(store))
    try:
        with reading(path):
            async with connect_to_generation(path) as db:
                rows = await db.execute_fetchall(f"EXPLAIN QUERY PLAN {sql}", values)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be read ({error}). Load again with --force.") from error
    return _steps(rows)


def _steps(rows: Iterable[Any]) -> list[Step]:
    """Return the steps of rows (id, parent, unused, detail); a parent comes before its children."""
    depths = {0: -1}
    steps = []
    for id_, parent, _, detail in rows:
        depths[id_] = depths[parent] + 1
        steps.append(Step(depths[id_], detail))
    return steps
