"""GraphQL over HTTP, as a function from a request to a response: https://graphql.github.io/graphql-over-http/draft/.

`GraphQLOverHTTP.answer` knows nothing of ASGI or sockets; `GraphQLEndpoint` in `endpoint.py` carries it.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

import orjson
from msgspec import Struct
from msgspec.structs import replace

from graphql_api.engine.requests import PromptEngine, Response
from graphql_api.errors import RequestError
from graphql_api.server import encodings, graphql_refusals, media_types
from graphql_api.server.backlog import Backlog
from graphql_api.server.cache_control import DO_NOT_KEEP, REVALIDATE, told
from graphql_api.server.cache_tags import tag_headers
from graphql_api.server.coded_answers import CodedAnswers
from graphql_api.server.documents import Documents
from graphql_api.server.entity_tags import entity_tag
from graphql_api.server.http_message import Headers, HTTPError, HTTPRequest, HTTPResponse
from graphql_api.server.large_requests import LARGE_BYTES, Turns
from graphql_api.server.parameters import TeachingRequest, request_from_body, request_from_query_string

if TYPE_CHECKING:
    from graphql_api.engine.requests import Engine, Request
    from graphql_api.engine.subscriptions import LiveEngine, Subscription
    from graphql_api.server.client_budgets import ClientBudgets
    from graphql_api.server.response_cache import ResponseCache

_LOGGER = logging.getLogger(__name__)

_HEADERS: Final[dict[bytes, Headers]] = {
    media_type: (
        (b"content-type", media_type + b"; charset=utf-8"),
        (b"vary", b"Accept, Accept-Encoding"),
        (b"x-content-type-options", b"nosniff"),
    )
    for media_type in (media_types.GRAPHQL_RESPONSE, media_types.JSON)
}


class HTTPLimits(Struct, frozen=True):
    """What the endpoint takes. `max_body_bytes` bounds a POST's body, a GET's query string and a WebSocket's message.

    `max_subscribers` bounds those who are told of events.
    """

    max_body_bytes: int = 1_048_576
    max_subscribers: int = 2_000
    retry_after_seconds: int = 5


class GraphQLOverHTTP:
    """The endpoint without its transport.

    `page` is what browsers get for a GET, None for no page; `cache` is looked at before anything is parsed, None for
    no cache. `sharing` are headers of every answer but the page; `preflight` answers browsers that ask before;
    `documents` are those that requests can name; which of several `origins` may read an answer is told to each.
    `cache_control` is what caches are told of answers to queries by GET that carry no credentials; `budgets` are what
    clients may ask for, None for no bound.
    """

    def __init__(
        self,
        engine: Engine,
        limits: HTTPLimits,
        page: HTTPResponse | None = None,
        cache: ResponseCache | None = None,
        *,
        sharing: Headers = (),
        preflight: HTTPResponse | None = None,
        documents: Documents | None = None,
        origins: frozenset[bytes] = frozenset(),
        cache_control: bytes = REVALIDATE,
        budgets: ClientBudgets | None = None,
    ) -> None:
        """Keep the engine that answers; it is asked once for each well-formed request that the cache does not have."""
        self._engine = engine
        self._prompt = engine if isinstance(engine, PromptEngine) else None
        self._limits = limits
        self._page = page
        self._coded = CodedAnswers(cache)
        self._cache = cache
        self._sharing = sharing
        self._preflight = preflight
        self._documents = documents or Documents()
        self._origins = origins
        self._cache_control = cache_control
        self._budgets = budgets
        self._turns = Turns()
        self._backlog = Backlog()
        self.tells_clients_apart = budgets is not None
        self._headers = {media_type: headers + sharing for media_type, headers in _HEADERS.items()}

    async def answer(self, request: HTTPRequest) -> HTTPResponse:
        """Return the response to one request; every failure is one too, with a coded JSON error."""
        return self.remembered(request) or self.at_once(request) or await self.made(request)

    def remembered(self, request: HTTPRequest) -> HTTPResponse | None:
        """Return the response to a request that was answered before and means the same now; else None."""
        response = self._coded.remembered(request, self._version_for(request))
        return self.shared(request, response) if self._origins and response is not None else response

    def shared(self, request: HTTPRequest, response: HTTPResponse) -> HTTPResponse:
        """Return a response that scripts of the request's origin may read, if it is one of several."""
        if request.origin not in self._origins or request.origin is None:
            return response
        return replace(response, headers=(*response.headers, (b"access-control-allow-origin", request.origin)))

    def at_once(self, request: HTTPRequest) -> HTTPResponse | None:
        """Return the response to a request that takes only a moment to answer; None for any other, and for refusals."""
        media_type = media_types.negotiate(request.accept)
        if media_type is None or not self._is_plainly_asked(request):
            return None
        try:
            answer = self._answered_at_once(request)
        except Exception:  # noqa: BLE001 - whatever it is, `made` meets it too, and tells
            return None
        if answer is None or len(answer.body) > encodings.MAX_BYTES_AT_ONCE:
            return None
        headers = self._headers[media_type]
        if request.method == "POST":
            response = HTTPResponse(200, headers, answer.body, None, answer.version)
        else:
            caching = told(request, self._cache_control)
            response = _repeatable(answer, headers, caching, entity_tag(answer.body))
        self._coded.keep(request, response)
        self._backlog.stays()
        coded = self._coded.at_once(request, response, is_in_haste=self._backlog.is_long)
        return None if coded is None else self.shared(request, coded)

    def _is_plainly_asked(self, request: HTTPRequest) -> bool:
        """Return whether nothing but the engine has to do with a request."""
        if len(request.payload) > LARGE_BYTES or len(request.accept or b"") > media_types.MAX_BYTES:
            return False
        return request.method == "POST" or (
            request.method == "GET" and (self._page is None or not media_types.prefers_html(request.accept))
        )

    def _answered_at_once(self, request: HTTPRequest) -> Response | None:
        if self._prompt is None:
            return None
        asked = self.read(request)
        return None if isinstance(asked, TeachingRequest) else self._prompt.at_once(asked)

    async def made(self, request: HTTPRequest) -> HTTPResponse:
        """Return the response to a request that is not remembered as it should be sent, and remember it."""
        return self.shared(request, await self._made_and_kept(request))

    async def _made_and_kept(self, request: HTTPRequest) -> HTTPResponse:
        response, is_in_haste = self._coded.plain(request, self._version_for(request)), False
        if response is None:
            with self._backlog:
                response = await self._made(request)
            self._coded.keep(request, response)
            is_in_haste = self._backlog.is_long
        answer = await self._coded.for_client(request, response, is_in_haste=is_in_haste)
        return answer or self.refuse(encodings.not_acceptable())

    def _version_for(self, request: HTTPRequest) -> str | None:
        return self._engine.known_version() if self._cache is not None and not request.is_private else None

    def refuse(self, error: HTTPError, media_type: bytes = media_types.JSON) -> HTTPResponse:
        """Return an error in one of the two GraphQL media types, as this endpoint answers it."""
        return error_response(error, media_type, self._sharing)

    async def _made(self, request: HTTPRequest) -> HTTPResponse:
        if self._preflight is not None and request.is_preflight:
            return self._preflight
        if len(request.accept or b"") + len(request.content_type or b"") > graphql_refusals.MAX_NEGOTIATION_BYTES:
            return self.refuse(graphql_refusals.headers_too_large())
        if self._page is not None and request.method != "POST" and _wants_page(request.method, request.accept):
            return self._page
        media_type = media_types.negotiate(request.accept)
        if media_type is None:
            return self.refuse(graphql_refusals.not_acceptable())
        try:
            if len(request.payload) > LARGE_BYTES:
                with self._backlog.left():
                    await self._turns.wait()
            caching = told(request, self._cache_control)
            return await self._execute(self.read(request), media_type, caching)
        except HTTPError as error:
            return self.refuse(error, media_type)
        except RequestError as error:  # of a document that a request names
            failed = Response(orjson.dumps({"errors": error.errors}), has_data=False, version=None)
            return _failed(failed, _status(failed, media_type), self._headers[media_type])
        except Exception:
            _LOGGER.exception("A GraphQL request failed unexpectedly")
            return self.refuse(graphql_refusals.internal_error(), media_type)

    async def _execute(self, request: Request, media_type: bytes, caching: bytes) -> HTTPResponse:
        try:
            response = await self._engine.execute(request)
        except graphql_refusals.RAISED as error:
            raise graphql_refusals.refusal_of(error, self._limits.retry_after_seconds) from error
        if isinstance(request, TeachingRequest):
            response = replace(response, version=None)
        if not response.has_data:
            return _failed(response, _status(response, media_type), self._headers[media_type])
        if request.read_only:
            return await _response_to_get(response, self._headers[media_type], caching)
        version = response.version if response.is_repeatable else None
        return HTTPResponse(_status(response, media_type), self._headers[media_type], response.body, None, version)

    async def streamed(self, request: HTTPRequest, engine: LiveEngine) -> Subscription | Response | HTTPResponse:
        """Return what a stream is to tell of: the subscription, or one response; or why there is none."""
        try:
            answer = await engine.stream(self.read(request))
        except graphql_refusals.RAISED as error:
            return self.refuse(graphql_refusals.refusal_of(error, self._limits.retry_after_seconds))
        except HTTPError as error:
            return self.refuse(error)
        except RequestError as error:
            answer = Response(orjson.dumps({"errors": error.errors}), has_data=False, version=None)
        except Exception:
            _LOGGER.exception("A GraphQL request failed unexpectedly")
            return self.refuse(graphql_refusals.internal_error())
        if isinstance(answer, Response) and not answer.has_data:
            return _failed(answer, 400, self._headers[media_types.JSON])
        return answer

    def headers_for(self, request: HTTPRequest) -> Headers:
        """Return the headers by which scripts of other sites' pages may read the answer to a request."""
        return self.shared(request, HTTPResponse(200, self._sharing, b"")).headers

    def read(self, request: HTTPRequest) -> Request:
        """Return the request for the engine. Raises HTTPError, and RequestError for a document that is not known."""
        asked = self._read(request)
        if request.authorization is not None:
            asked = replace(asked, authorization=request.authorization.decode("latin-1"))
        return asked if self._budgets is None else replace(asked, spend=partial(self._budgets.spend, request.client))

    def _read(self, request: HTTPRequest) -> Request:
        if request.method == "POST":
            if request.content_type != media_types.JSON and not media_types.is_json_utf8(request.content_type):
                raise graphql_refusals.unsupported_media_type()
            if len(request.payload) > self._limits.max_body_bytes:
                raise graphql_refusals.body_too_large(self._limits.max_body_bytes)
            return request_from_body(request.payload, self._documents)
        if request.method not in {"GET", "HEAD"}:
            raise graphql_refusals.method_not_allowed(request.method)
        if len(request.payload) > self._limits.max_body_bytes:
            raise graphql_refusals.uri_too_long(self._limits.max_body_bytes)
        return request_from_query_string(request.payload, self._documents)


def _failed(response: Response, status: int, headers: Headers) -> HTTPResponse:
    return HTTPResponse(status, (*headers, DO_NOT_KEEP), response.body)


async def _response_to_get(response: Response, headers: Headers, caching: bytes) -> HTTPResponse:
    """Return what caches elsewhere understand: a tag to ask with, or that it must not be kept."""
    if not response.is_repeatable:
        return HTTPResponse(200, (*headers, DO_NOT_KEEP), response.body)
    is_long = len(response.body) > encodings.MAX_BYTES_AT_ONCE
    tag = await asyncio.to_thread(entity_tag, response.body) if is_long else entity_tag(response.body)
    return _repeatable(response, headers, caching, tag)


def _repeatable(response: Response, headers: Headers, caching: bytes, tag: bytes) -> HTTPResponse:
    lines = (*headers, (b"etag", tag), (b"cache-control", caching))
    if response.tags is not None:
        lines += tag_headers(response.tags)
    return HTTPResponse(200, lines, response.body, tag, response.version)


def _status(response: Response, media_type: bytes) -> int:
    """Only the newer media type lets the status speak of the GraphQL request (section "Status Codes").

    What is refused for its cost alone is not answered under either.
    """
    if response.has_data:
        return 200
    return 400 if response.is_refused or media_type == media_types.GRAPHQL_RESPONSE else 200


def error_response(error: HTTPError, media_type: bytes = media_types.JSON, sharing: Headers = ()) -> HTTPResponse:
    """Return an error in one of the two GraphQL media types, with the headers `sharing` too."""
    return HTTPResponse(error.status, (*_HEADERS[media_type], *error.headers, *sharing, DO_NOT_KEEP), error.body())


def _wants_page(method: str, accept: bytes | None) -> bool:
    return method in {"GET", "HEAD"} and media_types.prefers_html(accept)
