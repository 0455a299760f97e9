"""Metrics for Prometheus, by option: what was asked and how it ended, how long each phase took, cache and statements.

Several workers count into files of a folder that they share, so that whichever is asked tells the sums of all.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from graphql_api.server.tally import BUCKETS, Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector
    from starlette.requests import Request as StarletteRequest


FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
OTHER: Final = "(other)"
"""Stands for the operations beside the first ones: clients choose the names, and each is a series to be kept."""

_MAX_OPERATIONS: Final = 200


def share_among(workers: int) -> None:
    """Prepare for several processes; must be called before the metrics are made."""
    if workers > 1 and FOLDER_VARIABLE not in os.environ:
        folder = tempfile.mkdtemp(prefix="graphql-api-metrics-")
        os.environ[FOLDER_VARIABLE] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


class Metrics:
    """The metrics of one application; `more` are collectors of what others count."""

    def __init__(self, *more: Collector) -> None:
        """Begin at zero."""
        from prometheus_client import (  # noqa: PLC0415 - it decides where it counts when it is imported
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            ProcessCollector,
        )

        self._registry = CollectorRegistry()
        self._more = more
        registered: dict[str, Any] = {"registry": self._registry}
        live: dict[str, Any] = {"registry": self._registry, "multiprocess_mode": "livesum"}
        self.requests = Counter(
            "graphql_api_requests", "Requests to /graphql that were answered.", ["operation", "outcome"], **registered
        )
        self.seconds = Histogram(
            "graphql_api_request_seconds",
            "Seconds that requests took that the response cache did not have, by phase.",
            ["phase"],
            buckets=BUCKETS,
            **registered,
        )
        self.lookups = Counter("graphql_api_cache_lookups", "Requests by what the cache had.", ["result"], **registered)
        self.refusals = Counter("graphql_api_refusals", "Requests that were refused, by code.", ["code"], **registered)
        self.in_flight = Gauge("graphql_api_statements_in_flight", "Statements that run or wait for a lane.", **live)
        self.cache_bytes = Gauge("graphql_api_cache_bytes", "Bytes in the response cache.", **live)
        self.cache_entries = Gauge("graphql_api_cache_entries", "Entries in the response cache.", **live)
        if FOLDER_VARIABLE not in os.environ:
            ProcessCollector(registry=self._registry)
            for collector in more:
                self._registry.register(collector)
        self._operations: set[str] = {""}
        self.tally = Tally(self)

    def operation(self, name: str) -> str:
        """Return what an operation is called here: its name, or OTHER if there are too many."""
        if name not in self._operations:
            if len(self._operations) >= _MAX_OPERATIONS:
                return OTHER
            self._operations.add(name)
        return name

    def add_seconds(self, phase: str, counts: Sequence[int], seconds: float) -> None:
        """Add to the histogram how often a phase fell into each bucket, and how long that was in all."""
        histogram = self.seconds.labels(phase)
        # What `observe` does, for many at once; it takes one value at a time.
        for bucket, count in zip(histogram._buckets, counts, strict=True):  # noqa: SLF001
            if count:
                bucket.inc(count)
        histogram._sum.inc(seconds)  # noqa: SLF001

    async def page(self, request: StarletteRequest) -> Response:  # noqa: ARG002 - Starlette's signature
        """Answer Prometheus."""
        from prometheus_client import CONTENT_TYPE_LATEST  # noqa: PLC0415 - as above

        self.tally.tell()
        text = await asyncio.to_thread(self.text)
        return Response(text, 200, {"cache-control": "no-store", "content-type": CONTENT_TYPE_LATEST})

    def text(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        from prometheus_client import generate_latest  # noqa: PLC0415 - as above

        return generate_latest(self._registry_of_all())

    def _registry_of_all(self) -> CollectorRegistry:
        folder = os.environ.get(FOLDER_VARIABLE)
        if folder is None:
            return self._registry

        from prometheus_client import CollectorRegistry  # noqa: PLC0415 - as above
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415 - as above

        _forget_the_dead(folder)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        for collector in self._more:
            registry.register(collector)
        return registry


def _forget_the_dead(folder: str) -> None:
    """Let gauges of workers that are gone not count; what they counted stays."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - as above

    for path in Path(folder).glob("gauge_live*_*.db"):
        process_id = int(path.stem.rpartition("_")[2])
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            mark_process_dead(process_id, folder)  # type: ignore[no-untyped-call]
        except PermissionError:
            continue
