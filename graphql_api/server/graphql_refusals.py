"""What requests for GraphQL are refused with before GraphQL begins."""

from __future__ import annotations

from typing import Final

from graphql_api.errors import (
    ClientBudgetError,
    ForbiddenError,
    GraphQLAPIError,
    MethodNotAllowedError,
    NoGenerationError,
    TooBusyError,
    UnauthenticatedError,
)
from graphql_api.server import media_types
from graphql_api.server.http_message import HTTPError
from graphql_api.server.log import request_id

MAX_NEGOTIATION_BYTES: Final = media_types.MAX_BYTES
"""Accept and Content-Type together: long ones cost time to read, and memory where they are remembered."""

_ALLOWED_METHODS: Final = "GET, HEAD, POST"


def no_generation(retry_after_seconds: int) -> HTTPError:
    """Return the error of a server that has no content yet."""
    return HTTPError(
        503,
        "NO_GENERATION",
        "No content has been loaded yet. Load the seeds, or try again in a moment.",
        ((b"retry-after", str(retry_after_seconds).encode()),),
    )


def too_busy() -> HTTPError:
    """Return the error of a request that has waited too long for those of others."""
    return HTTPError(
        503,
        "TOO_BUSY",
        "Other requests keep the server busy. Send the same request again in a moment.",
        ((b"retry-after", b"1"),),
    )


def body_too_large(max_body_bytes: int) -> HTTPError:
    """Return the error of a request body over the limit."""
    return HTTPError(
        413,
        "PAYLOAD_TOO_LARGE",
        f"The request body is too large; send at most {max_body_bytes:,} bytes.",
    )


def not_acceptable() -> HTTPError:
    """Return the error of a client that takes no media type of GraphQL."""
    return HTTPError(
        406,
        "NOT_ACCEPTABLE",
        "The Accept header takes neither application/graphql-response+json nor application/json; name one of them.",
    )


def headers_too_large() -> HTTPError:
    """Return the error of headers that are too long to be negotiated about."""
    return HTTPError(
        431,
        "HEADERS_TOO_LARGE",
        f"Accept and Content-Type are too long; send at most {MAX_NEGOTIATION_BYTES:,} bytes.",
    )


def unsupported_media_type() -> HTTPError:
    """Return the error of a POST that is not JSON in UTF-8."""
    return HTTPError(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "The request body must be JSON in UTF-8; send it with the header `Content-Type: application/json`.",
    )


def method_not_allowed(method: str) -> HTTPError:
    """Return the error of another method than those that are answered."""
    return HTTPError(
        405,
        "METHOD_NOT_ALLOWED",
        f"{method} is not answered here; send queries by GET or POST.",
        ((b"allow", _ALLOWED_METHODS.encode()),),
    )


def mutation_over_get() -> HTTPError:
    """Return the error of a mutation that came by GET."""
    return HTTPError(405, "METHOD_NOT_ALLOWED", "A mutation must be sent by POST.", ((b"allow", b"POST"),))


def uri_too_long(max_query_string_bytes: int) -> HTTPError:
    """Return the error of a URL over the limit."""
    return HTTPError(
        414,
        "URI_TOO_LONG",
        f"The URL's parameters are too long; send at most {max_query_string_bytes:,} bytes, or use POST.",
    )


def internal_error() -> HTTPError:
    """Return the error of a failure of ours."""
    return HTTPError(
        500,
        "INTERNAL_SERVER_ERROR",
        "The server failed to answer this request; its log says why. Try again, and report it if it stays.",
        ((b"x-request-id", (request_id() or "-").encode()),),
    )


def unauthenticated(error: UnauthenticatedError) -> HTTPError:
    """Return the error of a request without the right token."""
    return HTTPError(401, error.code, str(error), ((b"www-authenticate", b"Bearer"),))


def forbidden(error: ForbiddenError) -> HTTPError:
    """Return the error of what nobody may."""
    return HTTPError(403, error.code, str(error))


RAISED: Final = (
    NoGenerationError,
    TooBusyError,
    ClientBudgetError,
    MethodNotAllowedError,
    UnauthenticatedError,
    ForbiddenError,
)
"""What engines raise: no answers to a GraphQL request, but statuses of HTTP."""


def refusal_of(error: GraphQLAPIError, retry_after_seconds: int) -> HTTPError:
    """Return the refusal for one of RAISED."""
    match error:
        case TooBusyError():
            return too_busy()
        case ClientBudgetError(retry_after_seconds=seconds):
            return HTTPError(429, "CLIENT_BUDGET_EXCEEDED", f"{error}", ((b"retry-after", b"%d" % seconds),))
        case MethodNotAllowedError():
            return mutation_over_get()
        case UnauthenticatedError():
            return unauthenticated(error)
        case ForbiddenError():
            return forbidden(error)
    return no_generation(retry_after_seconds)


def too_many_subscribers() -> HTTPError:
    """Return the error of one subscriber more than there may be."""
    message = "The server has too many subscribers; try again later."
    return HTTPError(503, "TOO_MANY_SUBSCRIBERS", message, ((b"retry-after", b"10"),))
