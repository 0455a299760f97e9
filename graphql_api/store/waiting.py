"""Statements that wait for a lane, and how long each may run on which.

A statement is of a **level**. On level 0 it may run for a few milliseconds, on the next one longer, on the last one up
to its deadline. One that takes longer than its level allows is ended and runs again on the next level, so that slow
statements never hold up the lane that quick ones use, whatever clients send.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from threading import Condition
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

_STATEMENTS_REMEMBERED: Final = 512


class Wanted(Struct, eq=False):
    """One statement, and who waits for its one row. Times are those of `time.monotonic`, in seconds.

    `is_cancelled` is set by the event loop and read by lanes; `level`, `started` and `seconds`, how long it ran last,
    are written by lanes.
    """

    sql: str
    values: Sequence[Any]
    row: asyncio.Future[Sequence[bytes]]
    level: int = 0
    arrived: float = field(default_factory=time.monotonic)
    started: float = 0.0
    seconds: float = 0.0
    is_cancelled: bool = False


class Waiting:
    """What waits for the lanes above the first: a lane takes what has waited longest of its own level and those below.

    Any thread may use it.
    """

    def __init__(self, levels: int) -> None:
        """Have a queue for each level from 1 to `levels` - 1."""
        self._changed = Condition()
        self._queues: list[deque[Wanted]] = [deque() for _ in range(levels)]
        self._is_closed = False
        self.last_level = levels - 1

    def put(self, wanted: Wanted) -> None:
        """Have a statement wait on its level."""
        with self._changed:
            self._queues[wanted.level].append(wanted)
            self._changed.notify_all()

    def take(self, level: int) -> Wanted | None:
        """Wait for a statement of a level up to `level` and return it; None once nothing comes any more."""
        with self._changed:
            while True:
                waiting = [queue for queue in self._queues[: level + 1] if queue]
                if waiting:
                    return min(waiting, key=lambda queue: queue[0].arrived).popleft()
                if self._is_closed:
                    return None
                self._changed.wait()

    def close(self) -> None:
        """Have lanes end when nothing waits any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


class Levels:
    """On which level statements are to begin, by how they did before.

    How a statement does depends on its values too. So what was slow with some values begins on level 1 with others,
    and only with the same ones on a higher level: nobody's search makes the searches of others wait with slow ones.
    """

    def __init__(self, allowed_seconds: Sequence[float]) -> None:
        """Know how long a statement may run on each level."""
        self._allowed_seconds = allowed_seconds
        self._levels: OrderedDict[int, int] = OrderedDict()  # by hash: the texts can be large

    def __len__(self) -> int:
        """Return how many statements are remembered."""
        return len(self._levels)

    def of(self, sql: str, values: Sequence[Any]) -> int:
        """Return the level on which a statement begins."""
        level = self._levels.get(hash(sql), 0)
        return self._levels.get(_hash_of(sql, values), level) if level else 0

    def remember(self, wanted: Wanted) -> None:
        """Note how a statement did that has run."""
        if wanted.seconds <= self._allowed_seconds[0]:
            if wanted.level:
                self._levels.pop(hash(wanted.sql), None)
            return
        self._set(hash(wanted.sql), 1)
        level = next(
            (at for at, seconds in enumerate(self._allowed_seconds) if wanted.seconds <= seconds), wanted.level
        )
        if level > 1:
            self._set(_hash_of(wanted.sql, wanted.values), level)
        else:
            self._levels.pop(_hash_of(wanted.sql, wanted.values), None)

    def _set(self, key: int, level: int) -> None:
        self._levels[key] = level
        self._levels.move_to_end(key)
        if len(self._levels) > _STATEMENTS_REMEMBERED:
            self._levels.popitem(last=False)


def _hash_of(sql: str, values: Sequence[Any]) -> int:
    return hash((sql, *values))
