"""A connection of the event loop's own, for statements that are known to be small.

Such a statement takes less time than to wake a thread and to be woken by it. One that takes longer than it did before
is ended after a few milliseconds, and runs again on a lane.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from graphql_api.store.driver import Bounded, open_generation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql_api.store.lane import Bounds
    from graphql_api.store.waiting import Wanted

_SMALL_SECONDS: Final = 0.001
_MOST_SECONDS: Final = 0.005
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
        self._small: OrderedDict[int, None] = OrderedDict()  # by hash, as in `waiting.Levels`
        self._end = 0.0

    def row(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        """Return the row of a statement; None if it is to run on a lane."""
        if hash(sql) not in self._small:
            return None
        started = time.monotonic()
        self._end = started + _MOST_SECONDS
        self._bounded.begin()
        try:
            row: Sequence[bytes] | None = self._connection.execute(sql, values).fetchone()
        except Exception:  # noqa: BLE001 - whatever it is, the lane meets it too, and tells
            self._bounded.was_exceeded()
            row = None
        if row is None or time.monotonic() - started > _SMALL_SECONDS:
            del self._small[hash(sql)]
        return row

    def remember(self, wanted: Wanted) -> None:
        """Note how long a statement took on a lane."""
        if wanted.seconds > _SMALL_SECONDS or "search" in wanted.sql:
            return
        self._small[hash(wanted.sql)] = None
        if len(self._small) > _STATEMENTS_REMEMBERED:
            self._small.popitem(last=False)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _is_over(self) -> bool:
        return time.monotonic() > self._end
