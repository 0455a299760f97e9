"""Metrics for Prometheus, by option: what was asked and how it ended, how long each phase took, cache and statements.

Nothing here runs without the option: the endpoint, the engine and the store are wrapped, or are not. Several workers
count into files of a folder that they share, so that whichever is asked tells the sums of all.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import shutil
import tempfile
import time
from collections import OrderedDict
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from graphql_api.server.graphql_http import GraphQLOverHTTP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector
    from starlette.requests import Request as StarletteRequest

    from graphql_api.engine.documents import DocumentCache
    from graphql_api.engine.executor import Generation, Store
    from graphql_api.engine.requests import Engine, Request
    from graphql_api.engine.requests import Response as EngineResponse
    from graphql_api.server.http_message import HTTPError, HTTPRequest, HTTPResponse

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
OTHER: Final = "(other)"
"""Stands for the operations beside the first ones: clients choose the names, and each is a series to be kept."""

_MAX_OPERATIONS: Final = 200
_MAX_REMEMBERED: Final = 10_000
_BUCKETS: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_CODE: Final = re.compile(rb'"code":"([A-Z_]+)"')
_NAME: Final = re.compile(r"\b(?:query|mutation|subscription)\s+([_A-Za-z][_0-9A-Za-z]*)")


@dataclass(slots=True)
class _Asked:
    """What becomes of one request that the cache does not have; times are in seconds."""

    operation: str | None = None
    code: str | None = None
    engine_seconds: float = 0.0
    statement_seconds: float = 0.0


_ASKED: Final[ContextVar[_Asked]] = ContextVar("asked")


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
            buckets=_BUCKETS,
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

    def operation(self, name: str) -> str:
        """Return what an operation is called here: its name, or OTHER if there are too many."""
        if name not in self._operations:
            if len(self._operations) >= _MAX_OPERATIONS:
                return OTHER
            self._operations.add(name)
        return name

    async def page(self, request: StarletteRequest) -> Response:  # noqa: ARG002 - Starlette's signature
        """Answer Prometheus."""
        from prometheus_client import CONTENT_TYPE_LATEST  # noqa: PLC0415 - as above

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


class MeteredHTTP(GraphQLOverHTTP):
    """The endpoint, with everything counted."""

    def __init__(self, metrics: Metrics, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - its parent's
        """Count into `metrics`; all else is its parent's."""
        super().__init__(*arguments, **named)
        self._metrics = metrics
        self._names: OrderedDict[int, str] = OrderedDict()

    def remembered(self, request: HTTPRequest) -> HTTPResponse | None:
        """See GraphQLOverHTTP."""
        response = super().remembered(request)
        if response is not None:
            self._metrics.lookups.labels("hit").inc()
            self._metrics.requests.labels(self._names.get(hash(request.payload), ""), "cached").inc()
        return response

    async def made(self, request: HTTPRequest) -> HTTPResponse:
        """See GraphQLOverHTTP."""
        asked = _Asked()
        _ASKED.set(asked)
        started = time.perf_counter()
        response = await super().made(request)
        self._note(request, response, asked, time.perf_counter() - started)
        return response

    def refuse(self, error: HTTPError, *arguments: Any) -> HTTPResponse:  # noqa: ANN401 - its parent's
        """See GraphQLOverHTTP."""
        self._metrics.refusals.labels(error.code).inc()
        return super().refuse(error, *arguments)

    def _note(self, request: HTTPRequest, response: HTTPResponse, asked: _Asked, seconds: float) -> None:
        metrics = self._metrics
        code = asked.code or (_code_of(response.body) if response.status >= 400 else None)  # noqa: PLR2004 - HTTP's
        operation = metrics.operation(asked.operation or "")
        metrics.requests.labels(operation, code or "ok").inc()
        if asked.operation is None:
            return
        metrics.lookups.labels("miss").inc()
        phases = {
            "total": seconds,
            "plan": asked.engine_seconds - asked.statement_seconds,
            "statement": asked.statement_seconds,
            "respond": seconds - asked.engine_seconds,
        }
        for phase, took in phases.items():
            metrics.seconds.labels(phase).observe(max(took, 0.0))
        if self._cache is not None:
            metrics.cache_bytes.set(self._cache.size_bytes)
            metrics.cache_entries.set(len(self._cache))
        self._names[hash(request.payload)] = operation
        if len(self._names) > _MAX_REMEMBERED:
            self._names.popitem(last=False)


class MeteredEngine:
    """An engine whose time is measured, and that tells which operation was asked."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine."""
        self._engine = engine

    def known_version(self) -> str | None:
        """See Engine."""
        return self._engine.known_version()

    async def execute(self, request: Request) -> EngineResponse:
        """See Engine."""
        asked = _ASKED.get(None) or _Asked()
        asked.operation = request.operation_name or _name_in(request.document)
        started = time.perf_counter()
        try:
            response = await self._engine.execute(request)
        finally:
            asked.engine_seconds = time.perf_counter() - started
        if not response.has_data:
            asked.code = _code_of(response.body)
        return response


class MeteredStore:
    """A store whose statements are counted and measured."""

    def __init__(self, store: Store, metrics: Metrics) -> None:
        """Wrap a store."""
        self._store = store
        self._metrics = metrics

    def known_version(self) -> str | None:
        """See Store."""
        return self._store.known_version()

    async def current(self) -> _MeteredGeneration:
        """See Store."""
        return _MeteredGeneration(await self._store.current(), self._metrics)


class _MeteredGeneration:
    def __init__(self, generation: Generation, metrics: Metrics) -> None:
        self._generation = generation
        self._metrics = metrics

    @property
    def edition(self) -> str:
        return self._generation.edition

    @property
    def sequence(self) -> int:
        return self._generation.sequence

    @property
    def label(self) -> str:
        return self._generation.label

    @property
    def prepared(self) -> DocumentCache:
        return self._generation.prepared

    @property
    def counts(self) -> Mapping[str, int]:
        return self._generation.counts

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        started = time.perf_counter()
        self._metrics.in_flight.inc()
        try:
            return await self._generation.fetch(sql, values)
        finally:
            self._metrics.in_flight.dec()
            with suppress(LookupError):  # it is not the endpoint that asks
                _ASKED.get().statement_seconds += time.perf_counter() - started


def _name_in(document: str) -> str:
    """Return the name of the first operation of a document, "" if it has none; good enough to count by."""
    found = _NAME.search(document)
    return found[1] if found else ""


def _code_of(body: bytes) -> str:
    found = _CODE.search(body)
    return found[1].decode() if found else "UNKNOWN"
