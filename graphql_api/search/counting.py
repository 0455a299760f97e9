"""Counting: how often each value of a column occurs among some entries.

SQLite would look up every entry that a search has found. What is kept here of a column are its different values and,
value by value, the entries that have it: 4 bytes for each. Counting is then one pass over these.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphql_api.search.index import Ask
    from graphql_api.search.pieces import Numbers

_BYTES_KEPT = 16 << 20
_PER_VALUE = 100  # bytes, about


class _Column(NamedTuple):
    """The different values, the pks of the entries that have the first one, the second one …, and where each begins."""

    values: Sequence[Any]
    owners: NDArray[np.int32]
    starts: Numbers

    @property
    def size_bytes(self) -> int:
        return self.owners.nbytes + _PER_VALUE * len(self.values)


class Columns:
    """The columns of one generation that were counted last; each is the SELECT of (owner, value) that it is read by.

    Of the values none is null, and no pair occurs twice. `ask` gives the rows of a statement. Any thread may use it.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._columns: OrderedDict[str, _Column] = OrderedDict()
        self._lock = Lock()

    def counts(self, ask: Ask, column: str, pks: Numbers, first: int | None) -> tuple[Numbers, Numbers]:
        """Return the numbers of the values that entries have, rising, and how many have each; pks occur once.

        With `first`, only the most frequent so many, and what is as frequent as the last of them.
        """
        kept = self._column(ask, column)
        is_there = np.zeros(int(max(kept.owners.max(initial=0), pks.max(initial=0))) + 1, bool)
        is_there[pks] = True
        found = is_there[kept.owners]
        counts = np.add.reduceat(found, kept.starts, dtype=np.int64) if len(kept.starts) else kept.starts
        least = 1
        if first is not None and first < len(counts):
            least = max(1, int(np.partition(counts, -first)[-first]))
        numbers = np.flatnonzero(counts >= least)
        return numbers, counts[numbers]

    def value(self, ask: Ask, column: str, number: int) -> Any:  # noqa: ANN401 - a value of SQL
        """Return the value with a number."""
        return self._column(ask, column).values[number]

    def _column(self, ask: Ask, column: str) -> _Column:
        kept = self._columns.get(column)
        if kept is None:
            kept = _read(ask, column)
        with self._lock:
            self._columns[column] = kept
            self._columns.move_to_end(column)
            while len(self._columns) > 1 and sum(each.size_bytes for each in self._columns.values()) > _BYTES_KEPT:
                self._columns.popitem(last=False)
        return kept


def _read(ask: Ask, column: str) -> _Column:
    rows = ask(f"SELECT value, json_group_array(owner) FROM ({column}) GROUP BY value", ())
    owners = [np.array(orjson.loads(pks), np.int32) for _, pks in rows]
    ends = np.cumsum([0, *map(len, owners)])
    return _Column([value for value, _ in rows], np.concatenate([np.zeros(0, np.int32), *owners]), ends[:-1])
