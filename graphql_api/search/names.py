"""Names of indexes, and the measure of ranks: what SQL for a search is written with."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

RANKS_PER_POINT = 1_000_000
"""Ranks are whole; a score is a rank through this, and negative."""
STEM_BITS = 32
"""A posting's key is the number of its block above that of its stem, so that a block is one stretch of the table."""


class Name(NamedTuple):
    """Which index to search: its tables' name, its fields' weights, and where the titles are, case folded.

    Without a table, no title is looked for.
    """

    table: str
    weights: tuple[float, ...]
    title_table: str = ""
    title_column: str = ""

    def written(self) -> str:
        """Return it as text, as functions of SQL take it."""
        return json.dumps(self)


def written_names(names: Iterable[Name]) -> str:
    """Return several names as one text."""
    return json.dumps(list(names))


@lru_cache(maxsize=256)
def read_name(text: str) -> Name:
    """Return the name that `written` has made a text of."""
    table, weights, *titles = json.loads(text)
    return Name(table, tuple(weights), *titles)
