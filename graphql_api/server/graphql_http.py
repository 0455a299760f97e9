"""GraphQL over HTTP, as a function from a request to a response: https://graphql.github.io/graphql-over-http/draft/.

`GraphQLOverHTTP.answer` knows nothing of ASGI or sockets; `GraphQLEndpoint` in `endpoint.py` carries it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graphql_api.errors import MethodNotAllowedError, NoGenerationError
from graphql_api.server import media_types
from graphql_api.server.http_message import Headers, HTTPError, HTTPResponse
from graphql_api.server.parameters import request_from_body, request_from_query_string

if TYPE_CHECKING:
    from graphql_api.engine.execution import Engine, Request

_LOGGER = logging.getLogger(__name__)

_ALLOWED_METHODS: Final = "GET, HEAD, POST"

_MAX_NEGOTIATION_BYTES: Final = 4096
"""Accept and Content-Type together: long ones cost time to read, and memory where they are remembered."""

_HEADERS: Final[dict[bytes, Headers]] = {
    media_type: (
        (b"content-type", media_type + b"; charset=utf-8"),
        (b"vary", b"Accept"),
        (b"x-content-type-options", b"nosniff"),
    )
    for media_type in (media_types.GRAPHQL_RESPONSE, media_types.JSON)
}


@dataclass(frozen=True, slots=True)
class HTTPLimits:
    """What the endpoint takes. `max_body_bytes` bounds a POST's body and a GET's query string."""

    max_body_bytes: int = 1_048_576
    retry_after_seconds: int = 5


class GraphQLOverHTTP:
    """The endpoint without its transport. `page` is what browsers get for a GET, None for no page."""

    def __init__(self, engine: Engine, limits: HTTPLimits, page: HTTPResponse | None = None) -> None:
        """Keep the engine that answers; it is asked once for each well-formed request."""
        self._engine = engine
        self._limits = limits
        self._page = page

    async def answer(
        self,
        method: str,
        query_string: bytes,
        content_type: bytes | None,
        accept: bytes | None,
        body: bytes,
    ) -> HTTPResponse:
        """Return the response to one request; every failure is one too, with a coded JSON error."""
        if len(accept or b"") + len(content_type or b"") > _MAX_NEGOTIATION_BYTES:
            return error_response(_headers_too_large())
        if self._page is not None and method != "POST" and _wants_page(method, accept):
            return self._page
        media_type = media_types.negotiate(accept)
        if media_type is None:
            return error_response(_not_acceptable(), media_types.JSON)
        try:
            request = self._read(method, query_string, content_type, body)
            return await self._execute(request, media_type)
        except HTTPError as error:
            return error_response(error, media_type)
        except Exception:
            _LOGGER.exception("A GraphQL request failed unexpectedly")
            return error_response(_internal_error(), media_type)

    async def _execute(self, request: Request, media_type: bytes) -> HTTPResponse:
        try:
            response = await self._engine.execute(request)
        except NoGenerationError as error:
            raise no_generation(self._limits.retry_after_seconds) from error
        except MethodNotAllowedError as error:
            raise _mutation_over_get() from error
        # Only the newer media type lets the status speak of the GraphQL request (section "Status Codes").
        is_bad = not response.has_data and media_type == media_types.GRAPHQL_RESPONSE
        return HTTPResponse(400 if is_bad else 200, _HEADERS[media_type], response.body)

    def _read(self, method: str, query_string: bytes, content_type: bytes | None, body: bytes) -> Request:
        if method == "POST":
            if content_type != media_types.JSON and not media_types.is_json_utf8(content_type):
                raise _unsupported_media_type()
            if len(body) > self._limits.max_body_bytes:
                raise body_too_large(self._limits.max_body_bytes)
            return request_from_body(body)
        if method not in {"GET", "HEAD"}:
            raise _method_not_allowed(method)
        if len(query_string) > self._limits.max_body_bytes:
            raise _uri_too_long(self._limits.max_body_bytes)
        return request_from_query_string(query_string)


def error_response(error: HTTPError, media_type: bytes = media_types.JSON) -> HTTPResponse:
    """Return an error in one of the two GraphQL media types."""
    return HTTPResponse(error.status, _HEADERS[media_type] + error.headers, error.body())


def no_generation(retry_after_seconds: int) -> HTTPError:
    """Return the error of a server that has no content yet."""
    return HTTPError(
        503,
        "NO_GENERATION",
        "No content has been loaded yet. Load the seeds, or try again in a moment.",
        ((b"retry-after", str(retry_after_seconds).encode()),),
    )


def body_too_large(max_body_bytes: int) -> HTTPError:
    """Return the error of a request body over the limit."""
    return HTTPError(
        413,
        "PAYLOAD_TOO_LARGE",
        f"The request body is too large; send at most {max_body_bytes:,} bytes.",
    )


def _wants_page(method: str, accept: bytes | None) -> bool:
    return method in {"GET", "HEAD"} and media_types.prefers_html(accept)


def _not_acceptable() -> HTTPError:
    return HTTPError(
        406,
        "NOT_ACCEPTABLE",
        "The Accept header takes neither application/graphql-response+json nor application/json; name one of them.",
    )


def _headers_too_large() -> HTTPError:
    return HTTPError(
        431,
        "HEADERS_TOO_LARGE",
        f"Accept and Content-Type are too long; send at most {_MAX_NEGOTIATION_BYTES:,} bytes.",
    )


def _unsupported_media_type() -> HTTPError:
    return HTTPError(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "The request body must be JSON in UTF-8; send it with the header `Content-Type: application/json`.",
    )


def _method_not_allowed(method: str) -> HTTPError:
    return HTTPError(
        405,
        "METHOD_NOT_ALLOWED",
        f"{method} is not answered here; send queries by GET or POST, mutations by POST.",
        ((b"allow", _ALLOWED_METHODS.encode()),),
    )


def _mutation_over_get() -> HTTPError:
    return HTTPError(405, "METHOD_NOT_ALLOWED", "A mutation must be sent by POST.", ((b"allow", b"POST"),))


def _uri_too_long(max_query_string_bytes: int) -> HTTPError:
    return HTTPError(
        414,
        "URI_TOO_LONG",
        f"The URL's parameters are too long; send at most {max_query_string_bytes:,} bytes, or use POST.",
    )


def _internal_error() -> HTTPError:
    return HTTPError(
        500,
        "INTERNAL_SERVER_ERROR",
        "The server failed to answer this request; its log says why. Try again, and report it if it stays.",
    )
