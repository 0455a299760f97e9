"""The tally: what a worker has counted since it last told its metrics, in plain numbers.

prometheus-client takes 1 to 2 µs for each number, with its locks, labels and files. So a request adds to these, and
four times a second they are put into the metrics; a worker that is asked for its metrics does that first.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphql_api.server.metrics import Metrics
    from graphql_api.server.response_cache import ResponseCache

BUCKETS: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""In seconds, up to and with each."""

_SECONDS_UNTOLD: Final = 0.25


class _Phase:
    """How often something took how long: a count for each bucket, the last one for all that took longer."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.counts = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds


class Tally:
    """Counts for `metrics`; `cache` is the response cache, whose size is told with them, None for none.

    `in_flight` is how many statements run or wait. It belongs to one event loop.
    """

    def __init__(self, metrics: Metrics) -> None:
        """Begin at zero."""
        self._metrics = metrics
        self.cache: ResponseCache | None = None
        self.in_flight = 0
        self._requests: Counter[tuple[str, str]] = Counter()
        self._hits = self._misses = 0
        self._phases = {name: _Phase() for name in ("total", "plan", "statement", "respond")}
        self._total, self._plan, self._statement, self._respond = self._phases.values()
        self._timer: asyncio.TimerHandle | None = None

    def hit(self, operation: str) -> None:
        """Count a request that the response cache had."""
        self._hits += 1
        self.request(operation, "cached")

    def request(self, operation: str, outcome: str) -> None:
        """Count a request."""
        self._requests[operation, outcome] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SECONDS_UNTOLD, self.tell)

    def miss(self, total: float, engine: float, statement: float) -> None:
        """Note the seconds of a request that the cache did not have: in all, of the engine, of its statement."""
        self._misses += 1
        self._total.add(total)
        self._plan.add(max(engine - statement, 0.0))
        self._statement.add(statement)
        self._respond.add(max(total - engine, 0.0))

    def tell(self) -> None:
        """Put everything into the metrics, and begin again."""
        metrics = self._metrics
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for (operation, outcome), count in self._requests.items():
            metrics.requests.labels(operation, outcome).inc(count)
        for result, count in (("hit", self._hits), ("miss", self._misses)):
            if count:
                metrics.lookups.labels(result).inc(count)
        for name, phase in self._phases.items():
            metrics.add_seconds(name, phase.counts, phase.seconds)
            phase.clear()
        metrics.in_flight.set(self.in_flight)
        if self.cache is not None:
            metrics.cache_bytes.set(self.cache.size_bytes)
            metrics.cache_entries.set(len(self.cache))
        self._requests.clear()
        self._hits = self._misses = 0
