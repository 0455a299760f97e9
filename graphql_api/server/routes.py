"""Which path leads where, and what a path that leads nowhere answers."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphql_api.server.cache_control import usual
from graphql_api.server.cross_origin import origins_told_apart, preflight_response, sharing_headers
from graphql_api.server.documents import Documents
from graphql_api.server.endpoint import GraphQLEndpoint, respond
from graphql_api.server.feed import Feed
from graphql_api.server.graphiql import StaticFiles, graphiql_files, graphiql_page
from graphql_api.server.graphql_http import GraphQLOverHTTP, HTTPLimits
from graphql_api.server.http_message import error_body
from graphql_api.server.log import begin_request
from graphql_api.server.probes import healthz, readyz
from graphql_api.server.refusals import shutting_down
from graphql_api.server.response_cache import ResponseCache
from graphql_api.server.upgrades import Upgrades

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

    from graphql_api.engine.requests import Engine
    from graphql_api.engine.subscriptions import LiveEngine
    from graphql_api.server.client_budgets import ClientBudgets
    from graphql_api.server.probes import ContentStatus

_MOST_TOLD_BACK: Final = 600
"""Of a path that leads nowhere, in characters."""

_KNOWN_PATHS: Final = "/graphql (the API, and GraphiQL in a browser), /healthz and /readyz"


class MoreRoute(NamedTuple):
    """A path without the base path, what answers it, and the methods that it is asked with."""

    path: str
    endpoint: Callable[[Request], Awaitable[Response]]
    methods: tuple[str, ...]


def build_app(
    engine: Engine,
    content: ContentStatus,
    *,
    limits: HTTPLimits | None = None,
    response_cache_bytes: int = 0,
    allow_origin: Sequence[str] = (),
    allow_headers: Sequence[str] = (),
    documents: Documents | None = None,
    base_path: str = "",
    cache_control: str = "",
    more_routes: Sequence[MoreRoute] = (),
    make_http: Callable[..., GraphQLOverHTTP] = GraphQLOverHTTP,
    live: LiveEngine | None = None,
    budgets: ClientBudgets | None = None,
    lifespan: Lifespan[Any] | None = None,
) -> Application:
    """Return the ASGI application.

    `lifespan` opens and closes what `engine` and `content` need; `limits` default to those of `HTTPLimits`; 0 for
    `response_cache_bytes` is no response cache; pages of `allow_origin` (`*` is all) may read what /graphql answers,
    and send `allow_headers` beside the usual ones; requests can name `documents`. All paths
    begin with `base_path`, like "/content". `cache_control` is told to caches of answers by GET, "" for the usual.
    `more_routes` are those of what an application adds; `make_http` makes the endpoint, as its class does.
    Without `live` nobody can subscribe. `budgets` are what clients may ask for, None for no bound.
    """
    limits = limits or HTTPLimits()
    cache = ResponseCache(response_cache_bytes) if response_cache_bytes else None
    has_page = documents is None or not documents.is_trusted_only
    http = make_http(
        engine,
        limits,
        graphiql_page(base_path) if has_page else None,
        cache,
        sharing=sharing_headers(allow_origin),
        preflight=preflight_response(allow_origin, allow_headers),
        documents=documents,
        origins=origins_told_apart(allow_origin),
        cache_control=usual(cache_control),
        budgets=budgets,
    )
    feed = Feed(live, limits.max_subscribers) if live else None
    path = f"{base_path}/graphql"
    files = StaticFiles(partial(graphiql_files, base_path) if has_page else dict)
    told = (documents or Documents(), path, allow_origin, limits.max_body_bytes)
    upgrades = Upgrades(feed, *told, budgets=budgets) if feed else None
    endpoint = GraphQLEndpoint(http, limits.max_body_bytes, feed)
    app = Starlette(
        routes=[
            _Route(f"{base_path}/graphql", endpoint),
            _Route(f"{base_path}/healthz", healthz),
            _Route(f"{base_path}/readyz", readyz(content, limits.retry_after_seconds)),
            _Route(f"{base_path}/graphiql/{{name}}", files),
            _Route(f"{base_path}/", _redirect_to(f"{base_path}/graphql")),
            *(_Route(f"{base_path}{each.path}", each.endpoint, methods=list(each.methods)) for each in more_routes),
        ],
        exception_handlers={HTTPException: _refusal_below(base_path), Exception: _unexpected},
        lifespan=_with(feed, lifespan),
    )
    # The redirect would be built from the Host header, and fails on one that is no host.
    app.router.redirect_slashes = False
    return Application(endpoint, app, path, upgrades)


class Application:
    """The ASGI application: requests for exactly `path` go straight to `endpoint`, everything else to Starlette.

    Starlette's middleware for exceptions and its router take a sixth of the time of an answer from the cache (13 µs of
    79), and the endpoint needs neither. A server of ours goes to `endpoint` without ASGI.
    """

    def __init__(
        self, endpoint: GraphQLEndpoint, app: ASGIApp, path: str = "/graphql", upgrades: Upgrades | None = None
    ) -> None:
        """Keep all of them; without `upgrades` there are no WebSockets."""
        self.upgrades = upgrades
        self.path = path
        self.endpoint = endpoint
        self._app = app

    def end_streams(self) -> None:
        """End what would go on until the client has enough of it."""
        if self.upgrades:
            self.upgrades.feed.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin_request(scope.get("state", {}).get("request_id"))
        try:
            await (self.endpoint if scope["path"] == self.path else self._app)(scope, receive, send)
        except asyncio.CancelledError:
            # The grace of the end is over: uvicorn has said so in its log, and cancels nothing but requests.
            with suppress(RuntimeError):  # the answer has begun
                await respond(send, self.endpoint.refuse(shutting_down()))


class _Route(Route):
    """A route whose path ends where its pattern does: `$` matches before a line end, too."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - its parent's
        super().__init__(*arguments, **named)
        self.path_regex = re.compile(f"{self.path_regex.pattern.removesuffix('$')}\\Z")


def _with(feed: Feed | None, lifespan: Lifespan[Any] | None) -> Lifespan[Any] | None:
    """Return the lifespan that opens and closes the feed too, within what it needs."""
    if feed is None:
        return lifespan

    @asynccontextmanager
    async def both(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if lifespan:
                await stack.enter_async_context(lifespan(app))
            await stack.enter_async_context(feed)
            yield

    return both


def _redirect_to(path: str) -> Callable[[Request], Awaitable[Response]]:
    async def redirect(request: Request) -> Response:  # noqa: ARG001 - Starlette's signature
        return RedirectResponse(path)

    return redirect


def _refusal_below(base_path: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return what answers requests that Starlette's router refuses: a path or a method that is not known."""
    known = _KNOWN_PATHS.replace(" /", f" {base_path}/").replace("/graphql", f"{base_path}/graphql", 1)

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
        if error.status_code == HTTPStatus.NOT_FOUND:
            return _error(404, "NOT_FOUND", f"There is nothing at {_told(request)}. Known: {known}.")
        message = f"{request.method} is not answered at {_told(request)}; the Allow header says what is."
        return _error(error.status_code, "METHOD_NOT_ALLOWED", message, dict(error.headers or {}))

    return refuse


def _told(request: Request) -> str:
    """Return the path of a request, as much of it as is told back."""
    path: str = request.scope["path"]
    return path if len(path) <= _MOST_TOLD_BACK else f"{path[:_MOST_TOLD_BACK]}…"


async def _unexpected(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """Answer without internals; Starlette raises the exception again, so that uvicorn logs it."""
    return _error(500, "INTERNAL_SERVER_ERROR", "The server failed to answer this request; its log says why.")


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    lines = {"cache-control": "no-store", "x-content-type-options": "nosniff", **(headers or {})}
    return Response(error_body(code, message), status, lines, "application/json")
