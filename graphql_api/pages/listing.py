"""Listing: statements that give the listed pages of one type, some at a time; each gives one row of JSON."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

from graphql_api.engine.page_values import PageValues
from graphql_api.engine.scope import EntryScope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.pages.documents import Generation
    from graphql_api.store.layout import EntryLayout, Layout


class Listing:
    """One statement about the pages of a type; what is unlisted is left out. Used once."""

    def __init__(self, layout: Layout, entry: EntryLayout) -> None:
        """Begin with the table alone; what is asked of `values` joins others."""
        numbers = count(1)
        self.name: Callable[[str], str] = lambda name: f"{name}_{next(numbers)}"
        self.scope = EntryScope(layout, entry, self.name(entry.main.name), self.name)
        self.values = PageValues(self.scope, "''")
        """Addresses are as the entries have them: what makes them absolute is not SQL's."""

    @property
    def is_listed(self) -> str:
        """SQL for whether crawlers may list the entry."""
        return f"NOT {self.values.is_unlisted}"

    def statement(self, members: Sequence[str], where: Sequence[str], clauses: str) -> str:
        """Return the statement that gives a list of lists of `members`."""
        conditions = " AND ".join([self.is_listed, *where])
        item = f"SELECT json_array({', '.join(members)}) AS item FROM {self.scope.rows()}"
        rows = f"({item} WHERE {conditions} {clauses})"
        return f"SELECT CAST('[' || coalesce(group_concat(item, ','), '') || ']' AS BLOB) FROM {rows}"


def page_entries(layout: Layout) -> list[EntryLayout]:
    """Return the types that have pages, in the model's order."""
    return [entry for entry in layout.entries.values() if entry.type.page]


async def asked(generation: Generation, sql: str, *values: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    """Return the JSON value that a statement gives, None for none. Raises RequestError or StoreError."""
    (found,) = await generation.fetch(sql, values)
    return None if found is None else orjson.loads(found)


async def listed_counts(generation: Generation) -> list[tuple[EntryLayout, int]]:
    """Return how many listed pages each type has."""
    layout = generation.prepared.layout
    entries = page_entries(layout)
    counts = []
    for entry in entries:
        listing = Listing(layout, entry)
        counts.append(f"(SELECT count(*) FROM {listing.scope.rows()} WHERE {listing.is_listed})")
    found = await asked(generation, f"SELECT CAST(json_array({', '.join(counts)}) AS BLOB)") if counts else []
    return list(zip(entries, found, strict=True))
