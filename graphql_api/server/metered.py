"""Metered: the endpoint, the engine and the store with everything counted that `metrics` tells.

Nothing here runs without the option: they are wrapped, or are not.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from graphql_api.engine.requests import PromptEngine
from graphql_api.server.graphql_http import GraphQLOverHTTP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql_api.engine.documents import DocumentCache
    from graphql_api.engine.executor import Generation, Store
    from graphql_api.engine.requests import Engine, Request
    from graphql_api.engine.requests import Response as EngineResponse
    from graphql_api.server.http_message import HTTPError, HTTPRequest, HTTPResponse
    from graphql_api.server.metrics import Metrics
    from graphql_api.server.tally import Tally

_MAX_REMEMBERED: Final = 10_000
_CODE: Final = re.compile(rb'"code":"([A-Z_]+)"')
_NAME: Final = re.compile(r"\b(?:query|mutation|subscription)\s+([_A-Za-z][_0-9A-Za-z]*)")


class _Asked(Struct):
    """What becomes of one request that the cache does not have; times are in seconds."""

    operation: str | None = None
    code: str | None = None
    engine_seconds: float = 0.0
    statement_seconds: float = 0.0


_ASKED: Final[ContextVar[_Asked]] = ContextVar("asked")


class MeteredHTTP(GraphQLOverHTTP):
    """The endpoint, with everything counted."""

    def __init__(self, metrics: Metrics, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - its parent's
        """Count into `metrics`; all else is its parent's."""
        super().__init__(*arguments, **named)
        self._metrics = metrics
        self._tally = metrics.tally
        self._tally.cache = self._cache
        self._names: OrderedDict[int, str] = OrderedDict()

    def remembered(self, request: HTTPRequest) -> HTTPResponse | None:
        """See GraphQLOverHTTP."""
        response = super().remembered(request)
        if response is not None:
            self._tally.hit(self._names.get(hash(request.payload), ""))
        return response

    def at_once(self, request: HTTPRequest) -> HTTPResponse | None:
        """See GraphQLOverHTTP."""
        asked = _Asked()
        token = _ASKED.set(asked)
        started = time.perf_counter()
        response = super().at_once(request)
        _ASKED.reset(token)
        if response is not None:
            self._note(request, response, asked, time.perf_counter() - started)
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
        code = asked.code or (_code_of(response.body) if response.status >= 400 else None)  # noqa: PLR2004 - HTTP's
        operation = self._metrics.operation(asked.operation or "")
        self._tally.request(operation, code or "ok")
        if asked.operation is None:
            return
        self._tally.miss(seconds, asked.engine_seconds, asked.statement_seconds)
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

    def at_once(self, request: Request) -> EngineResponse | None:
        """See PromptEngine."""
        if not isinstance(self._engine, PromptEngine):
            return None
        asked = _ASKED.get(None) or _Asked()
        asked.operation = request.operation_name or _name_in(request.document)
        started = time.perf_counter()
        response = self._engine.at_once(request)
        asked.engine_seconds = time.perf_counter() - started
        return response

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
        self._tally = metrics.tally

    def known_version(self) -> str | None:
        """See Store."""
        return self._store.known_version()

    def known_generation(self) -> _MeteredGeneration | None:
        """See Store."""
        known = self._store.known_generation()
        return None if known is None else _MeteredGeneration(known, self._tally)

    async def current(self) -> _MeteredGeneration:
        """See Store."""
        return _MeteredGeneration(await self._store.current(), self._tally)


class _MeteredGeneration:
    __slots__ = ("_generation", "_tally")

    def __init__(self, generation: Generation, tally: Tally) -> None:
        self._generation = generation
        self._tally = tally

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

    def at_once(self, sql: str, values: Sequence[Any]) -> Sequence[bytes] | None:
        started = time.perf_counter()
        row = self._generation.at_once(sql, values)
        if asked := _ASKED.get(None):
            asked.statement_seconds += time.perf_counter() - started
        return row

    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[bytes]:
        started = time.perf_counter()
        self._tally.in_flight += 1
        try:
            return await self._generation.fetch(sql, values)
        finally:
            self._tally.in_flight -= 1
            asked = _ASKED.get(None)
            if asked is not None:  # else it is not the endpoint that asks
                asked.statement_seconds += time.perf_counter() - started


def _name_in(document: str) -> str:
    """Return the name of the first operation of a document, "" if it has none; good enough to count by."""
    found = _NAME.search(document)
    return found[1] if found else ""


def _code_of(body: bytes) -> str:
    found = _CODE.search(body)
    return found[1].decode() if found else "UNKNOWN"
