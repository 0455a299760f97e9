"""A connection of the event loop's own, for statements that are known to be small.

Such a statement takes less time than to wake a thread and to be woken by it. One that takes longer than it did before
is ended after a few milliseconds, and runs again on a lane.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from sys import getsizeof
from typing import TYPE_CHECKING, Any, Final

from graphql_api.store.driver import Bounded, open_generation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.store.lane import Bounds
    from graphql_api.store.waiting import Wanted

_SMALL_SECONDS: Final = 0.001
_MOST_SECONDS: Final = 0.005
_SMALL_BYTES: Final = 131_072
_SLOW_IN_A_ROW: Final = 3
"""What took that long so often is not small; once it may have been the machine, which did something else."""
_INSTRUCTIONS_BETWEEN_LOOKS: Final = 2_000
_STATEMENTS_REMEMBERED: Final = 256
_CACHE_KIB: Final = 8_192


class AtOnce:
    """Runs statements where it is called. `is_interruptible` says of a statement that it can be ended early."""

    def __init__(self, path: Path, bounds: Bounds) -> None:
        """Begin to read the generation `path`. Raises sqlite3.Error if the file is no database."""
        self._connection = open_generation(path, is_mapped=bounds.is_mapped, cached_statements=_STATEMENTS_REMEMBERED)
        self._bounded = Bounded(self._connection, bounds.answer_bytes)
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._connection.set_progress_handler(self._is_over, _INSTRUCTIONS_BETWEEN_LOOKS)
        # How often each was slow of late, by hash, as in `waiting.Levels`.
        self._small: OrderedDict[int, int] = OrderedDict()
        self._end = 0.0

    def row(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        """Return the row of a statement; None if it is to run on a lane."""
        key = hash(sql)
        slow = self._small.get(key)
        if slow is None:
            return None
        started = time.monotonic()
        self._end = started + _MOST_SECONDS
        self._bounded.begin()
        try:
            row: Sequence[bytes] | None = self._connection.execute(sql, values).fetchone()
        except Exception:  # noqa: BLE001 - whatever it is, the lane meets it too, and tells
            self._bounded.was_exceeded()
            row = None
        if row is None:
            del self._small[key]
        elif time.monotonic() - started > _SMALL_SECONDS:
            self._note_slow(key, slow + 1)
        elif slow:
            self._small[key] = 0
        return row

    def _note_slow(self, key: int, slow: int) -> None:
        if slow < _SLOW_IN_A_ROW:
            self._small[key] = slow
        else:
            del self._small[key]

    def remember(self, wanted: Wanted, row: Sequence[bytes]) -> None:
        """Note how long a statement took on a lane, and how long its row was."""
        if wanted.seconds > _SMALL_SECONDS or "search" in wanted.sql or sum(map(getsizeof, row)) > _SMALL_BYTES:
            return
        self._small[hash(wanted.sql)] = 0
        if len(self._small) > _STATEMENTS_REMEMBERED:
            self._small.popitem(last=False)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _is_over(self) -> bool:
        return time.monotonic() > self._end
